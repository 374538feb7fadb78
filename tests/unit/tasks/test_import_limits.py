"""What an import must fit to in an account."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from application.tasks.imports.reading import OnError
from domain.errors import Invalid, QuotaReached
from domain.quotas import Quotas
from domain.tasks.task import Task
from domain.tasks.task_list import MAX_TASKS_IN_LIST, TaskList
from domain.tasks.view import View
from tests.unit.tasks.import_world import ANN, ImportWorld

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
async def world() -> ImportWorld:
    return await ImportWorld.with_users()


def of_lists(count: int) -> dict[str, Any]:
    return {"tasks": [], "lists": [{"name": f"new {number}"} for number in range(count)]}


async def test_there_may_be_500_lists_and_views_in_all(world: ImportWorld) -> None:
    await world.put(*(TaskList("ann", f"own {number}", NOW, NOW) for number in range(498)))
    with pytest.raises(Invalid, match="has 3 new lists, and you have 498; there may be 500 in all"):
        await world.send(of_lists(3))
    await world.send(of_lists(2))
    await world.send(of_lists(2))
    assert len(await world.all_of(TaskList)) == 500
    views = [{"name": f"{number}", "filter": "today"} for number in range(501)]
    with pytest.raises(Invalid, match="has 501 new views"):
        await world.send({"tasks": [], "views": views})


async def test_lists_in_the_trash_count_for_nothing(world: ImportWorld) -> None:
    trashed = [each | {"deleted_at": "2026-11-01T00:00:00Z"} for each in of_lists(501)["lists"]]
    assert (await world.send({"tasks": [], "lists": trashed})).lists == []


async def test_a_list_takes_10_000_tasks(world: ImportWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.put(TaskList("ann", "Home", NOW, NOW))
    await world.put(*(Task("ann", "x", NOW, NOW, list_id=1) for _ in range(3)))
    monkeypatch.setattr("application.tasks.import_export.MAX_TASKS_IN_LIST", 5)
    file: dict[str, Any] = {"lists": [{"id": 7, "name": "HÖME"}], "tasks": [{"title": "a", "list_id": 7}] * 3}
    with pytest.raises(Invalid, match="list Home would have 6 tasks, and it may have 5"):
        await world.send(file)
    file["tasks"][0] = {"title": "a", "list_id": 7, "deleted_at": "2026-11-01T00:00:00Z"}
    await world.send(file)
    assert MAX_TASKS_IN_LIST == 10_000


async def test_an_archived_list_of_that_name_is_filled_and_told(world: ImportWorld) -> None:
    await world.put(TaskList("ann", "Home", NOW, NOW, archived=True))
    told = await world.send({"lists": [{"id": 7, "name": "home"}], "tasks": [{"title": "a", "list_id": 7}]})
    assert [each.message for each in told.notes] == ["list Home: is archived here, and so are its new tasks"]
    assert [(each.name, each.new) for each in told.lists] == [("Home", False)]


async def test_a_quota_that_is_reached_leaves_nothing_and_a_preview_says_so(world: ImportWorld) -> None:
    world.store.quotas = Quotas(tasks=2)
    for dry_run in (True, False):
        with pytest.raises(QuotaReached):
            await world.send(of_lists(1) | {"tasks": [{"title": "a"}] * 3}, dry_run=dry_run)
    assert (world.store.rows.tasks, world.store.rows.lists, world.store.rows.events) == ({}, {}, [])


async def test_a_view_of_another_filter_gets_a_number(world: ImportWorld) -> None:
    await world.put(View("ann", "Soon", NOW, NOW, filter="today"))
    views = [{"name": "soon", "filter": "today"}, {"name": "SOON", "filter": "p1"}]
    told = await world.send({"tasks": [], "views": views})
    assert [(each.name, each.filter) for each in await world.all_of(View)] == [("Soon", "today"), ("SOON (2)", "p1")]
    assert (told.views, [each.message for each in told.notes]) == (1, ["view SOON: is called SOON (2) here"])


async def test_a_view_names_lists_of_the_file_by_number_and_others_by_name(world: ImportWorld) -> None:
    await world.put(*(TaskList("ann", name, NOW, NOW) for name in ("One", "Work")))
    file = {
        "tasks": [],
        "lists": [{"id": 1, "name": "Home"}],
        "views": [{"name": "a", "filter": "#1 | #work | #2 | !#nowhere"}],
    }
    await world.send(file)
    assert (await world.all_of(View))[0].filter == "#3 | #2 | #0 | !#0"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ({"lists": [{"name": " "}]}, r"lists\[0\]: name: must not be empty"),
        ({"lists": [{"name": "a", "color": "pinkish"}]}, r"lists\[0\]: color: must be null or one of"),
        ({"views": [{"name": "a", "filter": "&"}]}, r"views\[0\].filter: "),
        ({"views": [{"name": "a", "filter": "due: gibberish"}]}, r"views\[0\].filter: .*gibberish"),
        ({"views": [{"name": "a", "filter": "today", "sort": "size"}]}, r"views\[0\]: sort: "),
        ({"lists": [{"name": "a", "created_at": "0001-01-01T00:00:00+01:00"}]}, "created_at: must be in the years"),
    ],
)
async def test_a_bad_list_or_view_refuses_the_whole(world: ImportWorld, file: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        await world.send({"tasks": []} | file, ANN, OnError.SKIP)


async def test_nothing_outside_the_trash_is_below_something_in_it(world: ImportWorld) -> None:
    trashed = {"deleted_at": "2026-11-01T00:00:00Z"}
    file = {
        "lists": [{"id": 1, "name": "Gone"} | trashed],
        "tasks": [
            {"id": 1, "title": "parent", "list_id": 1} | trashed,
            {"id": 2, "title": "child", "list_id": 1, "parent_id": 1},
            {"id": 3, "title": "grandchild", "list_id": 1, "parent_id": 2} | trashed,
        ],
    }
    told = await world.send(file)
    parent, child, grandchild = await world.tasks_of()
    assert (parent.list_id, child.list_id, grandchild.list_id) == (1, None, None)
    assert (child.parent_id, grandchild.parent_id) == (None, child.id)
    assert [each.message for each in told.notes] == [
        "is a subtask of a task in the trash, so it stands alone",
        "is in a list in the trash, so it is in the inbox",
        "is in a list in the trash, so it is in the inbox",
    ]


async def test_a_slot_must_be_a_date_and_needs_a_rule(world: ImportWorld) -> None:
    task = {"title": "a", "due": "2026-12-02", "recurrence": "FREQ=DAILY"}
    with pytest.raises(Invalid, match="line 1: slot: "):
        await world.send_tasks(task | {"slot": "yesterday"})
    with pytest.raises(Invalid, match="line 1: due: must be set"):
        await world.send_tasks({"title": "a", "recurrence": "FREQ=DAILY", "slot": "2026-12-01"})
    await world.send_tasks({"title": "a", "slot": "2026-12-01"}, task | {"slot": "2026-12-01"})
    plain, moved = await world.tasks_of()
    assert (plain.slot, moved.slot, moved.due) == (None, "2026-12-01", "2026-12-02")
    assert replace(moved, slot=None).recurrence == "FREQ=DAILY"
