"""Ports of the authorization server: its storage, what it fetches from clients, and its access tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts.account import Scope
from domain.oauth.clients import Client
from domain.oauth.codes import AuthorizationCode
from domain.oauth.connections import Connection


class ClientRepository(Protocol):
    async def get(self, client_id: str) -> Client | None: ...

    async def put(self, client: Client) -> None:
        """Adds the client, or replaces what is known of it but for its last use."""

    async def note_use(self, client_id: str, at: datetime) -> None: ...

    async def forget(self, unused_since: datetime, used_before: datetime, limit: int) -> int:
        """Deletes up to `limit` clients that were never used and are older, or whose last use is older. Returns how
        many. It needs no unit of work."""


class CodeRepository(Protocol):
    async def add(self, code: AuthorizationCode) -> None: ...

    async def get_to_change(self, user_id: str, code_hash: bytes) -> AuthorizationCode | None:
        """Returns the code even if it was used or has expired, and locks it until this unit of work ends."""

    async def mark_used(self, code: AuthorizationCode, at: datetime) -> None: ...

    async def cancel(self, user_id: str) -> None:
        """Deletes all codes of the user."""

    async def forget(self, expired_before: datetime, limit: int) -> int:
        """Deletes up to `limit` codes of all users. Returns how many. It needs no unit of work."""


class ConnectionRepository(Protocol):
    async def live(self, user_id: str, now: datetime) -> Sequence[Connection]:
        """Returns the connections that are neither ended nor expired, oldest first."""

    async def live_to_add(self, user_id: str, now: datetime) -> Sequence[Connection]:
        """Other units of work that add access for this user, or end it, wait. Raises `NotAuthenticated` if the user no
        longer exists."""

    async def add(self, connection: Connection) -> None: ...

    async def get_to_change(self, user_id: str, connection_id: str) -> Connection | None:
        """Returns the newest state, and locks the connection until this unit of work ends."""

    async def store(self, connection: Connection) -> None: ...

    async def end(self, user_id: str, now: datetime, *, only: str | None = None) -> Sequence[Connection]:
        """Ends all connections of the user, or `only` one. Returns those that it ended."""

    async def ended_since(self, since: datetime) -> Sequence[Connection]:
        """Returns the connections of all users that have ended since then."""

    async def note_use(self, user_id: str, connection_id: str, at: datetime) -> None:
        """Needs no unit of work. Nothing is written within `USE_NOTED_EVERY` of the last recorded use."""

    async def forget(self, over_before: datetime, limit: int) -> int:
        """Deletes up to `limit` connections that ended or expired before that time. Returns how many. It needs no unit
        of work."""


class ClientDocuments(Protocol):
    async def fetch(self, address: str) -> Mapping[str, object]:
        """Returns the metadata document at a client's address. Raises `InvalidClientMetadata` if there is none that
        may be believed, and `InvalidClient` if it can't be fetched."""


class ClientAssertions(Protocol):
    async def verify(self, client: Client, assertion: str, audience: Sequence[str]) -> None:
        """Raises `InvalidClient` unless the assertion is signed by the client for one of the audiences, now (RFC 7523,
        3). It may be used again while it is valid, since codes and refresh tokens are for one use."""


@dataclass(frozen=True, slots=True)
class AccessGrant:
    issuer: str
    user_id: str
    connection_id: str
    client_id: str
    scopes: frozenset[Scope]
    audience: tuple[str, ...]


class OAuthAccessTokens(Protocol):
    def issue(self, grant: AccessGrant) -> str: ...

    def recognizes(self, bearer: str) -> bool:
        """Returns whether the token has the form of ours. It is not verified yet."""

    def verify(self, bearer: str) -> AccessGrant:
        """Raises `NotAuthenticated`, with one message for every reason."""
