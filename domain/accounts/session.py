"""A sign-in and what follows from it: a family of refresh tokens, each of which is good for one use."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

GRACE = timedelta(seconds=10)
"""Two tabs may refresh at once and an answer may get lost: for so long a used token leads to the same next one."""
MAX_USER_AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`refresh_hash` is of the token to be shown next, `previous_hash` of the one that was shown at `rotated_at`."""

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

    def rotated(self, token: bytes, following: bytes, now: datetime, lifetime: timedelta) -> "Session":
        """After a token of its family was shown: with the `following` one in its place, as it was, or ended by reuse.

        A token that was used before is in two hands (RFC 9700, 4.14.2). Nobody knows whose are the right ones.
        """
        if token == self.refresh_hash:
            until = now + lifetime
            return replace(self, refresh_hash=following, previous_hash=token, rotated_at=now, expires_at=until)
        if token == self.previous_hash and self.rotated_at and now - self.rotated_at <= GRACE:
            return self
        return replace(self, ended_at=now)


def clean_user_agent(text: str | None) -> str | None:
    return "".join(filter(str.isprintable, text or ""))[:MAX_USER_AGENT_LENGTH].strip() or None
