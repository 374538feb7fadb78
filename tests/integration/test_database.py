"""What PostgreSQL does when it does not do as asked."""

import asyncio
import socket
from contextvars import Context

import asyncpg
import pytest
from sqlalchemy import bindparam, func, make_url, select, text

from adapters.postgres import connections
from adapters.postgres.database import Database
from adapters.postgres.readiness import PostgresReadiness
from domain.errors import Invalid, Unavailable

PID = select(func.pg_backend_pid())
TERMINATE = text("SELECT pg_terminate_backend(:pid)")


@pytest.fixture
async def other(database_url: str) -> Database:
    return Database(database_url, pool_size=2)


async def test_a_read_survives_the_loss_of_its_connection(database: Database, other: Database) -> None:
    (row,) = await database.read(PID)
    await other.read(TERMINATE, {"pid": row[0]})
    (again,) = await database.read(PID)
    assert again[0] != row[0]
    await other.close()


async def test_a_unit_of_work_whose_connection_is_lost_is_refused(database: Database, other: Database) -> None:
    with pytest.raises(Unavailable):
        async with database() as work:
            (row,) = await database.read(PID)
            await other.read(TERMINATE, {"pid": row[0]})
            await database.write(text("DELETE FROM tasks"))
            await work.commit()
    assert len(await database.read(PID)) == 1
    await other.close()


async def test_no_database_at_all_is_a_refusal(database_url: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = make_url(database_url).set(host="127.0.0.1", port=free.getsockname()[1], query={})
    nowhere = Database(url.render_as_string(hide_password=False))
    with pytest.raises(Unavailable):
        await nowhere.read(PID)
    with pytest.raises(Unavailable):
        await PostgresReadiness(nowhere).check()
    await nowhere.close()


async def test_text_that_no_rule_caught_is_still_refused(database: Database) -> None:
    with pytest.raises(Invalid):
        await database.read(text("SELECT :value").bindparams(bindparam("value", "a\x00b")))


async def test_a_bug_in_a_statement_stays_a_bug(database: Database) -> None:
    with pytest.raises(Exception, match="no_such_table") as bug:
        await database.read(text("SELECT * FROM no_such_table WHERE secret = :secret"), {"secret": "hunter2"})
    assert "hunter2" not in str(bug.value), "parameters are private"


async def test_a_cancelled_unit_of_work_gives_its_connection_back(database_url: str) -> None:
    database = Database(database_url, pool_size=1)

    async def hang() -> None:
        async with database():
            await database.read(text("SELECT pg_sleep(5)"))

    hanging = asyncio.create_task(hang())
    await asyncio.wait([hanging], timeout=0.1)
    hanging.cancel()
    await asyncio.wait([hanging])
    assert len(await database.read(PID)) == 1
    await database.close()


async def test_a_connection_that_is_given_up_in_the_middle_is_not_lent_again(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    (before,) = await database.read(PID)
    sleeping = asyncio.create_task(database.read(text("SELECT pg_sleep(5)")))
    await asyncio.wait([sleeping], timeout=0.1)
    sleeping.cancel()
    await asyncio.wait([sleeping])
    (after,) = await database.read(PID)
    assert after[0] != before[0]
    await database.close()


async def test_a_failed_statement_leaves_its_connection_clean(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    (before,) = await database.read(PID)
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with database() as work:
            await database.write(text("SELECT 1 / 0"))
            await work.commit()
    assert await database.read(PID) == [before], "it is lent again, out of its transaction"
    await database.close()


async def test_who_waits_too_long_for_a_connection_is_refused(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WAIT_SECONDS", 0.05)
    database = Database(database_url, pool_size=1)
    async with database():
        with pytest.raises(Unavailable):
            await asyncio.create_task(database.read(PID), context=Context())
    assert await database.read(PID)
    await database.close()


async def test_readiness_asks_for_the_schema_the_code_needs(database: Database) -> None:
    await PostgresReadiness(database).check()
    async with database():
        await database.write(text("UPDATE alembic_version SET version_num = '0000'"))
        with pytest.raises(Unavailable, match="0000"):
            await PostgresReadiness(database).check()
