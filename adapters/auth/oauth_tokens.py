"""Access tokens of connected clients: JSON Web Tokens in the profile of RFC 9068. Their key is derived from the secret.
So neither an application that shares the secret, nor we where a session's token is expected, can take one for more than
it is."""

import hmac
from typing import Annotated
from uuid import uuid4

import msgspec
from cachetools import LRUCache
from jose import jws, jwt
from jose.exceptions import JOSEError
from jose.jwk import construct
from msgspec import Meta

from adapters.auth.jose_tokens import ALGORITHM, COMPACT, MAX_TOKEN_LENGTH, SKEW_SECONDS
from application.accounts.authentication import REFUSED
from application.ports import Clock
from application.ports.access.oauth import AccessGrant, OAuthAccessTokens
from domain.accounts.account import Scope
from domain.errors import NotAuthenticated
from domain.oauth.connections import ACCESS_LIFETIME

HEADERS = {"typ": "at+jwt", "kid": "tasktalk-oauth"}
Id = Annotated[str, Meta(min_length=1, max_length=255)]


class Claims(msgspec.Struct, frozen=True):
    """`sid` is the connection."""

    iss: str
    sub: Id
    aud: list[str]
    exp: int
    iat: int
    sid: Id
    client_id: str
    scope: str

    @property
    def grant(self) -> AccessGrant:
        scopes = frozenset(scope for scope in Scope if scope in self.scope.split())
        return AccessGrant(self.iss, self.sub, self.sid, self.client_id, scopes, tuple(self.aud))


class JoseOAuthTokens(OAuthAccessTokens):
    """Keeps up to `remembered` verified tokens. Only their times are checked on each call."""

    def __init__(self, secret: str, clock: Clock, remembered: int = 10_000) -> None:
        self._key = construct(hmac.digest(secret.encode(), b"oauth access tokens", "sha256"), ALGORITHM)
        self._clock = clock
        self._prefix = f"{jwt.encode({}, self._key, ALGORITHM, HEADERS).partition('.')[0]}."
        self._remembered: LRUCache[str, Claims] = LRUCache(remembered)

    def issue(self, grant: AccessGrant) -> str:
        now = int(self._clock().timestamp())
        claims = {
            "iss": grant.issuer,
            "sub": grant.user_id,
            "aud": list(grant.audience),
            "exp": now + int(ACCESS_LIFETIME.total_seconds()),
            "iat": now,
            "jti": uuid4().hex,
            "sid": grant.connection_id,
            "client_id": grant.client_id,
            "scope": " ".join(sorted(grant.scopes)),
        }
        return jwt.encode(claims, self._key, ALGORITHM, HEADERS)

    def recognizes(self, bearer: str) -> bool:
        return bearer.startswith(self._prefix)

    def verify(self, bearer: str) -> AccessGrant:
        claims = self._remembered.get(bearer) or self._signed_claims(bearer)
        now = self._clock().timestamp()
        if not claims.iat - SKEW_SECONDS <= now < claims.exp:
            raise NotAuthenticated(REFUSED)
        self._remembered[bearer] = claims
        return claims.grant

    def _signed_claims(self, bearer: str) -> Claims:
        if not self.recognizes(bearer) or len(bearer) > MAX_TOKEN_LENGTH or not COMPACT.fullmatch(bearer):
            raise NotAuthenticated(REFUSED)
        try:
            return msgspec.json.decode(jws.verify(bearer, self._key, [ALGORITHM]), type=Claims)
        except (JOSEError, ValueError, RecursionError) as error:
            raise NotAuthenticated(REFUSED) from error
