"""The application over fakes, called through ASGI: what controllers translate, in milliseconds."""

import itertools
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from adapters.auth.oauth_tokens import JoseOAuthTokens
from adapters.http.mcp_endpoint import McpEndpoint
from adapters.http.pages.openapi import openapi_document
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.outer_middleware import OuterMiddleware
from adapters.http.server.own_address import OwnAddress
from adapters.http.server.refresh_cookie import RefreshCookie
from adapters.http.services import Services
from adapters.mcp.streamable_http import StreamableHttp
from application.accounts.access_revocation import AccessRevocation
from application.accounts.accounts import Accounts
from application.accounts.api_tokens import ApiTokens
from application.accounts.authentication import AccessTokenAuthenticator, Authenticator
from application.accounts.calendars import Calendars
from application.accounts.emails import Emails
from application.accounts.erasure import Erasure
from application.accounts.passwords import Passwords
from application.accounts.revocations import Revocations
from application.accounts.sessions import Sessions
from application.accounts.throttling import ADDRESSES_PER_ACCOUNT, Throttle
from application.accounts.token_authentication import ApiTokenAuthenticator
from application.action_tokens import ActionTokens
from application.background import Background
from application.chat.chat import Chat
from application.chat.conversations import Conversations
from application.chat.model.context_window import ContextWindow
from application.chat.model.history import History
from application.chat.model.instructions import Instructions
from application.chat.turns.approvals import Approvals
from application.chat.turns.decisions import Decisions
from application.chat.turns.queue import TurnQueue
from application.chat.turns.runner import TurnRunner
from application.chat.usage import UsageQuota
from application.idempotency import Once
from application.ports import BearerAuthenticator, Readiness, Resource, nowhere
from application.reminders.actions import ReminderActions
from application.reminders.preferences import ReminderPreferences
from application.reminders.reminders import Reminders
from application.tasks.import_export import ImportExport
from application.tasks.lists.lists import Lists
from application.tasks.lists.tags import Tags
from application.tasks.lists.views import Views
from application.tasks.log.change_log import ChangeLog
from application.tasks.log.undo import Undo
from application.tasks.naming import KnownNames
from application.tasks.quick_add import QuickAddTasks
from application.tasks.use_cases import Tasks
from application.tools.call_approvals import CallApprovals
from application.tools.changing import UseCases
from application.tools.planning import Planner
from application.tools.toolbox import Toolbox
from application.webhooks.webhooks import Webhooks
from domain.accounts.account import Actor, Caller, Scope
from domain.chat.approval import ApprovalPolicy
from tests.fakes import (
    FakeAccounts,
    FakeApiTokens,
    FakeClock,
    FakeConversations,
    FakeDocuments,
    FakeEmailAddresses,
    FakeEntities,
    FakeEventLog,
    FakeIdempotencyKeys,
    FakeMailer,
    FakeNotifications,
    FakePasswords,
    FakePushSubscriptions,
    FakeRateLimiter,
    FakeReminderSettings,
    FakeRings,
    FakeSessions,
    FakeStore,
    FakeTasks,
    FakeTokens,
    FakeTurns,
    FakeWakeups,
    FakeWebhooks,
    ScriptedModel,
)
from tests.http.shared_app import ORIGIN as ORIGIN
from tests.http.shared_app import shared_app, working_on
from tests.unit.oauth.use_cases import oauth_over

ATTEMPTS = 10


class FakeReadiness(Readiness):
    fault: Exception | None = None

    async def check(self) -> None:
        if self.fault:
            raise self.fault


class FakeReadTokens(BearerAuthenticator):
    """API tokens that may read only."""

    def recognizes(self, bearer: str) -> bool:
        return bearer.startswith("reader-of-")

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:
        return Caller(bearer.removeprefix("reader-of-"), Actor("token", "t1"), frozenset({Scope.READ}))


