"""A real browser comes from a client's own site, signs in, sees what is asked for, and goes back with a code."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.async_api import Page, expect

from domain.oauth.codes import challenge_of
from tests.browser.conftest import NewPerson
from tests.browser.person import PASSWORD, Person
from tests.e2e.conftest import Server
from tests.http.oauth.browsing import VERIFIER
from tests.servers.issuers import IssuerServer, answered

pytestmark = pytest.mark.long

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


class App:
    """A client with a site of its own: another site than ours, as `localhost` is not 127.0.0.1."""

    def __init__(self, site: IssuerServer, server: Server, client_id: str) -> None:
        self.url = site.url.replace("127.0.0.1", "localhost")
        self._site, self._server, self.client_id = site, server, client_id
        page = f'<!doctype html><a href="{self.address()}">Connect</a>'.replace("&", "&amp;")
        site.pages["/"] = answered(200, page.encode(), **{"content-type": "text/html"})
        framed = f'<!doctype html><iframe src="{self.address()}"></iframe>'.replace("&", "&amp;")
        site.pages["/frame"] = answered(200, framed.encode(), **{"content-type": "text/html"})

    def address(self) -> str:
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": f"{self.url}/callback",
            "state": "a state",
            "scope": "tasks:read tasks:write",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            "resource": f"{self._server.url}/mcp",
        }
        return f"{self._server.url}/oauth/authorize?{urlencode(query)}"

    async def asks(self, page: Page) -> None:
        """The person follows a link on the client's site."""
        await page.goto(f"{self.url}/")
        await page.get_by_role("link", name="Connect").click()

    async def came_back(self, page: Page) -> dict[str, str]:
        await page.wait_for_url(re.compile("/callback"))
        return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@asynccontextmanager
async def app_at(server: Server, person: Person) -> AsyncIterator[App]:
    async with IssuerServer() as site:
        url = site.url.replace("127.0.0.1", "localhost")
        form = {"client_name": "My app", "redirect_uris": [f"{url}/callback"], "token_endpoint_auth_method": "none"}
        made = await (await person.context.request.post("/oauth/register", data=form)).json()
        site.pages["/callback"] = answered(200, b"Thank you.")
        yield App(site, server, made["client_id"])


@pytest.fixture
async def app(served: Server, ann: Person) -> AsyncIterator[App]:
    async with app_at(served, ann) as app:
        yield app


async def tokens_of(person: Person, app: App, code: str) -> dict[str, str]:
    form: dict[str, str | float | bool] = {"grant_type": "authorization_code", "client_id": app.client_id}
    form |= {"code": code, "code_verifier": VERIFIER}
    answer = await person.context.request.post("/oauth/token", form=form)
    assert answer.ok, await answer.text()
    tokens: dict[str, str] = await answer.json()
    return tokens


async def status(person: Person, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "MCP-Protocol-Version": "2025-11-25"}
    return (await person.context.request.post("/mcp", data=LIST, headers=headers)).status


async def test_who_is_signed_in_on_the_page_allows_and_ends_it_there(ann: Person, app: App) -> None:
    await app.asks(ann.page)
    await expect(ann.page.get_by_role("heading", name="Connect My app?")).to_be_visible()
    await expect(ann.page.get_by_text(ann.email)).to_be_visible()
    await expect(ann.page.get_by_text("any program here could pretend")).to_be_visible()
    await ann.button("Allow").click()
    answer = await app.came_back(ann.page)
    assert answer["state"] == "a state"
    token = (await tokens_of(ann, app, answer["code"]))["access_token"]
    assert await status(ann, token) == 200
    await ann.opens("/settings/connect")
    await expect(ann.page.locator(".connections li")).to_contain_text("My app at this device; reads and changes")
    await ann.page.get_by_label("Disconnect My app").click()
    await expect(ann.page.locator(".connections")).to_have_count(0)
    assert await status(ann, token) == 401


async def test_who_is_not_signed_in_signs_in_right_there(served: Server, newcomer: NewPerson, app: App) -> None:
    bob = await newcomer(served)
    await bob.sign_up()
    await bob.context.clear_cookies()
    await app.asks(bob.page)
    await bob.page.get_by_label("Email").fill(bob.email)
    await bob.page.get_by_label("Password").fill("wrong password")
    await bob.button("Sign in").click()
    await expect(bob.page.get_by_role("alert")).to_have_text("Email or password is wrong.")
    await bob.page.get_by_label("Password").fill(PASSWORD)
    await bob.button("Sign in").click()
    await bob.page.get_by_label("only see all your tasks").check()
    await bob.button("Allow").click()
    tokens = await tokens_of(bob, app, (await app.came_back(bob.page))["code"])
    assert tokens["scope"] == "tasks:read offline_access"


async def test_a_refusal_goes_back_too(ann: Person, app: App) -> None:
    await app.asks(ann.page)
    await ann.button("Refuse").click()
    assert (await app.came_back(ann.page))["error"] == "access_denied"


async def test_nothing_of_it_shows_in_a_frame(ann: Person, app: App, troubles: list[str]) -> None:
    await ann.page.goto(f"{app.url}/frame")
    [frame] = ann.page.frames[1:]
    assert "Connect My app" not in await frame.content()
    assert await frame.get_by_role("button").count() == 0
    assert all("frame" in each for each in troubles)
    troubles.clear()
