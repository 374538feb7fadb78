from operator import add

from dependency_injector import providers

from adapters.postgres.work.job_repository import PostgresJobs
from application.housekeeping import Housekeeping
from application.periodic_jobs import MAX_RUNNING_JOBS, PeriodicJobs
from application.tasks.log.trash import Trash
from application.webhooks.deliveries import MAX_SENDINGS, WebhookDeliveries
from application.webhooks.webhooks import Webhooks
from bootstrap import factories
from bootstrap.container.accounts import AccountServices
from bootstrap.container.infrastructure import Infrastructure, worker
from bootstrap.container.oauth import OAuthServices
from bootstrap.container.reminders import ReminderServices


class WorkServices(ReminderServices):
    webhooks = providers.Singleton(
        Webhooks,
        webhooks=Infrastructure.webhook_repository,
        events=Infrastructure.event_log,
        transaction=Infrastructure.database,
        wakeups=Infrastructure.wakeups,
        clock=Infrastructure.clock,
        new_id=Infrastructure.new_id,
        quotas=Infrastructure.settings.provided.quotas,
        public=Infrastructure.settings.provided.is_public,
        sessions=Infrastructure.session_repository,
    )
    webhook_sender = providers.Singleton(factories.webhook_sender, Infrastructure.settings, Infrastructure.clock)
    deliveries = worker(
        providers.Singleton(
            WebhookDeliveries,
            webhooks=Infrastructure.webhook_repository,
            events=Infrastructure.event_log,
            sender=webhook_sender.provider,
            clock=Infrastructure.clock,
            new_id=Infrastructure.new_id,
        ),
        MAX_SENDINGS,
    )
    housekeeping = providers.Singleton(
        Housekeeping,
        trash=providers.Singleton(
            Trash,
            Infrastructure.trash,
            Infrastructure.database,
            Infrastructure.clock,
            Infrastructure.settings.provided.trash_days,
        ),
        events=Infrastructure.event_log,
        keys=Infrastructure.keys,
        conversations=Infrastructure.conversation_repository,
        webhooks=Infrastructure.webhook_repository,
        rings=Infrastructure.rings,
        notifications=Infrastructure.notifications,
        mornings=ReminderServices.mornings,
        erasure=AccountServices.erasure,
        tasks=Infrastructure.task_repository,
        clock=Infrastructure.clock,
        trash_days=Infrastructure.settings.provided.trash_days,
        event_days=Infrastructure.settings.provided.event_days,
    )
    periodic_jobs = worker(
        providers.Singleton(
            PeriodicJobs,
            providers.Callable(add, housekeeping.provided.jobs, OAuthServices.oauth_jobs),
            providers.Singleton(PostgresJobs, Infrastructure.database),
            Infrastructure.clock,
            Infrastructure.new_id,
        ),
        MAX_RUNNING_JOBS,
    )
    workers = providers.List(
        deliveries, ReminderServices.ringing, ReminderServices.notification_deliveries, periodic_jobs
    )
