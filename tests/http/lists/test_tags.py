"""Tags over HTTP."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.http.conftest import Api
from tests.http.lists.test_lists import TASKS, code
from tests.http.lists.test_views import VIEWS

TAGS = "/api/users/me/tags"


async def add(api: Api, *tags: str) -> Any:
    return (await api("POST", TASKS, json={"title": "x", "tags": list(tags)})).json()


async def test_tags_are_those_of_the_tasks_with_the_number_of_open_ones(api: Api) -> None:
    assert (await api("GET", TAGS)).json() == []
    await add(api, "Büro", "home")
    await add(api, "buro")
    await add(api, "Büro")
    await api("PATCH", f"{TASKS}/1/complete")
    await add(api, "trash")
    await api("DELETE", f"{TASKS}/4")
    assert (await api("GET", TAGS)).json() == [{"name": "Büro", "pending": 2}, {"name": "home", "pending": 0}]


async def test_a_tag_is_renamed_everywhere_as_one_change(api: Api) -> None:
    await add(api, "Errand", "home")
    await add(api, "errand")
    await add(api, "other")
    await api("POST", VIEWS, json={"name": "Out", "filter": "@errand & today"})
    answer = await api("PATCH", f"{TAGS}/ERRAND", json={"name": "Shopping"})
    assert answer.json() == {"name": "Shopping", "pending": 2}
    assert [task["tags"] for task in (await api("GET", TASKS)).json()["tasks"]] == [
        ["other"],
        ["Shopping"],
        ["Shopping", "home"],
    ]
    assert (await api("GET", f"{VIEWS}/1")).json()["filter"] == "@Shopping & today"
    events = (await api("GET", "/api/users/me/events?after=4")).json()["events"]
    assert [(each["entity"], each["change_set"]) for each in events] == [("task", 5), ("task", 5), ("view", 5)]
    await api("POST", "/api/users/me/events/6/undo")
    assert (await api("GET", f"{VIEWS}/1")).json()["filter"] == "@errand & today"
    assert [each["name"] for each in (await api("GET", TAGS)).json()] == ["Errand", "home", "other"]


async def test_a_tag_that_gets_the_name_of_another_one_joins_it(api: Api) -> None:
    await add(api, "a", "b")
    await add(api, "a")
    assert (await api("PATCH", f"{TAGS}/a", json={"name": "b"})).json() == {"name": "b", "pending": 2}
    assert [task["tags"] for task in (await api("GET", TASKS)).json()["tasks"]] == [["b"], ["b"]]


async def test_another_spelling_of_the_same_name_is_taken_over(api: Api) -> None:
    await add(api, "home")
    await api("PATCH", f"{TAGS}/home", json={"name": "Home"})
    assert (await api("GET", TAGS)).json() == [{"name": "Home", "pending": 1}]


async def test_a_deleted_tag_is_taken_off_the_tasks(api: Api) -> None:
    await add(api, "a", "b")
    assert (await api("DELETE", f"{TAGS}/A")).json() == {"message": "The tag A is deleted."}
    assert (await api("GET", TAGS)).json() == [{"name": "b", "pending": 1}]
    assert code(await api("DELETE", f"{TAGS}/a")) == (404, "NOT_FOUND")


@pytest.mark.parametrize("name", ["a/b", "50% off", "#1", "käse & wein", "?"])
async def test_a_name_may_have_any_signs(api: Api, name: str) -> None:
    await add(api, name)
    renamed = await api("PATCH", f"{TAGS}/{quote(name, safe='')}", json={"name": "plain"})
    assert renamed.json() == {"name": "plain", "pending": 1}


@pytest.mark.parametrize("name", ["", " ", "x" * 51, None])
async def test_a_name_that_breaks_a_rule_is_refused(api: Api, name: str | None) -> None:
    await add(api, "a")
    assert code(await api("PATCH", f"{TAGS}/a", json={"name": name})) == (400, "VALIDATION_ERROR")
    assert code(await api("PATCH", f"{TAGS}/nothing", json={"name": "b"})) == (404, "NOT_FOUND")


async def test_a_tag_of_another_user_is_not_found(api: Api) -> None:
    await add(api, "a")
    bob = await api.sign_up("bob")
    assert (await api("GET", TAGS, headers=bob)).json() == []
    assert code(await api("PATCH", f"{TAGS}/a", json={"name": "b"}, headers=bob)) == (404, "NOT_FOUND")
    assert code(await api("DELETE", f"{TAGS}/a", headers=bob)) == (404, "NOT_FOUND")
