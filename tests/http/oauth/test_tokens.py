"""The token endpoint, and what its tokens open."""

from base64 import b64encode
from typing import Any

import pytest

from tests.http.conftest import Api
from tests.http.oauth.browsing import BASE, CALLBACK, Browser, Client, post_form, registered

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_tasks", "arguments": {}}}
ADD = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "add_task", "arguments": {"title": "a"}}}
HEADERS = {"MCP-Protocol-Version": "2025-11-25"}


async def mcp(api: Api, token: str, message: Any = LIST) -> int:
    headers = {**HEADERS, "Authorization": f"Bearer {token}"}
    return (await api.client.post("/mcp", json=message, headers=headers)).status_code


async def tasks(api: Api, token: str) -> int:
    return (await api.client.get("/api/users/me/tasks", headers={"Authorization": f"Bearer {token}"})).status_code


async def test_a_code_becomes_an_access_token_for_an_hour_and_a_refresh_token(browser: Browser, client: Client) -> None:
    tokens = await client.connect(browser)
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert tokens["scope"] == "tasks:read tasks:write offline_access"
    assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token", "scope"}


async def test_the_token_opens_mcp_and_not_the_api(api: Api, browser: Browser, client: Client) -> None:
    token = (await client.connect(browser))["access_token"]
    assert (await mcp(api, token), await mcp(api, token, ADD), await tasks(api, token)) == (200, 200, 401)


async def test_where_the_api_is_asked_for_the_token_opens_that(api: Api, browser: Browser, client: Client) -> None:
    token = (await client.connect(browser, resource=f"{BASE}/api"))["access_token"]
    assert (await mcp(api, token), await tasks(api, token)) == (401, 200)
    headers = {"Authorization": f"Bearer {token}"}
    for address in ("tokens", "connections"):
        assert (await api.client.get(f"/api/users/me/{address}", headers=headers)).status_code == 403


async def test_a_token_that_may_only_read_changes_nothing(api: Api, browser: Browser, client: Client) -> None:
    token = (await client.connect(browser, scope="tasks:read"))["access_token"]
    assert (await mcp(api, token), await mcp(api, token, ADD)) == (200, 403)


async def test_an_access_token_ends_after_an_hour(api: Api, browser: Browser, client: Client) -> None:
    token = (await client.connect(browser))["access_token"]
    api.clock.forward(minutes=59, seconds=59)
    assert await mcp(api, token) == 200
    api.clock.forward(seconds=1)
    assert await mcp(api, token) == 401


async def test_the_log_of_changes_says_which_app_it_was(api: Api, browser: Browser, client: Client) -> None:
    token = (await client.connect(browser))["access_token"]
    await mcp(api, token, ADD)
    [event] = (await api("GET", "/api/users/me/events")).json()["events"]
    [connection] = (await api("GET", "/api/users/me/connections")).json()["connections"]
    actor = event["actor"]
    assert (actor["kind"], actor["id"], actor["name"]) == ("token", connection["id"], "My app")


