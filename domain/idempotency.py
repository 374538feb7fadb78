"""Requests that may arrive twice and act once (draft-ietf-httpapi-idempotency-key-header, without its HTTP)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from domain.errors import IdempotencyMismatch, Invalid

LIFETIME = timedelta(hours=24)
_TEXT = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key. `text` is from the sender. `fingerprint` is the hash of the whole request, because a sender
    may use a key again by mistake."""

    text: str
    fingerprint: bytes

    @classmethod
    def of(cls, text: str, request: bytes, field: str) -> "Key":
        """Returns the key. Raises `Invalid` for `field`, the place where the sender gave the text."""
        if not _TEXT.fullmatch(text):
            raise Invalid.field(field, "must be 1 to 255 visible ASCII characters")
        return cls(text, sha256(request).digest())


@dataclass(frozen=True, slots=True)
class FormerAnswer:
    """The answer itself, as the version before this one kept it for a day. The version after this one drops it."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of the request with this key: its result as JSON, or the turn it began, whose rows hold the result. A
    receipt of the version before this one has neither, but the `former` answer."""

    user_id: str
    key: str
    fingerprint: bytes
    turn_id: str | None = None
    result: bytes | None = None
    former: FormerAnswer | None = None
    created_at: datetime

    def check(self, key: Key) -> None:
        if key.fingerprint != self.fingerprint:
            raise IdempotencyMismatch
