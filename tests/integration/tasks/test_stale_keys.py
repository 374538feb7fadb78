"""The keys of tasks that a server of the version before wrote, which does not know them."""

import asyncio
from contextvars import Context

import pytest
from sqlalchemy import text

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tasks.task_repository import PostgresTasks
from application.tasks.inputs import TaskDraft
from application.tasks.query import TaskSearch
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller
from domain.tasks.task import Task
from tests.fakes import FakeClock, user
from tests.tasks_on import on_postgres

ANN = Caller("ann")
MADE_BEFORE = text("""
    INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at, revision)
    SELECT 'ann', n, 'Äpfel ' || n, n % 2 = 0, '2026-11-01T09:00Z', '2026-11-02T09:00Z', n
    FROM generate_series(11, 15) n
""")
CHANGED_BEFORE = text("""
    UPDATE tasks SET title = 'Sell wine', completed = NOT completed, updated_at = '2026-11-24T09:00Z', revision = 20
    WHERE user_id = 'ann' AND id = 1
""")
STATE = text("SELECT to_jsonb(tasks) - 'completed_at' FROM tasks ORDER BY id")


@pytest.fixture
async def tasks(database: Database) -> Tasks:
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    tasks = on_postgres(database, FakeClock())
    await tasks.add(ANN, TaskDraft("Buy milk", due="2026-12-01", tags=["home"], priority="high"))
    return tasks


async def ids(tasks: Tasks, **asked: str) -> list[int]:
    return [task.id for task in (await tasks.search(ANN, TaskSearch(**asked))).tasks]  # type: ignore[arg-type]


async def reindexed(database: Database, limit: int = 100) -> int:
    repository, total = PostgresTasks(database), 0
    while updated := await repository.reindex(limit):
        total += updated
    return total


async def written(database: Database, *statements: object) -> None:
    async with database() as work:
        for statement in statements:
            await database.write(statement)  # type: ignore[arg-type]
        await work.commit()


async def test_what_the_version_before_wrote_is_found_and_sorted_after_the_job(
    database: Database, tasks: Tasks
) -> None:
    await written(database, MADE_BEFORE, CHANGED_BEFORE)
    assert await ids(tasks, q="wine") == []
    assert await reindexed(database, limit=2) == 6
    assert await ids(tasks, q="wine", sort="title") == [1]
    assert await ids(tasks, q="milk", sort="title") == []
    assert await ids(tasks, q="apf", sort="title") == [11, 12, 13, 14, 15]
    assert await ids(tasks, sort="-position", list="inbox") == [15, 14, 13, 12, 11, 1]
    assert await ids(tasks, filter="@home & p1 & due: 2026-12-01", status="all") == [1]


async def test_completed_tasks_of_before_count_as_completed_when_they_were_changed_last(
    database: Database, tasks: Tasks
) -> None:
    await written(database, MADE_BEFORE, CHANGED_BEFORE)
    await reindexed(database)
    found = (await tasks.search(ANN, TaskSearch(sort="completed"))).tasks
    assert [(each.id, each.completed_at and f"{each.completed_at:%d}") for each in found[:4]] == [
        (12, "02"),
        (14, "02"),
        (1, "24"),
        (11, None),
    ]


async def test_a_task_that_the_version_before_reopened_has_no_time_of_completion(
    database: Database, tasks: Tasks
) -> None:
    await tasks.complete(ANN, 1)
    await written(database, CHANGED_BEFORE)
    await reindexed(database)
    assert (await tasks.get(ANN, 1)).completed_at is None


async def test_the_job_makes_neither_revisions_nor_events(database: Database, tasks: Tasks) -> None:
    await written(database, MADE_BEFORE)
    states = [await tasks.get(ANN, each) for each in (1, 11, 12)]
    counts = await database.run(text("SELECT count(*), max(revision) FROM events"))
    await reindexed(database)
    assert await database.run(text("SELECT count(*), max(revision) FROM events")) == counts
    after = [await tasks.get(ANN, each) for each in (1, 11, 12)]
    assert [each.revision for each in after] == [each.revision for each in states]
    assert [each.updated_at for each in after] == [each.updated_at for each in states]


async def test_a_task_that_is_being_changed_is_left_for_later(database: Database, tasks: Tasks) -> None:
    await written(database, MADE_BEFORE)
    other = PostgresTasks(database)
    async with database() as work:
        await database.write(text("SELECT FROM tasks WHERE id = 11 FOR UPDATE"))
        assert await asyncio.create_task(other.reindex(100), context=Context()) == 4
        await work.commit()
    assert await other.reindex(100) == 1


async def test_keys_that_are_right_stay(database: Database, tasks: Tasks) -> None:
    task: Task = await tasks.add(ANN, TaskDraft("東京で", "Äpfel"))
    before = await database.run(STATE)
    await written(database, text(f"UPDATE tasks SET indexed_revision = NULL WHERE id = {task.id}"))
    assert await reindexed(database) == 1
    assert await database.run(STATE) == before
