"""A client's months with its user, over real sockets: two servers share a database, and each takes any request."""

import asyncio
import signal
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from domain.oauth.codes import challenge_of
from tests.e2e.conftest import Server, new_server
from tests.http.oauth.browsing import CALLBACK, VERIFIER, Browser

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
HEARD_WITHIN_SECONDS = 30


class Pair:
    """Two servers behind one address, as behind a proxy: they are told its name."""

    def __init__(self, first: Server, second: Server) -> None:
        self.urls = [first.url, second.url]

    async def post(self, server: int, path: str, **options: object) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.urls[server], timeout=30) as http:
            return await http.post(path, **options)  # type: ignore[arg-type]

    async def mcp(self, server: int, token: str) -> int:
        headers = {"Authorization": f"Bearer {token}", "MCP-Protocol-Version": "2025-11-25"}
        return (await self.post(server, "/mcp", json=LIST, headers=headers)).status_code

    async def token(self, server: int, **form: str) -> httpx.Response:
        return await self.post(server, "/oauth/token", data=form)


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    """The second uses the first one's embedded PostgreSQL."""
    with new_server() as first, new_server() as second:
        name = {"PUBLIC_URL": "http://tasks.test", "TRUSTED_PROXIES": "127.0.0.1"}
        await asyncio.to_thread(first.start, **name)
        second.environment["DATA_DIR"] = str(first.folder / "data")
        await asyncio.to_thread(second.start, **name)
        yield Pair(first, second)
        second.end(signal.SIGTERM)


async def code_of(pair: Pair, client_id: str) -> str:
    """Asks at one server, signs in and allows at the other."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    first, second = (Browser("http://tasks.test", Led(url)) for url in pair.urls)
    page = await first.open(f"/oauth/authorize?{urlencode(query)}")
    second.client.cookies = first.client.cookies
    page = await second.sign_in(page)
    first.client.cookies = second.client.cookies
    allowed = await first.submit(page, decision="allow")
    assert allowed.status_code == 303, allowed.text
    await first.client.aclose()
    await second.client.aclose()
    return parse_qs(urlsplit(allowed.headers["location"]).query)["code"][0]


class Led(httpx.AsyncHTTPTransport):
    """Leads requests to the public name to one server."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = httpx.URL(url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(host=self._url.host, port=self._url.port)
        led = httpx.Request(
            request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
        )
        return await super().handle_async_request(led)


async def test_any_server_takes_any_step_and_an_end_is_felt_on_all(pair: Pair) -> None:
    form = {"email": "ann@example.com", "password": "password1"}
    ann = (await pair.post(0, "/api/auth/signup", json=form)).json()["token"]
    client = {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none", "client_name": "My app"}
    client_id = (await pair.post(0, "/oauth/register", json=client)).json()["client_id"]
    code = await code_of(pair, client_id)
    given = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "redirect_uri": CALLBACK}
    tokens = (await pair.token(1, client_id=client_id, **given)).json()
    assert [await pair.mcp(each, tokens["access_token"]) for each in (0, 1)] == [200, 200]
    refresh = {"grant_type": "refresh_token", "client_id": client_id}
    lost, again = [(await pair.token(each, refresh_token=tokens["refresh_token"], **refresh)).json() for each in (0, 1)]
    assert lost["refresh_token"] == again["refresh_token"]
    assert await pair.mcp(0, again["access_token"]) == 200
    await end_all(pair, ann)
    assert await pair.mcp(0, again["access_token"]) == 401
    await felt(pair, again["access_token"])
    refused = await pair.token(1, refresh_token=again["refresh_token"], **refresh)
    assert refused.json()["error"] == "invalid_grant"


async def end_all(pair: Pair, ann: str) -> None:
    headers = {"Authorization": f"Bearer {ann}"}
    async with httpx.AsyncClient(base_url=pair.urls[0], headers=headers) as http:
        [connection] = (await http.get("/api/users/me/connections")).json()["connections"]
        assert (await http.delete(f"/api/users/me/connections/{connection['id']}")).status_code == 200


async def felt(pair: Pair, token: str) -> None:
    async with asyncio.timeout(HEARD_WITHIN_SECONDS):
        while await pair.mcp(1, token) != 401:  # noqa: ASYNC110 - a server tells it in no other way
            await asyncio.sleep(0.05)


@pytest.mark.long
async def test_a_connection_goes_on_after_a_restart() -> None:
    with new_server() as server:
        await asyncio.to_thread(server.start)
        async with httpx.AsyncClient(base_url=server.url) as http:
            await http.post("/api/auth/signup", json={"email": "ann@example.com", "password": "password1"})
            client = {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"}
            client_id = (await http.post("/oauth/register", json=client)).json()["client_id"]
        tokens = await connected(server, client_id)
        server.end(signal.SIGTERM)
        await asyncio.to_thread(server.start)
        async with httpx.AsyncClient(base_url=server.url) as http:
            form = {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": tokens["refresh_token"]}
            assert (await http.post("/oauth/token", data=form)).status_code == 200


async def connected(server: Server, client_id: str) -> dict[str, str]:
    query = {"response_type": "code", "client_id": client_id, "redirect_uri": CALLBACK}
    query |= {"code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256"}
    browser = Browser(server.url)
    location = await browser.allow(f"/oauth/authorize?{urlencode(query)}", "ann@example.com")
    code = parse_qs(urlsplit(location).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": client_id, "code": code, "code_verifier": VERIFIER}
    answer = await browser.client.post("/oauth/token", data=form)
    await browser.client.aclose()
    tokens: dict[str, str] = answer.json()
    return tokens
