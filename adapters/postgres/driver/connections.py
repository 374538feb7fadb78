"""A pool of connections to PostgreSQL. They are opened when needed and lent to one caller at a time, in the order of
the calls."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
import msgspec
from sqlalchemy import make_url

from adapters.postgres.driver.faults import is_lost, is_outdated
from adapters.postgres.driver.poolers import is_pooled, refuses_settings

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 3
WAIT_SECONDS = 1
LIFETIME_SECONDS = 3_600
"""A connection is closed after this time, so that changes of the schema, of its role or of the server's address take
effect."""
STATEMENTS_KEPT = 500
"""The limit of prepared statements per connection. The program has fewer."""
NAME = {"application_name": "tasktalk"}
SETTINGS = {
    "jit": "off",
    "random_page_cost": "1.1",
    "lock_timeout": "2s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": "15s",
}
"""Sessions must set nothing else, since a connection is lent again without a reset. A random page costs what it does in
memory and on SSDs. At the cost of disks, PostgreSQL reads all tasks of a user before it takes the first in order."""
BEGIN_POOLED = "; ".join(("BEGIN", *(f"SET LOCAL {name} = '{value}'" for name, value in SETTINGS.items())))
"""A pooler accepts no settings at the start, and each transaction may use another session, so every transaction sets
them."""
JSONB: dict[str, Any] = {
    "encoder": lambda value: b"\x01" + msgspec.json.encode(value),
    "decoder": lambda data: msgspec.json.decode(data[1:]),
}
"""The binary form begins with a version number."""

T = TypeVar("T")


class Row(asyncpg.Record):
    """A row of a result. Its columns are also attributes."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


if TYPE_CHECKING:
    PlainConnection = asyncpg.Connection[Row]
else:
    PlainConnection = asyncpg.Connection


class Connection(PlainConnection):
    """Knows its pool, when its opening began (monotonic seconds), and how to begin a transaction."""

    connections: "Connections | None" = None
    opened_at = 0.0
    begin = "BEGIN"


class Connections:
    def __init__(self, url: str, connect_args: Mapping[str, Any] | None, most: int) -> None:
        self._arguments = asyncpg_arguments(url) | dict(connect_args or {})
        self._is_pooled: bool | None = None
        self._renewed_at = 0.0
        self._free: deque[Connection] = deque()
        self._places = asyncio.Semaphore(most)
        self._closed = False

    async def take(self) -> Connection:
        """Raises `TimeoutError` if no connection becomes free in time, and errors of connecting."""
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
        """Closes a connection with an open transaction, which rolls that back."""
        self._places.release()
        if connection.is_closed():
            return
        if connection.is_in_transaction() or self._closed:
            connection.terminate()
        else:
            self._free.append(connection)

    def renew(self) -> None:
        """Replaces all connections: if one is dead or outdated, the others may be so too."""
        self._renewed_at = monotonic()
        while self._free:
            self._free.pop().terminate()

    async def close(self) -> None:
        """Connections that are lent are closed when they come back."""
        self._closed = True
        await asyncio.gather(*map(_close, self._free))
        self._free.clear()

    async def _open(self) -> Connection:
        newer_than = max(self._renewed_at, monotonic() - LIFETIME_SECONDS)
        while self._free:
            connection = self._free.popleft()
            if connection.is_closed():
                continue
            if connection.opened_at > newer_than:
                return connection
            connection.terminate()
        return await self._new()

    async def _new(self) -> Connection:
        """The first connection finds out whether there is a pooler."""
        began = monotonic()
        if self._is_pooled is None:
            connection = await self._probed()
        else:
            connection = await self._connect(is_pooled=self._is_pooled)
        connection.connections, connection.opened_at = self, began
        connection.begin = BEGIN_POOLED if self._is_pooled else "BEGIN"
        await done(connection, connection.set_type_codec("jsonb", schema="pg_catalog", format="binary", **JSONB))
        return connection

    async def _probed(self) -> Connection:
        try:
            connection = await self._connect(is_pooled=False)
        except asyncpg.PostgresError as error:
            if not refuses_settings(error):
                raise
        else:
            self._is_pooled = await done(connection, is_pooled(connection))
            if not self._is_pooled:
                return connection
            connection.terminate()
        connection = await self._connect(is_pooled=True)
        self._is_pooled = True
        return connection

    async def _connect(self, *, is_pooled: bool) -> Connection:
        """Statements have no names behind a pooler, since the next one may run in another session."""
        return await asyncpg.connect(
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            statement_cache_size=0 if is_pooled else STATEMENTS_KEPT,
            max_cached_statement_lifetime=0,
            connection_class=Connection,
            record_class=Row,
            server_settings=NAME if is_pooled else NAME | SETTINGS,
            **self._arguments,
        )


async def done(connection: Connection, doing: Awaitable[T]) -> T:
    try:
        return await doing
    except BaseException as error:
        if is_lost(error):
            connection.terminate()
        elif is_outdated(error) and connection.connections:
            connection.connections.renew()
        raise


def asyncpg_arguments(url: str) -> dict[str, Any]:
    parts = make_url(url)
    given = {"host": parts.query.get("host", parts.host), "port": parts.port, "user": parts.username}
    given |= {"password": parts.password, "database": parts.database}
    return {name: value for name, value in given.items() if value is not None}


async def _close(connection: Connection) -> None:
    """Ends a session properly, or the socket alone where the server is gone already."""
    try:
        await connection.close(timeout=CONNECT_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
