"""Subscriptions to Web Push (RFC 8030): addresses of push services, with the keys of the browsers behind them."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import Invalid
from domain.webhooks.webhook import check_url

PUBLIC_KEY_BYTES, AUTH_BYTES = 65, 16
"""An uncompressed point of P-256, and the authentication secret (RFC 8291, 3.1 and 3.2)."""
_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
"""P-256 are the points with y² = x³ − 3x + b modulo p (NIST SP 800-186, 3.2.1.3)."""
RETRY_SECONDS = (5, 30, 120, 600, 1_800, 3_600)
"""Seconds until the next attempt of a notification after each failure. Then it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    user_id: str
    id: str
    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    created_at: datetime

    def check(self, *, public: bool) -> None:
        try:
            check_url(self.endpoint, public=public)
        except Invalid as refusal:
            raise Invalid.field("endpoint", refusal.fields[0].message) from None
        if not _is_public_key(_bytes("p256dh", self.p256dh)):
            raise Invalid.field("p256dh", "must be an uncompressed public key of P-256, as the browser gives it")
        if len(_bytes("auth", self.auth)) != AUTH_BYTES:
            raise Invalid.field("auth", f"must be {AUTH_BYTES} bytes")


def decoded(text: str) -> bytes:
    """Returns the bytes of base64url (RFC 4648, 5), with padding or without. Raises `ValueError`."""
    text = text.rstrip("=")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_public_key(key: bytes) -> bool:
    x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    is_uncompressed = len(key) == PUBLIC_KEY_BYTES and key[0] == 4
    return is_uncompressed and max(x, y) < _P and (y * y - x**3 + 3 * x - _B) % _P == 0


def _bytes(field: str, text: str) -> bytes:
    try:
        return decoded(text)
    except ValueError:
        raise Invalid.field(field, "must be base64url, as the browser gives it") from None
