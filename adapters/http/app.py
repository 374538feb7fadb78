"""The Litestar application over plain use-case objects."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, fields
from typing import Any

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.di import Provide

from adapters.http.api.accounts.accounts import AccountController
from adapters.http.api.accounts.connections import ConnectionController
from adapters.http.api.accounts.emails import EmailController
from adapters.http.api.accounts.own_data import OwnDataController
from adapters.http.api.accounts.sessions import SessionController
from adapters.http.api.accounts.tokens import TokenController
from adapters.http.api.accounts.usage import UsageController
from adapters.http.api.health import HealthController
from adapters.http.api.lists.lists import ListController
from adapters.http.api.lists.tags import TagController
from adapters.http.api.lists.views import ViewController
from adapters.http.api.reminders.preferences import ReminderPreferenceController
from adapters.http.api.reminders.reminders import ReminderController
from adapters.http.api.tasks.batches import BatchController
from adapters.http.api.tasks.change_feed import ChangeFeedController
from adapters.http.api.tasks.changes import ChangeController
from adapters.http.api.tasks.etags import DEPENDENCIES as ETAGS
from adapters.http.api.tasks.import_export import ImportExportController
from adapters.http.api.tasks.quick_add import QuickAddController
from adapters.http.api.tasks.tasks import TaskController
from adapters.http.api.webhooks import WebhookController
from adapters.http.chat.chat import ChatController
from adapters.http.chat.conversations import ConversationController
from adapters.http.errors import EXCEPTION_HANDLERS
from adapters.http.handlers.idempotency import DEPENDENCIES, HEADER, REPLAYED
from adapters.http.internals.litestar_app import App
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.mcp_endpoint import HEADERS as MCP_HEADERS
from adapters.http.mcp_endpoint import McpEndpoint
from adapters.http.oauth.authorize import authorize
from adapters.http.oauth.consent import ConsentController
from adapters.http.oauth.metadata import server_metadata
from adapters.http.oauth.registration import RegistrationController
from adapters.http.oauth.tokens import TokenEndpointController
from adapters.http.pages.docs import docs_handlers
from adapters.http.pages.openapi import OPENAPI
from adapters.http.pages.page import page_handlers
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.authentication import authenticated, caller_of, token_is_valid_of, visitor_of
from adapters.http.server.clients import count_by_user
from adapters.http.server.json_request import JsonRequest
from adapters.http.server.own_address import OwnAddress
from adapters.http.server.refresh_cookie import RefreshCookie
from application.accounts.accounts import Accounts
from application.accounts.api_tokens import ApiTokens
from application.accounts.authentication import Authenticator
from application.accounts.emails import Emails
from application.accounts.erasure import Erasure
from application.accounts.passwords import Passwords
from application.accounts.sessions import Sessions
from application.chat.chat import Chat
from application.chat.conversations import Conversations
from application.chat.usage import UsageQuota
from application.idempotency import Once
from application.oauth.authorization import Authorization
from application.oauth.clients import Clients
from application.oauth.code_exchange import CodeExchange
from application.oauth.connections import Connections
from application.oauth.refreshing import Refreshing
from application.ports import Clock, RateLimiter, Readiness
from application.reminders.actions import ReminderActions
from application.reminders.preferences import ReminderPreferences
from application.reminders.reminders import Reminders
from application.tasks.import_export import ImportExport
from application.tasks.lists.lists import Lists
from application.tasks.lists.tags import Tags
from application.tasks.lists.views import Views
from application.tasks.log.change_log import ChangeLog
from application.tasks.log.undo import Undo
from application.tasks.quick_add import QuickAddTasks
from application.tasks.use_cases import Tasks
from application.webhooks.webhooks import Webhooks

MAX_BODY_BYTES = 1_000_000
EXPOSED_HEADERS = ("Retry-After", "RateLimit", "RateLimit-Policy", "ETag", "WWW-Authenticate", "Content-Disposition")
CONDITIONAL = ("If-Match", "If-None-Match", "Last-Event-ID")
REQUEST_DEPENDENCIES: dict[str, Callable[..., Any]] = {
    "caller": caller_of,
    "token_is_valid": token_is_valid_of,
    "visitor": visitor_of,
}
CONTROLLERS = (
    HealthController,
    AccountController,
    SessionController,
    OwnDataController,
    TaskController,
    BatchController,
    ListController,
    ViewController,
    TagController,
    QuickAddController,
    ChangeController,
    ChangeFeedController,
    ImportExportController,
    ChatController,
    ConversationController,
    UsageController,
    WebhookController,
    ReminderController,
    ReminderPreferenceController,
    EmailController,
    TokenController,
    ConnectionController,
)
OAUTH = (server_metadata, authorize, ConsentController, TokenEndpointController, RegistrationController)


@dataclass(frozen=True, slots=True)
class Services:
    """The dependencies that handlers receive by these names."""

    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    erasure: Erasure
    tasks: Tasks
    lists: Lists
    views: Views
    task_tags: Tags
    quick_add: QuickAddTasks
    change_log: ChangeLog
    undo: Undo
    import_export: ImportExport
    once: Once
    chat: Chat
    conversations: Conversations
    usage_quota: UsageQuota
    webhooks: Webhooks
    reminders: Reminders
    preferences: ReminderPreferences
    reminder_actions: ReminderActions
    push_key: str
    emails: Emails
    api_tokens: ApiTokens
    connections: Connections
    oauth_clients: Clients
    authorization: Authorization
    code_exchange: CodeExchange
    refreshing: Refreshing
    token_limiter: RateLimiter
    own_address: OwnAddress
    readiness: Readiness
    clock: Clock
    shows_links: bool
    refresh_cookie: RefreshCookie
    trusted_proxies: TrustedProxies


Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_app(
    services: Services,
    authenticator: Authenticator,
    origins: Sequence[str] = (),
    lifespan: Sequence[Lifespan] = (),
    mcp: McpEndpoint | None = None,
) -> Litestar:
    return App(
        route_handlers=[*CONTROLLERS, *OAUTH, *docs_handlers, *page_handlers, *(mcp.handlers() if mcp else ())],
        dependencies=_dependencies(services),
        middleware=[authenticated(authenticator, lambda: services.own_address), count_by_user],
        exception_handlers=EXCEPTION_HANDLERS,
        request_class=JsonRequest,
        response_class=JsonResponse,
        request_max_body_size=MAX_BODY_BYTES,
        cors_config=_cors(origins),
        openapi_config=OPENAPI,
        lifespan=[*lifespan, *([mcp.running] if mcp else [])],
        logging_config=None,
    )


def _dependencies(services: Services) -> dict[str, Provide]:
    return {
        **{field.name: _provide(services, field.name) for field in fields(services)},
        **DEPENDENCIES,
        **ETAGS,
        **{name: Provide(of, sync_to_thread=False) for name, of in REQUEST_DEPENDENCIES.items()},
    }


def _provide(services: Services, name: str) -> Provide:
    return Provide(lambda: getattr(services, name), sync_to_thread=False)


def _cors(origins: Sequence[str]) -> CORSConfig:
    """Browsers may send cookies from origins that are named, and never from all."""
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-Request-ID", HEADER, *CONDITIONAL, *MCP_HEADERS],
        expose_headers=["X-Request-ID", *EXPOSED_HEADERS, REPLAYED],
        allow_credentials=bool(origins) and "*" not in origins,
        max_age=600,
    )
