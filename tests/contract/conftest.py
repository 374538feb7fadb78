from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.accounts.api_token_repository import PostgresApiTokens
from adapters.postgres.accounts.session_repository import PostgresSessions
from adapters.postgres.chat.conversation_repository import PostgresConversations
from adapters.postgres.chat.turn_repository import PostgresTurns
from adapters.postgres.driver.database import Database
from adapters.postgres.idempotency_keys import PostgresIdempotencyKeys
from adapters.postgres.oauth.client_repository import PostgresClients
from adapters.postgres.oauth.code_repository import PostgresCodes
from adapters.postgres.oauth.connection_repository import PostgresConnections
from adapters.postgres.reminders.notification_repository import PostgresNotifications
from adapters.postgres.reminders.push_repository import PostgresPushSubscriptions
from adapters.postgres.reminders.ring_repository import PostgresRings
from adapters.postgres.reminders.settings_repository import PostgresReminderSettings
from adapters.postgres.tasks.entity_repository import PostgresEntities
from adapters.postgres.tasks.event_log import PostgresEventLog
from adapters.postgres.tasks.task_repository import PostgresTasks
from adapters.postgres.tasks.trash_repository import PostgresTrash
from adapters.postgres.work.job_repository import PostgresJobs
from adapters.postgres.work.webhook_repository import PostgresWebhooks
from application.ports import (
    AccountRepository,
    ApiTokenRepository,
    ConversationRepository,
    EntityRepository,
    EventLog,
    IdempotencyKeys,
    JobRepository,
    NotificationRepository,
    PushSubscriptionRepository,
    ReminderSettingsRepository,
    RingRepository,
    SessionRepository,
    TaskRepository,
    Transaction,
    TrashRepository,
    TurnRepository,
    WebhookRepository,
)
from application.ports.access.oauth import ClientRepository, CodeRepository, ConnectionRepository
from domain.accounts.account import User
from tests.conftest import empty
from tests.fakes import (
    FakeAccounts,
    FakeApiTokens,
    FakeClients,
    FakeCodes,
    FakeConnections,
    FakeConversations,
    FakeEntities,
    FakeEventLog,
    FakeIdempotencyKeys,
    FakeJobs,
    FakeNotifications,
    FakePushSubscriptions,
    FakeReminderSettings,
    FakeRings,
    FakeSessions,
    FakeStore,
    FakeTasks,
    FakeTrash,
    FakeTurns,
    FakeWakeups,
    FakeWebhooks,
    user,
)


@dataclass(frozen=True)
class Store:
    """One implementation of all repositories."""

    transaction: Transaction
    accounts: AccountRepository
    tasks: TaskRepository
    trash: TrashRepository
    entities: EntityRepository
    events: EventLog
    conversations: ConversationRepository
    turns: TurnRepository
    keys: IdempotencyKeys
    webhooks: WebhookRepository
    api_tokens: ApiTokenRepository
    sessions: SessionRepository
    jobs: JobRepository
    clients: ClientRepository
    codes: CodeRepository
    connections: ConnectionRepository
    rings: RingRepository
    notifications: NotificationRepository
    subscriptions: PushSubscriptionRepository
    settings: ReminderSettingsRepository

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


@pytest.fixture(scope="session")
async def connected() -> AsyncIterator[dict[str, Database]]:
    """By address, for all tests: connecting, compiling and preparing each statement anew takes longer than a test."""
    databases: dict[str, Database] = {}
    yield databases
    for database in databases.values():
        await database.close()


@pytest.fixture
async def store(server: str | None, connected: dict[str, Database]) -> Store:
    if server is None:
        return _fake()
    if server not in connected:
        connected[server] = Database(server, pool_size=20)
    await empty(connected[server])
    return _postgres(connected[server])


def _fake() -> Store:
    fake = FakeStore()
    return Store(
        fake,
        FakeAccounts(fake),
        FakeTasks(fake),
        FakeTrash(fake),
        FakeEntities(fake),
        FakeEventLog(fake),
        FakeConversations(fake),
        FakeTurns(fake),
        FakeIdempotencyKeys(fake),
        FakeWebhooks(fake),
        FakeApiTokens(fake),
        FakeSessions(fake),
        FakeJobs(fake),
        FakeClients(fake),
        FakeCodes(fake),
        FakeConnections(fake),
        FakeRings(fake),
        FakeNotifications(fake),
        FakePushSubscriptions(fake),
        FakeReminderSettings(fake),
    )


def _postgres(database: Database) -> Store:
    return Store(
        database,
        PostgresAccounts(database),
        PostgresTasks(database),
        PostgresTrash(database, FakeWakeups()),
        PostgresEntities(database, FakeWakeups()),
        PostgresEventLog(database),
        PostgresConversations(database),
        PostgresTurns(database),
        PostgresIdempotencyKeys(database),
        PostgresWebhooks(database),
        PostgresApiTokens(database),
        PostgresSessions(database),
        PostgresJobs(database),
        PostgresClients(database),
        PostgresCodes(database),
        PostgresConnections(database),
        PostgresRings(database),
        PostgresNotifications(database),
        PostgresPushSubscriptions(database),
        PostgresReminderSettings(database),
    )
