"""A browser at the consent page, and a client at the token endpoint, over the application."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from domain.oauth.codes import challenge_of
from tests.http.conftest import Api

BASE = "https://tasks.example.com"
MCP = f"{BASE}/mcp"
VERIFIER = "v" * 43
CALLBACK = "https://app.example.com/callback"
PASSWORD = "password1"


class Browser:
    """Has cookies, and says where its forms come from, as browsers do."""

    def __init__(self, base: str = BASE, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base = base
        self.client = httpx.AsyncClient(transport=transport, base_url=base, timeout=30)

    async def open(self, address: str) -> httpx.Response:
        """Opens a page, and goes on by itself where the page says so. It came from another site at first."""
        answer = await self.client.get(address, headers={"Cookie": ""})
        if found := re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text):
            return await self.client.get(unescape(found[1]))
        return answer

    async def submit(self, page: httpx.Response, *, decision: str, **values: str) -> httpx.Response:
        """Sends the form of the page with the button that is called so."""
        action = unescape(re.findall(r'<form method="post" action="([^"]+)"', page.text)[0])
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        chosen = dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w+)" checked', page.text))
        return await self.post(action, {**hidden, **chosen, "decision": decision, **values})

    async def post(self, address: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
        usual = {"Origin": self._base, "Sec-Fetch-Site": "same-origin"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(address, data=dict(form), headers={**usual, **given})

    async def sign_in(self, page: httpx.Response, email: str = "ann@example.com", password: str = PASSWORD) -> Any:
        answer = await self.submit(page, decision="sign-in", email=email, password=password)
        return await self.client.get(answer.headers["location"]) if answer.status_code == 303 else answer

    async def allow(self, address: str, email: str) -> str:
        """Signs in and allows all that is asked for. Returns where the browser is sent then."""
        page = await self.open(address)
        page = await self.sign_in(page, email) if "password" in page.text else page
        allowed = await self.submit(page, decision="allow")
        assert allowed.status_code == 303, allowed.text
        return str(allowed.headers["location"])


class Client:
    """A registered public client."""

    def __init__(self, api: Api, client_id: str) -> None:
        self.api, self.id = api, client_id

    def address(self, **changes: str | None) -> str:
        given = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": CALLBACK,
            "state": "a state",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            "resource": MCP,
            **changes,
        }
        return f"/oauth/authorize?{urlencode({name: value for name, value in given.items() if value is not None})}"

    async def token(self, **form: str) -> httpx.Response:
        return await post_form(self.api, "/oauth/token", {"client_id": self.id, **form})

    async def exchange(self, code: str, **changes: str) -> httpx.Response:
        given = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "redirect_uri": CALLBACK}
        return await self.token(**{**given, **changes})

    async def refresh(self, refresh_token: str, **changes: str) -> httpx.Response:
        return await self.token(grant_type="refresh_token", refresh_token=refresh_token, **changes)

    async def connect(self, browser: Browser, **changes: str) -> dict[str, Any]:
        """The tokens after Ann has allowed all that is asked for."""
        page = await browser.open(self.address(**changes))
        page = await browser.sign_in(page) if "password" in page.text else page
        allowed = await browser.submit(page, decision="allow")
        tokens: dict[str, Any] = (await self.exchange(answered(allowed)["code"])).json()
        return tokens


async def registered(api: Api, **form: Any) -> Client:
    given = {"client_name": "My app", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none", **form}
    return Client(api, (await api.client.post("/oauth/register", json=given)).json()["client_id"])


async def post_form(api: Api, address: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
    return await api.client.post(address, data=dict(form), headers=headers)


def answered(answer: httpx.Response) -> dict[str, str]:
    """What the browser brings to the client."""
    assert answer.status_code == 303, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}
