"""Factories of adapters that depend on the settings, or are imported at first use."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from limits.aio.storage import Storage
from msgspec import json

from adapters.auth.argon2_passwords import Argon2Passwords
from adapters.http.api.tasks.event_schemas import event_out
from adapters.http.mcp_endpoint import McpApplication
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.own_address import OwnAddress
from adapters.mail import LoggedMailer, SmtpMailer
from adapters.postgres.driver.database import Database
from adapters.postgres.rate_limits import PostgresStorage
from adapters.rate_limits import redis_storage
from adapters.webhooks.host_names import HostNames
from application.accounts.authentication import NullAuthenticator
from application.idempotency import Once
from application.ports import BearerAuthenticator, Clock, LanguageModel, PushSender, WebhookSender
from application.ports.access.oauth import ClientAssertions, ClientDocuments
from application.tasks.use_cases import Tasks
from application.tools.call_approvals import CallApprovals
from application.tools.toolbox import Toolbox
from bootstrap.configuration.settings import Settings
from bootstrap.internals.glibc import give_memory_back, keep_one_arena
from domain.tasks.changes import Event

if TYPE_CHECKING:
    from adapters.auth.public_documents import PublicDocuments
    from adapters.push.vapid import Vapid
    from adapters.webhooks.checked_post import CheckedPost


def language_model(settings: Settings) -> LanguageModel:
    """Imports `openai` only if it is used, since that takes half a second."""
    if not settings.openai_api_key and not settings.openai_base_url:
        from adapters.language_models.builtin import BuiltinAssistant

        return BuiltinAssistant()
    from adapters.language_models.openai.openai_chat import OpenAIChat

    return OpenAIChat(
        settings.openai_model,
        settings.openai_api_key,
        settings.openai_base_url,
        settings.model_timeout_seconds,
        retries=2,
        max_output_tokens=4_000,
    )


def passwords() -> Argon2Passwords:
    """Returns the password hasher. It gives memory back, since a worker would otherwise keep 19 MiB for each thread."""
    keep_one_arena()
    return Argon2Passwords(give_memory_back=give_memory_back)


def foreign_tokens(settings: Settings, clock: Clock) -> BearerAuthenticator:
    """Imports its HTTP client of 2.5 MiB only if there are other issuers."""
    if not settings.auth_issuers:
        return NullAuthenticator()
    from adapters.auth.foreign_tokens import ForeignTokens
    from adapters.auth.jwks import Jwks

    return ForeignTokens(settings.auth_issuers, Jwks(), clock)


def public_documents() -> "PublicDocuments":
    """Imports its HTTP client of 2.5 MiB at first use, as `webhook_sender` does."""
    from adapters.auth.public_documents import PublicDocuments

    return PublicDocuments(HostNames())


def client_documents(documents: "PublicDocuments") -> ClientDocuments:
    from adapters.auth.client_documents import HttpClientDocuments

    return HttpClientDocuments(documents)


def client_assertions(documents: "PublicDocuments", clock: Clock) -> ClientAssertions:
    from adapters.auth.client_documents import SignedAssertions

    return SignedAssertions(documents, clock)


def webhook_sender(settings: Settings, clock: Clock) -> WebhookSender:
    """Imports its HTTP client of 2.5 MiB at first use, since most servers send to no webhook."""
    from adapters.webhooks.sender import HttpWebhooks

    def encode(event: Event) -> bytes:
        return json.encode(event_out(event))

    return HttpWebhooks(encode, clock, public=settings.is_public)


def checked_post(settings: Settings) -> "CheckedPost":
    from adapters.webhooks.checked_post import CheckedPost

    return CheckedPost(public=settings.is_public)


def vapid(settings: Settings) -> "Vapid":
    """Derives the key from the secret of the tokens if there is none, so that all servers have the same."""
    from adapters.push.vapid import Vapid, key_from

    return Vapid(settings.vapid_private_key or key_from(settings.better_auth_secret), settings.vapid_contact)


def push_sender(post: "Callable[[], CheckedPost]", own: "Vapid", clock: Clock) -> PushSender:
    from adapters.push.sender import HttpPush

    return HttpPush(post(), own, clock)


def unsubscribe_url(settings: Settings) -> str | None:
    address = settings.public_url or settings.frontend_url
    return f"{address}/api/mail/unsubscribe" if address else None


def mcp_application(toolbox: Toolbox, once: Once, approvals: CallApprovals, tasks: Tasks) -> McpApplication:
    """Returns the MCP application. The SDK is imported only here, at first use."""
    from adapters.mcp.streamable_http import StreamableHttp

    return StreamableHttp(toolbox, once, approvals, tasks)


def own_address(settings: Settings) -> OwnAddress:
    return OwnAddress(
        settings.public_url,
        settings.cors_origins,
        TrustedProxies(settings.trusted_proxies),
        is_public=settings.is_public,
        trusts_proxied_hosts=settings.trusts_proxied_hosts,
    )


def mailer(settings: Settings) -> LoggedMailer | SmtpMailer:
    if settings.frontend_url is None:
        return LoggedMailer(show_links=False, lacks="its link has no address (set PUBLIC_URL or FRONTEND_URL)")
    if settings.smtp:
        return SmtpMailer(settings.smtp)
    return LoggedMailer(show_links=settings.is_development)


def rate_storage(settings: Settings, database: Database) -> Storage:
    return redis_storage(settings.rate_limit_storage) if settings.rate_limit_storage else PostgresStorage(database)