async def test_a_refresh_gives_the_next_pair(api: Api, browser: Browser, client: Client) -> None:
    tokens = await client.connect(browser)
    answer = await client.refresh(tokens["refresh_token"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["refresh_token"] != tokens["refresh_token"]
    assert await mcp(api, answer.json()["access_token"]) == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "ann", "password": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "client_secret": "x"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "client_assertion": "x"}, 401, "invalid_client"),
    ],
)
async def test_errors_are_those_of_the_rfc(client: Client, form: dict[str, str], status: int, error: str) -> None:
    answer = await client.token(**form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"}
    assert answer.headers["cache-control"] == "no-store"


async def test_a_parameter_that_is_given_twice_is_refused(api: Api, client: Client) -> None:
    body = f"grant_type=refresh_token&refresh_token=a&refresh_token=b&client_id={client.id}"
    answer = await api.client.post(
        "/oauth/token", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_form_is_needed_and_get_is_not_there(api: Api, client: Client) -> None:
    assert (await api.client.post("/oauth/token", json={"grant_type": "refresh_token"})).status_code == 415
    assert (await api.client.get("/oauth/token")).status_code == 405


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
async def test_a_client_with_a_secret_needs_it(api: Api, browser: Browser, method: str) -> None:
    form = {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": method}
    made = (await api.client.post("/oauth/register", json=form)).json()
    client, secret = Client(api, made["client_id"]), made["client_secret"]
    page = await browser.sign_in(await browser.open(client.address()))
    allowed = await browser.submit(page, decision="allow")
    code = allowed.headers["location"].partition("code=")[2].partition("&")[0]
    refused = await client.exchange(code)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    given = {"grant_type": "authorization_code", "code": code, "code_verifier": "v" * 43, "redirect_uri": CALLBACK}
    wrong, right = [await send(api, method, given, client.id, each) for each in ("wrong", secret)]
    assert (wrong.status_code, right.status_code) == (401, 200)
    assert ("www-authenticate" in wrong.headers) is (method == "client_secret_basic")


async def send(api: Api, method: str, form: dict[str, str], client_id: str, secret: str) -> Any:
    if method == "client_secret_post":
        return await post_form(api, "/oauth/token", {**form, "client_id": client_id, "client_secret": secret})
    basic = b64encode(f"{client_id}:{secret}".encode()).decode()
    return await post_form(api, "/oauth/token", form, Authorization=f"Basic {basic}")


async def test_a_client_authenticates_in_one_way_only(api: Api, client: Client) -> None:
    form = {"grant_type": "refresh_token", "client_id": client.id, "client_secret": "x"}
    answer = await post_form(api, "/oauth/token", form, Authorization="Basic eDp4")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_client_gives_its_token_back(api: Api, browser: Browser, client: Client) -> None:
    tokens = await client.connect(browser)
    for token in (tokens["refresh_token"], tokens["refresh_token"], "nonsense"):
        answer = await post_form(api, "/oauth/revoke", {"client_id": client.id, "token": token})
        assert answer.status_code == 200
    assert await mcp(api, tokens["access_token"]) == 401
    assert (await client.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_foreign_client_gives_nothing_back(api: Api, browser: Browser, client: Client) -> None:
    tokens, other = await client.connect(browser), await registered(api)
    await post_form(api, "/oauth/revoke", {"client_id": other.id, "token": tokens["refresh_token"]})
    assert await mcp(api, tokens["access_token"]) == 200
    unknown = await post_form(api, "/oauth/revoke", {"client_id": "nobody", "token": "x"})
    assert (unknown.status_code, unknown.json()["error"]) == (401, "invalid_client")
    assert (await post_form(api, "/oauth/revoke", {"client_id": client.id})).json()["error"] == "invalid_request"


async def test_a_registration_is_answered_with_what_was_registered(api: Api) -> None:
    form = {
        "client_name": "ChatGPT",
        "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "tasks:read tasks:write",
        "software_id": None,
        "unknown": {"nested": [1]},
    }
    answer = await api.client.post("/oauth/register", json=form)
    assert answer.status_code == 201
    said = answer.json()
    assert said["grant_types"] == ["authorization_code", "refresh_token"]
    assert (said["token_endpoint_auth_method"], said["redirect_uris"]) == ("none", form["redirect_uris"])
    assert "client_secret" not in said
    secret = (await api.client.post("/oauth/register", json={"redirect_uris": [CALLBACK]})).json()
    assert (secret["token_endpoint_auth_method"], secret["client_secret_expires_at"]) == ("client_secret_basic", 0)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://example.com"]}, "invalid_redirect_uri"),
        ({"redirect_uris": CALLBACK}, "invalid_client_metadata"),
        ([], "invalid_client_metadata"),
        ({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "tls_client_auth"}, "invalid_client_metadata"),
    ],
)
async def test_what_cannot_be_registered_is_told_in_the_words_of_the_rfc(api: Api, form: Any, error: str) -> None:
    answer = await api.client.post("/oauth/register", json=form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_a_user_sees_and_ends_connections(api: Api, browser: Browser, client: Client) -> None:
    tokens = await client.connect(browser)
    await mcp(api, tokens["access_token"])
    await api.background.close()
    [connection] = (await api("GET", "/api/users/me/connections")).json()["connections"]
    assert (connection["name"], connection["host"]) == ("My app", "app.example.com")
    assert connection["scopes"] == ["tasks:read", "tasks:write"]
    assert connection["created_at"] == connection["last_used_at"] < connection["expires_at"]
    assert (await api("DELETE", f"/api/users/me/connections/{connection['id']}")).status_code == 200
    assert (await api("GET", "/api/users/me/connections")).json()["connections"] == []
    assert await mcp(api, tokens["access_token"]) == 401
    assert (await api("DELETE", f"/api/users/me/connections/{connection['id']}")).status_code == 404


async def test_a_changed_password_ends_connections_where_that_is_asked_for(
    api: Api, browser: Browser, client: Client
) -> None:
    tokens = await client.connect(browser)
    for ends, status in ((False, 200), (True, 401)):
        form = {"current_password": "password1", "new_password": "password1", "end_tokens_and_webhooks": ends}
        said = (await api("POST", "/api/auth/change-password", json=form)).json()["message"]
        assert "1 connected app" in said
        assert await mcp(api, tokens["access_token"]) == status


async def test_an_erased_account_has_no_connections(api: Api, browser: Browser, client: Client) -> None:
    tokens = await client.connect(browser)
    await api("DELETE", "/api/auth/me", json={"password": "password1"})
    assert await mcp(api, tokens["access_token"]) == 401
    assert (await client.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert api.store.rows.oauth_connections == {}


async def test_the_address_of_another_server_is_not_ours(api: Api, client: Client) -> None:
    for method, address in (("POST", "/oauth/token"), ("POST", "/oauth/register"), ("GET", client.address())):
        answer = await api.client.request(method, address, json={}, headers={"Host": "evil.example.com"})
        assert answer.status_code == 421, address
