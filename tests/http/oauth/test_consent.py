"""The consent page: who sees it, what it says, and what comes of it."""

import re

import httpx
import pytest

from tests.http.conftest import Api
from tests.http.oauth.browsing import BASE, CALLBACK, PASSWORD, Browser, Client, answered, registered


async def test_a_person_signs_in_sees_who_asks_for_what_and_allows_it(browser: Browser, client: Client) -> None:
    page = await browser.open(client.address())
    assert "Sign in to connect My app" in page.text
    page = await browser.sign_in(page)
    for said in ("Connect My app?", "ann@example.com", "app.example.com", "add, change, complete and delete"):
        assert said in page.text
    answer = answered(await browser.submit(page, decision="allow"))
    assert (answer["state"], answer["iss"]) == ("a state", BASE)
    assert (await client.exchange(answer["code"])).status_code == 200


async def test_who_is_signed_in_on_the_page_need_not_sign_in_again(api: Api, browser: Browser, client: Client) -> None:
    await browser.client.post("/api/auth/signin", json={"email": "ann@example.com", "password": PASSWORD})
    page = await browser.open(client.address())
    assert "Connect My app?" in page.text
    assert (await browser.client.post("/api/auth/refresh")).status_code == 200, "nothing was used up"


async def test_refusing_tells_the_client_and_gives_nothing(api: Api, browser: Browser, client: Client) -> None:
    page = await browser.sign_in(await browser.open(client.address()))
    answer = answered(await browser.submit(page, decision="refuse"))
    assert answer["error"] == "access_denied"
    assert (answer["state"], answer["iss"]) == ("a state", BASE)
    assert api.store.rows.oauth_codes == {}


async def test_a_person_may_allow_reading_only(browser: Browser, client: Client) -> None:
    page = await browser.sign_in(await browser.open(client.address()))
    code = answered(await browser.submit(page, decision="allow", access="read"))["code"]
    assert (await client.exchange(code)).json()["scope"] == "tasks:read offline_access"


async def test_a_client_that_asks_to_read_cannot_be_given_more(browser: Browser, client: Client) -> None:
    page = await browser.sign_in(await browser.open(client.address(scope="tasks:read")))
    assert "delete" not in page.text
    code = answered(await browser.submit(page, decision="allow", access="write"))["code"]
    assert (await client.exchange(code)).json()["scope"] == "tasks:read offline_access"


async def test_a_program_on_this_device_comes_with_a_warning(api: Api, browser: Browser) -> None:
    client = await registered(api, redirect_uris=["http://127.0.0.1/callback"])
    page = await browser.sign_in(await browser.open(client.address(redirect_uri="http://127.0.0.1:43117/callback")))
    assert "this device" in page.text
    assert "any program here could pretend" in page.text
    answer = await browser.submit(page, decision="allow")
    assert answer.headers["location"].startswith("http://127.0.0.1:43117/callback?code=")


async def test_another_account_may_be_taken(api: Api, browser: Browser, client: Client) -> None:
    await api.sign_up("bob")
    page = await browser.sign_in(await browser.open(client.address()))
    other = re.findall(r'<a href="([^"]+)">not you', page.text)[0].replace("&amp;", "&")
    page = await browser.sign_in(await browser.client.get(other), email="bob@example.com")
    assert "bob@example.com" in page.text


async def test_a_wrong_password_is_told_on_the_page_and_counted(browser: Browser, client: Client) -> None:
    page = await browser.open(client.address())
    answers = [await browser.sign_in(page, password="wrong") for _ in range(12)]
    assert [answers[0].status_code, answers[-1].status_code] == [401, 429]
    assert "Email or password is wrong." in answers[0].text
    assert 'value="ann@example.com"' in answers[0].text
    assert "wrong" not in re.findall(r'name="password"[^>]*', answers[0].text)[0]


async def test_an_unknown_email_is_told_in_the_same_words(browser: Browser, client: Client) -> None:
    page = await browser.open(client.address())
    emails = ("ann@example.com", "x@example.com", "x")
    known, unknown, bad = [await browser.sign_in(page, email=email, password="wrong") for email in emails]
    texts = [re.sub(r'value="[^"]*"', "", answer.text) for answer in (known, unknown, bad)]
    assert texts[0] == texts[1] == texts[2]


@pytest.mark.parametrize("address", ["/oauth/authorize", "/api/auth/consent"])
async def test_whoever_asks_wrongly_is_told_on_a_page_and_sent_nowhere(
    browser: Browser, client: Client, address: str
) -> None:
    for changes in (
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example.com/"},
        {"redirect_uri": f"{CALLBACK}/.."},
    ):
        wrong = client.address(**changes).replace("/oauth/authorize", address)
        answer = await browser.client.get(wrong)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
        assert "location" not in answer.headers
        assert "evil" not in answer.text


async def test_other_mistakes_go_back_to_the_client(browser: Browser, client: Client) -> None:
    for changes, error in (
        ({"code_challenge": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"resource": "https://evil.example.com"}, "invalid_target"),
    ):
        answer = await browser.client.get(client.address(**changes))
        assert answered(answer)["error"] == error
        assert answer.headers["location"].startswith(f"{CALLBACK}?")


def policy_of(page: httpx.Response) -> str:
    return page.headers["content-security-policy"]


async def test_no_page_may_show_the_consent_in_a_frame(browser: Browser, client: Client) -> None:
    page = await browser.open(client.address())
    for each in (page, await browser.sign_in(page), await browser.client.get("/oauth/authorize")):
        assert each.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in policy_of(each)
        assert each.headers["cache-control"] == "no-store"


async def test_the_pages_have_no_script_and_send_forms_only_home_and_to_the_client(
    browser: Browser, client: Client
) -> None:
    page = await browser.open(client.address())
    assert policy_of(page).endswith("form-action 'self'")
    page = await browser.sign_in(page)
    assert policy_of(page).endswith("form-action 'self' https://app.example.com")
    for each in (page, await browser.client.get(client.address())):
        assert "script" not in policy_of(each)
        assert "<script" not in each.text
        assert " style=" not in each.text


async def test_a_clients_name_is_text_and_nothing_else(api: Api, browser: Browser) -> None:
    client = await registered(api, client_name='<script>alert(1)</script>"&$body')
    page = await browser.sign_in(await browser.open(client.address(state='"><script>')))
    assert "<script" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;$body" in page.text


async def test_a_document_of_a_client_is_read_and_its_name_shown(api: Api, browser: Browser) -> None:
    address = "https://claude.ai/oauth/claude-code-client-metadata"
    api.documents.published[address] = {
        "client_id": address,
        "client_name": "Claude Code",
        "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
        "token_endpoint_auth_method": "none",
    }
    client = Client(api, address)
    redirect_uri = "http://localhost:51234/callback"
    page = await browser.sign_in(await browser.open(client.address(redirect_uri=redirect_uri)))
    assert "Connect Claude Code?" in page.text
    code = answered(await browser.submit(page, decision="allow"))["code"]
    assert (await client.exchange(code, redirect_uri=redirect_uri)).status_code == 200
