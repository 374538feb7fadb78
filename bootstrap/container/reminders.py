from dependency_injector import providers

from application.reminders.actions import ReminderActions
from application.reminders.channels import MailChannel, PushChannel
from application.reminders.deliveries import MAX_SENDINGS, NotificationDeliveries
from application.reminders.mornings import Mornings
from application.reminders.preferences import ReminderPreferences
from application.reminders.reminders import Reminders
from application.reminders.ringing import MAX_RINGING, Ringing
from bootstrap import factories
from bootstrap.container.accounts import AccountServices
from bootstrap.container.chat import ChatServices
from bootstrap.container.infrastructure import Infrastructure, rate_limit, worker
from bootstrap.container.tasks import TaskServices
from domain.reminders.notification import Channel


class ReminderServices(ChatServices):
    reminders = providers.Singleton(
        Reminders,
        rings=Infrastructure.rings,
        events=Infrastructure.event_log,
        entities=Infrastructure.entities,
        transaction=Infrastructure.database,
        wakeups=Infrastructure.wakeups,
        clock=Infrastructure.clock,
        calendars=AccountServices.calendars,
    )
    reminder_actions = providers.Singleton(
        ReminderActions,
        Infrastructure.action_tokens,
        Infrastructure.notifications,
        reminders,
        TaskServices.tasks,
        Infrastructure.database,
        Infrastructure.clock,
    )
    reminder_preferences = providers.Singleton(
        ReminderPreferences,
        Infrastructure.reminder_settings,
        Infrastructure.push_subscriptions,
        Infrastructure.notifications,
        Infrastructure.database,
        AccountServices.calendars,
        Infrastructure.action_tokens,
        rate_limit(Infrastructure.settings.provided.push_limit, "push"),
        Infrastructure.session_repository,
        Infrastructure.wakeups,
        Infrastructure.clock,
        Infrastructure.new_id,
        public=Infrastructure.settings.provided.is_public,
    )
    ringing = worker(
        providers.Singleton(Ringing, Infrastructure.rings, Infrastructure.wakeups, Infrastructure.clock),
        MAX_RINGING,
    )
    vapid = providers.Singleton(factories.vapid, Infrastructure.settings)
    push_post = providers.Singleton(factories.checked_post, Infrastructure.settings)
    push_sender = providers.Singleton(factories.push_sender, push_post.provider, vapid, Infrastructure.clock)
    reminder_mails = providers.Singleton(
        MailChannel,
        Infrastructure.account_repository,
        Infrastructure.reminder_settings,
        Infrastructure.mailer,
        Infrastructure.action_tokens,
        Infrastructure.settings.provided.frontend_url,
        providers.Callable(factories.unsubscribe_url, Infrastructure.settings),
    )
    notification_deliveries = worker(
        providers.Singleton(
            NotificationDeliveries,
            notifications=Infrastructure.notifications,
            events=Infrastructure.event_log,
            entities=Infrastructure.entities,
            settings=Infrastructure.reminder_settings,
            calendars=AccountServices.calendars,
            channels=providers.Dict(
                {
                    Channel.PUSH: providers.Singleton(
                        PushChannel, Infrastructure.push_subscriptions, push_sender.provider
                    ),
                    Channel.MAIL: reminder_mails,
                }
            ),
            tokens=Infrastructure.action_tokens,
            clock=Infrastructure.clock,
            new_id=Infrastructure.new_id,
        ),
        MAX_SENDINGS,
    )
    mornings = providers.Singleton(
        Mornings,
        settings=Infrastructure.reminder_settings,
        accounts=Infrastructure.account_repository,
        tasks=TaskServices.tasks,
        calendars=AccountServices.calendars,
        mailer=Infrastructure.mailer,
        mails=reminder_mails,
    )
