"""What a user says of themselves."""

from typing import Any

import pytest

from application.ports import TextDelta
from tests.http.conftest import Api

ME = "/api/auth/me"


async def test_a_profile_is_changed_field_by_field_and_shown_wherever_the_user_is(api: Api) -> None:
    changed = await api("PATCH", ME, json={"timezone": "europe/berlin", "locale": "DE-de"})
    assert changed.status_code == 200
    assert (changed.json()["timezone"], changed.json()["locale"]) == ("Europe/Berlin", "de-DE")
    assert (await api("PATCH", ME, json={"name": " Ann ", "week_start": "saturday"})).json()["name"] == "Ann"
    expected = {"name": "Ann", "timezone": "Europe/Berlin", "week_start": "saturday", "locale": "de-DE"}
    signed_in = await api("POST", "/api/auth/signin", json={"email": "ann@example.com", "password": "password1"})
    exported = await api("GET", f"{ME}/export")
    for user in ((await api("GET", ME)).json(), signed_in.json()["user"], exported.json()["account"]):
        assert user | expected == user


async def test_null_brings_back_the_default_and_what_is_absent_stays(api: Api) -> None:
    await api("PATCH", ME, json={"name": "Ann", "timezone": "Asia/Tokyo", "week_start": "sunday", "locale": "ja"})
    fields = {"name": None, "timezone": "UTC", "week_start": "monday", "locale": "en"}
    before = (await api("GET", ME)).json()
    for field, default in fields.items():
        after = (await api("PATCH", ME, json={field: None})).json()
        assert after == before | {field: default}
        before = after


NONE: dict[str, list[Any]] = {
    "timezone": [
        *("", "Mars/Base", "localtime", "Factory", "posixrules", "+01:00", "CEST", "../UTC", "posix/UTC", " UTC"),
        *("Europe", "Europe/Berlin\x00", "x" * 9999, 1, []),
    ],
    "week_start": ["", "Monday", "tuesday", 1, False],
    "locale": ["", "e", "en_US", "en-", "-en", "en--US", "x" * 36, "en-\u0130", 7],
    "name": ["x" * 101, "a\x00b", 5],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in NONE.items() for value in values])
async def test_what_is_none_is_refused_by_field_and_changes_nothing(api: Api, field: str, value: Any) -> None:
    before = (await api("GET", ME)).json()
    refused = await api("PATCH", ME, json={"name": "Bob", field: value})
    assert (refused.status_code, refused.json()["detail"]["fields"][0]["field"]) == (400, field)
    form = {"email": "bob@example.com", "password": "password1", field: value}
    assert (await api("POST", "/api/auth/signup", json=form)).status_code == 400
    assert (await api("GET", ME)).json() == before


async def test_nothing_and_what_is_no_profile_is_refused(api: Api) -> None:
    assert (await api("PATCH", ME, json={})).json()["detail"]["code"] == "INVALID_REQUEST"
    bodies: list[Any] = [{"email": "eve@example.com"}, {"id": "id-9"}, {"email_confirmed": True}, [], None]
    for body in bodies:
        assert (await api("PATCH", ME, json=body)).status_code == 400


async def test_who_signs_up_may_say_where_they_are(api: Api) -> None:
    form = {"email": "bob@example.com", "password": "password1", "timezone": "us/pacific", "locale": "en-us"}
    user = (await api("POST", "/api/auth/signup", json=form)).json()["user"]
    assert (user["timezone"], user["week_start"], user["locale"]) == ("US/Pacific", "monday", "en-US")


async def test_an_api_token_changes_no_profile(api: Api) -> None:
    token = (await api("POST", "/api/users/me/tokens", json={"name": "x"})).json()["token"]
    refused = await api("PATCH", ME, json={"name": "Eve"}, headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 403


async def test_another_time_zone_touches_no_task_and_no_revision(api: Api) -> None:
    await api("POST", "/api/users/me/tasks", json={"title": "Buy milk"})
    paths = ("/api/users/me/tasks", "/api/users/me/events?after=0")
    before = [(await api("GET", path)).content for path in paths]
    await api("PATCH", ME, json={"timezone": "Pacific/Kiritimati"})
    assert [(await api("GET", path)).content for path in paths] == before


async def test_today_in_the_assistants_instructions_is_the_users(api: Api) -> None:
    api.clock.forward(hours=12)
    for zone, today in (
        ("UTC", "Monday, 2026-11-23 (UTC)"),
        ("Pacific/Kiritimati", "Tuesday, 2026-11-24 (Pacific/Kiritimati)"),
        ("America/New_York", "Monday, 2026-11-23 (America/New_York)"),
    ):
        await api("PATCH", ME, json={"timezone": zone})
        api.model.answers.append([TextDelta("Hello.")])
        await api("POST", "/api/users/me/chat", json={"message": "hello"})
        assert f"Today is {today}." in api.model.prompts[-1].instructions
