"""Reminders, with the workers that let them ring."""

from dependency_injector import providers

from application.due_work import Worker
from application.reminders.reminders import Reminders
from application.reminders.ringing import MAX_RINGING, Ringing
from bootstrap.container.accounts import AccountServices
from bootstrap.container.chat import ChatServices
from bootstrap.container.infrastructure import Infrastructure


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
    ringing = providers.Singleton(
        Worker,
        providers.Singleton(Ringing, Infrastructure.rings, Infrastructure.wakeups, Infrastructure.clock),
        Infrastructure.wakeups,
        Infrastructure.clock,
        Infrastructure.background,
        MAX_RINGING,
    )
