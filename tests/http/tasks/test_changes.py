"""The log over HTTP: changes, sync, undo, ETags, the trash and batches."""

from typing import Any

import pytest

from application.ports import TextDelta
from domain.chat.messages import ToolCall
from tests.http.conftest import Api

TASKS = "/api/users/me/tasks"
EVENTS = "/api/users/me/events"
SYNC = "/api/users/me/sync"


async def add(api: Api, *titles: str) -> list[dict[str, Any]]:
    return [(await api("POST", TASKS, json={"title": title})).json() for title in titles]


async def ids(api: Api, status: str) -> list[int]:
    return [task["id"] for task in (await api("GET", f"{TASKS}?status={status}")).json()["tasks"]]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["detail"]["code"]


async def test_a_change_tells_what_was_before_and_after_who_and_when(api: Api) -> None:
    (task,) = await add(api, "Buy milk")
    await api("PATCH", f"{TASKS}/1", json={"title": "Buy bread"})
    created, updated = (await api("GET", EVENTS)).json()["events"]
    state = {name: value for name, value in task.items() if name not in ("revision", "subtasks")}
    nobody = {"id": None, "name": None, "conversation_id": None, "message_id": None}
    assert created == {
        "revision": 1,
        "entity": "task",
        "entity_id": 1,
        "task_id": 1,
        "change_set": 1,
        "kind": "created",
        "before": None,
        "after": state,
        "actor": {"kind": "user", **nobody},
        "at": task["created_at"],
    }
    assert (updated["kind"], updated["before"], updated["after"]["title"]) == ("updated", state, "Buy bread")


async def test_what_the_assistant_did_names_its_conversation_and_message(api: Api) -> None:
    api.model.answers = [[ToolCall("", "add_task", '{"title": "Buy milk"}')], [TextDelta("Hello.")]]
    reply = (await api("POST", "/api/users/me/chat", json={"message": "milk"})).json()
    (event,) = (await api("GET", f"{TASKS}/1/events")).json()["events"]
    assert event["actor"] == {
        "kind": "turn",
        "id": reply["message_id"],
        "name": None,
        "conversation_id": "default",
        "message_id": reply["message_id"],
    }
    undone = await api("POST", f"/api/users/me/turns/{reply['message_id']}/undo")
    assert [bool(task["deleted_at"]) for task in undone.json()["tasks"]] == [True]
    assert await ids(api, "all") == []


async def test_changes_are_paged_both_ways(api: Api) -> None:
    await add(api, *"abcde")
    page = (await api("GET", f"{EVENTS}?limit=2&after=1")).json()
    assert ([event["revision"] for event in page["events"]], page["next_cursor"]) == ([2, 3], 3)
    page = (await api("GET", f"{EVENTS}?limit=2&order=newest")).json()
    assert ([event["revision"] for event in page["events"]], page["next_cursor"]) == ([5, 4], 4)
    page = (await api("GET", f"{EVENTS}?limit=9&order=newest&before=4")).json()
    assert ([event["revision"] for event in page["events"]], page["next_cursor"]) == ([3, 2, 1], None)


async def test_sync_gives_everything_and_then_what_has_changed(api: Api) -> None:
    await add(api, *"abc")
    first = (await api("GET", f"{SYNC}?limit=2")).json()
    assert ([task["id"] for task in first["tasks"]], first["has_more"], first["revision"]) == ([3, 2], True, 3)
    rest = (await api("GET", f"{SYNC}?token={first['next_token']}")).json()
    assert ([task["id"] for task in rest["tasks"]], rest["has_more"]) == ([1], False)
    await api("DELETE", f"{TASKS}/2")
    await api("PATCH", f"{TASKS}/1/complete")
    delta = (await api("GET", f"{SYNC}?token={rest['next_token']}")).json()
    assert [(task["id"], task["completed"]) for task in delta["tasks"]] == [(1, True)]
    assert [(each["id"], each["revision"]) for each in delta["deleted"]] == [(2, 4)]
    assert delta["revision"] == 5


