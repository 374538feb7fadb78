"""What PostgreSQL is asked for, one request after another: each is a wait."""

import pytest

from adapters.postgres.account_repository import PostgresAccounts
from adapters.postgres.database import Database
from adapters.postgres.task_repository import PostgresTasks
from application.tasks import TaskDraft, Tasks
from domain.account import Caller
from domain.task import Status
from tests.fakes import FakeClock, FakeWakeups, user
from tests.statements import counted

ANN = Caller("ann")


@pytest.fixture
async def tasks(database: Database) -> Tasks:
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    return Tasks(PostgresTasks(database, FakeWakeups()), database, FakeClock())


async def test_a_new_task_takes_one(tasks: Tasks) -> None:
    with counted() as asked:
        await tasks.add(ANN, TaskDraft("Buy milk"))
    assert len(asked) == 1


async def test_a_change_locks_stores_and_commits(tasks: Tasks) -> None:
    task = await tasks.add(ANN, TaskDraft("Buy milk"))
    with counted() as asked:
        await tasks.complete(ANN, task.id)
    assert [asked[0], asked[-1], len(asked)] == ["BEGIN", "COMMIT", 4]


async def test_a_page_with_its_total_takes_two(tasks: Tasks) -> None:
    with counted() as asked:
        await tasks.page(ANN, Status.ALL, 50)
    assert len(asked) == 2
