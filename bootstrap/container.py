"""The composition root: the only place that knows which adapter implements which port."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

from dependency_injector import containers, providers

from adapters.auth.argon2_passwords import Argon2Passwords
from adapters.auth.email_validation import EmailValidation
from adapters.auth.jose_tokens import JoseTokens
from adapters.http.app import Services
from adapters.http.mcp_endpoint import McpEndpoint
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.refresh_cookie import RefreshCookie
from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.accounts.api_token_repository import PostgresApiTokens
from adapters.postgres.accounts.session_repository import PostgresSessions
from adapters.postgres.chat.conversation_repository import PostgresConversations
from adapters.postgres.chat.turn_repository import PostgresTurns
from adapters.postgres.driver.clock import DatabaseClock
from adapters.postgres.driver.database import Database
from adapters.postgres.driver.wakeups import PostgresWakeups
from adapters.postgres.idempotency_keys import PostgresIdempotencyKeys
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.tasks.entity_repository import PostgresEntities
from adapters.postgres.tasks.event_log import PostgresEventLog
from adapters.postgres.tasks.task_repository import PostgresTasks
from adapters.postgres.work.job_repository import PostgresJobs
from adapters.postgres.work.webhook_repository import PostgresWebhooks
from adapters.rate_limits import MovingWindowLimits
from application.accounts.access import Access
from application.accounts.accounts import Accounts
from application.accounts.api_tokens import ApiTokens
from application.accounts.authentication import Identity, OwnTokens
from application.accounts.erasure import Erasure
from application.accounts.passwords import Passwords
from application.accounts.provisioning import Newcomers
from application.accounts.revocations import Revocations
from application.accounts.sessions import Sessions
from application.accounts.throttling import ADDRESSES_PER_ACCOUNT, Throttle
from application.accounts.token_authentication import ApiTokenBearers
from application.accounts.zones import Zones
from application.background import Background
from application.chat.chat import Chat
from application.chat.conversations import Conversations
from application.chat.model.context_window import ContextWindow
from application.chat.model.history import History
from application.chat.turns.queue import TurnQueue
from application.chat.turns.runner import TurnRunner
from application.chat.usage import Metering
from application.due_work import Worker
from application.housekeeping import Housekeeping
from application.idempotency import Once
from application.periodic_jobs import JOBS_MOST, PeriodicJobs
from application.tasks.change_log import ChangeLog
from application.tasks.import_export import Porting
from application.tasks.trash import Trash
from application.tasks.undo import Undo
from application.tasks.use_cases import Tasks
from application.tools.toolbox import Toolbox, UseCases
from application.webhooks.deliveries import SENDINGS_MOST, Deliveries
from application.webhooks.webhooks import Webhooks
from bootstrap import factories
from bootstrap.configuration.settings import Settings


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return uuid4().hex


class Container(containers.DeclarativeContainer):
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
    passwords = providers.Singleton(Argon2Passwords)
    token_lifetime = providers.Callable(lambda settings: timedelta(minutes=settings.access_token_minutes), settings)
    refresh_lifetime = providers.Callable(lambda settings: timedelta(days=settings.refresh_token_days), settings)
    tokens = providers.Singleton(JoseTokens, settings.provided.better_auth_secret, token_lifetime, clock)
    session_repository = providers.Singleton(PostgresSessions, database)
    revocations = providers.Singleton(Revocations, session_repository, wakeups, clock, token_lifetime)
    background = providers.Singleton(Background)
    api_token_repository = providers.Singleton(PostgresApiTokens, database)
    foreign_tokens = providers.Singleton(factories.foreign_tokens, settings, clock)
    mailer = providers.Singleton(factories.mailer, settings)
    model = providers.Singleton(factories.language_model, settings)
    rate_storage = providers.Singleton(factories.rate_storage, settings, database)
    mcp_limits = providers.Singleton(MovingWindowLimits, rate_storage, settings.provided.mcp_limit, "mcp")
    chat_limits = providers.Singleton(MovingWindowLimits, rate_storage, settings.provided.chat_limit, "chat")

    throttle = providers.Singleton(
        Throttle,
        sign_in=providers.Singleton(MovingWindowLimits, rate_storage, settings.provided.signin_limit, "signin"),
        sign_up=providers.Singleton(MovingWindowLimits, rate_storage, settings.provided.signup_limit, "signup"),
        reset=providers.Singleton(MovingWindowLimits, rate_storage, settings.provided.reset_limit, "reset"),
        account=providers.Singleton(
            MovingWindowLimits, rate_storage, settings.provided.signin_limit, "account", ADDRESSES_PER_ACCOUNT
        ),
    )
    account_repository = providers.Singleton(PostgresAccounts, database)
    addresses = providers.Singleton(EmailValidation)
    zones = providers.Singleton(Zones, account_repository, clock)
    sessions = providers.Singleton(
        Sessions,
        sessions=session_repository,
        accounts=account_repository,
        transaction=database,
        tokens=tokens,
        revocations=revocations,
        clock=clock,
        new_id=new_id,
        key=settings.provided.better_auth_secret,
        lifetime=refresh_lifetime,
    )
    api_tokens = providers.Singleton(ApiTokens, api_token_repository, session_repository, database, clock, new_id)
    accounts = providers.Singleton(
        Accounts,
        accounts=account_repository,
        transaction=database,
        passwords=passwords,
        sessions=sessions,
        throttle=throttle,
        addresses=addresses,
        clock=clock,
        new_id=new_id,
        zones=zones,
    )
    token_bearers = providers.Singleton(ApiTokenBearers, api_token_repository, clock, background)
    webhook_repository = providers.Singleton(PostgresWebhooks, database)
    access = providers.Singleton(
        Access, sessions, api_token_repository, webhook_repository, clock, token_bearers.provided.forget
    )
    password_use_cases = providers.Singleton(
        Passwords,
        accounts=account_repository,
        transaction=database,
        passwords=passwords,
        access=access,
        throttle=throttle,
        addresses=addresses,
        mailer=mailer,
        clock=clock,
        reset_page=providers.Callable(lambda settings: f"{settings.frontend_url}/reset-password", settings),
    )
    identity = providers.Singleton(
        Identity,
        token_bearers,
        providers.Singleton(Newcomers, foreign_tokens, accounts.provided.appear),
        providers.Singleton(OwnTokens, tokens, revocations),
    )
    erasure = providers.Singleton(Erasure, account_repository, database, passwords, throttle, sessions, clock)
    task_repository = providers.Singleton(PostgresTasks, database, wakeups)
    entities = providers.Singleton(PostgresEntities, database, wakeups, settings.provided.quotas)
    event_log = providers.Singleton(PostgresEventLog, database)
    keys = providers.Singleton(PostgresIdempotencyKeys, database)
    tasks = providers.Singleton(Tasks, task_repository, entities, database, clock)
    change_log = providers.Singleton(ChangeLog, event_log, task_repository, entities, wakeups)
    undo = providers.Singleton(Undo, event_log, entities, database, clock)
    porting = providers.Singleton(Porting, task_repository, entities, database, clock)
    once = providers.Singleton(Once, keys=keys, transaction=database, clock=clock)
    toolbox = providers.Singleton(Toolbox, providers.Singleton(UseCases, tasks, undo))
    mcp = providers.Singleton(
        McpEndpoint,
        providers.Callable(partial, factories.mcp_application, toolbox, once),
        limiter=mcp_limits,
        own=providers.Callable(factories.own_address, settings),
        authorization_servers=settings.provided.issuers,
    )
    turns = providers.Singleton(PostgresTurns, database, settings.provided.quotas)
    conversation_repository = providers.Singleton(PostgresConversations, database, settings.provided.quotas)
    window = providers.Singleton(ContextWindow, model, toolbox.provided.definitions, settings.provided.context_tokens)
    runner = providers.Singleton(
        TurnRunner,
        turns=turns,
        history=providers.Singleton(History, conversation_repository, turns, model, database, window),
        window=window,
        toolbox=toolbox,
        model=model,
        transaction=database,
        wakeups=wakeups,
        clock=clock,
        lease_seconds=settings.provided.turn_lease_seconds,
        background=background,
        zones=zones,
    )
    queue = providers.Singleton(
        TurnQueue,
        conversations=conversation_repository,
        turns=turns,
        keys=keys,
        transaction=database,
        wakeups=wakeups,
        clock=clock,
        new_id=new_id,
        lease_seconds=settings.provided.turn_lease_seconds,
        wait_seconds=settings.provided.turn_wait_seconds,
    )
    metering = providers.Singleton(Metering, turns, clock, settings.provided.daily_tokens)
    conversations = providers.Singleton(
        Conversations,
        conversations=conversation_repository,
        turns=turns,
        transaction=database,
        clock=clock,
        new_id=new_id,
    )
    webhooks = providers.Singleton(
        Webhooks,
        webhooks=webhook_repository,
        events=event_log,
        transaction=database,
        wakeups=wakeups,
        clock=clock,
        new_id=new_id,
        quotas=settings.provided.quotas,
        public=settings.provided.is_public,
        sessions=session_repository,
    )
    webhook_sender = providers.Singleton(factories.webhook_sender, settings, clock)
    deliveries = providers.Singleton(
        Worker,
        providers.Singleton(
            Deliveries,
            webhooks=webhook_repository,
            events=event_log,
            sender=webhook_sender.provider,
            clock=clock,
            new_id=new_id,
        ),
        wakeups,
        clock,
        background,
        SENDINGS_MOST,
    )
    housekeeping = providers.Singleton(
        Housekeeping,
        trash=providers.Singleton(Trash, task_repository, database, clock, settings.provided.trash_days),
        events=event_log,
        keys=keys,
        conversations=conversation_repository,
        webhooks=webhook_repository,
        erasure=erasure,
        clock=clock,
        trash_days=settings.provided.trash_days,
        event_days=settings.provided.event_days,
    )
    periodic_jobs = providers.Singleton(
        Worker,
        providers.Singleton(
            PeriodicJobs, housekeeping.provided.jobs, providers.Singleton(PostgresJobs, database), clock, new_id
        ),
        wakeups,
        clock,
        background,
        JOBS_MOST,
    )
    workers = providers.List(deliveries, periodic_jobs)
    chat = providers.Singleton(
        Chat,
        queue=queue,
        turns=turns,
        runner=runner,
        limiter=chat_limits,
        transaction=database,
        wakeups=wakeups,
        clock=clock,
        metering=metering,
        background=background,
    )
    services = providers.Singleton(
        Services,
        accounts=accounts,
        passwords=password_use_cases,
        sessions=sessions,
        erasure=erasure,
        tasks=tasks,
        change_log=change_log,
        undo=undo,
        porting=porting,
        once=once,
        chat=chat,
        conversations=conversations,
        metering=metering,
        webhooks=webhooks,
        api_tokens=api_tokens,
        readiness=providers.Singleton(PostgresReadiness, database),
        clock=own_clock,
        shows_links=settings.provided.is_development,
        refresh_cookie=providers.Singleton(RefreshCookie, settings.provided.is_public, refresh_lifetime),
        trusted_proxies=providers.Singleton(TrustedProxies, settings.provided.trusted_proxies),
    )
