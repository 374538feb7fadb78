"""Quick add over HTTP: one line, a preview of it, and what it leaves in the log."""

from dataclasses import replace
from typing import Any

import pytest

from domain.accounts.account import Caller
from domain.tasks.changes import Change
from domain.tasks.task_list import TaskList
from tests.fakes import FakeEntities
from tests.http.conftest import Api

PATH = "/api/users/me/tasks/quick-add"
LINE = "Pay rent #Home @money p1 every 1st at 9 {15 dec} ~20m // from the joint account"


async def added(api: Api, text: str, **options: Any) -> dict[str, Any]:
    answer = await api("POST", PATH, json={"text": text}, **options)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def previewed(api: Api, text: str) -> dict[str, Any]:
    answer = await api("POST", PATH, json={"text": text, "dry_run": True})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def has_list(api: Api, name: str, **values: Any) -> TaskList:
    [user_id] = api.store.rows.users
    made = replace(TaskList.new(user_id, api.clock.now, {"name": name}), **values)
    [recorded] = await FakeEntities(api.store).record(Caller(user_id), api.clock.now, [Change(None, made)])
    return recorded


async def test_a_line_becomes_a_task_with_all_its_fields(api: Api) -> None:
    body = await added(api, LINE)
    task = body["task"]
    assert {name: task[name] for name in ("id", "title", "list_id", "tags", "priority", "due", "recurrence")} == {
        "id": 1,
        "title": "Pay rent",
        "list_id": 1,
        "tags": ["money"],
        "priority": "high",
        "due": "2026-12-01T09:00",
        "recurrence": "FREQ=MONTHLY;BYMONTHDAY=1",
    }
    assert (task["deadline"], task["estimate"], task["description"]) == (
        "2026-12-15",
        "PT20M",
        "from the joint account",
    )
    assert body["understood"][0] == {"field": "list", "value": "Home", "start": 9, "end": 14, "new": True}
    assert {each["field"] for each in body["understood"]} >= {"tags", "priority", "due", "recurrence", "recurs_from"}


async def test_places_count_code_points(api: Api) -> None:
    body = await added(api, "🎉🎉 Party tomorrow")
    assert body["understood"] == [{"field": "due", "value": "2026-11-24", "start": 9, "end": 17}]


async def test_a_preview_says_the_same_and_makes_nothing(api: Api) -> None:
    preview = await previewed(api, LINE)
    assert not {"id", "revision", "position"} & preview["task"].keys()
    assert preview["task"]["list_id"] is None
    rows = api.store.rows
    assert (rows.tasks, rows.lists, rows.events) == ({}, {}, [])
    body = await added(api, LINE)
    assert body["understood"] == preview["understood"]
    assert preview["task"].items() <= {**body["task"], "list_id": None}.items()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "text"),
        ("   ", "text"),
        ("#Home", "text"),
        ("p1 ~20m @a", "text"),
        ("// only a description", "text"),
        ("x" * 20_001, "text"),
        ("a\x00b", "text"),
        ("​­", "text"),
        ("x" * 501 + " #Home", "title"),
        ("​ #Home", "title"),
        ('Milk #"​"', "list"),
        ('Milk @"​"', "tags"),
        ("Milk // " + "x" * 16_001, "description"),
        ("Milk tomorrow {start: 24 dec}", "start"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_line_that_breaks_a_rule_is_refused_by_name_and_leaves_nothing(
    api: Api, text: str, field: str, dry_run: bool
) -> None:
    answer = await api("POST", PATH, json={"text": text, "dry_run": dry_run})
    assert answer.status_code == 400, answer.text
    assert [each["field"] for each in answer.json()["detail"]["fields"]] == [field]
    assert (api.store.rows.tasks, api.store.rows.lists) == ({}, {})


async def test_the_zone_week_and_place_of_the_account_count(api: Api) -> None:
    mine = {"timezone": "Pacific/Auckland", "week_start": "sunday", "locale": "en-US"}
    await api("PATCH", "/api/auth/me", json=mine)
    api.clock.forward(hours=3)  # midnight has passed in Auckland: it is Tuesday
    assert (await added(api, "Call tomorrow"))["task"]["due"] == "2026-11-25"
    assert (await added(api, "Call next week"))["task"]["due"] == "2026-11-29"
    assert (await added(api, "Call on 12/5"))["task"]["due"] == "2026-12-05"
    assert (await added(api, "Call in two hours"))["task"]["due"] == "2026-11-24T03:00+13:00[Pacific/Auckland]"


async def test_names_follow_the_spelling_that_is_there_already(api: Api) -> None:
    home = await has_list(api, "Büro")
    await added(api, "a @Überfällig")
    body = await added(api, "b #buro @uberfallig @new")
    assert (body["task"]["list_id"], body["task"]["tags"]) == (home.id, ["Überfällig", "new"])
    assert [(each["field"], each["value"], "new" in each) for each in body["understood"]] == [
        ("list", "Büro", False),
        ("tags", "Überfällig", False),
        ("tags", "new", False),
    ]
    assert len(api.store.rows.lists) == 1


async def test_an_archived_list_is_used_and_marked(api: Api) -> None:
    archived = await has_list(api, "Old", archived=True)
    body = await added(api, "a #old")
    assert body["task"]["list_id"] == archived.id
    assert body["understood"] == [{"field": "list", "value": "Old", "start": 2, "end": 6, "archived": True}]


async def test_a_list_in_the_trash_is_not_that_name(api: Api) -> None:
    gone = await has_list(api, "Home", deleted_at=api.clock.now)
    body = await added(api, "a #Home")
    assert body["task"]["list_id"] != gone.id
    assert body["understood"][0]["new"] is True


async def test_inbox_is_no_list_unless_there_is_one_of_that_name(api: Api) -> None:
    assert (await added(api, "a #inbox"))["task"]["list_id"] is None
    assert api.store.rows.lists == {}
    mine = await has_list(api, "Inbox")
    assert (await added(api, "a #inbox"))["task"]["list_id"] == mine.id


async def test_a_new_list_and_its_task_are_one_set_and_one_undo_takes_both(api: Api) -> None:
    await added(api, "a #Home")
    made, task = api.store.rows.events
    assert (made.entity, task.entity, made.change_set) == ("list", "task", task.change_set)
    undone = (await api("POST", f"/api/users/me/events/{task.revision}/undo")).json()
    assert [each["deleted_at"] is not None for each in undone["tasks"]] == [True]
    assert all(each.deleted_at for each in api.store.rows.lists.values())
    again = api.store.rows.events[-1].revision
    assert (await api("POST", f"/api/users/me/events/{again}/undo")).status_code == 200
    assert not any(each.deleted_at for each in api.store.rows.lists.values())
    assert not any(each.deleted_at for each in api.store.rows.tasks.values())


async def test_a_key_makes_one_list_and_one_task(api: Api) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await api("POST", PATH, json={"text": LINE}, headers=key)
    again = await api("POST", PATH, json={"text": LINE}, headers=key)
    other = await api("POST", PATH, json={"text": "b"}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (len(api.store.rows.tasks), len(api.store.rows.lists)) == (1, 1)


async def test_a_token_that_reads_adds_nothing(api: Api) -> None:
    [user_id] = api.store.rows.users
    reader = {"Authorization": f"Bearer reader-of-{user_id}"}
    assert (await api("POST", PATH, json={"text": "a"}, headers=reader)).status_code == 403
