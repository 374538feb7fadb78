"""What clients publish of themselves: their metadata documents, and the keys by which they sign."""

import base64
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from cachetools import FIFOCache
from jose.exceptions import JOSEError

from adapters.auth.issuers import Issuer
from adapters.auth.jose_tokens import COMPACT, MAX_TOKEN_LENGTH, SKEW_SECONDS
from adapters.auth.key_sets import KeySet, KeySource
from adapters.auth.public_documents import FAILURES, PublicDocuments
from adapters.auth.public_keys import PublicKey, public_keys
from application.ports import Clock
from application.ports.access.oauth import ClientAssertions, ClientDocuments
from domain.oauth.clients import Client
from domain.oauth.documents import MAX_DOCUMENT_BYTES
from domain.oauth.errors import InvalidClient, InvalidClientMetadata

MAX_KEYS_BYTES = 64 * 1024
MAX_LIFETIME_SECONDS = 3_600
CLIENTS_REMEMBERED = 1_000

log = logging.getLogger(__name__)


class HttpClientDocuments(ClientDocuments):
    def __init__(self, documents: PublicDocuments) -> None:
        self._documents = documents

    async def fetch(self, address: str) -> Mapping[str, object]:
        try:
            body = await self._documents.get(address, MAX_DOCUMENT_BYTES)
        except FAILURES as failure:
            log.info("oauth: the document of client %s can't be fetched: %s", address, _said(failure))
            raise InvalidClient("The address that is the client's id has no document that can be fetched.") from failure
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise InvalidClientMetadata("The client's document is not a JSON object.") from error


class ClientKeys(KeySource):
    """The keys at a client's `jwks_uri`, which is fetched as carefully as its document."""

    def __init__(self, documents: PublicDocuments) -> None:
        self._documents = documents

    async def fetch(self, issuer: Issuer) -> Sequence[PublicKey]:
        return public_keys(await self._documents.get(issuer.jwks_url or "", MAX_KEYS_BYTES))

    async def close(self) -> None:
        """Does nothing: who made the documents closes them."""


class Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str | None = None
    crit: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Claims(msgspec.Struct, frozen=True):
    iss: str
    sub: str
    aud: str | list[str]
    exp: int | float
    iat: int | float = 0
    nbf: int | float = 0

    def check(self, client: Client, audience: Sequence[str], now: float) -> None:
        """Raises `ValueError` unless the assertion is of this client, for us, and of now (RFC 7523, 3)."""
        is_theirs = self.iss == self.sub == client.id
        is_ours = not set(audience).isdisjoint([self.aud] if isinstance(self.aud, str) else self.aud)
        begun = max(self.iat, self.nbf) <= now + SKEW_SECONDS
        if not (is_theirs and is_ours and begun and now < self.exp <= now + MAX_LIFETIME_SECONDS + SKEW_SECONDS):
            raise ValueError("of another client, for somebody else, too early or too late")


class SignedAssertions(ClientAssertions):
    """Assertions by `private_key_jwt`. A key is pinned to the one algorithm of its kind, as with other issuers."""

    def __init__(self, documents: PublicDocuments, clock: Clock) -> None:
        self._source = ClientKeys(documents)
        self._clock = clock
        self._key_sets: FIFOCache[tuple[str, str], KeySet] = FIFOCache(CLIENTS_REMEMBERED)

    async def verify(self, client: Client, assertion: str, audience: Sequence[str]) -> None:
        try:
            header, claims = _read(assertion)
            claims.check(client, audience, self._clock().timestamp())
            key = await self._keys_of(client).key(header.kid)
            if key is None:
                raise ValueError("no such key")
            key.verify(assertion)
        except (JOSEError, ValueError, RecursionError) as error:
            log.info("oauth: an assertion of client %s is refused: %s", client.id, _said(error))
            raise InvalidClient("The client assertion is not valid.") from error

    def _keys_of(self, client: Client) -> KeySet:
        place = client.id, client.jwks_uri or ""
        if place not in self._key_sets:
            self._key_sets[place] = KeySet(
                Issuer(issuer=client.id, jwks_url=client.jwks_uri), self._source, self._clock
            )
        return self._key_sets[place]


def _read(assertion: str) -> tuple[Header, Claims]:
    if len(assertion) > MAX_TOKEN_LENGTH or not COMPACT.fullmatch(assertion):
        raise ValueError("not a compact JWS")
    head, payload, _ = assertion.split(".")
    header = msgspec.json.decode(_decoded(head), type=Header)
    if header.crit is not msgspec.UNSET:
        raise ValueError("a critical extension")
    return header, msgspec.json.decode(_decoded(payload), type=Claims)


def _decoded(part: str) -> str:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


def _said(failure: BaseException) -> str:
    return str(failure) if type(failure) is ValueError else type(failure).__name__
