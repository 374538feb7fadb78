"""Delivers reminders that rang to devices and mailboxes: at least once, with the id of the ring, by any server."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from application.accounts.calendars import Calendars
from application.action_tokens import ActionTokens
from application.ports import (
    Clock,
    DueWork,
    EntityRepository,
    EventLog,
    NotificationRepository,
    ReminderSettingsRepository,
)
from application.ports.topics import NOTIFICATIONS_TOPIC
from application.reminders.actions import PURPOSE
from application.reminders.channels import Deliver
from application.reminders.messages import Message
from domain.errors import Refusal
from domain.reminders.notification import Channel, Notification
from domain.reminders.push import RETRY_SECONDS
from domain.reminders.ring import Rung
from domain.tasks.task import Task
from domain.webhooks.webhook import Undelivered

LEASE_SECONDS = 60
"""How soon another server takes over if one died. It is longer than a mail may take."""
MAX_SENDINGS = 100
MAX_SENDINGS_PER_USER = 4
MAX_STATEMENTS = 4

log = logging.getLogger(__name__)


class NotificationDeliveries(DueWork[Notification]):
    topic = NOTIFICATIONS_TOPIC

    def __init__(
        self,
        notifications: NotificationRepository,
        events: EventLog,
        entities: EntityRepository,
        settings: ReminderSettingsRepository,
        calendars: Calendars,
        channels: Mapping[Channel, Deliver],
        tokens: ActionTokens,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._notifications = notifications
        self._events = events
        self._entities = entities
        self._settings = settings
        self._calendars = calendars
        self._channels = channels
        self._tokens = tokens
        self._clock = clock
        self._new_id = new_id
        self._database = asyncio.Semaphore(MAX_STATEMENTS)

    async def claim(self, limit: int) -> Sequence[Notification]:
        now = self._clock()
        until = now + timedelta(seconds=LEASE_SECONDS)
        return await self._notifications.claim(now, self._new_id(), until, limit, MAX_SENDINGS_PER_USER)

    async def next_due(self) -> datetime | None:
        return await self._notifications.next_due(self._clock())

    async def perform(self, item: Notification) -> None:
        """Sends the notification. If the result can't be stored, it is sent again after the lease has expired."""
        try:
            async with self._database:
                quiet_until, rung = await self._quiet_until(item), await self._rung(item)
            if rung is None:
                await self._notifications.end(item)
            elif quiet_until:
                await self._notifications.postpone(item, quiet_until, failed=False)
            else:
                await self._send(item, await self._message(item, rung))
        except Refusal as refusal:
            log.warning("what came of a notification could not be stored: %s", refusal.code)

    async def _message(self, item: Notification, rung: Rung) -> Message:
        calendar = await self._calendars.of(item.user_id)
        token = self._tokens.issue(PURPOSE, item.user_id, str(item.ring_id))
        return Message(rung, token, calendar.local(rung.ring_at))

    async def _send(self, item: Notification, message: Message) -> None:
        try:
            await self._channels[item.channel](item, message)
        except Undelivered as failure:
            await self._failed(item, str(failure))
        except Exception:
            log.exception("sending a notification crashed")
            await self._failed(item, "an error on our side")
        else:
            await self._notifications.end(item)

    async def _failed(self, item: Notification, reason: str) -> None:
        if item.failures < len(RETRY_SECONDS):
            again = self._clock() + timedelta(seconds=RETRY_SECONDS[item.failures])
            await self._notifications.postpone(item, again, failed=True)
        else:
            log.warning("a notification by %s is given up: %s", item.channel, reason)
            await self._notifications.end(item)

    async def _quiet_until(self, item: Notification) -> datetime | None:
        settings = await self._settings.get(item.user_id)
        if settings.quiet_from is None:
            return None
        now, _ = await self._calendars.now(item.user_id)
        return settings.quiet_until(now)

    async def _rung(self, item: Notification) -> Rung | None:
        """Returns the reminder, or None if it is of no use any more: the task is done, gone, or due at another time."""
        events = await self._events.page(item.user_id, 1, after=item.ring_id - 1, before=item.ring_id + 1)
        rung = events[0].after if events else None
        if not isinstance(rung, Rung):
            return None
        tasks = await self._entities.get_all(item.user_id, Task, [rung.task_id])
        return rung if tasks and (rung.reminder, rung.due or "") in tasks[0].rings else None
