"""Fetches small JSON documents that strangers name, from machines on the internet only. It uses the bare transport,
which follows no redirects, keeps no cookies and uses no proxy. It connects to the address that was checked, even if the
name changes, and uses no connection twice, as each was made for one name."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import httpx2

from domain.webhooks.internet import is_public

FETCH_SECONDS = 4
CONNECT_SECONDS = 2
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tasktalk"}
FAILURES = (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError)
"""`UnicodeError` is a `ValueError`."""
TIMEOUT = httpx2.Timeout(FETCH_SECONDS, connect=CONNECT_SECONDS).as_dict()


class Names(Protocol):
    """Resolves host names. `owner` is for whom: an owner may have few look-ups under way."""

    async def addresses(self, owner: str, host: str, port: int) -> Sequence[str]: ...

    def close(self) -> None: ...


class PublicDocuments:
    def __init__(self, names: Names, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._names = names
        self._transport = transport or httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_keepalive_connections=0))

    async def get(self, address: str, max_bytes: int) -> bytes:
        """Returns the body. Raises one of `FAILURES`: `ValueError` if the address is not https, if its name leads to a
        private or reserved address, if the status is not 200, or if the body has more than `max_bytes`."""
        url = httpx2.URL(address)
        if url.scheme != "https":
            raise ValueError("not https")
        async with asyncio.timeout(FETCH_SECONDS):
            return await self._fetch(url, await self._addresses(url), max_bytes)

    async def close(self) -> None:
        self._names.close()
        await self._transport.aclose()

    async def _addresses(self, url: httpx2.URL) -> Sequence[str]:
        """Checks all addresses of the name, since any of them might be used."""
        host = url.raw_host.decode("ascii")
        addresses = await self._names.addresses(host, host, url.port or 443)
        if not addresses or not all(map(is_public, addresses)):
            raise ValueError("a private or reserved address")
        return addresses

    async def _fetch(self, url: httpx2.URL, addresses: Sequence[str], max_bytes: int) -> bytes:
        for address in addresses[:-1]:
            with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                return await self._fetch_from(address, url, max_bytes)
        return await self._fetch_from(addresses[-1], url, max_bytes)

    async def _fetch_from(self, address: str, url: httpx2.URL, max_bytes: int) -> bytes:
        """The Host header, SNI and the certificate check use the name."""
        request = httpx2.Request(
            "GET",
            url.copy_with(host=address),
            headers=HEADERS | {"Host": url.netloc.decode("ascii")},
            extensions={"timeout": TIMEOUT, "sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await self._transport.handle_async_request(request)
        try:
            return await _body(response, max_bytes)
        finally:
            await response.aclose()


async def _body(response: httpx2.Response, max_bytes: int) -> bytes:
    """Reads the body as it is: compressed bodies are not decompressed, so they can't become larger."""
    if response.status_code != 200:
        raise ValueError(f"status {response.status_code}")
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > max_bytes:
            raise ValueError("too long")
    return bytes(body)
