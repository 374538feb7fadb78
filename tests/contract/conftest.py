from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from adapters.postgres.account_repository import PostgresAccounts
from adapters.postgres.conversation_repository import PostgresConversations
from adapters.postgres.database import Database
from adapters.postgres.idempotency_keys import PostgresIdempotencyKeys
from adapters.postgres.tables import events
from adapters.postgres.task_repository import PostgresTasks
from adapters.postgres.turn_repository import PostgresTurns
from application.ports import (
    AccountRepository,
    ConversationRepository,
    IdempotencyKeys,
    TaskRepository,
    Transaction,
    TurnRepository,
)
from domain.account import User
from tests.conftest import emptied
from tests.fakes import FakeAccounts, FakeConversations, FakeIdempotencyKeys, FakeStore, FakeTasks, FakeTurns, user

Event = tuple[int, str, int, str | None, str | None, str, str | None]


@dataclass(frozen=True)
class Store:
    """One implementation of all repositories; `events` reads the log as (revision, kind, task, titles, actor)."""

    transaction: Transaction
    accounts: AccountRepository
    tasks: TaskRepository
    conversations: ConversationRepository
    turns: TurnRepository
    keys: IdempotencyKeys
    events: Callable[[str], Awaitable[list[Event]]]

    async def do(self, *steps: Awaitable[Any]) -> Any:
        """Each step in one unit of work; the last one's result."""
        async with self.transaction() as work:
            results = [await step for step in steps]
            await work.commit()
        return results[-1]

    async def add_user(self, user_id: str, **values: Any) -> User:
        added = user(user_id, **values)
        await self.do(self.accounts.add(added))
        return added


@pytest.fixture(params=["fake", "embedded", "external"])
def server(request: pytest.FixtureRequest) -> str | None:
    """The address of the database behind the store; None for the fake."""
    names = {"embedded": "database_url", "external": "external_url"}
    return request.getfixturevalue(names[request.param]) if request.param in names else None


@pytest.fixture
async def store(server: str | None) -> AsyncIterator[Store]:
    if server is None:
        yield _fake()
        return
    async for database in emptied(server):
        yield _postgres(database)


def _fake() -> Store:
    fake = FakeStore()

    async def read(user_id: str) -> list[Event]:
        own = [(revision, change) for revision, change in fake.rows.events if change.task.user_id == user_id]
        return [
            (
                revision,
                str(change.kind),
                change.task.id,
                change.before.title if change.before else None,
                change.after.title if change.after else None,
                change.actor.kind,
                change.actor.id,
            )
            for revision, change in own
        ]

    return Store(
        fake,
        FakeAccounts(fake),
        FakeTasks(fake),
        FakeConversations(fake),
        FakeTurns(fake),
        FakeIdempotencyKeys(fake),
        read,
    )


def _postgres(database: Database) -> Store:
    async def read(user_id: str) -> list[Event]:
        columns = (events.c.revision, events.c.kind, events.c.task_id)
        titles = (events.c.before["title"].astext, events.c.after["title"].astext)
        query = select(*columns, *titles, events.c.actor_kind, events.c.actor_id)
        rows = await database.read(query.where(events.c.user_id == user_id).order_by(events.c.revision))
        return [tuple(row) for row in rows]

    return Store(
        database,
        PostgresAccounts(database),
        PostgresTasks(database),
        PostgresConversations(database),
        PostgresTurns(database),
        PostgresIdempotencyKeys(database, purge_every=1),
        read,
    )
