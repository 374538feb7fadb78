"""Jobs that remove what is kept for a limited time: the trash, deleted conversations, events, idempotency keys, closed
accounts. Another one indexes what servers of an earlier version wrote."""

from collections.abc import Sequence
from datetime import timedelta

from application.accounts.erasure import Erasure
from application.action_tokens import LIFETIME
from application.periodic_jobs import Job
from application.ports import (
    Clock,
    ConversationRepository,
    EventLog,
    IdempotencyKeys,
    NotificationRepository,
    RingRepository,
    TaskRepository,
    WebhookRepository,
)
from application.reminders.mornings import Mornings
from application.tasks.log.trash import Trash
from domain.zones import zones_version

EVERY_SECONDS = 600.0
SOON_SECONDS = 20.0
AT_ONCE = 1_000
"""Rows in one statement, so that it stays within the statement timeout and holds its locks briefly."""
INDEXED_AT_ONCE = 100
"""Keys take up to two milliseconds to compute, while nothing else runs."""
RINGS_KEPT = timedelta(days=30)
"""How long a reminder that rang can be snoozed."""
ACTIONS_KEPT = LIFETIME + timedelta(days=2)
"""By then no token is left for the buttons: one may be issued after another browser has used them, as long as quiet
hours and retries delay a notification."""


class Housekeeping:
    """Several servers may run any of these jobs at once."""

    def __init__(
        self,
        trash: Trash,
        events: EventLog,
        keys: IdempotencyKeys,
        conversations: ConversationRepository,
        webhooks: WebhookRepository,
        rings: RingRepository,
        notifications: NotificationRepository,
        mornings: Mornings,
        erasure: Erasure,
        tasks: TaskRepository,
        clock: Clock,
        trash_days: int,
        event_days: int,
    ) -> None:
        self._trash = trash
        self._events = events
        self._keys = keys
        self._conversations = conversations
        self._webhooks = webhooks
        self._rings = rings
        self._notifications = notifications
        self._mornings = mornings
        self._erasure = erasure
        self._tasks = tasks
        self._clock = clock
        self._deleted = timedelta(days=trash_days)
        self._log = timedelta(days=event_days)

    @property
    def jobs(self) -> Sequence[Job]:
        return [
            Job("forget old events", EVERY_SECONDS, self.forget_events),
            Job("forget idempotency keys", EVERY_SECONDS, self.forget_keys),
            Job("empty the trash", EVERY_SECONDS, self._trash.empty),
            Job("purge conversations", EVERY_SECONDS, self.purge_conversations),
            Job("mail what is due", SOON_SECONDS, self.mail_mornings),
            Job("forget rings", EVERY_SECONDS, self.forget_rings),
            Job("forget used buttons", EVERY_SECONDS, self.forget_actions),
            Job("time reminders by new time zones", EVERY_SECONDS, self.retime_rings),
            Job("erase accounts", SOON_SECONDS, self._erasure.erase_next_batch),
            Job("find missed changes", SOON_SECONDS, self.find_missed_changes),
            Job("index tasks", SOON_SECONDS, self.index_tasks),
        ]

    async def forget_events(self) -> bool:
        return await self._events.forget(self._clock() - self._log, AT_ONCE) > 0

    async def forget_keys(self) -> bool:
        return await self._keys.purge(self._clock(), AT_ONCE) > 0

    async def mail_mornings(self) -> bool:
        return await self._mornings.send_due(self._clock())

    async def forget_rings(self) -> bool:
        return await self._rings.forget(self._clock() - RINGS_KEPT, AT_ONCE) > 0

    async def forget_actions(self) -> bool:
        return await self._notifications.forget_actions(self._clock() - ACTIONS_KEPT, AT_ONCE) > 0

    async def retime_rings(self) -> bool:
        return await self._rings.retime_outdated(zones_version(), self._clock(), AT_ONCE) > 0

    async def purge_conversations(self) -> bool:
        return await self._conversations.purge(self._clock() - self._deleted, AT_ONCE) > 0

    async def index_tasks(self) -> bool:
        return await self._tasks.reindex(INDEXED_AT_ONCE) > 0

    async def find_missed_changes(self) -> bool:
        await self._webhooks.find_missed()
        return False
