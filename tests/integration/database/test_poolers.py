"""Behind PgBouncer in transaction mode, set as its own defaults, Neon and Supabase have it."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import func, select, text

from adapters.postgres.driver.database import Database
from adapters.postgres.driver.wakeups import PostgresWakeups
from adapters.postgres.migration import migrate
from adapters.postgres.preflight import UnusableDatabase
from adapters.postgres.tables import SCHEMA_VERSION
from tests.servers.pgbouncer import PROGRAM, keeps_statements, pooled

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed (Debian: apt install pgbouncer)")

HOSTS = {
    "defaults": {},
    "two sessions": {"default_pool_size": "2"},
    "Neon": {"default_pool_size": "2", "max_prepared_statements": "1000"},
    "Supabase": {"ignore_startup_parameters": "extra_float_digits", "default_pool_size": "2"},
    "all ignored": {
        "ignore_startup_parameters": "extra_float_digits,jit,lock_timeout,statement_timeout,"
        "idle_in_transaction_session_timeout,options",
        "default_pool_size": "2",
    },
}
PID = select(func.pg_backend_pid())


@pytest.fixture(scope="module", params=HOSTS)
def pooled_url(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    settings = HOSTS[request.param]
    if "max_prepared_statements" in settings and not keeps_statements():
        pytest.skip("this PgBouncer is older than 1.21, and follows no prepared statements")
    with pooled(database_url, **settings) as url:
        yield url


@pytest.fixture
async def behind(pooled_url: str) -> AsyncIterator[Database]:
    database = Database(pooled_url, pool_size=20)
    yield database
    await database.close()


async def test_many_connections_share_few_sessions_and_never_miss_a_statement(behind: Database) -> None:
    async def work(number: int) -> None:
        assert await behind.run(text("SELECT :number + 1").bindparams(number=number))
        async with behind() as unit:
            [(pid,)] = await behind.run(PID)
            [(again,)] = await behind.write(PID)
            await unit.commit()
        assert pid == again

    for _ in range(5):
        await asyncio.gather(*(asyncio.create_task(work(number)) for number in range(20)))


async def test_units_of_work_have_their_time_limits(behind: Database) -> None:
    async with behind():
        [limits] = await behind.run(
            text("SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('jit')")
        )
    assert tuple(limits) == ("2s", "3s", "off")


async def test_migrations_ask_for_a_way_around_it(pooled_url: str, database_url: str) -> None:
    with pytest.raises(UnusableDatabase) as refused:
        await migrate(pooled_url)
    assert "DIRECT_DATABASE_URL" in refused.value.remedy
    assert await migrate(pooled_url, direct=(database_url, {})) == SCHEMA_VERSION


async def test_announcements_ask_for_a_way_around_it(
    behind: Database, pooled_url: str, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    deaf, hearing = PostgresWakeups(behind, pooled_url), PostgresWakeups(behind, database_url, is_direct=True)
    with deaf.listen("news"), hearing.listen("news") as waiter:
        assert await waiter.wait(5), "it is told that it listens now"
        await hearing.announce("news")
        assert await waiter.wait(5)
        assert deaf._listening
        await deaf._listening
    await deaf.close()
    await hearing.close()
    assert "DIRECT_DATABASE_URL" in caplog.text
