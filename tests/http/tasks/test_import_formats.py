"""Files of other programs over HTTP."""

import time
from typing import Any

import pytest

from tests.http.conftest import Api
from tests.http.tasks.import_requests import CSV, IMPORT, refusal
from tests.http.tasks.import_samples import SAMPLES, TODOIST, ZIP, zipped

EXPORT, TASKS = "/api/users/me/export", "/api/users/me/tasks"


async def sent(api: Api, name: str, **query: Any) -> Any:
    sample = SAMPLES[name]
    query |= {"filename": sample.name} if sample.name else {}
    return await api("POST", IMPORT, params=query, content=sample.body, headers={"Content-Type": sample.kind})


async def exported(api: Api) -> dict[str, Any]:
    document: dict[str, Any] = (await api("GET", EXPORT)).json()
    return document


@pytest.mark.parametrize("name", SAMPLES)
async def test_a_file_of_each_program_comes_in_with_its_lists(api: Api, name: str) -> None:
    answer = await sent(api, name)
    assert answer.status_code == 200, answer.text
    whole, sample = await exported(api), SAMPLES[name]
    lists = {each["id"]: each["name"] for each in whole["lists"]}
    assert [(task["title"], lists.get(task["list_id"])) for task in whole["tasks"]] == sample.tasks
    water = next(task for task in whole["tasks"] if task["title"] == "Water the plants")
    assert {field: water[field] for field in sample.first} == sample.first
    assert answer.json()["imported"] == len(sample.tasks)
    assert [each["name"] for each in answer.json()["lists"]] == list(dict.fromkeys(each for _, each in sample.tasks))


@pytest.mark.parametrize("name", ["Todoist CSV", "Todoist JSON", "TickTick", "Google", "iCalendar"])
async def test_subtasks_stay_subtasks_and_what_is_done_is_done(api: Api, name: str) -> None:
    await sent(api, name)
    parent, child = (await exported(api))["tasks"]
    assert child["parent_id"] == parent["id"]
    assert (parent["completed"], child["completed"]) == (False, name != "Todoist CSV")


@pytest.mark.parametrize("name", SAMPLES)
async def test_a_preview_says_what_would_come_in_and_makes_nothing(api: Api, name: str) -> None:
    before = api.store.rows.copy()
    shown = (await sent(api, name, dry_run="true")).json()
    assert vars(api.store.rows) == vars(before)
    done = (await sent(api, name)).json()
    assert shown == done | {"dry_run": True, "revision": None}


async def test_a_preview_is_not_kept_under_a_key(api: Api) -> None:
    headers = CSV | {"Idempotency-Key": "k"}
    for query in ("?dry_run=true", ""):
        answer = await api("POST", f"{IMPORT}{query}", content=TODOIST.encode(), headers=headers)
        assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (200, False)
    assert len(api.store.rows.tasks) == 2


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="Groceries.csv"', "Groceries"),
        ("attachment; filename*=UTF-8''Eink%C3%A4ufe.csv", "Einkäufe"),
        ("attachment", None),
        ("; ; =", None),
    ],
)
async def test_the_name_of_the_file_may_be_in_its_disposition(api: Api, disposition: str, name: str | None) -> None:
    headers = CSV | {"Content-Disposition": disposition}
    answer = await api("POST", IMPORT, content=TODOIST.encode(), headers=headers)
    assert [each["name"] for each in answer.json()["lists"]] == [name]


async def test_a_list_of_the_same_name_is_filled(api: Api) -> None:
    await sent(api, "Google")
    body = TODOIST.encode()
    answer = await api("POST", f"{IMPORT}?filename=H%C3%96ME.csv", content=body, headers=CSV)
    assert answer.json()["lists"] == [{"name": "Home", "tasks": 2, "new": False}]
    assert len((await exported(api))["lists"]) == 1


