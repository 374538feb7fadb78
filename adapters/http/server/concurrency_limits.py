"""How many requests of a kind are served at once, how many of them may be one user's, and who is next."""

import asyncio
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

WAIT_SECONDS = 1.0
"""The longest that a request waits for a place."""
AT_ONCE_SECONDS = 0.1
LEAST_SHARE = 4
"""Places that one user may hold even where the share comes to less, but never more than half of them."""
LIMIT = "limit"

Key: TypeAlias = Hashable
Waiting: TypeAlias = "asyncio.Future[bool]"


class Kind(StrEnum):
    """A route names its kind in `opt`: `opt={LIMIT: Kind.TURNS}`. Without that, it is one of `REQUESTS`."""

    REQUESTS = "requests"
    TURNS = "turns"
    """They wait for a model."""
    STREAMS = "streams"
    """They wait for news."""
    EXPORTS = "exports"
    """They wait for their reader, and hold a place of a request while they read a page."""
    UNLIMITED = "unlimited"
    """Probes, which are never refused."""


class ConcurrencyLimit:
    """`at_once` hold a place, `each` of them one user's, and `waiting` wait for one. The users take turns.

    Where too many wait, the user with the most of them gives way.
    """

    def __init__(self, at_once: int, waiting: int, each: int | None = None) -> None:
        self._free = at_once
        self._each = at_once if each is None else each
        self._most_waiting = waiting
        self._waiting = 0
        self._held: dict[Key, int] = {}
        self._queues: dict[Key, dict[Waiting, None]] = {}

    def is_only_closed_to(self, key: Key) -> bool:
        """Whether there is a place for others, and nobody waits for one: it gets free when the user ends something."""
        return not self._most_waiting and self._free > 0 and self.is_used_up_by(key)

    def is_used_up_by(self, key: Key) -> bool:
        """Whether this user holds as many places as one may."""
        return self._held.get(key, 0) >= self._each

    async def enter(self, key: Key) -> bool:
        """Returns False where no place gets free in time. Who has entered must `leave`."""
        if self._is_open_to(key):
            self._take(key)
            return True
        return self._may_wait(key) and await self._wait(key)

    def leave(self, key: Key) -> None:
        self._give_back(key)
        self._call_next()

    async def rename(self, before: Key, after: Key) -> bool:
        """The place belongs to somebody else than it seemed. Returns False where that one may have no further place."""
        if self.is_used_up_by(after):
            self.leave(before)
            return await self.enter(after)
        self._give_back(before)
        self._take(after)
        return True

    def _is_open_to(self, key: Key) -> bool:
        return self._free > 0 and not self.is_used_up_by(key)

    def _take(self, key: Key) -> None:
        self._free -= 1
        self._held[key] = self._held.get(key, 0) + 1

    def _give_back(self, key: Key) -> None:
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

    def _move_to_end(self, key: Key) -> None:
        if key in self._queues:
            self._queues[key] = self._queues.pop(key)

    def _may_wait(self, key: Key) -> bool:
        if self._waiting < self._most_waiting:
            return True
        mine = len(self._queues.get(key, ()))
        if mine >= self._most_waiting // (len(self._queues) + (not mine)):
            return False
        greediest = max(self._queues, key=lambda each: len(self._queues[each]))
        self._give_up(greediest, next(reversed(self._queues[greediest])))
        return True

    async def _wait(self, key: Key) -> bool:
        loop = asyncio.get_running_loop()
        place: Waiting = loop.create_future()
        self._queues.setdefault(key, {})[place] = None
        self._waiting += 1
        patience = loop.call_later(WAIT_SECONDS, self._give_up, key, place)
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.result():
                self.leave(key)  # called in, and cancelled on the way
            self._remove(key, place)
            raise
        finally:
            patience.cancel()

    def _give_up(self, key: Key, place: Waiting) -> None:
        if not place.done():
            self._remove(key, place)
            place.set_result(False)

    def _remove(self, key: Key, place: Waiting) -> None:
        queue = self._queues.get(key)
        if queue is None or place not in queue:
            return
        del queue[place]
        self._waiting -= 1
        if not queue:
            del self._queues[key]


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
class ConcurrencyLimits:
    """`uploads` is for bodies that are too large to be kept while they wait, until they are here."""

    requests: ConcurrencyLimit
    uploads: ConcurrencyLimit
    turns: ConcurrencyLimit
    streams: ConcurrencyLimit
    exports: ConcurrencyLimit

    @classmethod
    def sized(cls, waiting: int, share: int, **at_once: int) -> "ConcurrencyLimits":
        """One user may hold `share` percent of each kind. Streams and exports last, so nobody waits for one."""
        queues = {"requests": waiting, "uploads": waiting, "turns": waiting}
        return cls(
            **{
                kind: ConcurrencyLimit(count, queues.get(kind, 0), share_of(count, share))
                for kind, count in at_once.items()
            }
        )

    def of(self, kind: Kind) -> ConcurrencyLimit:
        limit: ConcurrencyLimit = getattr(self, kind)
        return limit


def share_of(at_once: int, percent: int) -> int:
    return max(at_once * percent // 100, min(LEAST_SHARE, at_once // 2), 1)


def kind_of(opt: Mapping[str, Any]) -> Kind:
    kind: Kind = opt.get(LIMIT, Kind.REQUESTS)
    return kind
