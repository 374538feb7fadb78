"""Lists over HTTP: every answer, and every refusal."""

from typing import Any

import pytest

from tests.http.conftest import Api

LISTS = "/api/users/me/lists"
TASKS = "/api/users/me/tasks"


async def add(api: Api, *names: str) -> list[dict[str, Any]]:
    return [(await api("POST", LISTS, json={"name": name})).json() for name in names]


async def names(api: Api, status: str = "all") -> list[str]:
    return [each["name"] for each in (await api("GET", f"{LISTS}?status={status}")).json()["lists"]]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["detail"]["code"]


async def test_the_life_of_a_list(api: Api) -> None:
    added = await api("POST", LISTS, json={"name": " Home ", "color": "teal"})
    assert (added.status_code, added.headers["ETag"]) == (201, '"1;0"')
    shown = {
        "id": 1,
        "name": "Home",
        "color": "teal",
        "position": "a1",
        "archived": False,
        "created_at": "2026-11-23T09:00:00Z",
        "updated_at": "2026-11-23T09:00:00Z",
        "deleted_at": None,
        "revision": 1,
        "pending": 0,
    }
    assert added.json() == shown
    assert (await api("GET", f"{LISTS}/1")).json() == shown
    assert (await api("GET", LISTS)).json() == {"lists": [shown]}
    changed = await api("PATCH", f"{LISTS}/1", json={"color": None, "archived": True})
    assert changed.json() == shown | {"color": None, "archived": True, "revision": 2}
    deleted = await api("DELETE", f"{LISTS}/1")
    assert deleted.json() == {"message": "List 1 is deleted with its tasks."}
    assert (await api("GET", LISTS)).json() == {"lists": []}
    assert await names(api, "trashed") == ["Home"]
    restored = await api("POST", f"{LISTS}/1/restore")
    assert (restored.status_code, restored.json()["deleted_at"]) == (200, None)
    assert (await api("POST", f"{LISTS}/1/restore")).json() == restored.json()


async def test_the_tasks_go_with_their_list_and_come_back_with_it(api: Api) -> None:
    await add(api, "Home")
    for title in "abc":
        await api("POST", TASKS, json={"title": title, "list_id": 1})
    await api("DELETE", f"{TASKS}/1")
    api.clock.forward(seconds=1)
    await api("PATCH", f"{TASKS}/2/complete")
    assert (await api("GET", f"{LISTS}/1")).json()["pending"] == 1
    await api("DELETE", f"{LISTS}/1")
    assert (await api("GET", TASKS)).json()["tasks"] == []
    assert (await api("POST", f"{LISTS}/1/restore")).json()["pending"] == 1
    assert [task["id"] for task in (await api("GET", TASKS)).json()["tasks"]] == [3, 2]


async def test_a_name_that_is_taken_is_a_conflict_and_says_which(api: Api) -> None:
    await add(api, "Büro", "Home")
    answer = await api("POST", LISTS, json={"name": "BURO"})
    assert code(answer) == (409, "CONFLICT")
    assert "Büro" in answer.json()["detail"]["message"]
    assert code(await api("PATCH", f"{LISTS}/2", json={"name": "buro"})) == (409, "CONFLICT")
    assert (await api("PATCH", f"{LISTS}/1", json={"name": "buro"})).json()["name"] == "buro"


async def test_a_restored_list_whose_name_is_taken_gets_a_number(api: Api) -> None:
    await add(api, "Home")
    await api("DELETE", f"{LISTS}/1")
    await add(api, "home", "Home (2)")
    assert (await api("POST", f"{LISTS}/1/restore")).json()["name"] == "Home (3)"


async def test_lists_are_moved_by_hand(api: Api) -> None:
    await add(api, *"abcd")
    await api("PATCH", f"{LISTS}/4", json={"before_id": 1})
    assert await names(api) == ["d", "a", "b", "c"]
    await api("PATCH", f"{LISTS}/1", json={"after_id": 3, "name": "A"})
    assert await names(api) == ["d", "b", "c", "A"]
    await add(api, "e")
    assert await names(api) == ["d", "b", "c", "A", "e"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": None}, "name"),
        ({"color": "mauve"}, "color"),
        ({"archived": None}, "archived"),
        ({"before_id": 9}, "before_id"),
        ({"before_id": 1}, "before_id"),
        ({"before_id": 2, "after_id": 2}, "after_id"),
        ({"position": "a0"}, "position"),
    ],
)
async def test_what_breaks_a_rule_is_refused_and_nothing_is_stored(api: Api, body: dict[str, Any], field: str) -> None:
    await add(api, "a", "b")
    answer = await api("PATCH", f"{LISTS}/1", json=body)
    assert code(answer) == (400, "VALIDATION_ERROR")
    assert [each["field"] for each in answer.json()["detail"]["fields"]] in ([field], ["body"])
    assert (await api("GET", f"{LISTS}/1")).json()["revision"] == 1