async def test_one_undo_takes_tasks_and_lists_back(api: Api) -> None:
    revision = (await sent(api, "Todoist ZIP")).json()["revision"]
    undone = await api("POST", f"/api/users/me/events/{revision}/undo")
    assert undone.status_code == 200, undone.text
    whole = await exported(api)
    assert all(each["deleted_at"] for each in (*whole["lists"], *whole["tasks"]))


async def test_notes_say_what_has_no_field(api: Api) -> None:
    body = b"TYPE,CONTENT,PRIORITY,DATE,COLOR\ntask,a,9,whenever,red\n"
    told = (await api("POST", IMPORT, content=body, headers=CSV)).json()
    assert [each["line"] for each in told["notes"]] == [2, 2, 2]
    assert told["notes_total"] == 3
    [task] = (await exported(api))["tasks"]
    assert task["description"] == "Priority: 9\nDue: whenever"


async def test_of_very_many_notes_the_first_are_shown(api: Api) -> None:
    body = b"TYPE,CONTENT,PRIORITY\n" + b"task,a,9\n" * 1_001
    told = (await api("POST", IMPORT, content=body, headers=CSV)).json()
    assert (len(told["notes"]), told["notes_total"]) == (1_000, 1_001)


async def test_a_file_of_no_known_program_is_told_which_are_read(api: Api) -> None:
    answer = await api("POST", IMPORT, content=b"hello", headers={"Content-Type": "application/octet-stream"})
    assert refusal(answer)[:2] == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert "Todoist" in refusal(answer)[2]


HOSTILE = {
    "a bomb": zipped({"a.csv": "TYPE,CONTENT\n" + "\n" * 60_000_000}),
    "many bombs": zipped({f"{each}.csv": "TYPE,CONTENT\n" + " " * 9_900_000 for each in range(6)}),
    "no archive": b"PK\x03\x04" + b"\x00" * 100,
    "many entries": zipped({f"{each}.csv": "" for each in range(5_001)}),
    "nothing in it": zipped({}),
    "others in it": zipped({"a.exe": "x", "b.html": "y"}),
    "deep": b"[" * 1_000_000,
    "objects": b'{"projects":[],"items":[' + b"{}," * 3_000_000 + b"{}]}",
    "a calendar without end": b"BEGIN:VCALENDAR\n" + b"BEGIN:VTODO\n" * 100_000,
    "an open quote": b'TYPE,CONTENT\ntask,"' + b"x\n" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_files_are_refused_soon_and_nothing_is_stored(api: Api, name: str) -> None:
    began = time.process_time()
    for kind in (ZIP, "application/octet-stream"):
        answer = await api("POST", IMPORT, content=HOSTILE[name], headers={"Content-Type": kind})
        assert answer.status_code in (400, 415)
        assert "`" not in refusal(answer)[2], "for people, not for Python"
    assert time.process_time() - began < 10
    assert api.store.rows.tasks == {}


@pytest.mark.parametrize(
    "name", ["%ED%A0%80.csv", "%00.csv", "x" * 5_000, "..%2F..%2Fetc.csv", "%F0%9F%8E%89.csv", "%20"]
)
async def test_any_name_of_a_file_is_a_name_of_a_list_or_none(api: Api, name: str) -> None:
    answer = await api("POST", f"{IMPORT}?filename={name}", content=TODOIST.encode(), headers=CSV)
    assert answer.status_code in (200, 400), answer.text
    raw = CSV | {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    assert (await api("POST", IMPORT, content=TODOIST.encode(), headers=raw)).status_code == 200


async def test_an_import_is_in_the_log_and_in_sync_with_its_lists(api: Api) -> None:
    await sent(api, "Todoist ZIP")
    events = (await api("GET", "/api/users/me/events")).json()["events"]
    assert [(each["entity"], each["change_set"]) for each in events] == [("list", 1), *[("task", 1)] * 3]
    synced = (await api("GET", "/api/users/me/sync")).json()
    assert (len(synced["tasks"]), len(synced["lists"])) == (3, 1)
