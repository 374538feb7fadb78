from datetime import datetime

from cachetools import FIFOCache

from application.accounts.authentication import REFUSED
from application.accounts.revocations import Revocations
from application.background import Background
from application.ports import BearerAuthenticator, Clock, Resource, nowhere
from application.ports.access.oauth import ConnectionRepository, OAuthAccessTokens
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated
from domain.oauth.connections import USE_NOTED_EVERY, caller_of


class ConnectionAuthenticator(BearerAuthenticator):
    """Uses are recorded in the background, so that no request waits for that or fails with it."""

    def __init__(
        self,
        tokens: OAuthAccessTokens,
        connections: ConnectionRepository,
        revocations: Revocations,
        clock: Clock,
        background: Background,
        remembered_most: int = 10_000,
    ) -> None:
        self._tokens = tokens
        self._connections = connections
        self._revocations = revocations
        self._clock = clock
        self._background = background
        self._noted: FIFOCache[tuple[str, str], datetime] = FIFOCache(remembered_most)

    def recognizes(self, bearer: str) -> bool:
        return self._tokens.recognizes(bearer)

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:
        """Accepts a token at the addresses only that it is for (RFC 8707)."""
        grant = self._tokens.verify(bearer)
        if resource() not in grant.audience or self._revocations.is_ended(grant.user_id, grant.connection_id):
            raise NotAuthenticated(REFUSED)
        self._note(grant.user_id, grant.connection_id)
        return caller_of(grant.user_id, grant.connection_id, grant.scopes)

    def _note(self, user_id: str, connection_id: str) -> None:
        now, key = self._clock(), (user_id, connection_id)
        noted = self._noted.get(key)
        if noted is None or not noted <= now < noted + USE_NOTED_EVERY:
            self._noted[key] = now
            self._background.start(self._connections.note_use(user_id, connection_id, now))
