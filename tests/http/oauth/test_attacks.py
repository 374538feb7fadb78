"""What somebody could try at the authorization server: each is refused, and nothing has happened."""

import asyncio
import re
import time
from typing import Any

import httpx
import pytest

from tests.http.conftest import Api
from tests.http.oauth.browsing import BASE, CALLBACK, PASSWORD, VERIFIER, Browser, Client, answered, registered
from tests.http.oauth.test_tokens import mcp

EVIL = "https://evil.example.com"


@pytest.fixture
async def consent(browser: Browser, client: Client) -> httpx.Response:
    """The page that Ann, who is signed in, sees."""
    page: httpx.Response = await browser.sign_in(await browser.open(client.address()))
    return page


def form_of(page: httpx.Response) -> tuple[str, dict[str, str]]:
    action = re.findall(r'<form method="post" action="([^"]+)"', page.text)[0].replace("&amp;", "&")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return action, {**hidden, "access": "write", "decision": "allow"}


FORGERIES: dict[str, dict[str, str]] = {
    "a form of another site": {"Origin": EVIL},
    "a form of another site that says it is ours": {"Sec-Fetch-Site": "cross-site"},
    "a form of a sister site": {"Sec-Fetch-Site": "same-site"},
    "a form of a sandboxed frame": {"Origin": "null"},
    "a form without an origin": {"Origin": ""},
    "a form of another port": {"Origin": f"{BASE}:8443"},
    "a form without TLS": {"Origin": BASE.replace("https", "http")},
}


@pytest.mark.parametrize("headers", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("decision", ["allow", "sign-in"])
async def test_a_form_of_another_page_neither_decides_nor_signs_anybody_in(
    api: Api, browser: Browser, consent: httpx.Response, headers: dict[str, str], decision: str
) -> None:
    action, form = form_of(consent)
    form |= {"decision": decision, "email": "ann@example.com", "password": PASSWORD}
    sent = {"Origin": BASE, "Sec-Fetch-Site": "same-origin", **headers}
    answer = await browser.client.post(action, data=form, headers=sent)
    assert answer.status_code == 403
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert api.store.rows.oauth_codes == {}


async def test_a_form_is_worth_nothing_without_its_token_session_and_request(
    api: Api, browser: Browser, consent: httpx.Response
) -> None:
    action, form = form_of(consent)
    other = Browser(BASE, api.client._transport)
    for sender, address, values in (
        (browser, action, {**form, "form_token": ""}),
        (browser, action, {**form, "form_token": "0" * 64}),
        (browser, action.replace("state=a+state", "state=other"), form),
        (browser, action.replace("resource=", "resource=https%3A%2F%2Ftasks.example.com%2Fapi&resource="), form),
        (other, action, form),
    ):
        answer = await sender.post(address, values)
        assert answer.status_code in (401, 403), answer.text
    assert api.store.rows.oauth_codes == {}


async def test_the_cookie_alone_decides_nothing(api: Api, browser: Browser, client: Client) -> None:
    await browser.client.post("/api/auth/signin", json={"email": "ann@example.com", "password": PASSWORD})
    address = client.address().replace("/oauth/authorize", "/api/auth/consent")
    assert (await browser.post(address, {"decision": "allow"})).status_code == 403
    assert (await browser.client.get(f"{address}&decision=allow")).status_code == 200
    assert api.store.rows.oauth_codes == {}


async def test_the_sessions_cookie_goes_to_no_other_site_and_not_to_the_protocols_addresses(
    browser: Browser, client: Client
) -> None:
    page = await browser.open(client.address())
    signed_in = await browser.submit(page, decision="sign-in", email="ann@example.com", password=PASSWORD)
    cookie = signed_in.headers["set-cookie"]
    assert all(each in cookie for each in ("HttpOnly", "Path=/api/auth", "SameSite=strict"))


@pytest.mark.parametrize(
    "redirect_uri",
    [
        f"{EVIL}/callback",
        f"{CALLBACK}@evil.example.com",
        f"{CALLBACK}.evil.example.com",
        f"{CALLBACK}/../../steal",
        f"{CALLBACK}?next={EVIL}",
        f"{CALLBACK}#",
        CALLBACK.replace("https", "http"),
        CALLBACK.upper(),
        f"{CALLBACK}%2f..",
        f" {CALLBACK}",
        f"{CALLBACK}\r\nSet-Cookie: a=b",
        "//evil.example.com/",
        "javascript:alert(1)",
    ],
)
async def test_nobody_is_redirected_to_an_address_that_is_not_registered(
    browser: Browser, client: Client, redirect_uri: str
) -> None:
    for address in ("/oauth/authorize", "/api/auth/consent"):
        wrong = client.address(redirect_uri=redirect_uri, scope="admin").replace("/oauth/authorize", address)
        answer = await browser.client.get(wrong)
        assert answer.status_code == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    "changes", [{"code_challenge_method": "plain"}, {"code_challenge_method": None}, {"code_challenge": None}]
)
async def test_pkce_cannot_be_left_out_or_made_weaker(
    browser: Browser, client: Client, changes: dict[str, Any]
) -> None:
    assert answered(await browser.client.get(client.address(**changes)))["error"] == "invalid_request"


