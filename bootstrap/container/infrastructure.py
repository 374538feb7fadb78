"""The settings, the clocks, the database and its repositories, and other technical services."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from dependency_injector import containers, providers

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.accounts.api_token_repository import PostgresApiTokens
from adapters.postgres.accounts.session_repository import PostgresSessions
from adapters.postgres.chat.conversation_repository import PostgresConversations
from adapters.postgres.chat.turn_repository import PostgresTurns
from adapters.postgres.driver.clock import DatabaseClock
from adapters.postgres.driver.database import Database
from adapters.postgres.driver.wakeups import PostgresWakeups
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
from adapters.postgres.work.webhook_repository import PostgresWebhooks
from adapters.rate_limits import MovingWindowLimits
from application.action_tokens import ActionTokens
from application.background import Background
from application.due_work import Worker
from bootstrap import factories
from bootstrap.configuration.settings import Settings


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return uuid4().hex


class Infrastructure(containers.DeclarativeContainer):
    settings = providers.Dependency(instance_of=Settings)
    own_clock = providers.Object(now)
    new_id = providers.Object(new_id)
    database = providers.Singleton(
        Database, settings.provided.database_url, settings.provided.connect_args, settings.provided.pool_size
    )
    clock = providers.Singleton(DatabaseClock, database, own_clock)
    wakeups = providers.Singleton(
        PostgresWakeups,
        database,
        settings.provided.listening[0],
        settings.provided.listening[1],
        is_direct=providers.Callable(bool, settings.provided.direct),
    )
    session_repository = providers.Singleton(PostgresSessions, database)
    background = providers.Singleton(Background)
    api_token_repository = providers.Singleton(PostgresApiTokens, database)
    client_repository = providers.Singleton(PostgresClients, database)
    code_repository = providers.Singleton(PostgresCodes, database)
    connection_repository = providers.Singleton(PostgresConnections, database)
    mailer = providers.Singleton(factories.mailer, settings)
    model = providers.Singleton(factories.language_model, settings)
    rate_storage = providers.Singleton(factories.rate_storage, settings, database)
    account_repository = providers.Singleton(PostgresAccounts, database)
    webhook_repository = providers.Singleton(PostgresWebhooks, database)
    task_repository = providers.Singleton(PostgresTasks, database)
    trash = providers.Singleton(PostgresTrash, database, wakeups)
    entities = providers.Singleton(PostgresEntities, database, wakeups, settings.provided.quotas)
    event_log = providers.Singleton(PostgresEventLog, database)
    notifications = providers.Singleton(PostgresNotifications, database)
    push_subscriptions = providers.Singleton(PostgresPushSubscriptions, database)
    reminder_settings = providers.Singleton(PostgresReminderSettings, database)
    rings = providers.Singleton(PostgresRings, database)
    keys = providers.Singleton(PostgresIdempotencyKeys, database)
    turns = providers.Singleton(PostgresTurns, database, settings.provided.quotas)
    action_tokens = providers.Singleton(ActionTokens, settings.provided.better_auth_secret, clock)
    conversation_repository = providers.Singleton(PostgresConversations, database, settings.provided.quotas)


def rate_limit(limit: providers.Provider[str], name: str, times: int = 1) -> providers.Singleton[MovingWindowLimits]:
    return providers.Singleton(MovingWindowLimits, Infrastructure.rate_storage, limit, name, times)


def worker(work: providers.Provider[Any], places: int) -> providers.Singleton[Worker]:
    return providers.Singleton(
        Worker, work, Infrastructure.wakeups, Infrastructure.clock, Infrastructure.background, places
    )
