"""Requests that may arrive twice and act once (draft-ietf-httpapi-idempotency-key-header)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from domain.errors import IdempotencyMismatch, Invalid

HEADER = "Idempotency-Key"
LIFETIME = timedelta(hours=24)
_TEXT = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Key:
    """`text` is the sender's; `fingerprint` is of the whole request, as a key may be used again by mistake."""

    text: str
    fingerprint: bytes

    @classmethod
    def of(cls, text: str, request: bytes) -> "Key":
        """Raises `Invalid`."""
        if not _TEXT.fullmatch(text):
            raise Invalid.field(HEADER, "must be 1 to 255 visible ASCII characters")
        return cls(text, sha256(request).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of the request with this key: its answer, or the turn it began, whose rows hold the answer."""

    user_id: str
    key: str
    fingerprint: bytes
    turn_id: str | None = None
    status: int | None = None
    body: bytes | None = None
    created_at: datetime

    def check(self, key: Key) -> None:
        if key.fingerprint != self.fingerprint:
            raise IdempotencyMismatch
