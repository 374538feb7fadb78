"""What goes on beside a turn while it runs: its lease is renewed, and somebody may ask it to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from application.ports import Clock, TurnRepository, Wakeups
from domain.chat.conversation import Turn
from domain.errors import Refusal, TurnTaken, Unavailable

FIRST_LOOK_SECONDS = 0.3
"""How late a stop is noticed that was asked for before anybody listened; a turn that ends before needs no look."""


class Stopped(Exception):
    """The turn is to end where it is."""


def turn_topic(turn_id: str) -> str:
    """Announced whenever the turn has more to show."""
    return f"turn {turn_id}"


def stop_topic(turn_id: str) -> str:
    return f"stop {turn_id}"


class LeaseHeartbeat:
    """`lease_seconds` is how long a turn waits for a server that died before another may take it up."""

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
        """Raises `Stopped` where somebody asked to stop, or took the turn over: our own timeout expires then.

        Everybody else's pass as they are.
        """
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
