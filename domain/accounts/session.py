"""A session: one sign-in and the refresh tokens that follow from it, each of which can be used once."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

GRACE = timedelta(seconds=10)
"""For so long a used token leads to the same next token, since two tabs may refresh at once and a response may get
lost.
"""
MAX_USER_AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`refresh_hash` is of the token that is to be used next, and `previous_hash` of the token that was used at
    `rotated_at`."""

    user_id: str
    id: str
    refresh_hash: bytes = field(repr=False)
    previous_hash: bytes | None = field(default=None, repr=False)
    rotated_at: datetime | None = None
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    user_agent: str | None = None

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def accepts(self, token: bytes, now: datetime) -> bool:
        is_recent = self.rotated_at is not None and now - self.rotated_at <= GRACE
        return token == self.refresh_hash or (token == self.previous_hash and is_recent)

    def rotated(self, token: bytes, following: bytes, now: datetime, lifetime: timedelta) -> "Session":
        """Returns the session after one of its tokens was used: with the `following` token, unchanged within `GRACE`,
        or ended. It ends if the token was used before: two parties have it, and the server can't know which one is the
        user (RFC 9700, 4.14.2)."""
        if token == self.refresh_hash:
            until = now + lifetime
            return replace(self, refresh_hash=following, previous_hash=token, rotated_at=now, expires_at=until)
        if self.accepts(token, now):
            return self
        return replace(self, ended_at=now)


def clean_user_agent(text: str | None) -> str | None:
    return "".join(filter(str.isprintable, text or ""))[:MAX_USER_AGENT_LENGTH].strip() or None