async def test_a_code_that_was_stolen_is_worth_nothing_without_the_verifier(
    browser: Browser, client: Client, consent: httpx.Response
) -> None:
    code = answered(await browser.submit(consent, decision="allow"))["code"]
    for wrong in ({"code_verifier": "w" * 43}, {"code_verifier": ""}, {"redirect_uri": f"{EVIL}/callback"}):
        assert (await client.exchange(code, **wrong)).json()["error"] == "invalid_grant"
    assert (await client.exchange(code)).status_code == 200


async def test_a_code_that_is_used_twice_ends_what_it_began(
    api: Api, browser: Browser, client: Client, consent: httpx.Response
) -> None:
    code = answered(await browser.submit(consent, decision="allow"))["code"]
    tokens = (await client.exchange(code)).json()
    assert (await client.exchange(code)).json()["error"] == "invalid_grant"
    assert await mcp(api, tokens["access_token"]) == 401
    assert (await client.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_code_of_one_client_is_worth_nothing_to_another(
    api: Api, browser: Browser, consent: httpx.Response
) -> None:
    code = answered(await browser.submit(consent, decision="allow"))["code"]
    mallory = await registered(api, client_name="Mallory")
    assert (await mallory.exchange(code)).json()["error"] == "invalid_grant"


async def test_a_refresh_token_of_one_client_is_worth_nothing_to_another(
    api: Api, browser: Browser, client: Client
) -> None:
    tokens, mallory = await client.connect(browser), await registered(api, client_name="Mallory")
    assert (await mallory.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await client.refresh(tokens["refresh_token"])).status_code == 200


async def test_scopes_and_resources_never_grow_at_a_refresh(browser: Browser, client: Client) -> None:
    tokens = await client.connect(browser, scope="tasks:read")
    wider = await client.refresh(tokens["refresh_token"], scope="tasks:read tasks:write")
    assert wider.json()["error"] == "invalid_scope"
    other = await client.refresh(tokens["refresh_token"], resource=f"{BASE}/api")
    assert other.json()["error"] == "invalid_target"
    assert (await client.refresh(tokens["refresh_token"])).json()["scope"] == "tasks:read offline_access"


async def test_a_mix_up_is_seen_by_the_issuer_in_every_answer(browser: Browser, client: Client) -> None:
    page = await browser.sign_in(await browser.open(client.address()))
    refused = await browser.submit(page, decision="refuse")
    mistaken = await browser.client.get(client.address(scope="admin"))
    allowed = await browser.submit(page, decision="allow")
    assert {answered(each)["iss"] for each in (refused, mistaken, allowed)} == {BASE}


async def test_a_parameter_that_is_given_twice_is_refused_on_a_page(browser: Browser, client: Client) -> None:
    answer = await browser.client.get(f"{client.address()}&redirect_uri={EVIL}")
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert (await browser.client.get(f"{client.address()}&client_id=other")).status_code == 400


async def test_refusals_of_known_and_unknown_codes_and_tokens_are_the_same(
    browser: Browser, client: Client, consent: httpx.Response
) -> None:
    code = answered(await browser.submit(consent, decision="allow"))["code"]
    answers = [
        await client.exchange(code, code_verifier="w" * 43),
        await client.exchange(f"{code[:-4]}AAAA"),
        await client.exchange("nonsense"),
        await client.refresh("nonsense"),
    ]
    assert len({answer.content for answer in answers}) == 1


async def test_a_wrong_secret_takes_as_long_as_a_right_one(api: Api) -> None:
    """Both are hashed and compared in constant time. The quickest of many tries is one that nothing else held up."""
    form = {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_post"}
    made = (await api.client.post("/oauth/register", json=form)).json()
    client, secret = Client(api, made["client_id"]), made["client_secret"]

    async def seconds(given: str) -> float:
        began = time.perf_counter()
        await client.refresh("nonsense", client_secret=given)
        return time.perf_counter() - began

    wrong = f"{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}"
    measured = {each: min([await seconds(each) for _ in range(15)]) for each in (secret, wrong, "x" * 43)}
    assert max(measured.values()) < 5 * min(measured.values())


async def test_an_unknown_account_takes_as_long_as_a_known_one(api: Api, browser: Browser, client: Client) -> None:
    """A password is hashed in both cases, which is what takes the time."""
    page = await browser.open(client.address())
    await browser.sign_in(page, email="nobody@example.com", password="wrong")
    await browser.sign_in(page, email="ann@example.com", password="wrong")
    checked = api.services.accounts._passwords.verified  # type: ignore[attr-defined]
    assert len(checked) == 2
    assert checked[0] is None


async def test_many_registrations_of_one_address_are_refused(api: Api) -> None:
    form = {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"}
    answers = [await api.client.post("/oauth/register", json=form) for _ in range(12)]
    assert [answers[0].status_code, answers[-1].status_code] == [201, 429]
    assert answers[-1].json()["error"] == "temporarily_unavailable"
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_two_exchanges_of_one_code_at_once_give_one_connection(
    api: Api, browser: Browser, client: Client, consent: httpx.Response
) -> None:
    code = answered(await browser.submit(consent, decision="allow"))["code"]
    answers = await asyncio.gather(*(client.exchange(code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert len(api.store.rows.oauth_connections) == 1


async def test_the_log_has_steps_and_no_secrets(
    api: Api, browser: Browser, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    tokens = await client.connect(browser)
    await client.refresh(tokens["refresh_token"])
    for step in ("has allowed", "became connection", "refreshed"):
        assert step in caplog.text
    for secret in (tokens["access_token"], tokens["refresh_token"], VERIFIER, PASSWORD):
        assert secret not in caplog.text
