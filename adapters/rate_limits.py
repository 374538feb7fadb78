"""Limits on how often a subject may do something. `limits` counts them in an exact moving window."""

import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage, Storage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import ConfigurationError, StorageError

from application.ports import RateLimiter
from domain.errors import RateLimited, Unavailable

REDIS_SECONDS = 1
"""The timeout for a connection and for an answer. The library's own 5 seconds would hold each request while Redis
hangs."""


class MovingWindowLimits(RateLimiter):
    """Limits calls in moving windows. `limit` has the form of the library, such as "20/minute" or "20/minute;200/hour".
    `name` separates limiters. `times` multiplies the allowed number.

    A refused call is not counted. There is one exception: if calls compete for the last place under one of several
    limits, a refused call may be counted under another limit.
    """

    def __init__(self, storage: Storage, limit: str, name: str, times: int = 1) -> None:
        self._windows = MovingWindowRateLimiter(storage)
        self._limits = [type(each)(each.amount * times, each.multiples) for each in parse_many(limit)]
        self._name = name

    async def hit(self, subject: str) -> None:
        """Raises `Unavailable` too, if the storage can't be reached."""
        with storage_needed():
            for limit in self._limits if len(self._limits) > 1 else ():
                if not await self._windows.test(limit, self._name, subject):
                    raise await self._refusal(limit, subject)
            for limit in self._limits:
                if not await self._windows.hit(limit, self._name, subject):
                    raise await self._refusal(limit, subject)

    async def _refusal(self, limit: RateLimitItem, subject: str) -> RateLimited:
        """Returns the refusal with the time until the next call is possible: when the oldest call leaves the window, or
        at once if one has left it already."""
        stats = await self._windows.get_window_stats(limit, self._name, subject)
        wait = 0 if stats.remaining > 0 else stats.reset_time - time.time()
        return RateLimited(limit.amount, limit.get_expiry(), max(1, math.ceil(wait)))


class Redis(RedisStorage):
    """Works with Valkey too. Windows use the clocks of the calling servers, which should agree."""

    bridge: RedispyBridge

    async def close(self) -> None:
        await self.bridge.storage.aclose()


def redis_storage(url: str) -> Redis:
    """Takes a `url` such as redis://user:password@host:6379/0. rediss, redis+unix and valkey work too. Connects at
    first use. Raises `ValueError`; its text leaves out the URL, which may hold a password."""
    try:
        return Redis(
            re.sub("^valkey", "redis", url),
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="tasktalk",
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
        )
    except (ConfigurationError, ValueError):
        raise ValueError("must be a URL such as redis://host:6379/0") from None


@contextmanager
def storage_needed() -> Iterator[None]:
    try:
        yield
    except (StorageError, OSError) as error:
        raise Unavailable("Calls can't be counted right now. Try again in a moment.") from error
