"""Access to PostgreSQL: `transaction()` opens a unit of work, and `run()` executes one statement without one."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Executable

from adapters.postgres.driver.connections import Connection, Connections, Row, done
from adapters.postgres.driver.faults import FAULTS, is_lost, is_stale, refusal_for
from adapters.postgres.driver.statements import Parameters, Statement, statement_of
from application.ports import Transaction, UnitOfWork
from domain.errors import WriteConflict

Rows = Sequence[Row]


class OuterUnitOfWork(UnitOfWork):
    """The outermost unit of work. If an inner one ends without commit, this one can't be committed either."""

    def __init__(self, connection: Connection) -> None:
        self.is_rollback_only = False
        self.committed = False
        self.after_commit: list[Callable[[], None]] = []
        self._connection = connection

    async def commit(self) -> None:
        if self.is_rollback_only:
            raise RuntimeError("a unit of work inside this one was left without commit")
        if self._connection.is_in_transaction() and await self._tell("COMMIT") != "COMMIT":
            raise RuntimeError("a statement of this unit of work failed")
        self.committed = True

    async def run(self, statement: Statement, parameters: Parameters) -> Rows:
        if not self._connection.is_in_transaction():
            await self._tell(self._connection.begin)
        return await statement.run(self._connection, parameters)

    async def end(self) -> None:
        if not self._connection.is_closed() and self._connection.is_in_transaction():
            await self._tell("ROLLBACK")

    async def _tell(self, command: str) -> str:
        return await done(self._connection, self._connection.execute(command))


class JoinedUnitOfWork(UnitOfWork):
    def __init__(self) -> None:
        self.committed = False

    async def commit(self) -> None:
        self.committed = True


class Database(Transaction):
    """`url` is SQLAlchemy's and `connect_args` are asyncpg's. Connects at first use; `close` closes all connections."""

    def __init__(self, url: str, connect_args: Mapping[str, Any] | None = None, pool_size: int = 10) -> None:
        self._connections = Connections(url, connect_args, pool_size)
        self._current: ContextVar[OuterUnitOfWork | None] = ContextVar("unit_of_work", default=None)

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[UnitOfWork]:
        outer = self._current.get()
        if outer is not None:
            joined = JoinedUnitOfWork()
            try:
                yield joined
            finally:
                outer.is_rollback_only |= not joined.committed
            return
        with TRANSLATED:
            connection = await self._connections.take()
            work = OuterUnitOfWork(connection)
            token = self._current.set(work)
            try:
                yield work
            finally:
                self._current.reset(token)
                try:
                    await work.end()
                finally:
                    self._connections.give_back(connection)
        if work.committed:
            for follow in work.after_commit:
                follow()

    def when_committed(self, follow: Callable[[], None]) -> None:
        """Calls `follow` after the commit, or at once if no unit of work is open. `follow` must not raise."""
        if work := self._current.get():
            work.after_commit.append(follow)
        else:
            follow()

    @property
    def is_at_work(self) -> bool:
        return self._current.get() is not None

    async def run(self, statement: Executable, parameters: Parameters = None) -> Rows:
        """Runs one statement in the open unit of work, or else in a transaction of its own. If the connection is dead,
        a SELECT is retried once on a new one. So is any statement that was prepared for another schema."""
        known, work = statement_of(statement), self._current.get()
        if work:
            return await work.run(known, parameters)
        with TRANSLATED:
            try:
                return await self._run(known, parameters)
            except FAULTS as error:
                if not (is_stale(error) or _was_cut(error, known)):
                    raise
                self._connections.renew()
                return await self._run(known, parameters)

    async def write(self, statement: Executable, parameters: Parameters = None) -> Rows:
        """Runs one statement in the open unit of work. A change outside of one is a bug."""
        work = self._current.get()
        if work is None:
            raise RuntimeError("a write needs an open unit of work")
        return await work.run(statement_of(statement), parameters)

    def renew_connections(self) -> None:
        """Closes all connections, since new ones may reach a server that accepts writes."""
        self._connections.renew()

    async def close(self) -> None:
        await self._connections.close()

    async def _run(self, statement: Statement, parameters: Parameters) -> Rows:
        connection = await self._connections.take()
        try:
            return await statement.run(connection, parameters)
        finally:
            self._connections.give_back(connection)


def _was_cut(error: Exception, statement: Statement) -> bool:
    return statement.is_read and is_lost(error) and not isinstance(error, TimeoutError)


class Translation:
    """Converts the driver's errors to refusals if the database is away or busy, or refuses the text. Other errors are
    bugs and stay as they are."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, WriteConflict):
            error.is_rolled_back = True
        elif isinstance(error, FAULTS) and (refusal := refusal_for(error)):
            if isinstance(refusal, WriteConflict):
                refusal.is_rolled_back = True
            raise refusal from error


TRANSLATED = Translation()
