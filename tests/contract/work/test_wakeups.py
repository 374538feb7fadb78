import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select, text

from adapters.postgres.driver.database import Database
from adapters.postgres.driver.wakeups import PostgresWakeups
from application.ports import Transaction, Wakeups
from tests.conftest import emptied
from tests.fakes import FakeStore, FakeWakeups

LONG, SHORT = 5.0, 0.2


class Office:
    """Two servers that share the announcements."""

    def __init__(self, here: Wakeups, there: Wakeups, transaction: Transaction) -> None:
        self.here, self.there, self.transaction = here, there, transaction


@pytest.fixture
async def office(server: str | None) -> AsyncIterator[Office]:
    if server is None:
        wakeups = FakeWakeups()
        yield Office(wakeups, wakeups, FakeStore())
        return
    async for database in emptied(server):
        here, there = PostgresWakeups(database, server), PostgresWakeups(database, server)
        await _listening(here, database)
        await _listening(there, database)
        yield Office(here, there, database)
        await here.close()
        await there.close()


async def _listening(wakeups: PostgresWakeups, database: Database) -> None:
    with wakeups.listen("start") as waiter:
        for _ in range(100):
            await wakeups.announce("start")
            if await waiter.wait(0.05):
                return
    raise AssertionError("nothing is heard")


async def test_an_announcement_wakes_whoever_waits_on_any_server(office: Office) -> None:
    with office.here.listen("a") as one, office.there.listen("a") as other:
        await office.here.announce("a")
        assert await one.wait(LONG)
        assert await other.wait(LONG)


async def test_other_topics_wake_nobody(office: Office) -> None:
    with office.here.listen("a") as waiter:
        await office.there.announce("b")
        assert not await waiter.wait(SHORT)


async def test_what_was_announced_since_the_last_wait_counts(office: Office) -> None:
    with office.here.listen("a") as waiter, office.here.listen("b") as marker:
        await office.there.announce("a")
        await office.there.announce("b")
        assert await marker.wait(LONG)
        assert await waiter.wait(0.01)
        assert not await waiter.wait(SHORT)


async def test_a_committed_unit_of_work_tells_its_announcements(office: Office) -> None:
    with office.here.listen("a") as waiter:
        async with office.transaction() as work:
            await office.there.announce("a")
            await work.commit()
        assert await waiter.wait(LONG)


async def test_a_unit_of_work_that_is_left_without_commit_tells_nothing(database: Database, database_url: str) -> None:
    wakeups = PostgresWakeups(database, database_url)
    await _listening(wakeups, database)
    with wakeups.listen("a") as waiter:
        async with database():
            await wakeups.announce("a")
        assert not await waiter.wait(SHORT)
    await wakeups.close()


async def test_a_lost_connection_is_made_again_and_everybody_woken(database: Database, database_url: str) -> None:
    wakeups = PostgresWakeups(database, database_url)
    await _listening(wakeups, database)
    with wakeups.listen("a") as waiter:
        listeners = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        assert await database.run(listeners)
        assert await waiter.wait(LONG), "what was missed meanwhile is looked up"
        await wakeups.announce("a")
        assert await waiter.wait(LONG)
    await wakeups.close()


async def test_however_many_wait_one_connection_listens(database: Database, database_url: str) -> None:
    wakeups = PostgresWakeups(database, database_url)
    await _listening(wakeups, database)
    waiters = [wakeups.listen(f"topic {number}") for number in range(200)]
    entered = [waiter.__enter__() for waiter in waiters]
    waiting = asyncio.gather(*(each.wait(LONG) for each in entered))
    for number in range(200):
        await wakeups.announce(f"topic {number}")
    assert all(await waiting)
    activity = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")
    assert (await database.run(activity))[0][0] == 1
    assert (await database.run(select(func.count()).select_from(text("pg_listening_channels()"))))[0][0] == 0
    for waiter in waiters:
        waiter.__exit__(None, None, None)
    await wakeups.close()
