"""What PostgreSQL does when it does not do as asked."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import suppress
from contextvars import Context
from typing import Any, TypeVar

import asyncpg
import pytest
from sqlalchemy import Select, bindparam, func, literal_column, make_url, select, text

from adapters.postgres.driver import connections
from adapters.postgres.driver.database import Database
from adapters.postgres.readiness import PostgresReadiness
from application.retry import retried
from domain.errors import Invalid, Unavailable, WriteConflict

T = TypeVar("T")

PID = select(func.pg_backend_pid())
TERMINATE = text("SELECT pg_terminate_backend(:pid)")


@pytest.fixture
async def other(database_url: str) -> Database:
    return Database(database_url, pool_size=2)


async def test_a_read_survives_the_loss_of_its_connection(database: Database, other: Database) -> None:
    (row,) = await database.run(PID)
    await other.run(TERMINATE, {"pid": row[0]})
    (again,) = await database.run(PID)
    assert again[0] != row[0]
    await other.close()


async def test_a_unit_of_work_whose_connection_is_lost_is_refused(database: Database, other: Database) -> None:
    with pytest.raises(Unavailable):
        async with database() as work:
            (row,) = await database.run(PID)
            await other.run(TERMINATE, {"pid": row[0]})
            await database.write(text("DELETE FROM tasks"))
            await work.commit()
    assert len(await database.run(PID)) == 1
    await other.close()


async def test_no_database_at_all_is_a_refusal(database_url: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = make_url(database_url).set(host="127.0.0.1", port=free.getsockname()[1], query={})
    nowhere = Database(url.render_as_string(hide_password=False))
    with pytest.raises(Unavailable):
        await nowhere.run(PID)
    with pytest.raises(Unavailable):
        await PostgresReadiness(nowhere).check()
    await nowhere.close()


async def test_text_that_no_rule_caught_is_still_refused(database: Database) -> None:
    with pytest.raises(Invalid):
        await database.run(text("SELECT :value").bindparams(bindparam("value", "a\x00b")))


async def test_a_bug_in_a_statement_stays_a_bug(database: Database) -> None:
    with pytest.raises(Exception, match="no_such_table") as bug:
        await database.run(text("SELECT * FROM no_such_table WHERE secret = :secret"), {"secret": "hunter2"})
    assert "hunter2" not in str(bug.value), "parameters are private"


async def test_a_cancelled_unit_of_work_gives_its_connection_back(database_url: str) -> None:
    database = Database(database_url, pool_size=1)

    async def hang() -> None:
        async with database():
            await database.run(text("SELECT pg_sleep(5)"))

    hanging = asyncio.create_task(hang())
    await asyncio.wait([hanging], timeout=0.1)
    hanging.cancel()
    await asyncio.wait([hanging])
    assert len(await database.run(PID)) == 1
    await database.close()


async def test_a_connection_that_is_given_up_in_the_middle_is_not_lent_again(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    (before,) = await database.run(PID)
    sleeping = asyncio.create_task(database.run(text("SELECT pg_sleep(5)")))
    await asyncio.wait([sleeping], timeout=0.1)
    sleeping.cancel()
    await asyncio.wait([sleeping])
    (after,) = await database.run(PID)
    assert after[0] != before[0]
    await database.close()


async def test_a_failed_statement_leaves_its_connection_clean(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    (before,) = await database.run(PID)
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with database() as work:
            await database.write(text("SELECT 1 / 0"))
            await work.commit()
    assert await database.run(PID) == [before], "it is lent again, out of its transaction"
    await database.close()


@pytest.fixture
async def changing(database: Database) -> AsyncIterator[Database]:
    await change(database, "CREATE TABLE changing (value int)", "INSERT INTO changing VALUES (7)")
    yield database
    await change(database, "DROP TABLE changing")


async def change(database: Database, *statements: str) -> None:
    async with database() as work:
        for each in statements:
            await database.write(text(each))
        await work.commit()


class Reader:
    def __init__(self, database: Database) -> None:
        self._transaction, self.tries = database, 0

    @retried
    async def value(self) -> object:
        async with self._transaction():
            self.tries += 1
            [(value,)] = await self._transaction.run(CHANGING)
        return value


CHANGING: Select[Any] = select(literal_column("changing.value")).select_from(text("changing"))
CHANGES = {
    "another type": ("ALTER TABLE changing ALTER value TYPE text",),
    "a wider type": ("ALTER TABLE changing ALTER value TYPE bigint",),
    "made anew": ("DROP TABLE changing", "CREATE TABLE changing (value text)", "INSERT INTO changing VALUES ('7')"),
    "forgotten statements": ("DEALLOCATE ALL",),
    "all forgotten": ("DEALLOCATE ALL", "ALTER TABLE changing ALTER value TYPE text"),
}


@pytest.mark.parametrize("how", CHANGES)
async def test_a_changed_type_is_met_with_one_more_try(changing: Database, how: str) -> None:
    """On every connection there is, as each has prepared its statements: then all are made anew."""
    reader = Reader(changing)
    await together(changing.run(CHANGING) for _ in range(5))
    await change(changing, *CHANGES[how])
    assert str(await reader.value()) == "7"
    assert reader.tries <= 2
    for found in await together(changing.run(CHANGING) for _ in range(5)):
        assert str(found[0][0]) == "7"


async def together(doing: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """Each on a connection of its own."""
    return await asyncio.gather(*(asyncio.create_task(each, context=Context()) for each in doing))


async def test_what_can_be_prepared_by_no_connection_is_a_bug_or_unavailable(changing: Database) -> None:
    async def forget_first() -> Any:
        async with changing():
            await changing.run(CHANGING)
            await changing.write(text("DEALLOCATE ALL"))
            return await changing.run(CHANGING)

    with pytest.raises(WriteConflict) as conflict:
        await forget_first()
    assert conflict.value.is_rolled_back
    assert await changing.run(CHANGING)


async def test_a_conflict_is_rolled_back_once_the_outermost_unit_of_work_has_ended(database: Database) -> None:
    inner: list[bool] = []

    async def work() -> None:
        async with database():
            try:
                async with database():
                    raise WriteConflict("met another")
            except WriteConflict as conflict:
                inner.append(conflict.is_rolled_back)
                raise

    with pytest.raises(WriteConflict) as outer:
        await work()
    assert (inner, outer.value.is_rolled_back) == ([False], True)


READ_ONLY = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"


async def test_a_read_only_session_is_unavailable_and_not_used_again(changing: Database) -> None:
    before = await changing.run(PID)
    await change(changing, READ_ONLY)
    with pytest.raises(Unavailable, match="the database is read-only"):
        await change(changing, "INSERT INTO changing VALUES (8)")
    assert await changing.run(PID) != before
    await change(changing, "INSERT INTO changing VALUES (8)")


async def test_a_read_only_database_is_not_ready_until_it_is_writable(changing: Database) -> None:
    readiness = PostgresReadiness(changing)
    [(name,)] = await changing.run(select(func.current_database()))
    await change(changing, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    changing.renew_connections()
    try:
        for _ in range(2):
            with pytest.raises(Unavailable, match="read-only"):
                await readiness.check()
    finally:
        await change(changing, "SET TRANSACTION READ WRITE", f'ALTER DATABASE "{name}" RESET ALL')
    with suppress(Unavailable):
        await readiness.check()
    await readiness.check()


async def test_a_connection_is_renewed_when_its_time_is_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await database.run(PID)
    assert await database.run(PID) == before
    monkeypatch.setattr(connections, "LIFETIME_SECONDS", 0)
    assert await database.run(PID) != before


async def test_who_waits_too_long_for_a_connection_is_refused(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WAIT_SECONDS", 0.05)
    database = Database(database_url, pool_size=1)
    async with database():
        with pytest.raises(Unavailable):
            await asyncio.create_task(database.run(PID), context=Context())
    assert await database.run(PID)
    await database.close()


async def test_readiness_asks_for_the_schema_the_code_needs(database: Database) -> None:
    await PostgresReadiness(database).check()
    async with database():
        await database.write(text("UPDATE alembic_version SET version_num = '0000'"))
        with pytest.raises(Unavailable, match="0000"):
            await PostgresReadiness(database).check()


async def test_connections_that_were_cut_are_closed_without_a_word(database_url: str) -> None:
    database = Database(database_url)
    await database.run(text("SELECT 1"))
    for connection in database._connections._free:
        connection._transport.write = _broken  # type: ignore[attr-defined]
    await database.close()


def _broken(_: bytes) -> None:
    raise BrokenPipeError
