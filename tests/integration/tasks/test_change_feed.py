"""A feed whose connections to the database are cut beneath it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from sqlalchemy import text

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.driver.wakeups import PostgresWakeups
from adapters.postgres.tasks.entity_repository import PostgresEntities
from adapters.postgres.tasks.event_log import PostgresEventLog
from adapters.postgres.tasks.task_repository import PostgresTasks
from application.tasks.inputs import TaskDraft
from application.tasks.log.change_log import ChangeLog
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller
from domain.errors import Unavailable
from domain.tasks.changes import Event
from tests.conftest import administer
from tests.fakes import FakeClock, user
from tests.logged import titles_after
from tests.tasks_on import on_postgres

ANN = Caller("ann")
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"


async def test_nothing_is_missed_when_all_connections_are_cut(database: Database, database_url: str) -> None:
    wakeups = PostgresWakeups(database, database_url)
    repository, log = PostgresTasks(database), PostgresEventLog(database)
    entities = PostgresEntities(database, wakeups)
    tasks = on_postgres(database, FakeClock())
    changes = ChangeLog(log, repository, entities, wakeups)
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    try:
        async with asyncio.timeout(20), aclosing(changes.follow(ANN, None)) as feed:
            seen = list(await anext(feed))
            for title in ("before", "while", "after"):
                await add(tasks, title)
                seen += await next_events(feed)
                [(name,)] = await database.run(text("SELECT current_database()"))
                await administer(database_url, CUT.format(name))
    finally:
        await wakeups.close()
    assert titles_after(seen) == ["before", "while", "after"]


async def add(tasks: Tasks, title: str) -> None:
    """As clients do: again, where the database was away."""
    while True:
        try:
            await tasks.add(ANN, TaskDraft(title))
        except Unavailable:
            continue
        return


async def next_events(feed: AsyncIterator[Sequence[Event]]) -> Sequence[Event]:
    while not (events := await anext(feed)):
        pass
    return events
