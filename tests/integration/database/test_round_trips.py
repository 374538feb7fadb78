"""What PostgreSQL is asked for, one request after another: each is a wait."""

import pytest
from dependency_injector import providers

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from application.chat.chat import ChatMessage
from application.tasks.inputs import TaskDraft
from application.tasks.use_cases import Tasks
from bench.turns import Instant
from bootstrap.asgi import close
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from domain.accounts.account import Caller
from domain.tasks.task import Status
from tests.fakes import FakeClock, user
from tests.statements import counted
from tests.tasks_on import on_postgres

ANN = Caller("ann")


@pytest.fixture
async def tasks(database: Database) -> Tasks:
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    return on_postgres(database, FakeClock())


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


@pytest.mark.usefixtures("database")
async def test_a_chat_turn_takes_eight(database_url: str) -> None:
    container = Container(settings=load({"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": "x7Qz" * 12}))
    container.model.override(providers.Object(Instant()))
    await container.accounts().provision("ann")
    chat = container.chat()
    await chat.say(ANN, ChatMessage("hello"))
    with counted() as asked:
        await chat.say(ANN, ChatMessage("hello"))
    await close(container)
    assert len(asked) <= 8, asked
