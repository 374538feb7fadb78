from collections.abc import Awaitable, Callable

from adapters.push.encryption import encrypted
from adapters.push.vapid import Vapid
from application.ports import Clock, PushSender
from domain.reminders.push import PushSubscription, decoded

KEPT_SECONDS = 24 * 3600
"""How long a push service keeps a notification for a device that is away."""

Post = Callable[[str, str, dict[str, str], bytes], Awaitable[int]]
"""Posts a body with headers to a URL for a user, and returns the status."""


class HttpPush(PushSender):
    def __init__(self, post: Post, vapid: Vapid, clock: Clock) -> None:
        self._post = post
        self._vapid = vapid
        self._clock = clock

    async def send(self, subscription: PushSubscription, text: bytes) -> int:
        headers = {
            "Authorization": self._vapid.authorization(subscription.endpoint, self._clock()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_SECONDS),
            "Urgency": "high",
        }
        body = encrypted(text, decoded(subscription.p256dh), decoded(subscription.auth))
        return await self._post(subscription.user_id, subscription.endpoint, headers, body)