async def test_bad_places_in_the_log_have_answers_of_their_own(api: Api) -> None:
    await add(api, "a")
    old = (await api("GET", SYNC)).json()["next_token"]
    await add(api, "b")
    assert code(await api("GET", f"{EVENTS}?after=99")) == (400, "VALIDATION_ERROR")
    assert code(await api("GET", f"{EVENTS}?after=-1")) == (400, "VALIDATION_ERROR")
    assert code(await api("GET", f"{EVENTS}?order=random")) == (400, "VALIDATION_ERROR")
    assert code(await api("GET", f"{SYNC}?token={old}x")) == (400, "VALIDATION_ERROR")
    assert code(await api("POST", f"{EVENTS}/99/undo")) == (404, "NOT_FOUND")
    assert code(await api("POST", f"{EVENTS}/0/undo")) == (400, "VALIDATION_ERROR")
    assert code(await api("POST", "/api/users/me/turns/none/undo")) == (404, "NOT_FOUND")
    api.store.rows.events.pop(0)
    api.store.rows.events.pop(0)
    assert code(await api("GET", f"{SYNC}?token={old}")) == (410, "GONE")
    assert code(await api("GET", f"{EVENTS}?after=1")) == (410, "GONE")
    assert code(await api("POST", f"{EVENTS}/1/undo")) == (410, "GONE")
    bob = await api.sign_up("bob")
    foreign = await api("GET", f"{SYNC}?token={old}", headers=bob)
    assert code(foreign) == (400, "VALIDATION_ERROR")


async def test_undo_answers_with_the_task_and_conflicts_by_name(api: Api) -> None:
    await add(api, "a")
    await api("PATCH", f"{TASKS}/1", json={"title": "b"})
    undone = await api("POST", f"{EVENTS}/2/undo")
    assert (undone.status_code, undone.json()["tasks"][0]["title"]) == (200, "a")
    refused = await api("POST", f"{EVENTS}/2/undo")
    assert code(refused) == (409, "CONFLICT")
    assert "Task 1, a," in refused.json()["detail"]["message"]


async def test_an_undo_sent_again_with_its_key_acts_once(api: Api) -> None:
    await add(api, "a")
    await api("PATCH", f"{TASKS}/1/complete")
    headers = {"Idempotency-Key": "undo-1"}
    first, again = [await api("POST", f"{EVENTS}/2/undo", headers=headers) for _ in range(2)]
    assert (again.status_code, again.content) == (200, first.content)
    assert len(api.store.rows.events) == 3


async def test_the_trash_lists_what_was_deleted_and_gives_it_back(api: Api) -> None:
    (task, _) = await add(api, "a", "b")
    await api("DELETE", f"{TASKS}/1")
    assert (await ids(api, "all"), await ids(api, "trashed")) == ([2], [1])
    page = (await api("GET", f"{TASKS}?status=trashed")).json()
    assert (page["total"], bool(page["tasks"][0]["deleted_at"])) == (1, True)
    for method, path in (("GET", ""), ("DELETE", ""), ("PATCH", "/complete")):
        assert code(await api(method, f"{TASKS}/1{path}")) == (404, "NOT_FOUND")
    assert code(await api("PATCH", f"{TASKS}/1", json={"title": "x"})) == (404, "NOT_FOUND")
    restored = (await api("POST", "/api/tasks/1/restore")).json()
    assert restored == {**task, "revision": restored["revision"]}
    assert await ids(api, "all") == [2, 1]
    assert code(await api("POST", f"{TASKS}/9/restore")) == (404, "NOT_FOUND")


async def test_a_task_has_an_etag_and_is_not_sent_again_to_who_has_it(api: Api) -> None:
    await add(api, "a")
    answer = await api("GET", f"{TASKS}/1")
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["cache-control"] == "private, no-cache"
    for tag in ('"1"', 'W/"1"', '"x", "1"', "*"):
        known = await api("GET", f"{TASKS}/1", headers={"If-None-Match": tag})
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", '"1"')
    changed = await api("PATCH", f"{TASKS}/1", json={"title": "b"})
    assert changed.headers["etag"] == '"2"'
    assert (await api("GET", f"{TASKS}/1", headers={"If-None-Match": '"1"'})).json()["title"] == "b"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PATCH", "", {"title": "x"}), ("DELETE", "", None), ("PATCH", "/complete", None), ("PATCH", "/uncomplete", None)],
)
async def test_a_change_of_an_older_state_is_refused_with_the_newest(
    api: Api, method: str, path: str, body: Any
) -> None:
    await add(api, "a")
    (await api("PATCH", f"{TASKS}/1", json={"title": "b"})).raise_for_status()
    for stale in ('"1"', 'W/"2"', '"two"', '"1", "3"'):
        refused = await api(method, f"{TASKS}/1{path}", json=body, headers={"If-Match": stale})
        assert code(refused) == (412, "STALE")
        assert refused.json()["detail"]["task"] == (await api("GET", f"{TASKS}/1")).json()
    accept = {"Accept": "application/problem+json", "If-Match": '"1"'}
    assert (await api(method, f"{TASKS}/1{path}", json=body, headers=accept)).json()["task"]["title"] == "b"
    fresh = await api(method, f"{TASKS}/1{path}", json=body, headers={"If-Match": '"1", "2"'})
    assert fresh.status_code == 200


