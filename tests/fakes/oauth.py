"""Clients, codes and connections in memory, and what clients publish."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from application.ports.access.oauth import (
    AccessGrant,
    ClientAssertions,
    ClientDocuments,
    ClientRepository,
    CodeRepository,
    ConnectionRepository,
    OAuthAccessTokens,
)
from domain.errors import NotAuthenticated
from domain.oauth.clients import Client
from domain.oauth.codes import AuthorizationCode
from domain.oauth.connections import USE_NOTED_EVERY, Connection
from domain.oauth.errors import InvalidClient
from tests.fakes.work import FakeStore


class FakeClients(ClientRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def get(self, client_id: str) -> Client | None:
        self._store.reached()
        return self._store.rows.oauth_clients.get(client_id)

    async def put(self, client: Client) -> None:
        clients = self._store.writing().oauth_clients
        if known := clients.get(client.id):
            client = replace(client, created_at=known.created_at, used_at=known.used_at)
        clients[client.id] = client

    async def note_use(self, client_id: str, at: datetime) -> None:
        clients = self._store.writing().oauth_clients
        if client_id in clients:
            clients[client_id] = replace(clients[client_id], used_at=at)

    async def forget(self, unused_since: datetime, used_before: datetime, limit: int) -> int:
        self._store.reached()
        clients = self._store.rows.oauth_clients
        dead = [
            key
            for key, each in clients.items()
            if (each.used_at < used_before if each.used_at else each.created_at < unused_since)
        ][:limit]
        for key in dead:
            del clients[key]
        return len(dead)


class FakeCodes(CodeRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def add(self, code: AuthorizationCode) -> None:
        if code.user_id not in self._store.writing().users:
            raise NotAuthenticated("This account no longer exists.")
        self._store.rows.oauth_codes[code.user_id, code.hash] = code

    async def get_to_change(self, user_id: str, code_hash: bytes) -> AuthorizationCode | None:
        return self._store.writing().oauth_codes.get((user_id, code_hash))

    async def mark_used(self, code: AuthorizationCode, at: datetime) -> None:
        self._store.writing().oauth_codes[code.user_id, code.hash] = replace(code, used_at=at)

    async def cancel(self, user_id: str) -> None:
        codes = self._store.writing().oauth_codes
        for key in [key for key in codes if key[0] == user_id]:
            del codes[key]

    async def forget(self, expired_before: datetime, limit: int) -> int:
        self._store.reached()
        codes = self._store.rows.oauth_codes
        dead = [key for key, each in codes.items() if each.expires_at < expired_before][:limit]
        for key in dead:
            del codes[key]
        return len(dead)


class FakeConnections(ConnectionRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def live(self, user_id: str, now: datetime) -> Sequence[Connection]:
        self._store.reached()
        live = [each for each in self._own(user_id) if each.is_live(now)]
        return sorted(live, key=lambda each: (each.created_at, each.id))

    async def live_to_add(self, user_id: str, now: datetime) -> Sequence[Connection]:
        if user_id not in self._store.writing().users:
            raise NotAuthenticated("This account no longer exists.")
        return await self.live(user_id, now)

    async def add(self, connection: Connection) -> None:
        self._store.writing().oauth_connections[connection.user_id, connection.id] = connection

    async def get_to_change(self, user_id: str, connection_id: str) -> Connection | None:
        return self._store.writing().oauth_connections.get((user_id, connection_id))

    async def store(self, connection: Connection) -> None:
        rows, key = self._store.writing().oauth_connections, (connection.user_id, connection.id)
        rows[key] = replace(connection, last_used_at=rows[key].last_used_at)

    async def end(self, user_id: str, now: datetime, *, only: str | None = None) -> Sequence[Connection]:
        rows = self._store.writing().oauth_connections
        which = [each for each in self._own(user_id) if not each.ended_at and only in (None, each.id)]
        ended = [replace(each, ended_at=now) for each in which]
        rows |= {(each.user_id, each.id): each for each in ended}
        return ended

    async def ended_since(self, since: datetime) -> Sequence[Connection]:
        self._store.reached()
        every = self._store.rows.oauth_connections.values()
        return [each for each in every if each.ended_at and each.ended_at > since]

    async def note_use(self, user_id: str, connection_id: str, at: datetime) -> None:
        self._store.reached()
        rows = self._store.rows.oauth_connections
        known = rows.get((user_id, connection_id))
        if known and (known.last_used_at is None or known.last_used_at <= at - USE_NOTED_EVERY):
            rows[user_id, connection_id] = replace(known, last_used_at=at)

    async def forget(self, over_before: datetime, limit: int) -> int:
        self._store.reached()
        rows = self._store.rows.oauth_connections
        dead = [
            key for key, each in rows.items() if min(each.ended_at or each.expires_at, each.expires_at) < over_before
        ]
        for key in dead[:limit]:
            del rows[key]
        return len(dead[:limit])

    def _own(self, user_id: str) -> list[Connection]:
        return [each for each in self._store.rows.oauth_connections.values() if each.user_id == user_id]


class FakeDocuments(ClientDocuments):
    """What is published at which address. `asked` counts."""

    def __init__(self, published: Mapping[str, Mapping[str, object]] | None = None) -> None:
        self.published = dict(published or {})
        self.asked: list[str] = []

    async def fetch(self, address: str) -> Mapping[str, object]:
        self.asked.append(address)
        if address not in self.published:
            raise InvalidClient("The address of the client does not answer.")
        return self.published[address]


class FakeAssertions(ClientAssertions):
    async def verify(self, client: Client, assertion: str, audience: Sequence[str]) -> None:
        if assertion != f"signed by {client.id} for {audience[0]}":
            raise InvalidClient("The assertion is not valid.")


class FakeOAuthTokens(OAuthAccessTokens):
    def __init__(self) -> None:
        self._issued: dict[str, AccessGrant] = {}

    def issue(self, grant: AccessGrant) -> str:
        bearer = f"oauth-{len(self._issued)}"
        self._issued[bearer] = grant
        return bearer

    def recognizes(self, bearer: str) -> bool:
        return bearer.startswith("oauth-")

    def verify(self, bearer: str) -> AccessGrant:
        if bearer not in self._issued:
            raise NotAuthenticated("Sign in to use this.")
        return self._issued[bearer]