async def test_a_patch_of_nothing_is_refused(api: Api) -> None:
    await add(api, "a")
    assert code(await api("PATCH", f"{LISTS}/1", json={})) == (400, "INVALID_REQUEST")


async def test_a_change_by_an_older_state_is_refused(api: Api) -> None:
    await add(api, "a")
    await api("PATCH", f"{LISTS}/1", json={"name": "b"})
    stale = {"If-Match": '"1;0"'}
    answer = await api("PATCH", f"{LISTS}/1", json={"name": "c"}, headers=stale)
    assert code(answer) == (412, "STALE")
    assert 'Its ETag is "2" now' in answer.json()["detail"]["message"]
    assert code(await api("DELETE", f"{LISTS}/1", headers=stale)) == (412, "STALE")
    assert (await api("DELETE", f"{LISTS}/1", headers={"If-Match": '"2"'})).status_code == 200


async def test_a_list_that_is_known_is_not_sent_again_unless_a_count_changed(api: Api) -> None:
    await add(api, "a")
    known = {"If-None-Match": (await api("GET", f"{LISTS}/1")).headers["ETag"]}
    assert (await api("GET", f"{LISTS}/1", headers=known)).status_code == 304
    await api("POST", TASKS, json={"title": "x", "list_id": 1})
    assert (await api("GET", f"{LISTS}/1", headers=known)).status_code == 200


async def test_a_request_that_is_sent_again_adds_no_second_list(api: Api) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await api("POST", LISTS, json={"name": "a"}, headers=key)
    again = await api("POST", LISTS, json={"name": "a"}, headers=key)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")


async def test_what_is_not_there_or_another_users_is_not_found(api: Api) -> None:
    await add(api, "a")
    await api("DELETE", f"{LISTS}/1")
    bob = await api.sign_up("bob")
    await add(api, "b")
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/restore"), ("GET", "/events")):
        body = {"json": {"name": "x"}} if method == "PATCH" else {}
        missing = await api(method, f"{LISTS}/9{path}", **body)
        other = await api(method, f"{LISTS}/2{path}", headers=bob, **body)
        assert code(missing) == code(other) == (404, "NOT_FOUND")
    for method in ("GET", "PATCH", "DELETE"):
        body = {"json": {"name": "x"}} if method == "PATCH" else {}
        assert code(await api(method, f"{LISTS}/1", **body)) == (404, "NOT_FOUND")
    assert (await api("GET", LISTS, headers=bob)).json() == {"lists": []}


async def test_a_token_that_may_only_read_changes_nothing(api: Api) -> None:
    await add(api, "a")
    reader = {"Authorization": f"Bearer reader-of-{(await api('GET', '/api/auth/me')).json()['id']}"}
    assert (await api("GET", LISTS, headers=reader)).status_code == 200
    assert code(await api("POST", LISTS, json={"name": "b"}, headers=reader)) == (403, "INSUFFICIENT_SCOPE")
    assert code(await api("DELETE", f"{LISTS}/1", headers=reader)) == (403, "INSUFFICIENT_SCOPE")


async def test_lists_are_in_the_log_and_in_sync_and_are_undone(api: Api) -> None:
    (added,) = await add(api, "Home")
    await api("POST", TASKS, json={"title": "x", "list_id": 1})
    await api("DELETE", f"{LISTS}/1")
    events = (await api("GET", "/api/users/me/events")).json()["events"]
    assert [(each["entity"], each["entity_id"], each["task_id"], each["change_set"]) for each in events] == [
        ("list", 1, None, 1),
        ("task", 1, 1, 2),
        ("list", 1, None, 3),
        ("task", 1, 1, 3),
    ]
    state = {name: value for name, value in added.items() if name not in ("revision", "pending")}
    assert (events[0]["before"], events[0]["after"]) == (None, state)
    own = (await api("GET", f"{LISTS}/1/events")).json()["events"]
    assert own == [events[0], events[2]]
    delta = (await api("GET", "/api/users/me/sync")).json()
    assert {name for name, value in delta.items() if value == []} == {
        *("tasks", "lists", "views"),
        *("deleted", "deleted_lists", "deleted_views"),
    }
    undone = (await api("POST", "/api/users/me/events/3/undo")).json()
    assert ([each["id"] for each in undone["tasks"]], undone["views"]) == ([1], [])
    assert undone["lists"] == [state | {"revision": 5}]
    delta = (await api("GET", f"/api/users/me/sync?token={delta['next_token']}")).json()
    assert (len(delta["tasks"]), delta["lists"]) == (1, undone["lists"])
    await api("DELETE", f"{LISTS}/1")
    delta = (await api("GET", f"/api/users/me/sync?token={delta['next_token']}")).json()
    assert [each["id"] for each in (*delta["deleted"], *delta["deleted_lists"])] == [1, 1]
