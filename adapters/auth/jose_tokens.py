"""Bearer tokens: JSON Web Tokens (RFC 7519) signed with HS256 under the secret that Better Auth shares with us."""

import re
from datetime import timedelta
from functools import lru_cache

import msgspec
from jose import jws, jwt
from jose.backends.base import Key
from jose.exceptions import JOSEError
from jose.jwk import construct

from application.ports import AccessTokens, Clock, TokenClaims
from domain.errors import NotAuthenticated

ALGORITHM = "HS256"
MAX_TOKEN_LENGTH = 8 * 1024
MAX_ID_LENGTH = 255
SKEW_SECONDS = 60
"""The clock of another issuer may be this far ahead of ours. `exp` has no leeway."""

COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
"""The compact form of RFC 7515 §7.1. The base64 decoder of jose skips other characters, so a token would have many
spellings."""


class Claims(msgspec.Struct, frozen=True):
    """Times are seconds since 1970, with or without fractions (RFC 7519 §2, NumericDate). `sid` is OpenID Connect's."""

    sub: str
    exp: int | float
    iat: int | float = 0
    nbf: int | float = 0
    sid: str | None = None

    def hold_at(self, now: float) -> bool:
        return self.iat <= now + SKEW_SECONDS and self.nbf <= now + SKEW_SECONDS and now < self.exp


class JoseTokens(AccessTokens):
    """Keeps up to `remembered` verified tokens. Only their times are checked on each call."""

    def __init__(self, secret: str, lifetime: timedelta, clock: Clock, remembered: int = 10_000) -> None:
        self._key = construct(secret, ALGORITHM)
        self._lifetime = lifetime
        self._clock = clock
        self._claims = lru_cache(maxsize=remembered)(self._signed_claims)

    def issue(self, user_id: str, session_id: str) -> str:
        now = int(self._clock().timestamp())
        lifetime = int(self._lifetime.total_seconds())
        claims = {"sub": user_id, "iat": now, "exp": now + lifetime, "sid": session_id}
        return jwt.encode(claims, self._key, ALGORITHM)

    def verify(self, token: str) -> TokenClaims:
        if len(token) <= MAX_TOKEN_LENGTH:
            claims = self._claims(token)
            if claims.hold_at(self._clock().timestamp()):
                return TokenClaims(claims.sub, claims.sid)
        raise _refused()

    def _signed_claims(self, token: str) -> Claims:
        try:
            return _read(token, self._key)
        except (JOSEError, ValueError, RecursionError) as error:
            raise _refused() from error


def _read(token: str, key: Key) -> Claims:
    """Raises `JOSEError`, `RecursionError` or `ValueError`, which is also the base of decoding errors. A `crit` header
    is refused, since we understand no extension that it could name (RFC 7515 §4.1.11)."""
    if not COMPACT.fullmatch(token):
        raise ValueError("not a compact JWS")
    payload = jws.verify(token, key, [ALGORITHM])
    if "crit" in jws.get_unverified_header(token):
        raise ValueError("a critical extension")
    claims = msgspec.json.decode(payload, type=Claims)
    if not _is_id(claims.sub) or not (claims.sid is None or _is_id(claims.sid)):
        raise ValueError("no usable subject or session")
    return claims


def _is_id(text: str) -> bool:
    return 0 < len(text) <= MAX_ID_LENGTH and "\x00" not in text


def _refused() -> NotAuthenticated:
    return NotAuthenticated("Sign in to continue: the access token is missing, invalid or expired.")
