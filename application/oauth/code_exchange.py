"""The use-case of the authorization code grant: a code becomes a connection with its first tokens."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from application.accounts.revocations import Revocations
from application.oauth.issuing import IssuedTokens, TokenIssuer, TokenRequest
from application.ports import Clock, Transaction
from application.ports.access.oauth import CodeRepository, ConnectionRepository
from application.retry import retried
from domain.errors import NotAuthenticated
from domain.hashing import hash_of
from domain.oauth.clients import Client
from domain.oauth.codes import AuthorizationCode
from domain.oauth.connections import LIFETIME, MAX_CONNECTIONS, Connection
from domain.oauth.errors import InvalidGrant
from domain.oauth.redirects import shown_host
from domain.oauth.resources import narrowed
from domain.oauth.secrets import user_of_code

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GivenCode:
    code: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str | None


class CodeExchange:
    def __init__(
        self,
        codes: CodeRepository,
        connections: ConnectionRepository,
        transaction: Transaction,
        issuer: TokenIssuer,
        revocations: Revocations,
        clock: Clock,
    ) -> None:
        self._codes = codes
        self._connections = connections
        self._transaction = transaction
        self._issuer = issuer
        self._revocations = revocations
        self._clock = clock

    async def exchange(self, client: Client, given: GivenCode, request: TokenRequest) -> IssuedTokens:
        """Raises `InvalidGrant` with one message for every reason, and `InvalidTarget`. The second use of a code ends
        what its first use began (RFC 6749, 4.1.2)."""
        user_id = user_of_code(given.code)
        if user_id is None:
            raise InvalidGrant
        connection = await self._redeem(client, user_id, given, request)
        if connection.ended_at:
            self._revocations.note([connection])
            log.warning("oauth connection %s: its code was used twice, so it has ended", connection.id)
            raise InvalidGrant
        refresh_token = self._issuer.following(user_id, connection.id, given.code)
        audience = narrowed(connection.audience, request.resources)
        return self._issuer.issue(connection, refresh_token, request, connection.scopes, audience)

    @retried
    async def _redeem(self, client: Client, user_id: str, given: GivenCode, request: TokenRequest) -> Connection:
        async with self._transaction() as work:
            others = await self._live_to_add(user_id)
            code = await self._codes.get_to_change(user_id, hash_of(given.code))
            if code is None:
                raise InvalidGrant
            if code.used_at:
                connection = await self._end_replayed(code)
            else:
                code.check(client.id, given.redirect_uri, given.verifier, self._clock())
                narrowed(code.audience, request.resources)
                connection = await self._begin(code, given.code, others)
            await work.commit()
        return connection

    async def _live_to_add(self, user_id: str) -> Sequence[Connection]:
        """Locks the user first, as everything does that ends their access."""
        try:
            return await self._connections.live_to_add(user_id, self._clock())
        except NotAuthenticated:
            raise InvalidGrant from None

    async def _end_replayed(self, code: AuthorizationCode) -> Connection:
        ended = await self._connections.end(code.user_id, self._clock(), only=code.connection_id)
        if not ended:
            raise InvalidGrant
        await self._revocations.announce()
        return ended[0]

    async def _begin(self, code: AuthorizationCode, text: str, others: Sequence[Connection]) -> Connection:
        connection = self._connection(code, text)
        await self._make_room(others)
        await self._codes.mark_used(code, self._clock())
        await self._connections.add(connection)
        log.info("oauth %s: the code became connection %s", code.flow, connection.id)
        return connection

    async def _make_room(self, others: Sequence[Connection]) -> None:
        """Ends the connections that were used the longest ago, so that a new one fits: a client that asks anew each
        time must not lock its user out."""
        by_use = sorted(others, key=lambda each: each.last_used_at or each.created_at)
        for each in by_use[: max(0, len(others) + 1 - MAX_CONNECTIONS)]:
            await self._connections.end(each.user_id, self._clock(), only=each.id)
            await self._revocations.announce()

    def _connection(self, code: AuthorizationCode, text: str) -> Connection:
        now = self._clock()
        return Connection(
            user_id=code.user_id,
            id=code.connection_id,
            client_id=code.client_id,
            client_name=code.client_name,
            host=shown_host(code.redirect_uri),
            scopes=code.scopes,
            audience=code.audience,
            refresh_hash=hash_of(self._issuer.following(code.user_id, code.connection_id, text)),
            created_at=now,
            expires_at=now + LIFETIME,
        )
