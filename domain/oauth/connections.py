"""Connections: what a user has allowed a client, and the refresh tokens that follow from it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.accounts.account import Actor, Caller, Scope

GRACE = timedelta(seconds=30)
"""For so long a used token leads to the same next token, since a response may get lost on its way to a server that
retries."""
LIFETIME = timedelta(days=180)
"""A connection that is not used for this time has expired."""
ACCESS_LIFETIME = timedelta(hours=1)
MAX_CONNECTIONS = 50
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """`refresh_hash` is of the token that is to be used next, and `previous_hash` of the one that was used at
    `rotated_at`. `host` is where the user was sent back to, and `audience` what its access tokens are for."""

    user_id: str
    id: str
    client_id: str
    client_name: str
    host: str
    scopes: frozenset[Scope]
    audience: tuple[str, ...]
    refresh_hash: bytes = field(repr=False)
    previous_hash: bytes | None = field(default=None, repr=False)
    rotated_at: datetime | None = None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    ended_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def rotated(self, token: bytes, following: bytes, now: datetime) -> "Connection":
        """Returns the connection after one of its tokens was used: with the `following` token, unchanged within
        `GRACE`, or ended, because two parties have the token (RFC 9700, 4.14.2)."""
        if token == self.refresh_hash:
            return replace(self, refresh_hash=following, previous_hash=token, rotated_at=now, expires_at=now + LIFETIME)
        if token == self.previous_hash and self.rotated_at and now - self.rotated_at <= GRACE:
            return self
        return replace(self, ended_at=now)


def caller_of(user_id: str, connection_id: str, scopes: frozenset[Scope]) -> Caller:
    return Caller(user_id, Actor("token", connection_id), scopes)
