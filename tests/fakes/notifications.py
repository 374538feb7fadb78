"""Notifications, push subscriptions and reminder settings in memory, and receivers that keep what is sent to them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from application.ports import (
    Mail,
    NotificationRepository,
    PushSender,
    PushSubscriptionRepository,
    ReminderMailer,
    ReminderSettingsRepository,
)
from domain.errors import NotAuthenticated
from domain.reminders.notification import Notification
from domain.reminders.push import PushSubscription
from domain.reminders.settings import ReminderSettings
from tests.fakes.work import FakeStore


class FakeNotifications(NotificationRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def claim(
        self, now: datetime, lease: str, until: datetime, most: int, of_user: int
    ) -> Sequence[Notification]:
        self._store.reached()
        rows = self._store.rows.notifications
        held = Counter(user_id for (user_id, _), (_, _, leased) in rows.items() if leased and leased > now)
        claimed: list[Notification] = []
        for key, (each, due, leased) in sorted(rows.items(), key=lambda row: row[1][1]):
            if due <= now and not (leased and leased > now) and held[each.user_id] < of_user and len(claimed) < most:
                held[each.user_id] += 1
                claimed.append(replace(each, lease=lease))
                rows[key] = (claimed[-1], due, until)
        return claimed

    async def next_due(self, now: datetime) -> datetime | None:
        self._store.reached()
        rows = self._store.rows.notifications.values()
        return min((at for _, due, leased in rows for at in (due, leased) if at and at > now), default=None)

    async def end(self, notification: Notification) -> None:
        if self._is_held(notification):
            del self._store.rows.notifications[notification.user_id, notification.id]

    async def postpone(self, notification: Notification, until: datetime, *, failed: bool) -> None:
        if self._is_held(notification):
            again = replace(notification, lease=None, failures=notification.failures + int(failed))
            self._store.rows.notifications[notification.user_id, notification.id] = (again, until, None)

    async def hasten(self, user_id: str, now: datetime) -> None:
        rows = self._store.writing().notifications
        for key, (each, due, leased) in list(rows.items()):
            if key[0] == user_id and due > now and leased is None and not each.failures:
                rows[key] = (each, now, None)

    async def use_action(self, user_id: str, ring_id: int, at: datetime) -> bool:
        used = self._store.writing().used_actions
        is_first = (user_id, ring_id) not in used
        used.setdefault((user_id, ring_id), at)
        return is_first

    async def forget_actions(self, before: datetime, limit: int) -> int:
        self._store.reached()
        used = self._store.rows.used_actions
        gone = [key for key, at in used.items() if at < before][:limit]
        for key in gone:
            del used[key]
        return len(gone)

    def _is_held(self, notification: Notification) -> bool:
        self._store.reached()
        stored = self._store.rows.notifications.get((notification.user_id, notification.id))
        return stored is not None and stored[0].lease == notification.lease


class FakePushSubscriptions(PushSubscriptionRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def all(self, user_id: str) -> Sequence[PushSubscription]:
        own = [each for (owner, _), each in self._store.rows.push_subscriptions.items() if owner == user_id]
        return sorted(own, key=lambda each: (each.created_at, each.id))

    async def get(self, user_id: str, subscription_id: str) -> PushSubscription | None:
        return self._store.rows.push_subscriptions.get((user_id, subscription_id))

    async def add(self, subscription: PushSubscription) -> str:
        rows = self._store.writing()
        if subscription.user_id not in rows.revisions:
            raise NotAuthenticated("This account no longer exists.")
        for each in await self.all(subscription.user_id):
            if each.endpoint == subscription.endpoint:
                subscription = replace(each, p256dh=subscription.p256dh, auth=subscription.auth)
        rows.push_subscriptions[subscription.user_id, subscription.id] = subscription
        return subscription.id

    async def delete(self, user_id: str, subscription_id: str) -> bool:
        return self._store.rows.push_subscriptions.pop((user_id, subscription_id), None) is not None


class FakeReminderSettings(ReminderSettingsRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def get(self, user_id: str) -> ReminderSettings:
        return self._store.rows.reminder_settings.get(user_id, (ReminderSettings(), None))[0]

    async def save(self, user_id: str, settings: ReminderSettings, next_morning: datetime | None) -> None:
        if user_id not in self._store.writing().revisions:
            raise NotAuthenticated("This account no longer exists.")
        self._store.rows.reminder_settings[user_id] = (settings, next_morning)

    async def claim_mornings(self, now: datetime, limit: int) -> Sequence[str]:
        rows = self._store.rows.reminder_settings
        due = sorted((at, user_id) for user_id, (_, at) in rows.items() if at and at <= now)[:limit]
        for _, user_id in due:
            rows[user_id] = (rows[user_id][0], now + timedelta(hours=1))
        return [user_id for _, user_id in due]

    async def set_morning(self, user_id: str, at: datetime | None) -> None:
        rows = self._store.rows.reminder_settings
        if user_id in rows:
            rows[user_id] = (rows[user_id][0], at)


class FakePushService(PushSender):
    """Answers with one status after another, then with 201: `answers` may be an exception to raise, too."""

    def __init__(self) -> None:
        self.answers: list[int | Exception] = []
        self.sent: list[tuple[str, bytes]] = []

    async def send(self, subscription: PushSubscription, text: bytes) -> int:
        self.sent.append((subscription.id, text))
        answer = self.answers.pop(0) if self.answers else 201
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeReminderMailer(ReminderMailer):
    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.fault: Exception | None = None

    async def send(self, mail: Mail) -> None:
        if self.fault:
            raise self.fault
        self.sent.append(mail)
