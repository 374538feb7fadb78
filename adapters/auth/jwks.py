import asyncio
from collections.abc import Sequence
from functools import cached_property

import httpx2
import msgspec

from adapters.auth.issuers import Issuer
from adapters.auth.key_sets import KeySource
from adapters.auth.public_keys import PublicKey, public_keys

FETCH_SECONDS = 5
MAX_BYTES = 256 * 1024
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tasktalk"}


class Discovered(msgspec.Struct):
    """The fields that we need of OpenID Connect Discovery 1.0 §3."""

    issuer: str
    jwks_uri: str


class Jwks(KeySource):
    """Follows no redirects, which could lead to any address, and uses no proxy or password from the environment."""

    async def fetch(self, issuer: Issuer) -> Sequence[PublicKey]:
        """Raises `TimeoutError`, errors of httpx2, and `ValueError` or `RecursionError` if the answer is no key set."""
        async with asyncio.timeout(FETCH_SECONDS):
            return public_keys(await self._get(issuer.jwks_url or await self._discovered(issuer)))

    async def close(self) -> None:
        if "_client" in vars(self):
            await self._client.aclose()

    async def _discovered(self, issuer: Issuer) -> str:
        """Returns the URL of the keys. §4.3 requires that the document names the issuer itself."""
        url = f"{issuer.issuer.rstrip('/')}/.well-known/openid-configuration"
        document = msgspec.json.decode(await self._get(url), type=Discovered)
        if document.issuer != issuer.issuer or not issuer.may_send_keys_from(document.jwks_uri):
            raise ValueError("another issuer's document, or keys without TLS")
        return document.jwks_uri

    async def _get(self, url: str) -> bytes:
        """Returns the body. Raises `ValueError` if it has more than `MAX_BYTES`. Compressed bodies are not
        decompressed, so they can't become larger; decoding them as JSON fails."""
        body = bytearray()
        async with self._client.stream("GET", url, headers=HEADERS) as response:
            if response.status_code != 200:
                raise ValueError(f"status {response.status_code}")
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > MAX_BYTES:
                    raise ValueError("too long to be a set of keys")
        return bytes(body)

    @cached_property
    def _client(self) -> httpx2.AsyncClient:
        """The client is made at first use, since most servers have no other issuer."""
        return httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=FETCH_SECONDS)