class Api:
    """A client of the application, and the fakes beneath it. `ann` is signed up, `headers` are hers."""

    def __init__(
        self,
        *,
        shows_links: bool = True,
        public: bool = True,
        public_url: str | None = None,
        authorization_servers: tuple[str, ...] = (),
        origin: str = ORIGIN,
        proxies: tuple[str, ...] = (),
        approval_policy: str = ApprovalPolicy.BULK,
    ) -> None:
        self.clock, self.store, self.model, self.readiness = FakeClock(), FakeStore(), ScriptedModel(), FakeReadiness()
        numbers = itertools.count(1)
        wakeups = FakeWakeups()
        repository, log = FakeTasks(self.store), FakeEventLog(self.store)
        entities = FakeEntities(self.store, wakeups)
        zones = Calendars(FakeAccounts(self.store), self.clock)
        tasks = Tasks(repository, entities, self.store, self.clock, log, zones)
        change_log = ChangeLog(log, repository, entities, wakeups)
        undo = Undo(log, entities, self.store, self.clock)
        self.revocations = Revocations(FakeSessions(self.store), wakeups, self.clock, timedelta(hours=1))
        sessions = Sessions(
            FakeSessions(self.store),
            FakeAccounts(self.store),
            self.store,
            FakeTokens(),
            self.revocations,
            self.clock,
            lambda: f"session-{next(numbers)}",
            "a secret",
            timedelta(days=30),
        )
        everywhere = FakeRateLimiter(ATTEMPTS * ADDRESSES_PER_ACCOUNT, 60, self.clock)
        sign_in, sign_up, reset = (FakeRateLimiter(ATTEMPTS, 60, self.clock) for _ in range(3))
        door = Throttle(sign_in, sign_up, reset, everywhere)
        self.background = Background()
        self.documents = FakeDocuments()
        self.oauth = oauth_over(
            self.store,
            self.clock,
            wakeups,
            self.documents,
            JoseOAuthTokens("a secret of at least thirty-two characters", self.clock),
            FakeRateLimiter(ATTEMPTS, 60, self.clock),
            lambda: f"id-{next(numbers)}",
            self.background,
        )
        own = OwnAddress(
            public_url, [ORIGIN], TrustedProxies(proxies), ["test"], trusts_proxied_hosts=public_url is None
        )
        accounts = Accounts(
            FakeAccounts(self.store),
            self.store,
            FakePasswords(),
            sessions,
            door,
            FakeEmailAddresses(),
            self.clock,
            lambda: f"id-{next(numbers)}",
            zones,
            FakeRings(self.store),
            FakeReminderSettings(self.store),
            wakeups,
        )
        api_tokens, webhook_repository = FakeApiTokens(self.store), FakeWebhooks(self.store)
        bearers = ApiTokenAuthenticator(api_tokens, self.clock, self.background)
        connections = self.oauth.connections
        passwords = Passwords(
            FakeAccounts(self.store),
            self.store,
            FakePasswords(),
            AccessRevocation(
                sessions,
                api_tokens,
                webhook_repository,
                connections,
                FakePushSubscriptions(self.store),
                self.clock,
                bearers.forget,
            ),
            door,
            FakeEmailAddresses(),
            FakeMailer(),
            self.clock,
            f"{ORIGIN}/reset-password",
        )
        names = KnownNames(repository, entities)
        toolbox = Toolbox(UseCases(tasks, undo, names, zones))
        planner = Planner(toolbox, log, self.store)
        turns, lease_seconds = FakeTurns(self.store), 15
        conversations = FakeConversations(self.store)
        window = ContextWindow(self.model, toolbox.definitions, 16_000)
        runner = TurnRunner(
            turns,
            History(conversations, turns, self.model, self.store, window),
            window,
            toolbox,
            self.model,
            self.store,
            wakeups,
            self.clock,
            lease_seconds,
            self.background,
            Instructions(zones, names),
            Approvals(planner, self.model, self.clock),
        )
        keys = FakeIdempotencyKeys(self.store)
        decisions = Decisions(
            conversations,
            turns,
            keys,
            self.store,
            wakeups,
            self.clock,
            lambda: f"id-{next(numbers)}",
            lease_seconds,
        )
        queue = TurnQueue(
            conversations,
            turns,
            decisions,
            keys,
            self.store,
            wakeups,
            self.clock,
            lambda: f"id-{next(numbers)}",
            lease_seconds,
            wait_seconds=0,
        )
        limiter = FakeRateLimiter(3, 60, self.clock)
        usage_quota = UsageQuota(turns, self.clock, daily_tokens=100_000)
        chat = Chat(
            queue, decisions, turns, runner, limiter, self.store, wakeups, self.clock, usage_quota, self.background
        )
        talks = Conversations(conversations, turns, self.store, self.clock, lambda: f"id-{next(numbers)}")
        once = Once(keys, self.store, self.clock)
        webhooks = Webhooks(
            webhook_repository,
            log,
            self.store,
            wakeups,
            self.clock,
            lambda: f"id-{next(numbers)}",
            public=public,
            sessions=FakeSessions(self.store),
        )
        self.mailer, self.action_tokens = FakeMailer(), ActionTokens("a secret", self.clock)
        reminders = Reminders(FakeRings(self.store), log, entities, self.store, wakeups, self.clock, zones)
        self.services = Services(
            accounts=accounts,
            passwords=passwords,
            sessions=sessions,
            erasure=Erasure(
                FakeAccounts(self.store), self.store, FakePasswords(), door, sessions, connections, self.clock
            ),
            tasks=tasks,
            lists=Lists(repository, entities, self.store, self.clock),
            views=Views(entities, self.store, self.clock, zones),
            task_tags=Tags(repository, entities, self.store, self.clock),
            quick_add=QuickAddTasks(tasks, entities, self.store, zones),
            change_log=change_log,
            undo=undo,
            import_export=ImportExport(repository, entities, self.store, self.clock, zones),
            once=once,
            chat=chat,
            conversations=talks,
            usage_quota=usage_quota,
            webhooks=webhooks,
            reminders=reminders,
            preferences=ReminderPreferences(
                FakeReminderSettings(self.store),
                FakePushSubscriptions(self.store),
                FakeNotifications(self.store),
                self.store,
                zones,
                self.action_tokens,
                FakeRateLimiter(100, 60, self.clock),
                FakeSessions(self.store),
                wakeups,
                self.clock,
                lambda: f"id-{next(numbers)}",
                public=public,
            ),
            reminder_actions=ReminderActions(
                self.action_tokens, FakeNotifications(self.store), reminders, tasks, self.store, self.clock
            ),
            push_key="BPushKey",
            emails=Emails(
                FakeAccounts(self.store),
                self.store,
                FakePasswords(),
                door,
                FakeEmailAddresses(),
                self.mailer,
                self.clock,
                f"{ORIGIN}/confirm-email",
            ),
            api_tokens=ApiTokens(
                api_tokens, FakeSessions(self.store), self.store, self.clock, lambda: f"id-{next(numbers)}"
            ),
            connections=connections,
            oauth_clients=self.oauth.clients,
            authorization=self.oauth.authorization,
            code_exchange=self.oauth.exchange,
            refreshing=self.oauth.refreshing,
            token_limiter=FakeRateLimiter(1_000, 60, self.clock),
            own_address=own,
            readiness=self.readiness,
            clock=self.clock,
            shows_links=shows_links,
            refresh_cookie=RefreshCookie(not shows_links, timedelta(days=30)),
            trusted_proxies=TrustedProxies(proxies),
        )
        self.authenticator = Authenticator(
            FakeReadTokens(), bearers, self.oauth.bearers, AccessTokenAuthenticator(FakeTokens(), self.revocations)
        )
        self.mcp_limiter = FakeRateLimiter(1_000, 60, self.clock)
        approvals = CallApprovals(
            planner, self.action_tokens, once, lambda: f"id-{next(numbers)}", ApprovalPolicy(approval_policy)
        )
        self.mcp = McpEndpoint(
            lambda: StreamableHttp(toolbox, once, approvals, tasks),
            self.mcp_limiter,
            own,
            authorization_servers,
        )
        self.app = shared_app(origin)
        transport = httpx.ASGITransport(OuterMiddleware(working_on(self, origin)), raise_app_exceptions=False)  # type: ignore[arg-type]
        self.client = httpx.AsyncClient(transport=transport, base_url="http://test")
        self.headers: dict[str, str] = {}

    async def sign_up(self, name: str) -> dict[str, str]:
        form = {"email": f"{name}@example.com", "password": "password1"}
        answer = await self.client.post("/api/auth/signup", json=form)
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    def paths(self) -> dict[str, Any]:
        """Of the OpenAPI document."""
        paths: dict[str, Any] = json.loads(openapi_document(self.app))["paths"]
        return paths

    async def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **options)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api()
    api.headers = await api.sign_up("ann")
    yield api
    await api.client.aclose()
