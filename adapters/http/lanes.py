"""How many requests of a kind are let in at once, and how many may wait for that."""

import asyncio
from dataclasses import dataclass

from litestar.types import HTTPScope

WAIT_SECONDS = 1.0
"""In front of a lane that is full."""
AT_ONCE_SECONDS = 0.1
FREE = ("/health", "/metrics")
TURNS = ("/chat", "/resume", "/regenerate")
STREAM = "/stream"


class Lane:
    """`at_once` are inside and `waiting` in front of it, first come, first served."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = at_once
        self._waiting = waiting
        self._queue: dict[asyncio.Future[bool], None] = {}

    async def enter(self) -> bool:
        """False where there is no place, and none gets free in time. Who is in has to `leave`."""
        if self._free:
            self._free -= 1
            return True
        if len(self._queue) >= self._waiting:
            return False
        return await self._wait()

    def leave(self) -> None:
        while self._queue:
            place = next(iter(self._queue))
            del self._queue[place]
            if not place.done():
                place.set_result(True)
                return
        self._free += 1

    async def _wait(self) -> bool:
        loop = asyncio.get_running_loop()
        place: asyncio.Future[bool] = loop.create_future()
        self._queue[place] = None
        patience = loop.call_later(WAIT_SECONDS, self._give_up, place)
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.result():
                self.leave()  # called in, and cancelled on the way
            self._queue.pop(place, None)
            raise
        finally:
            patience.cancel()

    def _give_up(self, place: asyncio.Future[bool]) -> None:
        if not place.done():
            del self._queue[place]
            place.set_result(False)


class Pace:
    """So many may pass in a second, a tenth of them at once; who comes sooner waits, but for no more than a second."""

    def __init__(self, per_second: int) -> None:
        self._gap = 1 / per_second
        self._free_at = 0.0

    async def keep(self) -> None:
        now = asyncio.get_running_loop().time()
        self._free_at = min(max(self._free_at + self._gap, now - AT_ONCE_SECONDS), now + WAIT_SECONDS)
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)


@dataclass(frozen=True, slots=True)
class Lanes:
    """A request works on a connection to the database; a turn waits for a model, and a stream for news."""

    requests: Lane
    uploads: Lane
    turns: Lane
    streams: Lane

    @classmethod
    def sized(cls, pool_size: int, waiting: int, turns: int, streams: int) -> "Lanes":
        return cls(Lane(pool_size, waiting), Lane(pool_size, waiting), Lane(turns, waiting), Lane(streams, 0))

    def of(self, scope: HTTPScope) -> Lane | None:
        """None for what is never refused: probes, and what browsers ask before they ask."""
        path, method = scope["path"].rstrip("/"), scope["method"]
        if method == "OPTIONS" or path.startswith(FREE):
            return None
        if method == "POST":
            return self.turns if path.endswith(TURNS) else self.requests
        return self.streams if path.endswith(STREAM) else self.requests
