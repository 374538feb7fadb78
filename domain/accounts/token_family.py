"""A family of refresh tokens: those that follow from one sign-in or consent, each of which can be used once."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFamily:
    """`refresh_hash` is of the token that is to be used next, and `previous_hash` of the token that was used at
    `rotated_at`. For `GRACE`, a used token leads to the same next token."""

    GRACE: ClassVar[timedelta]

    refresh_hash: bytes = field(repr=False)
    previous_hash: bytes | None = field(default=None, repr=False)
    rotated_at: datetime | None = None
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def accepts(self, token: bytes, now: datetime) -> bool:
        is_recent = self.rotated_at is not None and now - self.rotated_at <= self.GRACE
        return token == self.refresh_hash or (token == self.previous_hash and is_recent)

    def rotated(self, token: bytes, following: bytes, now: datetime, lifetime: timedelta) -> Self:
        """Returns the family after one of its tokens was used: with the `following` token, unchanged within `GRACE`, or
        ended. It ends if the token was used before: two parties have it, and the server can't know which one is the
        user (RFC 9700, 4.14.2)."""
        if token == self.refresh_hash:
            until = now + lifetime
            return replace(self, refresh_hash=following, previous_hash=token, rotated_at=now, expires_at=until)
        return self if self.accepts(token, now) else replace(self, ended_at=now)
