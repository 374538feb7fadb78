"""What is exported and imported into another account is equal there, and goes on in the same way."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from adapters.http.api.tasks.export_documents import exported
from application.tasks.inputs import TaskChanges, TaskDraft
from domain.accounts.account import Caller
from domain.tasks.ordering.sibling_keys import number_key
from domain.tasks.task_list import TaskList
from domain.tasks.view import View
from tests.equal_accounts import comparable
from tests.unit.tasks.import_world import ANN, BOB, ImportWorld


async def export_of(world: ImportWorld, caller: Caller) -> dict[str, Any]:
    pieces = await exported(caller, world.clock(), world.import_export)
    document: dict[str, Any] = msgspec.json.decode(b"".join([each async for each in pieces]))
    return document


async def lists_and_views(world: ImportWorld) -> None:
    now = world.clock()
    await world.put(
        TaskList("ann", "Home", now, now, color="teal"),
        TaskList("ann", "Work", now, now, order_key="Zz"),
        TaskList("ann", "Old", now, now, archived=True),
        TaskList("ann", "Home", now, now, deleted_at=now),
        View("ann", "Soon", now, now, filter="#2 & (p1 | #1)", sort="-priority,due"),
        View("ann", "First", now, now, filter="#99", order_key=number_key(0)),
        View("ann", "Gone", now, now, filter="today", deleted_at=now),
    )


async def household(world: ImportWorld) -> None:
    """Tasks of each kind: subtasks, order by hand, recurring ones with a moved date and past dates, and the trash."""
    await lists_and_views(world)
    for title in ("a", "b", "c", "d"):
        await world.tasks.add(ANN, TaskDraft(title, list_id=1, tags=["Home", "ö"], estimate="PT45M"))
    await world.tasks.update(ANN, 4, TaskChanges(before_id=1))
    await world.tasks.update(ANN, 1, TaskChanges(after_id=3))
    for parent in (1, 5, 6):
        await world.tasks.add(ANN, TaskDraft("below", parent_id=parent, priority="high"))
    daily = TaskDraft("Water", due="2026-11-23T09:00+01:00[Europe/Berlin]", recurrence="FREQ=DAILY", start="2026-11-22")
    await world.tasks.add(ANN, daily)
    await world.tasks.add(ANN, TaskDraft("Rent", due="2026-11-30", recurrence="FREQ=MONTHLY;COUNT=3", list_id=2))
    weekly = TaskDraft("Bins", due="2026-11-23", recurrence="FREQ=WEEKLY;BYDAY=MO;UNTIL=20261123")
    await world.tasks.add(ANN, weekly)
    six_weeks = {"recurrence": "FREQ=WEEKLY;INTERVAL=6", "recurs_from": "completion"}
    await world.tasks.add(ANN, TaskDraft("Hair", due="2026-11-24", **six_weeks))  # type: ignore[arg-type]
    for number in (8, 9, 8):
        await world.tasks.complete(ANN, number)
        world.clock.forward(hours=7)
    await world.tasks.update(ANN, 8, TaskChanges(due="2026-11-26T18:00+01:00[Europe/Berlin]"))
    await world.tasks.update(ANN, 10, TaskChanges(due="2026-12-24"))
    await world.tasks.complete(ANN, 2)
    await world.tasks.delete(ANN, 5)
    await world.put(TaskList("ann", "Last", world.clock(), world.clock()))


@pytest.fixture
async def world() -> ImportWorld:
    world = await ImportWorld.with_users()
    await household(world)
    return world


@pytest.mark.parametrize("before", [0, 3])
async def test_an_export_makes_an_equal_account(world: ImportWorld, before: int) -> None:
    """Whatever numbers the tasks that are there take."""
    for title in range(before):
        await world.tasks.add(BOB, TaskDraft(f"own {title}"))
    world.clock.forward(days=1)
    export = await export_of(world, ANN)
    result = await world.send(export, BOB)
    there = await export_of(world, BOB)
    there["tasks"] = there["tasks"][before:]
    assert comparable(there) == comparable(export)
    assert (result.imported, result.skipped_total, result.views) == (len(export["tasks"]), 0, 3)
    assert [(each.name, each.tasks, each.new) for each in result.lists] == [
        (None, 5, False),
        ("Home", 7, True),
        ("Work", 2, True),
        ("Old", 0, True),
        ("Last", 0, True),
    ]
    assert result.notes == []


async def test_recurring_tasks_go_on_as_in_the_account_before(world: ImportWorld) -> None:
    await world.send(await export_of(world, ANN), BOB)
    for hours in (30, 600, 900):
        world.clock.forward(hours=hours)
        for number in (8, 9, 10, 11):
            first, second = [await world.tasks.complete(caller, number) for caller in (ANN, BOB)]
            assert (first.due, first.slot, first.recurrence, first.completed) == (
                *(second.due, second.slot, second.recurrence, second.completed),
            )


async def test_new_tasks_come_last_after_an_import(world: ImportWorld) -> None:
    await world.send(await export_of(world, ANN), BOB)
    await world.tasks.add(BOB, TaskDraft("new", list_id=1))
    export = await export_of(world, BOB)
    home = [each for each in export["tasks"] if each["list_id"] == 1 and each["parent_id"] is None]
    assert max(home, key=lambda each: each["position"])["title"] == "new"


async def test_an_import_twice_fills_the_same_lists_and_makes_no_view_twice(world: ImportWorld) -> None:
    export = await export_of(world, ANN)
    await world.send(export, BOB)
    again = await world.send(export, BOB)
    assert [each.new for each in again.lists] == [False] * 5
    assert (again.views, again.imported) == (1, len(export["tasks"])), "a view in the trash is one more there"
    there = await export_of(world, BOB)
    assert [each["name"] for each in there["lists"]] == [each["name"] for each in export["lists"]] + ["Home"]
    assert len(there["tasks"]) == 2 * len(export["tasks"])


async def test_one_undo_takes_an_import_back(world: ImportWorld) -> None:
    await world.tasks.add(BOB, TaskDraft("own"))
    world.clock.forward(hours=1)
    await world.send(await export_of(world, ANN), BOB)
    undone = await world.undo.last(BOB)
    live = [each for of in (TaskList, View) for each in await world.all_of(of, BOB) if not each.deleted_at]
    assert live == []
    assert [task.title for task in await world.tasks_of(BOB) if not task.deleted_at] == ["own"]
    assert {type(each) for each in undone.entities} >= {TaskList, View}
    await world.undo.last(BOB)
    back, export = comparable(await export_of(world, BOB)), comparable(await export_of(world, ANN))
    assert (back["lists"], back["views"]) == (export["lists"], export["views"])


async def test_a_dry_run_says_the_same_and_changes_nothing(world: ImportWorld) -> None:
    export, before = await export_of(world, ANN), world.store.rows.copy()
    shown = await world.send(export, BOB, dry_run=True)
    assert vars(world.store.rows) == vars(before)
    done = await world.send(export, BOB)
    assert (shown.lists, shown.imported) == (done.lists, done.imported)
    assert (shown.dry_run, done.dry_run) == (True, False)


async def test_an_export_of_version_1_is_read_as_before(world: ImportWorld) -> None:
    task = {
        "id": 3,
        "user_id": "x",
        "title": "a",
        "description": None,
        "completed": True,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-02T00:00:00Z",
        "deleted_at": None,
        "revision": 9,
        "completed_at": "2026-01-02T00:00:00Z",
    }
    document = {"version": 1, "user_id": "x", "exported_at": "2026-11-23T12:00:00Z", "tasks": [task]}
    await world.send(document, BOB)
    [there] = await world.tasks_of(BOB)
    assert (there.title, there.completed, there.updated_at - there.created_at) == ("a", True, timedelta(days=1))
