import logging
from collections.abc import Awaitable, Callable

from application.action_tokens import ActionTokens
from application.ports import (
    AccountRepository,
    PushSender,
    PushSubscriptionRepository,
    ReminderMailer,
    ReminderSettingsRepository,
)
from application.reminders.messages import Message, ending, mail_of, push_text
from domain.reminders.notification import Notification
from domain.webhooks.webhook import Undelivered

GONE = (404, 410)
"""The subscription has expired or was ended (RFC 8030, 7.3)."""
UNSUBSCRIBE = "unsubscribe"

Deliver = Callable[[Notification, Message], Awaitable[None]]
"""Delivers a message. Raises `Undelivered` if another attempt may succeed."""

log = logging.getLogger(__name__)


class PushChannel:
    """`sender` is a factory, since most servers never send anything."""

    def __init__(self, subscriptions: PushSubscriptionRepository, sender: Callable[[], PushSender]) -> None:
        self._subscriptions = subscriptions
        self._sender = sender

    async def __call__(self, notification: Notification, message: Message) -> None:
        subscription = await self._subscriptions.get(notification.user_id, notification.target)
        if subscription is None:
            return
        try:
            status = await self._sender().send(subscription, push_text(message))
        except ValueError:
            status = GONE[0]
        if status in GONE:
            await self._subscriptions.delete(subscription.user_id, subscription.id)
        elif status == 429 or status >= 500:
            raise Undelivered(f"The push service answered {status}.")
        elif status >= 300:
            log.warning("a push service refused a notification with %s", status)


class MailChannel:
    """`page` is the address of the web client, and `unsubscribe_url` that of the route that ends mails. Both are None
    if the service does not know its own address."""

    def __init__(
        self,
        accounts: AccountRepository,
        settings: ReminderSettingsRepository,
        mailer: ReminderMailer,
        tokens: ActionTokens,
        page: str | None,
        unsubscribe_url: str | None,
    ) -> None:
        self._accounts = accounts
        self._settings = settings
        self._mailer = mailer
        self._tokens = tokens
        self._page = page
        self._unsubscribe_url = unsubscribe_url

    async def __call__(self, notification: Notification, message: Message) -> None:
        user = await self._accounts.get(notification.user_id)
        settings = await self._settings.get(notification.user_id)
        if user and user.email and user.email_confirmed and settings.mail:
            await self._mailer.send(mail_of(message, user.email, self._page, self.unsubscribe(user.id, "mail")))

    def ending(self) -> list[str]:
        return ["", ending(self._page)] if self._page else []

    def unsubscribe(self, user_id: str, kind: str) -> str | None:
        if self._unsubscribe_url is None:
            return None
        return f"{self._unsubscribe_url}?token={self._tokens.issue(UNSUBSCRIBE, user_id, kind)}"
