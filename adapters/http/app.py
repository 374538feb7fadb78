from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from litestar import Litestar
from litestar.config.cors import CORSConfig

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
from adapters.http.api.tasks.import_export import ImportExportController
from adapters.http.api.tasks.quick_add import QuickAddController
from adapters.http.api.tasks.tasks import TaskController
from adapters.http.api.webhooks import WebhookController
from adapters.http.chat.chat import ChatController
from adapters.http.chat.conversations import ConversationController
from adapters.http.error_responses import EXCEPTION_HANDLERS
from adapters.http.handlers.idempotency import HEADER, REPLAYED
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
from adapters.http.server.authentication import authenticated
from adapters.http.server.clients import count_by_user
from adapters.http.server.json_request import JsonRequest
from adapters.http.services import Services, dependencies
from application.accounts.authentication import Authenticator

MAX_BODY_BYTES = 1_000_000
EXPOSED_HEADERS = ("Retry-After", "RateLimit", "RateLimit-Policy", "ETag", "WWW-Authenticate", "Content-Disposition")
CONDITIONAL = ("If-Match", "If-None-Match", "Last-Event-ID")
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
        dependencies=dependencies(services),
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
