"""The heartbeat of a running turn: it renews the lease and notices a request to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from application.ports import Clock, TurnRepository, Wakeups
from application.ports.topics import stop_topic
from domain.chat.turn import Turn
from domain.errors import Refusal, TurnTaken, Unavailable

FIRST_LOOK_SECONDS = 0.3
"""Seconds until the first check for a stop that was requested before anybody listened. Most turns end earlier and need
no check.
"""


class Stopped(Exception):
    """The turn was asked to stop, or another server has taken it over."""


class LeaseHeartbeat:
    """`lease_seconds` is the time after which another server may take over the turn of a server that died."""

    def __init__(self, turns: TurnRepository, wakeups: Wakeups, clock: Clock, lease_seconds: float) -> None:
        self._turns = turns
        self._wakeups = wakeups
        self._clock = clock
        self._lease = timedelta(seconds=lease_seconds)

    def now(self) -> datetime:
        return self._clock()

    def until(self) -> datetime:
        return self._clock() + self._lease

    @asynccontextmanager
    async def during(self, turn: Turn) -> AsyncIterator[None]:
        """Renews the lease during the block. Raises `Stopped` if the turn is to stop or was taken over. The block is
        then cancelled by a timeout of our own. Other timeouts pass through."""
        scope = asyncio.timeout(None)
        try:
            async with scope:
                attendant = asyncio.create_task(self._beat(turn, scope))
                try:
                    yield
                finally:
                    attendant.cancel()
                    await asyncio.wait({attendant})
        except (TimeoutError, Refusal):
            if not scope.expired():
                raise
            raise Stopped from None

    async def _beat(self, turn: Turn, scope: asyncio.Timeout) -> None:
        with self._wakeups.listen(stop_topic(turn.id)) as waiter:
            await waiter.wait(FIRST_LOOK_SECONDS)
            while not await self._is_over(turn):
                await waiter.wait(self._lease.total_seconds() / 3)
        scope.reschedule(0)

    async def _is_over(self, turn: Turn) -> bool:
        try:
            return await self._turns.renew(turn, self.until())
        except TurnTaken:
            return True
        except (Unavailable, TimeoutError):
            return False
