"""A server that was not told its name, behind a proxy that is trusted and serves several names by https."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.http.conftest import Api
from tests.http.oauth.browsing import Browser, Client, answered
from tests.http.oauth.test_tokens import LIST

FIRST, SECOND = "https://tasks.example.org", "https://todo.example.net"


class Proxied(httpx.AsyncBaseTransport):
    """Ends TLS, and says so."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["X-Forwarded-Proto"] = "https"
        return await self._inner.handle_async_request(request)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api(proxies=("127.0.0.1",))
    api.client._transport = Proxied(api.client._transport)
    api.client.base_url = FIRST
    await api.sign_up("ann")
    api.client.cookies.clear()
    async with api.mcp.running(api.app):
        yield api
    await api.background.close()
    await api.client.aclose()


async def test_each_name_is_an_issuer_and_a_resource_of_its_own(api: Api) -> None:
    for base in (FIRST, SECOND):
        server = (await api.client.get(f"{base}/.well-known/oauth-authorization-server")).json()
        resource = (await api.client.get(f"{base}/.well-known/oauth-protected-resource/mcp")).json()
        assert server["issuer"] == base
        assert (resource["resource"], resource["authorization_servers"]) == (f"{base}/mcp", [base])


async def test_a_token_of_one_name_opens_nothing_at_the_other(api: Api) -> None:
    form = {"redirect_uris": ["https://app.example.com/callback"], "token_endpoint_auth_method": "none"}
    client = Client(api, (await api.client.post("/oauth/register", json=form)).json()["client_id"])
    browser = Browser(FIRST, api.client._transport)
    page = await browser.sign_in(await browser.open(client.address(resource=f"{FIRST}/mcp")))
    answer = answered(await browser.submit(page, decision="allow"))
    assert answer["iss"] == FIRST
    token = (await client.exchange(answer["code"])).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "MCP-Protocol-Version": "2025-11-25"}
    statuses = [
        (await api.client.post(f"{base}/mcp", json=LIST, headers=headers)).status_code for base in (FIRST, SECOND)
    ]
    assert statuses == [200, 401]


async def test_a_form_from_the_other_name_is_refused(api: Api) -> None:
    form = {"redirect_uris": ["https://app.example.com/callback"], "token_endpoint_auth_method": "none"}
    client = Client(api, (await api.client.post("/oauth/register", json=form)).json()["client_id"])
    browser = Browser(FIRST, api.client._transport)
    page = await browser.sign_in(await browser.open(client.address(resource=f"{FIRST}/mcp")))
    browser._base = SECOND
    assert (await browser.submit(page, decision="allow")).status_code == 403
