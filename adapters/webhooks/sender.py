from collections.abc import Callable
from ssl import SSLContext

from adapters.webhooks.checked_post import CheckedPost
from adapters.webhooks.host_names import HostNames
from adapters.webhooks.signatures import signed
from application.ports import Clock, WebhookSender
from domain.tasks.changes import Event
from domain.webhooks.webhook import Webhook


class HttpWebhooks(WebhookSender):
    """`encode` returns the body. `public` allows only HTTPS and public addresses."""

    def __init__(
        self,
        encode: Callable[[Event], bytes],
        clock: Clock,
        *,
        public: bool,
        names: HostNames | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        self._encode = encode
        self._clock = clock
        self._post = CheckedPost(public=public, names=names, tls=tls)

    async def send(self, webhook: Webhook, event: Event) -> int:
        body = self._encode(event)
        headers = signed(webhook, event, body, self._clock())
        return await self._post(webhook.user_id, webhook.url, headers, body)

    async def close(self) -> None:
        await self._post.close()
