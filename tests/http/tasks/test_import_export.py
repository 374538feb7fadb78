import json
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from adapters.http.api.tasks.export_documents import ExportOut
from application.tasks.import_export import EXPORT_PAGE
from application.tasks.imports.result import SHOWN
from domain.errors import Unavailable
from tests.http.conftest import Api
from tests.http.tasks.import_requests import CSV, GOOD, IMPORT, JSON, refusal

NOTHING: dict[str, Any] = {
    "imported": 0,
    "skipped": [],
    "skipped_total": 0,
    "lists": [],
    "views": 0,
    "notes": [],
    "notes_total": 0,
    "dry_run": False,
    "revision": None,
}
EXPORT, TASKS = "/api/users/me/export", "/api/users/me/tasks"


def numberless(tasks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in task.items() if k not in ("id", "user_id", "revision", "position")} for task in tasks]


async def with_tasks(api: Api) -> None:
    for title, description in (("a", None), ("“ü” 🎉\n,", 'x"y'), ("c", None)):
        await api("POST", TASKS, json={"title": title, "description": description})
        api.clock.forward(hours=1)
    await api("PATCH", "/api/tasks/1/complete")
    await api("DELETE", "/api/tasks/3")


async def test_all_tasks_are_downloaded_as_the_lists_show_them(api: Api) -> None:
    await with_tasks(api)
    export = await api("GET", EXPORT)
    assert (export.status_code, export.headers["content-type"]) == (200, "application/json")
    assert export.headers["content-disposition"] == 'attachment; filename="tasktalk-2026-11-23.json"'
    whole = json.loads(export.content)
    assert (whole["version"], whole["user_id"], whole["exported_at"]) == (2, "id-1", "2026-11-23T12:00:00Z")
    shown = (await api("GET", TASKS)).json()["tasks"]
    assert [task for task in whole["tasks"] if not task["deleted_at"]] == [
        {**task, "slot": None} for task in shown[::-1]
    ]
    assert [task["id"] for task in whole["tasks"]] == [1, 2, 3]
    assert whole["tasks"][2]["deleted_at"] == "2026-11-23T12:00:00Z"


async def test_an_export_of_nothing_is_valid_and_can_be_imported(api: Api) -> None:
    export = await api("GET", EXPORT)
    assert export.json()["tasks"] == []
    answer = await api("POST", IMPORT, content=export.content, headers=JSON)
    assert answer.json() == NOTHING


@pytest.mark.parametrize("count", [EXPORT_PAGE, EXPORT_PAGE + 1])
async def test_an_export_of_many_pages_is_one_document(api: Api, count: int) -> None:
    await api("POST", IMPORT, json={"tasks": [{"title": "x"}] * count})
    assert [task["id"] for task in (await api("GET", EXPORT)).json()["tasks"]] == list(range(1, count + 1))


async def test_a_database_that_is_away_is_an_answer_and_no_broken_download(api: Api) -> None:
    api.store.fault = Unavailable("The database can't be reached.", 3)
    assert refusal(await api("GET", EXPORT))[:2] == (503, "SERVICE_UNAVAILABLE")


async def test_an_export_is_what_its_schema_would_be_encoded(api: Api) -> None:
    for _ in range(2):
        export = (await api("GET", EXPORT)).content
        assert msgspec.json.encode(msgspec.json.decode(export, type=ExportOut)) == export
        await with_tasks(api)


async def test_what_is_exported_is_imported_by_somebody_else_as_it_was(api: Api) -> None:
    await with_tasks(api)
    export = await api("GET", EXPORT)
    api.headers = await api.sign_up("bob")
    await api("POST", TASKS, json={"title": "Bob's own"})
    api.clock.forward(days=1)
    answer = await api("POST", IMPORT, content=export.content, headers=JSON)
    assert (answer.status_code, answer.json()["imported"]) == (200, 3)
    own, *imported = (await api("GET", EXPORT)).json()["tasks"]
    assert numberless(imported) == numberless(export.json()["tasks"])
    assert [(task["id"], task["revision"]) for task in (own, *imported)] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert {task["user_id"] for task in imported} == {own["user_id"]}


async def test_a_todoist_project_becomes_tasks(api: Api) -> None:
    answer = await api("POST", IMPORT, content=b"\xef\xbb\xbf" + GOOD + b"note,c,\r\n", headers=CSV)
    assert answer.json() == NOTHING | {
        "imported": 1,
        "revision": 1,
        "lists": [{"name": None, "tasks": 1, "new": False}],
    }
    (task,) = (await api("GET", TASKS)).json()["tasks"]
    assert (task["title"], task["description"], task["created_at"]) == ("a", "b\n\nc", "2026-11-23T09:00:00Z")


