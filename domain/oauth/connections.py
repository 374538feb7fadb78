"""Connections: what a user has allowed a client, and the refresh tokens that follow from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from domain.accounts.account import Actor, Caller, Scope
from domain.accounts.token_family import TokenFamily

LIFETIME = timedelta(days=180)
"""A connection that is not used for this time has expired."""
ACCESS_LIFETIME = timedelta(hours=1)
MAX_CONNECTIONS = 50
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection(TokenFamily):
    """`host` is where the user was sent back to, and `audience` what its access tokens are for."""

    GRACE: ClassVar = timedelta(seconds=30)
    """A response may get lost on its way to a server that retries."""

    user_id: str
    id: str
    client_id: str
    client_name: str
    host: str
    scopes: frozenset[Scope]
    audience: tuple[str, ...]
    last_used_at: datetime | None = None


def caller_of(user_id: str, connection_id: str, scopes: frozenset[Scope]) -> Caller:
    return Caller(user_id, Actor("token", connection_id), scopes)
