"""A storage for `limits` that keeps moving windows in PostgreSQL: exact, and shared by all servers."""

import itertools
import time
from datetime import timedelta

from limits.aio.storage import MovingWindowSupport, Storage
from sqlalchemy import Integer, Interval, TextClause, bindparam, text

from adapters.postgres.driver.database import Database
from domain.errors import Unavailable

PURGE_SECONDS = 60.0
PURGE_EVERY = 1_000
"""Calls of one server between two purges, which keep the table as small as the subjects of one window."""

ACQUIRE = text("""
    INSERT INTO rate_windows AS stored (key, hits, expires_at)
    VALUES (:key, array_fill(clock_timestamp(), ARRAY[:amount]), clock_timestamp() + :window)
    ON CONFLICT (key) DO UPDATE
    SET hits = ARRAY(SELECT hit FROM unnest(stored.hits) AS hit WHERE hit > clock_timestamp() - :window)
               || array_fill(clock_timestamp(), ARRAY[:amount]),
        expires_at = clock_timestamp() + :window
    WHERE (SELECT count(*) FROM unnest(stored.hits) AS hit WHERE hit > clock_timestamp() - :window) + :amount <= :limit
    RETURNING true
""").bindparams(
    bindparam("amount", type_=Integer), bindparam("limit", type_=Integer), bindparam("window", type_=Interval)
)
"""One statement, so that no two calls can both take the last place: it waits for the row's lock first and reckons with
the row as it is then, and by `clock_timestamp()`, which, unlike `now()`, goes on while a statement waits."""

WINDOW = text("""
    SELECT extract(epoch FROM clock_timestamp() - min(hit)) AS age, count(hit) AS hits
    FROM rate_windows, unnest(hits) AS hit
    WHERE key = :key AND hit > clock_timestamp() - :window
""").bindparams(bindparam("window", type_=Interval))

PURGE = text("""
    WITH gone AS (DELETE FROM rate_windows WHERE expires_at <= clock_timestamp() RETURNING key)
    SELECT count(*) FROM gone
""")
RESET = text("WITH gone AS (DELETE FROM rate_windows RETURNING key) SELECT count(*) FROM gone")
CLEAR = text("DELETE FROM rate_windows WHERE key = :key RETURNING key")
CHECK = text("SELECT 1 FROM rate_windows LIMIT 1")


class PostgresStorage(Storage, MovingWindowSupport):
    """Uses the database's clock, so that the servers' clocks need not agree. Raises what `Database` raises. Only moving
    windows are implemented. Each hit is stored, so a window may have thousands of hits but not hundreds of
    thousands."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database, purge_every: int = PURGE_EVERY) -> None:
        super().__init__()
        self._database = database
        self._purge_every = purge_every
        self._calls = itertools.count(1)
        self._purge_at = time.monotonic() + PURGE_SECONDS

    @property
    def base_exceptions(self) -> type[Exception]:
        return Unavailable

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        if amount > limit:
            return False
        if next(self._calls) % self._purge_every == 0 or time.monotonic() > self._purge_at:
            await self.purge()
        values = {"key": key, "limit": limit, "amount": amount, "window": timedelta(seconds=expiry)}
        return bool(await self._database.run(ACQUIRE, values))

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Returns the start by this server's clock, since `limits` compares it with that."""
        [row] = await self._database.run(WINDOW, {"key": key, "window": timedelta(seconds=expiry)})
        return time.time() - float(row.age or 0), min(row.hits, limit)

    async def purge(self) -> int:
        """Deletes the subjects that have no call left in their window."""
        self._purge_at = time.monotonic() + PURGE_SECONDS
        return await self._counted(PURGE)

    async def check(self) -> bool:
        try:
            await self._database.run(CHECK)
        except Unavailable:
            return False
        return True

    async def reset(self) -> int:
        return await self._counted(RESET)

    async def clear(self, key: str) -> None:
        await self._database.run(CLEAR, {"key": key})

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError

    async def get(self, key: str) -> int:
        raise NotImplementedError

    async def get_expiry(self, key: str) -> float:
        raise NotImplementedError

    async def _counted(self, statement: TextClause) -> int:
        [(counted,)] = await self._database.run(statement)
        return int(counted)