async def test_bad_rows_refuse_the_whole_by_line(api: Api) -> None:
    tasks = [{"title": "a"}, {"title": ""}, {"title": "x" * 501}]
    answer = await api("POST", IMPORT, json={"tasks": tasks})
    assert answer.status_code == 400
    assert answer.json()["detail"]["fields"] == [
        {"field": "line 2", "message": "title: must not be empty"},
        {"field": "line 3", "message": "title: must be at most 500 characters"},
    ]
    assert api.store.rows.tasks == {}


async def test_bad_rows_are_skipped_where_that_is_asked_for(api: Api) -> None:
    tasks = [{"title": "a"}, {"title": ""}, {"name": "b"}]
    answer = await api("POST", f"{IMPORT}?on_error=skip", json={"tasks": tasks})
    skipped = [
        {"line": 2, "message": "title: must not be empty"},
        {"line": 3, "message": "name: is not a known field"},
    ]
    expected = {"imported": 1, "skipped": skipped, "skipped_total": 2, "revision": 1}
    assert answer.json() == NOTHING | expected | {"lists": [{"name": None, "tasks": 1, "new": False}]}


async def test_of_very_many_skipped_rows_the_first_are_told(api: Api) -> None:
    answer = await api("POST", f"{IMPORT}?on_error=skip", json={"tasks": [1] * (SHOWN + 1)})
    assert (len(answer.json()["skipped"]), answer.json()["skipped_total"]) == (SHOWN, SHOWN + 1)


async def test_an_import_that_is_sent_again_is_answered_as_the_first_time(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    first, again = [await api("POST", IMPORT, content=GOOD, headers=CSV | key) for _ in range(2)]
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.store.rows.tasks) == 1


@pytest.mark.parametrize(("query", "more"), [("", b"task,c,\n"), ("?on_error=skip", b"")])
async def test_a_key_is_for_one_file_and_one_way_with_bad_rows(api: Api, query: str, more: bytes) -> None:
    headers = CSV | {"Idempotency-Key": "k"}
    await api("POST", IMPORT, content=GOOD, headers=headers)
    answer = await api("POST", IMPORT + query, content=GOOD + more, headers=headers)
    assert refusal(answer)[:2] == (422, "IDEMPOTENCY_MISMATCH")
    assert len(api.store.rows.tasks) == 1


async def test_a_refused_file_may_be_mended_under_the_same_key(api: Api) -> None:
    headers = CSV | {"Idempotency-Key": "k"}
    assert (await api("POST", IMPORT, content=GOOD + b"x,,\n", headers=headers)).status_code == 400
    assert (await api("POST", IMPORT, content=GOOD, headers=headers)).json()["imported"] == 1


async def test_another_users_tasks_are_neither_exported_nor_added_to(api: Api) -> None:
    await with_tasks(api)
    bob = await api.sign_up("bob")
    assert (await api("GET", EXPORT, headers=bob)).json()["tasks"] == []
    assert (await api("GET", EXPORT.replace("me", "id-1"), headers=bob)).status_code == 403
    foreign = await api("POST", IMPORT.replace("me", "id-1"), content=GOOD, headers=CSV | bob)
    assert foreign.status_code == 403
    assert len(api.store.rows.tasks) == 3


async def test_the_document_says_which_files_are_read_and_what_is_answered(api: Api) -> None:
    document = (await api("GET", "/openapi.json")).json()
    operation = document["paths"]["/api/users/{user_id}/import"]["post"]
    assert list(operation["requestBody"]["content"]) == [
        *("application/json", "text/csv", "text/calendar", "application/zip", "application/octet-stream")
    ]
    schemas = document["components"]["schemas"]
    assert set(schemas["ImportFile"]["required"]) == {"tasks"}
    assert schemas["ExportedTask"]["required"] == ["title"]
    assert set(schemas["ExportedTask"]["properties"]) >= set(schemas["ExportedTaskOut"]["properties"])
    for path, method, schema in (("import", "post", "ImportOut"), ("export", "get", "ExportOut")):
        answer = document["paths"][f"/api/users/{{user_id}}/{path}"][method]["responses"]["200"]
        assert answer["content"]["application/json"]["schema"] == {"$ref": f"#/components/schemas/{schema}"}