async def test_a_tag_that_only_looks_like_the_tasks_is_another(api: Api) -> None:
    await add(api, "a")
    refused = await api("PATCH", f"{TASKS}/1", json={"title": "b"}, headers={"If-Match": '"01"'})
    assert code(refused) == (412, "STALE")


async def test_the_changes_of_a_task_that_never_was_are_not_found(api: Api) -> None:
    await add(api, "a")
    assert code(await api("GET", f"{TASKS}/2/events")) == (404, "NOT_FOUND")
    assert (await api("GET", f"{TASKS}/1/events?after=9")).json()["events"] == []


@pytest.mark.parametrize("tag", ["1", "", '"1', 'w/"1"', '"1" "2"', "*, *", '"1",'])
async def test_a_tag_that_is_none_is_refused_by_name(api: Api, tag: str) -> None:
    await add(api, "a")
    for method, header in (("PATCH", "If-Match"), ("GET", "If-None-Match")):
        refused = await api(method, f"{TASKS}/1", json={"title": "x"}, headers={header: tag})
        assert code(refused) == (400, "VALIDATION_ERROR")
        assert refused.json()["detail"]["fields"][0]["field"] == header
    assert (await api("GET", f"{TASKS}/1")).json()["title"] == "a"


async def test_a_batch_answers_each_operation_in_order(api: Api) -> None:
    await add(api, "a")
    operations = [{"op": "complete", "id": 1}, {"op": "create", "title": "b"}, {"op": "delete", "id": 9}]
    answer = await api("POST", f"{TASKS}/batch", json={"operations": operations, "atomic": False})
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [200, 201, 404]
    assert (results[0]["task"]["completed"], results[1]["task"]["id"]) == (True, 2)
    assert results[2]["error"] == {"error": "Not found", "code": "NOT_FOUND", "message": "There is no task 9."}
    refused = await api("POST", f"{TASKS}/batch", json={"operations": operations})
    assert code(refused) == (400, "VALIDATION_ERROR")
    assert refused.json()["detail"]["fields"] == [{"field": "operations[2]", "message": "There is no task 9."}]
    assert await ids(api, "all") == [2, 1]


async def test_a_dry_run_keeps_nothing_not_even_its_key(api: Api) -> None:
    body = {"operations": [{"op": "create", "title": "a"}], "dry_run": True}
    headers = {"Idempotency-Key": "k"}
    answer = await api("POST", f"{TASKS}/batch", json=body, headers=headers)
    assert (answer.json()["dry_run"], answer.json()["results"][0]["task"]["id"]) == (True, 1)
    assert (await ids(api, "all"), api.store.rows.receipts) == ([], {})


async def test_a_batch_sent_again_with_its_key_acts_once(api: Api) -> None:
    body, headers = {"operations": [{"op": "create", "title": "a"}]}, {"Idempotency-Key": "k"}
    first, again = [await api("POST", f"{TASKS}/batch", json=body, headers=headers) for _ in range(2)]
    assert first.content == again.content
    assert await ids(api, "all") == [1]


@pytest.mark.parametrize(
    "body", [{}, {"operations": []}, {"operations": [{"op": "nap"}]}, {"operations": [{"op": "delete", "id": 1}] * 101}]
)
async def test_a_bad_batch_is_refused_by_name(api: Api, body: Any) -> None:
    refused = await api("POST", f"{TASKS}/batch", json=body)
    assert code(refused) == (400, "VALIDATION_ERROR")
    assert refused.json()["detail"]["fields"][0]["field"].startswith("operations")


async def test_a_feed_asked_for_while_its_server_ends_is_empty_and_ends(api: Api) -> None:
    await add(api, "a")
    api.services.change_log.end_feeds()
    answer = await api("GET", f"{EVENTS}/stream?after=0")
    assert (answer.status_code, answer.text) == (200, ": watching\n\n")
    assert answer.headers["cache-control"] == "no-cache, no-transform"
