"""The headers by which a receiver sees that an event is from here: Standard Webhooks', and our own."""

import hmac
from base64 import b64decode, b64encode
from datetime import datetime

from domain.tasks.changes import Event
from domain.webhooks.webhook import KEY_PREFIX, Webhook


def signed(webhook: Webhook, event: Event, body: bytes, now: datetime) -> dict[str, str]:
    """Returns the headers. The time is signed too, so that what was overheard cannot be sent again for long."""
    seconds = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "tasktalk",
        "Tasktalk-Delivery": f"{webhook.id}.{event.revision}",
        "Tasktalk-Signature": f"t={seconds},v1={_digest(webhook.secret.encode(), b'%d' % seconds, body).hex()}",
        **_standard(webhook.secret, f"{webhook.id}_{event.revision}", seconds, body),
    }


def _standard(secret: str, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Returns the headers of https://www.standardwebhooks.com. The id has no dot, because dots separate the parts that
    are signed. Returns nothing if the secret is not base64. Most secrets from before these headers are not."""
    key = _standard_key(secret)
    if key is None:
        return {}
    digest = _digest(key, message_id.encode(), b"%d" % seconds, body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _standard_key(secret: str) -> bytes | None:
    text = secret.removeprefix(KEY_PREFIX)
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True) or None
    except ValueError:
        return None


def _digest(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b".".join(parts), "sha256")
