"""What PostgreSQL is asked for, one request after another: each is a wait."""

import pytest
from dependency_injector import providers

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from application.chat.inputs import ChatMessage
from application.tasks.inputs import TaskDraft
from application.tasks.query import TaskSearch
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


async def test_a_page_with_its_total_takes_two_and_one_if_it_has_all(tasks: Tasks) -> None:
    await tasks.add(ANN, TaskDraft("Buy milk"))
    await tasks.add(ANN, TaskDraft("Buy bread"))
    for limit, count in ((1, 2), (2, 1)):
        with counted() as asked:
            await tasks.page(ANN, Status.ALL, limit)
        assert len(asked) == count


@pytest.mark.parametrize(
    ("asked_for", "count"),
    [
        (TaskSearch(sort="updated"), 1),
        (TaskSearch(sort="due"), 2),
        (TaskSearch(sort="due", due_before="2026-12-01"), 1),
        (TaskSearch(q="milk"), 2),
        (TaskSearch(q="milk", sort="relevance"), 2),
        (TaskSearch(filter="today & p1"), 2),
    ],
)
async def test_a_search_takes_few(tasks: Tasks, asked_for: TaskSearch, count: int) -> None:
    """One for its tasks, and one for words, for lists and for tasks without a value of the sort."""
    await tasks.add(ANN, TaskDraft("Buy milk", due="2026-11-23"))
    await tasks.search(ANN, TaskSearch(due_before="2026-01-01"))
    with counted() as asked:
        await tasks.search(ANN, asked_for)
    assert len(asked) == count, asked


@pytest.mark.usefixtures("database")
async def test_a_chat_turn_takes_nine(database_url: str) -> None:
    container = Container(settings=load({"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": "x7Qz" * 12}))
    container.model.override(providers.Object(Instant()))
    await container.accounts().provision("ann")
    chat = container.chat()
    await chat.say(ANN, ChatMessage("hello"))
    with counted() as asked:
        await chat.say(ANN, ChatMessage("hello"))
    await close(container)
    asked = [statement for statement in asked if not statement.startswith("LISTEN")]
    assert len(asked) <= 9, asked
