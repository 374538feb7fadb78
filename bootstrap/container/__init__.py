"""The composition root: the only place that knows which adapter implements which port. Each class adds its providers to
those that it inherits."""

from dependency_injector import providers

from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.refresh_cookie import RefreshCookie
from adapters.http.services import Services
from adapters.postgres.readiness import PostgresReadiness
from bootstrap.container.accounts import AccountServices
from bootstrap.container.chat import ChatServices
from bootstrap.container.infrastructure import Infrastructure, now
from bootstrap.container.oauth import OAuthServices
from bootstrap.container.reminders import ReminderServices
from bootstrap.container.tasks import TaskServices
from bootstrap.container.work import WorkServices

__all__ = ["Container", "now"]


class Container(WorkServices):
    services = providers.Singleton(
        Services,
        accounts=AccountServices.accounts,
        passwords=AccountServices.password_use_cases,
        sessions=AccountServices.sessions,
        erasure=AccountServices.erasure,
        tasks=TaskServices.tasks,
        lists=TaskServices.lists,
        views=TaskServices.views,
        task_tags=TaskServices.task_tags,
        quick_add=TaskServices.quick_add,
        change_log=TaskServices.change_log,
        undo=TaskServices.undo,
        import_export=TaskServices.import_export,
        once=TaskServices.once,
        chat=ChatServices.chat,
        conversations=ChatServices.conversations,
        usage_quota=ChatServices.usage_quota,
        webhooks=WorkServices.webhooks,
        reminders=ReminderServices.reminders,
        preferences=ReminderServices.reminder_preferences,
        reminder_actions=ReminderServices.reminder_actions,
        push_key=ReminderServices.vapid.provided.public_key,
        emails=AccountServices.emails,
        api_tokens=AccountServices.api_tokens,
        connections=AccountServices.connections,
        oauth_clients=OAuthServices.oauth_clients,
        authorization=OAuthServices.authorization,
        code_exchange=OAuthServices.code_exchange,
        refreshing=OAuthServices.refreshing,
        token_limiter=OAuthServices.token_limits,
        own_address=OAuthServices.own_address,
        readiness=providers.Singleton(PostgresReadiness, Infrastructure.database),
        clock=Infrastructure.own_clock,
        shows_links=Infrastructure.settings.provided.is_development,
        refresh_cookie=providers.Singleton(
            RefreshCookie, Infrastructure.settings.provided.is_public, AccountServices.refresh_lifetime
        ),
        trusted_proxies=providers.Singleton(TrustedProxies, Infrastructure.settings.provided.trusted_proxies),
    )
