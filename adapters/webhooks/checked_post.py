"""Posts over HTTP to addresses that users have given, without reaching into our own network."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from ssl import SSLContext

import httpx2

from adapters.webhooks.host_names import HostNames
from domain.errors import Invalid
from domain.webhooks.internet import is_public
from domain.webhooks.webhook import SEND_SECONDS, Undelivered, check_url

CONNECT_SECONDS = 3
TIMEOUT = httpx2.Timeout(SEND_SECONDS, connect=CONNECT_SECONDS).as_dict()
SLOW = f"It did not answer within {SEND_SECONDS} seconds."
FAILURES: Mapping[type[Exception], str] = {
    TimeoutError: SLOW,
    httpx2.ConnectTimeout: "No connection could be made in time.",
    httpx2.TimeoutException: SLOW,
    httpx2.ConnectError: "No connection could be made. Look at its address, port and certificate.",
    httpx2.TransportError: "The connection broke off, or what came was not HTTP.",
    httpx2.InvalidURL: "Its address can't be used.",
    UnicodeError: "Its address can't be used.",
    OSError: "The name of its host leads to no address.",
}


class CheckedPost:
    """`public` allows only HTTPS and public addresses. It uses the bare transport, which follows no redirects, keeps no
    cookies and uses no proxy. It connects to the address that was checked, even if the name changes, and uses no
    connection twice, as each was made for one name."""

    def __init__(self, *, public: bool, names: HostNames | None = None, tls: SSLContext | None = None) -> None:
        self._names = names or HostNames()
        self._public = public
        self._transport = httpx2.AsyncHTTPTransport(
            verify=tls or httpx2.create_ssl_context(), limits=httpx2.Limits(max_keepalive_connections=0)
        )

    async def __call__(self, user_id: str, url: str, headers: dict[str, str], body: bytes) -> int:
        """Returns the HTTP status of the response within `SEND_SECONDS`. Raises `Undelivered` if there is none."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                checked = httpx2.URL(check_url(url, public=self._public))
                return await self._post(checked, await self._addresses(user_id, checked), headers, body)
        except Invalid as refusal:
            raise Undelivered(f"Its address is refused: {refusal.message}.") from None
        except tuple(FAILURES) as failure:
            raise Undelivered(next(FAILURES[kind] for kind in type(failure).__mro__ if kind in FAILURES)) from failure

    async def close(self) -> None:
        self._names.close()
        await self._transport.aclose()

    async def _addresses(self, user_id: str, url: httpx2.URL) -> Sequence[str]:
        """Checks all addresses of the name, since any of them might be used."""
        host = url.raw_host.decode("ascii")
        port = url.port or {"http": 80}.get(url.scheme, 443)
        addresses = await self._names.addresses(user_id, host, port)
        if self._public and not all(map(is_public, addresses)):
            raise Undelivered("The name of its host leads to a private or reserved address, where nothing is sent.")
        return addresses

    async def _post(self, url: httpx2.URL, addresses: Sequence[str], headers: dict[str, str], body: bytes) -> int:
        """Sends to the first address that accepts a connection. Nothing was sent to those before it."""
        for address in addresses[:-1]:
            with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                return await self._post_to(address, url, headers, body)
        return await self._post_to(addresses[-1], url, headers, body)

    async def _post_to(self, address: str, url: httpx2.URL, headers: dict[str, str], body: bytes) -> int:
        """The Host header, SNI and the certificate check use the name. The body of the response is not read."""
        request = httpx2.Request(
            "POST",
            url.copy_with(host=address),
            headers=headers | {"Host": url.netloc.decode("ascii")},
            content=body,
            extensions={"timeout": TIMEOUT, "sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await self._transport.handle_async_request(request)
        await response.aclose()
        return response.status_code
