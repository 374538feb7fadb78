from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import FIFOCache

from application.accounts.authentication import REFUSED
from application.background import Background
from application.ports import ApiTokenRepository, BearerAuthenticator, Clock, Resource, nowhere
from domain.accounts.account import Caller
from domain.accounts.api_token import PREFIX, USE_NOTED_EVERY, ApiToken, user_id_of
from domain.errors import NotAuthenticated
from domain.hashing import hash_of

CACHE_LIFETIME = timedelta(seconds=30)
"""How long a token is accepted without a query, and so how late a server may notice that it was revoked."""


@dataclass(slots=True)
class CachedToken:
    token: ApiToken
    caller: Caller
    read_at: datetime
    noted_at: datetime | None

    def is_fresh(self, now: datetime) -> bool:
        """Returns False also if the clock was set back, since a revoked token could otherwise stay valid for long."""
        return self.read_at <= now < self.read_at + CACHE_LIFETIME


class ApiTokenAuthenticator(BearerAuthenticator):
    """Caches tokens by their hashes. That a token does not exist is not cached, so that a new one works at once. Uses
    are recorded in the background, so that no request waits for that or fails with it."""

    def __init__(
        self, tokens: ApiTokenRepository, clock: Clock, background: Background, remembered_most: int = 10_000
    ) -> None:
        self._tokens = tokens
        self._clock = clock
        self._background = background
        self._known: FIFOCache[bytes, CachedToken] = FIFOCache(remembered_most)

    def recognizes(self, bearer: str) -> bool:
        return bearer.startswith(PREFIX)

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:  # noqa: ARG002
        now, token_hash = self._clock(), hash_of(bearer)
        known = self._known.get(token_hash)
        if known is None or not known.is_fresh(now):
            known = await self._read(bearer, token_hash, now)
        if known is None or not known.token.is_live(now):
            raise NotAuthenticated(REFUSED)
        self._note(known, now)
        return known.caller

    def forget(self, user_id: str) -> None:
        for token_hash in [key for key, known in self._known.items() if known.token.user_id == user_id]:
            del self._known[token_hash]

    async def _read(self, bearer: str, token_hash: bytes, now: datetime) -> CachedToken | None:
        user_id = user_id_of(bearer)
        token = await self._tokens.find(user_id, token_hash) if user_id else None
        self._known.pop(token_hash, None)
        if token is None or not token.is_live(now):
            return None
        known = self._known[token_hash] = CachedToken(token, token.caller, now, token.last_used_at)
        return known

    def _note(self, known: CachedToken, now: datetime) -> None:
        if known.noted_at is None or now - known.noted_at >= USE_NOTED_EVERY:
            known.noted_at = now
            self._background.start(self._tokens.note_use(known.token.user_id, known.token.id, now))
