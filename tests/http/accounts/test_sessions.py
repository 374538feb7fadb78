import re
from typing import Any

import httpx
import pytest

from tests.http.conftest import ORIGIN, Api

ANN = {"email": "ann@example.com", "password": "password1"}
REFRESH = "/api/auth/refresh"


def cookie_of(answer: httpx.Response, name: str = "tasktalk_refresh") -> set[str]:
    [cookie] = [each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{name}=")]
    return set(cookie.split("; ")[1:])


async def signed_in(api: Api, **options: Any) -> dict[str, Any]:
    body: dict[str, Any] = (await api("POST", "/api/auth/signin", json=ANN, **options)).json()
    return body


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("shows_links", "secure"), [(True, set()), (False, {"Secure"})])
async def test_the_refresh_token_is_in_a_cookie_that_scripts_and_other_sites_can_not_use(
    shows_links: bool, secure: set[str]
) -> None:
    api = Api(shows_links=shows_links)
    answer = await api("POST", "/api/auth/signup", json=ANN)
    assert set(answer.json()) == {"token", "user"}
    assert cookie_of(answer) == {"HttpOnly", "Max-Age=2592000", "Path=/api/auth", "SameSite=strict"} | secure


async def test_a_cookie_beside_it_tells_the_page_that_somebody_is_signed_in_until_they_sign_out(api: Api) -> None:
    answer = await api("POST", "/api/auth/signin", json=ANN)
    attributes = {"Path=/", "SameSite=lax"}
    assert cookie_of(answer, "tasktalk_signed_in") == attributes | {"Max-Age=2592000"}
    assert api.client.cookies["tasktalk_signed_in"] == "1"
    for way in ("signout", "signout-everywhere"):
        token = (await signed_in(api))["token"]
        answer = await api("POST", f"/api/auth/{way}", headers=bearer(token))
        assert cookie_of(answer, "tasktalk_signed_in") == attributes | {"Max-Age=0"}


async def test_the_cookie_gets_a_new_access_token_and_is_replaced(api: Api) -> None:
    await signed_in(api)
    used = api.client.cookies["tasktalk_refresh"]
    answer = await api("POST", REFRESH, headers={"Authorization": ""})
    assert (answer.status_code, set(answer.json())) == (200, {"token", "user"})
    assert api.client.cookies["tasktalk_refresh"] != used
    assert (await api("GET", "/api/auth/me", headers=bearer(answer.json()["token"]))).status_code == 200


async def test_the_cookie_alone_gets_an_access_token_and_nothing_else(api: Api) -> None:
    document = (await api.client.get("/openapi.json")).json()
    api.headers = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if operation.get("security") != [{}]:
                answer = await api(method.upper(), re.sub(r"\{\w+\}", "1", path), json={})
                assert answer.status_code == 401, path
    assert (await api("POST", "/api/auth/refresh")).status_code == 200


async def test_a_client_without_cookies_asks_for_the_refresh_token_in_the_body(api: Api) -> None:
    api.client.cookies.clear()
    first = await signed_in(api, params={"refresh": "body"})
    answer = await api("POST", REFRESH, json={"refresh_token": first["refresh_token"]})
    assert set(answer.json()) == {"token", "user", "refresh_token"}
    assert answer.json()["refresh_token"] != first["refresh_token"]
    assert "Set-Cookie" not in answer.headers
    assert not api.client.cookies
    assert (await api("POST", "/api/auth/signin", json=ANN, params={"refresh": "x"})).status_code == 400


async def test_without_a_good_refresh_token_the_answer_is_one_and_only_a_cookie_that_came_is_cleared(api: Api) -> None:
    used = (await signed_in(api, params={"refresh": "body"}))["refresh_token"]
    await api("POST", REFRESH, json={"refresh_token": used})
    api.clock.forward(seconds=11)
    api.client.cookies.clear()
    headers = {"X-Request-ID": "same"}
    answers = [
        await api("POST", REFRESH, json={"refresh_token": used}, headers=headers),
        await api("POST", REFRESH, json={"refresh_token": "guess"}, headers=headers),
        await api("POST", REFRESH, headers=headers),
        await api("POST", REFRESH, headers=headers | {"Cookie": "tasktalk_refresh=old"}),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert "Max-Age=0" in cookie_of(answers.pop())
    assert not any("Set-Cookie" in answer.headers for answer in answers), "another site's form may have sent them"


@pytest.mark.parametrize("body", [b"{}", b'{"refresh_token": 7}', b"[]", b"{"])
async def test_a_bad_body_is_no_refresh(api: Api, body: bytes) -> None:
    answer = await api("POST", REFRESH, content=body)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(("path", "others"), [("signout", 200), ("signout-everywhere", 401)])
async def test_signing_out_ends_access_and_refresh_tokens(api: Api, path: str, others: int) -> None:
    token = (await signed_in(api))["token"]
    answer = await api("POST", f"/api/auth/{path}", headers=bearer(token))
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert "Max-Age=0" in cookie_of(answer)
    refused = await api("GET", "/api/auth/me", headers=bearer(token))
    assert (refused.status_code, refused.json()["detail"]["code"]) == (401, "UNAUTHORIZED")
    assert (await api("POST", REFRESH)).status_code == 401
    assert (await api("GET", "/api/auth/me")).status_code == others


async def test_a_changed_password_signs_out_the_others(api: Api) -> None:
    token = (await signed_in(api))["token"]
    change = {"current_password": "password1", "new_password": "new password"}
    answer = await api("POST", "/api/auth/change-password", json=change, headers=bearer(token))
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert (await api("GET", "/api/auth/me", headers=bearer(token))).status_code == 200
    assert (await api("GET", "/api/auth/me")).status_code == 401
    wrong = await api("POST", "/api/auth/change-password", json=change, headers=bearer(token))
    assert (wrong.status_code, wrong.json()["detail"]["code"]) == (401, "INVALID_CREDENTIALS")


async def test_only_the_named_front_end_may_send_the_cookie() -> None:
    for origin, allowed in ((ORIGIN, "true"), ("*", None)):
        api = Api(origin=origin)
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
        for answer in (await api("OPTIONS", REFRESH, headers=asked), await api("POST", REFRESH, headers=asked)):
            assert answer.headers.get("Access-Control-Allow-Credentials") == allowed
    api = Api()
    answer = await api("POST", REFRESH, headers={"Origin": "https://evil.example", "Cookie": "tasktalk_refresh=x"})
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_requests_ask_no_database_whether_their_session_lives(api: Api) -> None:
    token = (await signed_in(api))["token"]
    await api("POST", "/api/auth/signout", headers=bearer(token))
    api.store.fault = RuntimeError("asked")
    assert (await api("GET", "/api/auth/me", headers=bearer(token))).status_code == 401
