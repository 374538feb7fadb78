"""Views over HTTP."""

from typing import Any

import pytest

from tests.http.conftest import Api
from tests.http.lists.test_lists import LISTS, code

VIEWS = "/api/users/me/views"
HOME = {"name": "At home", "filter": "(today|overdue) & #home", "sort": "-priority, due"}


@pytest.fixture
async def home(api: Api) -> Api:
    await api("POST", LISTS, json={"name": "Home"})
    return api


async def shown(api: Api) -> tuple[str, str | None]:
    view = (await api("GET", f"{VIEWS}/1")).json()
    return view["filter"], view["problem"]


async def test_the_life_of_a_view(home: Api) -> None:
    added = await home("POST", VIEWS, json=HOME)
    assert added.status_code == 201
    view = {
        "id": 1,
        "name": "At home",
        "filter": "(today | overdue) & #Home",
        "problem": None,
        "sort": "-priority,due",
        "position": "a1",
        "created_at": "2026-11-23T09:00:00Z",
        "updated_at": "2026-11-23T09:00:00Z",
        "deleted_at": None,
        "revision": 2,
    }
    assert added.json() == view
    assert (await home("GET", f"{VIEWS}/1")).json() == view
    changed = await home("PATCH", f"{VIEWS}/1", json={"sort": None, "name": "Home"})
    assert changed.json() == view | {"sort": None, "name": "Home", "revision": 3}
    assert (await home("DELETE", f"{VIEWS}/1")).json() == {"message": "View 1 is deleted."}
    assert code(await home("GET", f"{VIEWS}/1")) == (404, "NOT_FOUND")
    assert len((await home("GET", f"{VIEWS}?status=trashed")).json()["views"]) == 1
    assert (await home("POST", f"{VIEWS}/1/restore")).json() == changed.json() | {"revision": 5}
    assert [each["kind"] for each in (await home("GET", f"{VIEWS}/1/events")).json()["events"]] == [
        "created",
        "updated",
        "deleted",
        "restored",
    ]


async def test_a_view_follows_its_list_and_says_when_it_is_gone(home: Api) -> None:
    tag = (await home("POST", VIEWS, json=HOME)).headers["ETag"]
    await home("PATCH", f"{LISTS}/1", json={"name": "My house"})
    assert await shown(home) == ("(today | overdue) & #My house", None)
    assert (await home("GET", f"{VIEWS}/1", headers={"If-None-Match": tag})).status_code == 200
    await home("DELETE", f"{LISTS}/1")
    gone = "This list is gone, so it matches nothing: “My house”."
    assert await shown(home) == ("(today | overdue) & #My house", gone)
    same = await home("PATCH", f"{VIEWS}/1", json={"filter": "#My house & p1"})
    assert (same.json()["filter"], same.json()["problem"]) == ("#My house & p1", gone)
    home.store.rows.lists.clear()
    assert await shown(home) == ("#deleted list 1 & p1", "This list is gone, so it matches nothing: “deleted list 1”.")


async def test_the_log_has_the_numbers_of_lists(home: Api) -> None:
    await home("POST", VIEWS, json=HOME)
    event = (await home("GET", "/api/users/me/events")).json()["events"][-1]
    assert (event["entity"], event["after"]["filter"]) == ("view", "(today | overdue) & #1")
    delta = (await home("GET", "/api/users/me/sync")).json()
    assert [each["filter"] for each in delta["views"]] == ["(today | overdue) & #1"]


async def test_words_for_days_stay_words(api: Api) -> None:
    view = await api("POST", VIEWS, json={"name": "Soon", "filter": "due before: next monday"})
    assert view.json()["filter"] == "due before: next monday"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"filter": "#Nowhere"}, "filter"),
        ({"filter": "today &"}, "filter"),
        ({"filter": "due: someday"}, "filter"),
        ({"filter": ""}, "filter"),
        ({"filter": "x" * 1_001}, "filter"),
        ({"filter": None}, "filter"),
        ({"sort": "size"}, "sort"),
        ({"sort": "due,-due"}, "sort"),
        ({"sort": "relevance"}, "sort"),
        ({"name": "Second"}, None),
    ],
)
async def test_what_breaks_a_rule_is_refused(home: Api, change: dict[str, Any], field: str | None) -> None:
    await home("POST", VIEWS, json=HOME)
    await home("POST", VIEWS, json={"name": "second", "filter": "today"})
    answer = await home("PATCH", f"{VIEWS}/1", json=change)
    if field is None:
        assert code(answer) == (409, "CONFLICT")
    else:
        assert code(answer) == (400, "VALIDATION_ERROR")
        assert answer.json()["detail"]["fields"][0]["field"] in (field, "body")
    assert (await home("GET", f"{VIEWS}/1")).json()["revision"] == 2


async def test_a_filter_that_does_not_parse_says_where_and_what_was_expected(home: Api) -> None:
    detail = (await home("POST", VIEWS, json={"name": "x", "filter": "today & & p1"})).json()["detail"]
    assert (detail["position"], detail["example"]) == (8, "(today | overdue) & !#Work")


async def test_a_view_of_another_user_is_not_found(home: Api) -> None:
    await home("POST", VIEWS, json=HOME)
    bob = await home.sign_up("bob")
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "x"}),
        ("DELETE", "", None),
        ("POST", "/restore", None),
    ):
        answer = await home(method, f"{VIEWS}/1{path}", headers=bob, **({"json": body} if body else {}))
        assert code(answer) == (404, "NOT_FOUND")
    assert code(await home("POST", VIEWS, json=HOME, headers=bob)) == (400, "VALIDATION_ERROR")
