"""Bearer tokens of other issuers: JSON Web Tokens under public keys, checked as RFC 8725 requires."""

import base64
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from cachetools import FIFOCache
from jose.exceptions import JOSEError
from msgspec import UNSET, UnsetType

from adapters.auth.foreign_claims import Claims
from adapters.auth.issuers import Issuer
from adapters.auth.jose_tokens import ALGORITHM as SHARED_SECRET
from adapters.auth.jose_tokens import MAX_TOKEN_LENGTH
from adapters.auth.key_sets import KeySet, KeySource
from adapters.auth.public_keys import PublicKey
from application.accounts.authentication import REFUSED
from application.ports import BearerAuthenticator, Clock, Resource, nowhere
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
"""The compact form of RFC 7515 §7.1."""
MAX_LOGGED = 500
"""Characters of the audiences of a refused token."""

log = logging.getLogger(__name__)


class Header(msgspec.Struct, frozen=True):
    """Keys that a token contains or refers to (`jwk`, `jku`, `x5c`, `x5u`) are not read (RFC 8725 §3.10)."""

    alg: str
    kid: str | None = None
    crit: msgspec.Raw | UnsetType = UNSET


class Named(msgspec.Struct, frozen=True):
    iss: str


@dataclass(frozen=True, slots=True)
class Verified:
    header: Header
    claims: Claims
    key: PublicKey
    caller: Caller


class ForeignTokens(BearerAuthenticator):
    """Keeps up to `remembered` verified tokens, so that a request does not verify the signature again. Each call checks
    the times of a remembered token, and that the key that verified it is still published."""

    def __init__(self, issuers: Sequence[Issuer], source: KeySource, clock: Clock, remembered: int = 10_000) -> None:
        self._issuers = {each.issuer: each for each in issuers}
        self._key_sets = {each.issuer: KeySet(each, source, clock) for each in issuers}
        self._source = source
        self._clock = clock
        self._remembered: FIFOCache[str, Verified] = FIFOCache(remembered)
        self._refused: FIFOCache[tuple[str, tuple[str, ...]], None] = FIFOCache(100)
        self._misspelled = {each.issuer.rstrip("/"): each.issuer for each in issuers}

    def recognizes(self, bearer: str) -> bool:
        """Returns whether a configured issuer is named. Tokens signed with a shared secret are never recognized: a
        public key must not serve as a secret."""
        if not self._issuers or bearer in self._remembered:
            return bool(self._issuers)
        named = _named_issuer(bearer)
        if named not in self._issuers:
            self._hint(named or "")
        return named in self._issuers

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:
        try:
            verified = await self._verified(bearer)
            self._check_audience(verified.claims, resource)
            return verified.caller
        except (JOSEError, ValueError, KeyError, RecursionError) as error:
            self._remembered.pop(bearer, None)
            raise NotAuthenticated(REFUSED) from error

    async def close(self) -> None:
        for each in self._key_sets.values():
            await each.close()
        await self._source.close()

    async def _verified(self, bearer: str) -> Verified:
        """Does the cheapest checks first, so that most forged tokens cause no request to their issuer."""
        known = self._remembered.get(bearer)
        header, claims = (known.header, known.claims) if known else _read(bearer)
        issuer = self._issuers[claims.iss]
        claims.check(self._clock().timestamp())
        key = await self._key_sets[claims.iss].key(header.kid)
        if known and known.key == key:
            return known
        if key is None:
            raise ValueError("no such key")
        key.verify(bearer)
        verified = self._remembered[bearer] = Verified(header, claims, key, _caller(issuer, claims))
        return verified

    def _check_audience(self, claims: Claims, resource: Resource) -> None:
        """Accepts the configured audiences, and the address that is asked for, which MCP clients name (RFC 8707).
        Another audience is logged once. Raises `ValueError`."""
        given = (claims.aud,) if isinstance(claims.aud, str) else tuple(claims.aud)
        issuer = self._issuers[claims.iss]
        if issuer.is_meant(claims.aud) or (resource() or None) in given:
            return
        if (claims.iss, given) not in self._refused:
            self._refused[claims.iss, given] = None
            log.warning(
                "a token of %s is refused for its audience %s; accepted are %s and the address of /mcp",
                *(claims.iss, ", ".join(given)[:MAX_LOGGED], ", ".join(issuer.audiences)),
            )
        raise ValueError("for somebody else")

    def _hint(self, named: str) -> None:
        """Logs, once per issuer, that the configured URL and the URL in its tokens differ only by a slash. This is the
        only line that forged tokens can add to the log: audiences are logged of well-signed tokens."""
        if issuer := self._misspelled.pop(named.rstrip("/"), None):
            more = "more" if len(named) < len(issuer) else "fewer"
            log.warning(
                "AUTH_ISSUERS names %s with %s slashes at its end than a token does whose iss is %s: tokens are taken"
                " only from an issuer that is spelled as theirs. Write it so.",
                *(issuer, more, named[: len(issuer) + 10]),
            )


def _caller(issuer: Issuer, claims: Claims) -> Caller:
    return Caller(issuer.user_id(claims.sub), scopes=claims.rights(issuer.usual_rights), subject=claims.sub)


def _named_issuer(bearer: str) -> str | None:
    """Returns the unverified issuer, or None for what can't be a token. `_read` checks everything again."""
    if len(bearer) > MAX_TOKEN_LENGTH or not _COMPACT.fullmatch(bearer):
        return None
    head, payload, _ = bearer.split(".")
    with suppress(ValueError, RecursionError):
        if msgspec.json.decode(_decoded(head), type=Header).alg != SHARED_SECRET:
            return msgspec.json.decode(_decoded(payload), type=Named).iss
    return None


def _read(bearer: str) -> tuple[Header, Claims]:
    """Raises `ValueError` or `RecursionError`. If a name occurs twice, the last one counts (RFC 7519 §4)."""
    if len(bearer) > MAX_TOKEN_LENGTH or not _COMPACT.fullmatch(bearer):
        raise ValueError("not a compact JWS")
    head, payload, _ = bearer.split(".")
    header = msgspec.json.decode(_decoded(head), type=Header)
    if header.crit is not UNSET:
        raise ValueError("a critical extension, and none is understood here (RFC 7515 §4.1.11)")
    return header, msgspec.json.decode(_decoded(payload), type=Claims)


def _decoded(part: str) -> str:
    """Decodes to a text, which checks that all of it is UTF-8 (RFC 7519 §7.2). msgspec does not check what it skips."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
