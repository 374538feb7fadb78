"""The two doors to PostgreSQL: `transaction()` for units of work, `read()` for a single statement that needs none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec
from sqlalchemy import Executable, Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.postgres.faults import refusal_for
from application.ports import Transaction, UnitOfWork

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 3
POOL_WAIT_SECONDS = 1
"""Together with the two seconds in which asyncpg gives up on a dead connection: an answer within five seconds."""
SESSION = {
    "application_name": "tasktalk",
    "jit": "off",
    "lock_timeout": "2s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": "15s",
}

Rows = Sequence[Row[Any]]
Parameters = Mapping[str, Any] | None
Following = Callable[[], Awaitable[None]]


class Work(UnitOfWork):
    """The outermost unit of work. A joined one that ended without commit spoils it: half of a change is no change."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.spoiled = False
        self.committed = False
        self.following: list[Following] = []

    async def commit(self) -> None:
        if self.spoiled:
            raise RuntimeError("a unit of work inside this one was left without commit")
        await self.connection.commit()
        self.committed = True


class JoinedWork(UnitOfWork):
    def __init__(self) -> None:
        self.committed = False

    async def commit(self) -> None:
        self.committed = True


class Database(Transaction):
    """`url` is SQLAlchemy's, `connect_args` are asyncpg's. Connects at first use; `close` ends all connections."""

    def __init__(self, url: str, connect_args: Mapping[str, Any] | None = None, pool_size: int = 10) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,
            pool_timeout=POOL_WAIT_SECONDS,
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            connect_args={
                "timeout": CONNECT_SECONDS,
                "command_timeout": STATEMENT_SECONDS,
                "server_settings": SESSION,
                **(connect_args or {}),
            },
        )
        self._autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._following: set[asyncio.Future[Any]] = set()
        self._current: ContextVar[Work | None] = ContextVar("unit_of_work", default=None)

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[UnitOfWork]:
        outer = self._current.get()
        if outer is not None:
            joined = JoinedWork()
            try:
                yield joined
            finally:
                outer.spoiled |= not joined.committed
            return
        with translated():
            async with self._engine.connect() as connection:
                work = Work(connection)
                token = self._current.set(work)
                try:
                    yield work
                finally:
                    self._current.reset(token)
        if work.committed and work.following:
            following = asyncio.gather(*(follow() for follow in work.following))
            self._following.add(following)
            following.add_done_callback(self._following.discard)

    async def when_committed(self, follow: Following) -> None:
        """Begun after the open unit of work if that is committed; done at once where none is open. Must not fail."""
        if work := self._current.get():
            work.following.append(follow)
        else:
            await follow()

    @property
    def is_at_work(self) -> bool:
        return self._current.get() is not None

    async def read(self, statement: Executable, parameters: Parameters = None) -> Rows:
        """One statement: inside the open unit of work if there is one, else on its own, with nothing to commit.

        A SELECT is tried once more on a new connection where the old one turns out to be dead.
        """
        if work := self._current.get():
            return (await work.connection.execute(statement, parameters)).all()
        with translated():
            try:
                return await self._run(statement, parameters)
            except DBAPIError as error:
                if not (error.connection_invalidated and getattr(statement, "is_select", False)):
                    raise
                return await self._run(statement, parameters)

    async def write(self, statement: Executable, parameters: Parameters = None) -> Rows:
        """One statement of the open unit of work; a change outside of one is a bug."""
        work = self._current.get()
        if work is None:
            raise RuntimeError("a write needs an open unit of work")
        result = await work.connection.execute(statement, parameters)
        return result.all() if result.returns_rows else ()

    async def close(self) -> None:
        await asyncio.gather(*self._following)
        await self._engine.dispose()

    async def _run(self, statement: Executable, parameters: Parameters) -> Rows:
        async with self._autocommit.connect() as connection:
            return (await connection.execute(statement, parameters)).all()


@contextmanager
def translated() -> Iterator[None]:
    """What the driver raises where the database is away, busy or refuses the text, as a refusal; bugs stay bugs."""
    try:
        yield
    except (DBAPIError, PoolTimeout, OSError, TimeoutError) as error:
        refusal = refusal_for(error)
        if refusal is None:
            raise
        raise refusal from error
