"""Concurrency limits per kind of request, with a fair share for each client and a bounded queue."""

import asyncio
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

WAIT_SECONDS = 1.0
"""The longest time that a request waits for a permit."""
AT_ONCE_SECONDS = 0.1
MIN_SHARE = 4
"""A client may hold this many permits even if its share is smaller, but never more than half of them."""
LIMIT = "limit"

ClientKey: TypeAlias = Hashable
Waiting: TypeAlias = "asyncio.Future[bool]"


class RequestKind(StrEnum):
    """A route names its kind in `opt`: `opt={LIMIT: RequestKind.TURNS}`. Other routes are `REQUESTS`."""

    REQUESTS = "requests"
    TURNS = "turns"
    """These wait for a language model."""
    STREAMS = "streams"
    """These wait for changes."""
    EXPORTS = "exports"
    """These wait for their client, and hold a permit of `REQUESTS` while they read a page."""
    UNLIMITED = "unlimited"
    """Health probes are never refused."""


class ConcurrencyLimit:
    """At most `at_once` permits are held, `each` of them by one client, and `waiting` requests wait. The clients take
    turns.

    If too many requests wait, the newest of the client with the most of them is refused.
    """

    def __init__(self, at_once: int, waiting: int, each: int | None = None) -> None:
        self._free = at_once
        self._each = at_once if each is None else each
        self._most_waiting = waiting
        self._waiting = 0
        self._held: dict[ClientKey, int] = {}
        self._queues: dict[ClientKey, dict[Waiting, None]] = {}

    def is_exhausted_only_for(self, key: ClientKey) -> bool:
        """Returns whether other clients could get a permit now. Then this client can free one by ending a request of
        its own."""
        return not self._most_waiting and self._free > 0 and self.is_exhausted_for(key)

    def is_exhausted_for(self, key: ClientKey) -> bool:
        return self._held.get(key, 0) >= self._each

    async def acquire(self, key: ClientKey) -> bool:
        """Returns False if no permit becomes free in time. After True, the caller must call `release`."""
        if self._is_open_to(key):
            self._take(key)
            return True
        return self._may_wait(key) and await self._wait(key)

    def release(self, key: ClientKey) -> None:
        self._give_back(key)
        self._call_next()

    async def transfer(self, before: ClientKey, after: ClientKey) -> bool:
        """Moves a permit to another key. Returns False if that key may hold no further permit."""
        if self.is_exhausted_for(after):
            self.release(before)
            return await self.acquire(after)
        self._give_back(before)
        self._take(after)
        return True

    def _is_open_to(self, key: ClientKey) -> bool:
        return self._free > 0 and not self.is_exhausted_for(key)

    def _take(self, key: ClientKey) -> None:
        self._free -= 1
        self._held[key] = self._held.get(key, 0) + 1

    def _give_back(self, key: ClientKey) -> None:
        self._free += 1
        self._held[key] -= 1
        if not self._held[key]:
            del self._held[key]

    def _call_next(self) -> None:
        while (key := next(filter(self._is_open_to, self._queues), None)) is not None:
            place = next(iter(self._queues[key]))
            self._remove(key, place)
            if not place.done():  # else it was cancelled just now
                self._take(key)
                place.set_result(True)
                self._move_to_end(key)
                return

    def _move_to_end(self, key: ClientKey) -> None:
        if key in self._queues:
            self._queues[key] = self._queues.pop(key)

    def _may_wait(self, key: ClientKey) -> bool:
        if self._waiting < self._most_waiting:
            return True
        mine = len(self._queues.get(key, ()))
        if mine >= self._most_waiting // (len(self._queues) + (not mine)):
            return False
        greediest = max(self._queues, key=lambda each: len(self._queues[each]))
        self._give_up(greediest, next(reversed(self._queues[greediest])))
        return True

    async def _wait(self, key: ClientKey) -> bool:
        loop = asyncio.get_running_loop()
        place: Waiting = loop.create_future()
        self._queues.setdefault(key, {})[place] = None
        self._waiting += 1
        patience = loop.call_later(WAIT_SECONDS, self._give_up, key, place)
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.result():
                self.release(key)  # called in, and cancelled on the way
            self._remove(key, place)
            raise
        finally:
            patience.cancel()

    def _give_up(self, key: ClientKey, place: Waiting) -> None:
        if not place.done():
            self._remove(key, place)
            place.set_result(False)

    def _remove(self, key: ClientKey, place: Waiting) -> None:
        queue = self._queues.get(key)
        if queue is None or place not in queue:
            return
        del queue[place]
        self._waiting -= 1
        if not queue:
            del self._queues[key]


class Pacer:
    """Lets `per_second` calls pass in a second, up to a tenth of them at once. A call that comes sooner waits, for a
    second at most."""

    def __init__(self, per_second: int) -> None:
        self._gap = 1 / per_second
        self._free_at = 0.0

    async def wait(self) -> None:
        now = asyncio.get_running_loop().time()
        self._free_at = min(max(self._free_at + self._gap, now - AT_ONCE_SECONDS), now + WAIT_SECONDS)
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)


@dataclass(frozen=True, slots=True)
class ConcurrencyLimits:
    """`uploads` is for bodies that are too large to be buffered, until they have arrived."""

    requests: ConcurrencyLimit
    uploads: ConcurrencyLimit
    turns: ConcurrencyLimit
    streams: ConcurrencyLimit
    exports: ConcurrencyLimit

    @classmethod
    def sized(cls, waiting: int, share: int, **at_once: int) -> "ConcurrencyLimits":
        """Returns the limits. A client may hold `share` percent of each kind. There is no queue for streams and
        exports, because they last long."""
        queues = {"requests": waiting, "uploads": waiting, "turns": waiting}
        return cls(
            **{
                kind: ConcurrencyLimit(count, queues.get(kind, 0), share_of(count, share))
                for kind, count in at_once.items()
            }
        )

    def of(self, kind: RequestKind) -> ConcurrencyLimit:
        limit: ConcurrencyLimit = getattr(self, kind)
        return limit


def share_of(at_once: int, percent: int) -> int:
    return max(at_once * percent // 100, min(MIN_SHARE, at_once // 2), 1)


def kind_of(opt: Mapping[str, Any]) -> RequestKind:
    kind: RequestKind = opt.get(LIMIT, RequestKind.REQUESTS)
    return kind
