"""The loop that performs due work, such as webhooks and housekeeping, on any server."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from application.background import Background
from application.ports import Clock, DueWork, Waiter, Wakeups
from domain.errors import Refusal

POLL_SECONDS = 5.0
"""The longest sleep. An announcement may be lost, and another server may have died with leases."""
MIN_WAIT_SECONDS = 0.05
CLAIMED_AT_ONCE = 20

T = TypeVar("T")
log = logging.getLogger(__name__)


class Worker:
    """Performs one kind of due work, at most `places` items at once. It sleeps until an announcement, until the next
    item is due, or until an item is finished. Running items are in `background`, so that the server waits for them when
    it stops."""

    def __init__(self, work: DueWork[Any], wakeups: Wakeups, clock: Clock, background: Background, places: int) -> None:
        self._work = work
        self._wakeups = wakeups
        self._clock = clock
        self._background = background
        self._places = places
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        with self._wakeups.listen(self._work.topic) as waiter:
            while True:
                started = await self.start_due()
                if len(started) < CLAIMED_AT_ONCE:
                    await self._sleep(waiter)

    async def start_due(self) -> Sequence[asyncio.Task[None]]:
        started = [self._background.start(self._work.perform(item)) for item in await self._claimed()]
        self._under_way.update(started)
        for task in started:
            task.add_done_callback(self._under_way.discard)
        return started

    async def _claimed(self) -> Sequence[Any]:
        free = min(CLAIMED_AT_ONCE, self._places - len(self._under_way))
        return (await self._asked(self._work.claim(free)) if free else None) or ()

    async def _asked(self, asking: Coroutine[Any, Any, T]) -> T | None:
        try:
            return await asking
        except Refusal as refusal:
            log.warning("%s wait: %s", self._work.topic, refusal.code)
        except Exception:
            log.exception("%s can't be claimed", self._work.topic)
        return None

    async def _sleep(self, waiter: Waiter) -> None:
        waiting = asyncio.ensure_future(waiter.wait(await self._seconds()))
        try:
            await asyncio.wait({waiting, *self._under_way}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()

    async def _seconds(self) -> float:
        """While all places are taken, it is the longest time, since a finished item ends the sleep."""
        if len(self._under_way) >= self._places:
            return POLL_SECONDS
        due = await self._asked(self._work.next_due())
        return max(MIN_WAIT_SECONDS, min(POLL_SECONDS, (due - self._clock()).total_seconds())) if due else POLL_SECONDS
