from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.reminders.notification import Notification
from domain.reminders.push import PushSubscription
from domain.reminders.ring import RingKey, RingOfTask
from domain.reminders.settings import ReminderSettings


class UntimedRing(NamedTuple):
    """A ring whose time is to be computed, with what that depends on. `set_at` is when the user set it, or None if its
    time is computed again. If the ring changes during the computation, it gets another `version`."""

    key: RingKey
    set_at: datetime | None
    version: int
    timezone: str
    reminder_time: str


@dataclass(frozen=True, slots=True)
class RingTime:
    """`is_past` says that the time was over when the reminder was set, so it does not ring."""

    ring: UntimedRing
    at: datetime
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class RungUser:
    """`is_sent` says whether there are webhooks to tell, and `is_notified` whether there are devices or mailboxes."""

    user_id: str
    is_sent: bool
    is_notified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """`id` is the same if a mail is sent twice. `unsubscribe` is an address that ends such mails by one POST
    (RFC 8058)."""

    to: str
    subject: str
    text: str
    id: str
    unsubscribe: str | None = None


class RingRepository(Protocol):
    """The storage of rings. `EntityRepository.record` adds them with their tasks, without a time, and removes those of
    which a task has no reminder any more."""

    async def untimed(self, limit: int) -> Sequence[UntimedRing]:
        """Returns rings without a time, oldest first."""

    async def set_times(self, times: Sequence[RingTime], zones: str) -> None:
        """Leaves out a ring that has changed since it was read, or whose user has changed the zone. `zones` is the
        version of the Time Zone Database."""

    async def ring(self, now: datetime, limit: int) -> Sequence[RungUser]:
        """Records that up to `limit` due reminders have rung, in one statement, so none rings twice, even if a
        server dies. The users share the limit, those with the oldest rings first. Tasks that are done, in the trash or
        in an archived list stay silent."""

    async def next_due(self) -> datetime | None:
        """Returns the first time at which a ring is due or has to be timed. It may be past."""

    async def retime(self, user_id: str, now: datetime) -> None:
        """Has the times of the user's rings computed again. Call it in the unit of work that changes the zone."""

    async def retime_outdated(self, zones: str, now: datetime, limit: int) -> int:
        """Has up to `limit` times computed again that are from older versions of the Time Zone Database. Returns how
        many."""

    async def of_task(self, user_id: str, task_id: int) -> Sequence[RingOfTask]:
        """Returns the rings of a task, in the order of their times, with those of its earlier dates."""

    async def snooze(self, key: RingKey, until: datetime) -> bool:
        """Makes a ring that has rung wait again. Returns False if there is none."""

    async def forget(self, before: datetime, limit: int) -> int:
        """Removes up to `limit` rings that have ended and were due before that time. Returns how many."""


class ReminderSettingsRepository(Protocol):
    async def get(self, user_id: str) -> ReminderSettings:
        """Returns the defaults for a user who has set none."""

    async def save(self, user_id: str, settings: ReminderSettings, next_morning: datetime | None) -> None:
        """Raises `NotAuthenticated` if the user no longer exists. `next_morning` is when the next mail of the morning
        is due."""

    async def claim_mornings(self, now: datetime, limit: int) -> Sequence[str]:
        """Returns users whose mail of the morning is due, each to one caller. It is due again an hour later, unless
        `set_morning` says otherwise."""

    async def set_morning(self, user_id: str, at: datetime | None) -> None: ...


class PushSubscriptionRepository(Protocol):
    async def all(self, user_id: str) -> Sequence[PushSubscription]:
        """Returns the user's subscriptions, oldest first."""

    async def get(self, user_id: str, subscription_id: str) -> PushSubscription | None: ...

    async def add(self, subscription: PushSubscription) -> str:
        """Adds the subscription, or renews the keys of the one with the same endpoint. Returns its id. Raises
        `NotAuthenticated` if the user no longer exists."""

    async def delete(self, user_id: str, subscription_id: str) -> bool:
        """Returns False if there is none."""


class NotificationRepository(Protocol):
    """The storage of notifications on their way. `RingRepository.ring` adds them: one for each push subscription, and
    one for the mailbox, as the user's settings say."""

    async def claim(
        self, now: datetime, lease: str, until: datetime, most: int, of_user: int
    ) -> Sequence[Notification]:
        """Leases up to `most` due notifications, at most `of_user` of one user. Each goes to one caller."""

    async def next_due(self, now: datetime) -> datetime | None:
        """Returns the first time after `now` at which one is due or a lease expires, or None."""

    async def end(self, notification: Notification) -> None:
        """Removes it, if its lease is still the stored one."""

    async def postpone(self, notification: Notification, until: datetime, *, failed: bool) -> None:
        """Makes it due again at that time, if its lease is still the stored one. `failed` counts a failure."""

    async def hasten(self, user_id: str, now: datetime) -> None:
        """Makes what the user's quiet hours hold back due now, to be looked at anew. Call it in the unit of work that
        changes them. What has failed waits on."""

    async def use_action(self, user_id: str, ring_id: int, at: datetime) -> bool:
        """Notes that the buttons of a notification are used. Returns False if they were used before."""

    async def forget_actions(self, before: datetime, limit: int) -> int:
        """Removes the notes of up to `limit` buttons that were used before that time. Returns how many."""


class PushSender(Protocol):
    async def send(self, subscription: PushSubscription, text: bytes) -> int:
        """Returns the status of the push service. Raises `Undelivered` if there is none, and `ValueError` if nothing
        can be encrypted for the subscription."""


class ReminderMailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Raises `Undelivered` if the mail server does not take it."""
