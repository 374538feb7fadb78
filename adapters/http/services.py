"""The dependencies that handlers receive by their names."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from litestar.di import Provide

from adapters.http.api.tasks.etags import DEPENDENCIES as ETAGS
from adapters.http.handlers.idempotency import DEPENDENCIES
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.authentication import caller_of, token_is_valid_of, visitor_of
from adapters.http.server.own_address import OwnAddress
from adapters.http.server.refresh_cookie import RefreshCookie
from application.accounts.accounts import Accounts
from application.accounts.api_tokens import ApiTokens
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

REQUEST_DEPENDENCIES: dict[str, Callable[..., Any]] = {
    "caller": caller_of,
    "token_is_valid": token_is_valid_of,
    "visitor": visitor_of,
}


@dataclass(frozen=True, slots=True)
class Services:
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


def dependencies(services: Services) -> dict[str, Provide]:
    return {
        **{field.name: _provide(services, field.name) for field in fields(services)},
        **DEPENDENCIES,
        **ETAGS,
        **{name: Provide(of, sync_to_thread=False) for name, of in REQUEST_DEPENDENCIES.items()},
    }


def _provide(services: Services, name: str) -> Provide:
    return Provide(lambda: getattr(services, name), sync_to_thread=False)
