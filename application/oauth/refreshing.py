import logging
from collections.abc import Sequence

from application.accounts.revocations import Revocations
from application.oauth.issuing import IssuedTokens, TokenIssuer, TokenRequest
from application.ports import Clock, Transaction
from application.ports.access.oauth import ClientRepository, ConnectionRepository, OAuthAccessTokens
from application.retry import retried
from domain.errors import NotAuthenticated
from domain.hashing import hash_of
from domain.oauth.clients import Client
from domain.oauth.connections import LIFETIME, Connection
from domain.oauth.errors import InvalidGrant
from domain.oauth.resources import narrowed as narrowed_resources
from domain.oauth.scopes import narrowed
from domain.oauth.secrets import connection_of

Family = tuple[str, str]
"""The user and the connection that a token names."""

log = logging.getLogger(__name__)


class Refreshing:
    def __init__(
        self,
        connections: ConnectionRepository,
        clients: ClientRepository,
        transaction: Transaction,
        tokens: OAuthAccessTokens,
        issuer: TokenIssuer,
        revocations: Revocations,
        clock: Clock,
    ) -> None:
        self._connections = connections
        self._clients = clients
        self._transaction = transaction
        self._tokens = tokens
        self._issuer = issuer
        self._revocations = revocations
        self._clock = clock

    async def refresh(self, client: Client, token: str, request: TokenRequest) -> IssuedTokens:
        """Raises `InvalidGrant`, `InvalidScope` and `InvalidTarget`. The use of an older token ends the connection."""
        family = connection_of(token)
        if family is None:
            raise InvalidGrant
        following = self._issuer.following(*family, token)
        connection = await self._rotate(client, family, (token, following), request)
        if connection.ended_at:
            self._revocations.note([connection])
            log.warning("oauth connection %s: a refresh token was used twice, so it has ended", connection.id)
            raise InvalidGrant
        log.info("oauth connection %s: refreshed", connection.id)
        scopes = narrowed(connection.scopes, request.scope)
        audience = narrowed_resources(connection.audience, request.resources)
        return self._issuer.issue(connection, following, request, scopes, audience)

    async def revoke(self, client: Client, token: str) -> None:
        """Does nothing if the token is of another client, or is no token (RFC 7009, 2.1)."""
        family = connection_of(token) or self._family_of_access_token(token)
        if family:
            self._revocations.note(await self._end(client, family))

    def _family_of_access_token(self, token: str) -> Family | None:
        try:
            grant = self._tokens.verify(token)
        except NotAuthenticated:
            return None
        return grant.user_id, grant.connection_id

    @retried
    async def _rotate(
        self, client: Client, family: Family, tokens: tuple[str, str], request: TokenRequest
    ) -> Connection:
        now, (used, following) = self._clock(), map(hash_of, tokens)
        async with self._transaction() as work:
            connection = await self._connections.get_to_change(*family)
            if connection is None or not connection.is_live(now) or connection.client_id != client.id:
                raise InvalidGrant
            narrowed(connection.scopes, request.scope)
            narrowed_resources(connection.audience, request.resources)
            after = connection.rotated(used, following, now, LIFETIME)
            await self._connections.store(after)
            await self._note(client, after)
            await work.commit()
        return after

    async def _note(self, client: Client, after: Connection) -> None:
        if after.ended_at:
            await self._revocations.announce()
        elif client.is_use_outdated(self._clock()):
            await self._clients.note_use(client.id, self._clock())

    @retried
    async def _end(self, client: Client, family: Family) -> Sequence[Connection]:
        async with self._transaction() as work:
            connection = await self._connections.get_to_change(*family)
            if connection is None or connection.client_id != client.id:
                return ()
            ended = await self._connections.end(connection.user_id, self._clock(), only=connection.id)
            await self._revocations.announce()
            await work.commit()
        log.info("oauth connection %s: ended by its client", connection.id)
        return ended
