"""Connections to PostgreSQL: opened as they are needed, lent to one caller at a time, in the order of asking."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Mapping
from typing import Any, TypeAlias, TypeVar

import asyncpg
import msgspec
from sqlalchemy import make_url

from adapters.postgres.faults import is_lost

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 3
WAIT_SECONDS = 1
STATEMENTS_KEPT = 500
"""Prepared, of each connection: more than the program has."""
SESSION = {
    "application_name": "tasktalk",
    "jit": "off",
    "lock_timeout": "2s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": "15s",
}
"""Nothing else may be set in a session: what comes back is lent again as it is, without a reset."""
JSONB: dict[str, Any] = {
    "encoder": lambda value: b"\x01" + msgspec.json.encode(value),
    "decoder": lambda data: msgspec.json.decode(data[1:]),
}
"""Behind its version number, as PostgreSQL sends it."""

T = TypeVar("T")


class Row(asyncpg.Record):
    """Its columns are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


Connection: TypeAlias = "asyncpg.Connection[Row]"


class Connections:
    def __init__(self, url: str, connect_args: Mapping[str, Any] | None, most: int) -> None:
        self._arguments = arguments(url) | dict(connect_args or {})
        self._free: deque[Connection] = deque()
        self._places = asyncio.Semaphore(most)
        self._closed = False

    async def take(self) -> Connection:
        """To be given back. Raises `TimeoutError` where none gets free in time, and what connecting raises."""
        if self._places.locked():
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            return await self._open()
        except BaseException:
            self._places.release()
            raise

    def give_back(self, connection: Connection) -> None:
        """What is still open on it is rolled back, as the connection is closed then."""
        self._places.release()
        if connection.is_closed():
            return
        if connection.is_in_transaction() or self._closed:
            connection.terminate()
        else:
            self._free.append(connection)

    def drop_free(self) -> None:
        """Where one turns out to be dead, the others may be so too."""
        while self._free:
            self._free.pop().terminate()

    async def close(self) -> None:
        """Those that are lent are closed when they come back."""
        self._closed = True
        await asyncio.gather(*(connection.close(timeout=CONNECT_SECONDS) for connection in self._free))
        self._free.clear()

    async def _open(self) -> Connection:
        while self._free:
            if not (connection := self._free.popleft()).is_closed():
                return connection
        connection = await asyncpg.connect(
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            statement_cache_size=STATEMENTS_KEPT,
            max_cached_statement_lifetime=0,
            record_class=Row,
            server_settings=SESSION,
            **self._arguments,
        )
        await done(connection, connection.set_type_codec("jsonb", schema="pg_catalog", format="binary", **JSONB))
        return connection


async def done(connection: Connection, doing: Awaitable[T]) -> T:
    try:
        return await doing
    except BaseException as error:
        if is_lost(error):
            connection.terminate()
        raise


def arguments(url: str) -> dict[str, Any]:
    """For `asyncpg.connect`, of SQLAlchemy's URL."""
    parts = make_url(url)
    given = {"host": parts.query.get("host", parts.host), "port": parts.port, "user": parts.username}
    given |= {"password": parts.password, "database": parts.database}
    return {name: value for name, value in given.items() if value is not None}
