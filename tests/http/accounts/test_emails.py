from typing import Any

import pytest

from tests.http.conftest import Api

CHANGE = {"email": "new@example.com", "password": "password1"}  # pragma: allowlist secret


def token_of(answer: Any) -> str:
    token: str = answer.json()["confirm_link"].partition("token=")[2]
    return token


async def confirmed(api: Api, token: str) -> int:
    return (await api.client.post("/api/auth/confirm-email", json={"token": token})).status_code


async def test_an_address_is_confirmed_by_the_link_that_was_mailed_there(api: Api) -> None:
    asked = await api("POST", "/api/auth/send-confirmation")
    assert asked.status_code == 200
    assert [to for to, _ in api.mailer.sent] == ["ann@example.com"]
    assert await confirmed(api, token_of(asked)) == 200
    assert (await api("GET", "/api/auth/me")).json()["email_confirmed"]
    assert await confirmed(api, token_of(asked)) == 400
    assert (await api("POST", "/api/auth/send-confirmation")).status_code == 409


async def test_a_new_address_counts_when_it_is_confirmed_and_the_old_one_is_told(api: Api) -> None:
    asked = await api("POST", "/api/auth/change-email", json=CHANGE)
    assert (await api("GET", "/api/auth/me")).json()["email"] == "ann@example.com"
    assert await confirmed(api, token_of(asked)) == 200
    me = (await api("GET", "/api/auth/me")).json()
    assert (me["email"], me["email_confirmed"]) == ("new@example.com", True)
    assert api.mailer.sent[-1] == ("ann@example.com", "now new@example.com")
    signed_in = await api.client.post("/api/auth/signin", json=CHANGE)
    assert signed_in.status_code == 200


async def test_a_link_for_a_new_password_that_the_old_address_got_ends_with_it(api: Api) -> None:
    forgot = await api.client.post("/api/auth/forgot-password", json={"email": "ann@example.com"})
    token = forgot.json()["reset_link"].partition("token=")[2]
    await confirmed(api, token_of(await api("POST", "/api/auth/change-email", json=CHANGE)))
    reset = {"token": token, "new_password": "another password"}  # pragma: allowlist secret
    assert (await api.client.post("/api/auth/reset-password", json=reset)).status_code == 400


async def test_a_wrong_password_changes_no_address(api: Api) -> None:
    wrong = CHANGE | {"password": "password2"}  # pragma: allowlist secret
    assert (await api("POST", "/api/auth/change-email", json=wrong)).status_code == 401
    assert api.mailer.sent == []


async def test_a_taken_address_is_not_told_and_not_given(api: Api) -> None:
    await api.sign_up("bob")
    asked = await api("POST", "/api/auth/change-email", json=CHANGE | {"email": "bob@example.com"})
    assert asked.status_code == 200
    assert await confirmed(api, token_of(asked)) == 400


@pytest.mark.parametrize("token", ["", "x", "id-1.x", "\ud800".encode("utf-8", "replace").decode()])
async def test_a_link_that_is_not_ours_is_refused(api: Api, token: str) -> None:
    await api("POST", "/api/auth/send-confirmation")
    assert await confirmed(api, token) == 400


async def test_links_are_shown_in_development_only() -> None:
    api = Api(shows_links=False)
    api.headers = await api.sign_up("ann")
    assert (await api("POST", "/api/auth/send-confirmation")).json()["confirm_link"] is None
