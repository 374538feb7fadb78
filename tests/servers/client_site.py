"""The web site of a client: its documents by https on this machine, behind the public address that its name has."""

import ssl
from collections.abc import Sequence
from typing import Self

import httpx2

from adapters.auth.public_documents import Names, PublicDocuments
from tests.servers.issuers import IssuerServer

PUBLIC = "93.184.215.14"


class FakeNames(Names):
    """Each name has the addresses that are given, and by default a public one."""

    def __init__(self, **known: Sequence[str] | Exception) -> None:
        self.known = known
        self.asked: list[tuple[str, int]] = []

    async def addresses(self, owner: str, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        found = self.known.get(host.replace(".", "_"), [PUBLIC])
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None: ...


class LocalTransport(httpx2.AsyncBaseTransport):
    """Leads what is sent to the public address to the site on this machine, as a route of the network would. All else
    of a request stays: its name for TLS too."""

    def __init__(self, port: int, trusted: ssl.SSLContext) -> None:
        self._port = port
        self._inner = httpx2.AsyncHTTPTransport(verify=trusted)
        self.reached: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.reached.append(request.url.host)
        assert request.url.host == PUBLIC, "nothing else is ever connected to"
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class ClientSite(IssuerServer):
    def __init__(self, tls: tuple[ssl.SSLContext, ssl.SSLContext], **names: Sequence[str] | Exception) -> None:
        super().__init__(tls[0])
        self._trusted = tls[1]
        self.names = FakeNames(**names)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.transport = LocalTransport(self.port, self._trusted)
        self.documents = PublicDocuments(self.names, self.transport)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.documents.close()
        await super().__aexit__(*error)
