from collections.abc import AsyncIterator

import pytest

from tests.http.conftest import Api
from tests.http.oauth.browsing import BASE, Browser, Client, registered


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    """Ann is signed up, and signed in nowhere."""
    api = Api(public_url=BASE)
    api.client.base_url = BASE
    api.headers = await api.sign_up("ann")
    api.client.cookies.clear()
    async with api.mcp.running(api.app):
        yield api
    await api.background.close()
    await api.client.aclose()


@pytest.fixture
async def browser(api: Api) -> AsyncIterator[Browser]:
    browser = Browser(BASE, api.client._transport)
    yield browser
    await browser.client.aclose()


@pytest.fixture
async def client(api: Api) -> Client:
    return await registered(api)
