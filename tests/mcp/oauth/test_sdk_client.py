"""The OAuth client of the MCP Python SDK signs in by itself, at two servers that share a database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl

from tests.e2e.conftest import Server
from tests.http.oauth.browsing import Browser
from tests.mcp.test_clients import NEW_MODE_FIRST, Mode, sign_up, story

CALLBACK = "http://127.0.0.1:43117/callback"


class Storage(TokenStorage):
    """What a client keeps on its disk."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.info: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.info

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.info = client_info


class Person:
    """Clicks through what the client opens."""

    def __init__(self, server: Server, email: str) -> None:
        self._server, self._email = server, email
        self.asked: list[str] = []
        self._answer: dict[str, str] = {}

    async def open(self, address: str) -> None:
        self.asked.append(address)
        browser = Browser(self._server.url)
        location = await browser.allow(address, self._email)
        await browser.client.aclose()
        self._answer = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}

    async def come_back(self) -> AuthorizationCodeResult:
        return AuthorizationCodeResult(code=self._answer["code"], state=self._answer["state"], iss=self._answer["iss"])


@pytest.fixture
def server(two_workers: Server) -> Server:
    return two_workers


def provider(server: Server, storage: Storage, person: Person) -> OAuthClientProvider:
    metadata = OAuthClientMetadata(redirect_uris=[AnyUrl(CALLBACK)], client_name="The Python SDK")
    return OAuthClientProvider(f"{server.url}/mcp", metadata, storage, person.open, person.come_back)


@asynccontextmanager
async def connected(server: Server, auth: OAuthClientProvider, mode: Mode) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(auth=auth, timeout=30) as http,
        Client(streamable_http_client(f"{server.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def person_at(server: Server, name: str) -> Person:
    sign_up(server, name)
    return Person(server, f"{name}@example.com")


@NEW_MODE_FIRST
async def test_it_registers_asks_its_user_and_keeps_their_tasks(server: Server, mode: Mode, revision: str) -> None:
    storage, person = Storage(), person_at(server, f"sdk-{mode}")
    async with connected(server, provider(server, storage, person), mode) as client:
        await story(client, revision)
    assert len(person.asked) == 1
    assert storage.info
    assert storage.info.grant_types == ["authorization_code", "refresh_token"]
    assert storage.tokens
    assert storage.tokens.refresh_token
    async with connected(server, provider(server, storage, person), mode) as client:
        assert (await client.list_tools()).tools
    assert len(person.asked) == 1, "what it keeps is enough"


async def test_it_refreshes_by_itself_and_its_user_ends_it(server: Server) -> None:
    storage, person = Storage(), person_at(server, "sdk-refresh")
    auth = provider(server, storage, person)
    async with connected(server, auth, "auto") as client:
        await client.list_tools()
        assert storage.tokens
        first = storage.tokens
        auth.context.token_expiry_time = 1
        await client.list_tools()
        assert len(person.asked) == 1
        assert storage.tokens.refresh_token != first.refresh_token
        await end_all(server, "sdk-refresh")
        await client.list_tools()
    assert len(person.asked) == 2, "after the end it has to ask again"


async def end_all(server: Server, name: str) -> None:
    """Ends Ann's connections on one server, and waits until the other has heard of it."""
    form = {"email": f"{name}@example.com", "password": "password1"}
    async with httpx.AsyncClient(base_url=server.url) as http:
        token = (await http.post("/api/auth/signin", json=form)).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        connections: list[dict[str, Any]] = (await http.get("/api/users/me/connections", headers=headers)).json()[
            "connections"
        ]
        for each in connections:
            assert (await http.delete(f"/api/users/me/connections/{each['id']}", headers=headers)).status_code == 200
    await asyncio.sleep(0.5)
