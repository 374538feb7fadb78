"""Subtasks, siblings and lists, and entities that an undo purges."""

from dataclasses import replace
from typing import Any

import pytest

from domain.errors import NotAuthenticated
from domain.tasks.changes import Change, ChangeKind
from domain.tasks.ordering.sibling_keys import number_key
from domain.tasks.ordering.siblings import Place
from domain.tasks.task import Subtasks, Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View
from tests.contract.conftest import Store
from tests.contract.tasks_world import ANN, NOW, added, changed, log, recorded, task


@pytest.fixture(autouse=True)
async def _users(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")


async def below(store: Store, parent_id: int | None, **values: Any) -> Task:
    new = replace(task("Below"), parent_id=parent_id, **values)
    return (await recorded(store, Change(None, new)))[0]


async def test_a_task_is_read_with_the_numbers_of_its_subtasks(store: Store) -> None:
    [parent] = await added(store, "Parent")
    await below(store, 1)
    await below(store, 1, completed=True)
    await below(store, 1, completed=True, deleted_at=NOW)
    await below(store, 2)
    read = await store.tasks.get("ann", 1)
    assert read is not None
    assert (read, read.subtasks) == (parent, Subtasks(2, 1))
    [renamed] = await recorded(store, Change(read, replace(read, title="Renamed")))
    assert renamed.subtasks == Subtasks(2, 1)
    locked = await store.do(store.entities.get_to_change("ann", Task, [1]))
    assert locked[0].subtasks == Subtasks(2, 1)


async def test_a_family_is_all_above_and_all_below(store: Store) -> None:
    await added(store, "Top", "Alone")
    await added(store, "Of Bob", user_id="bob")
    for parent in (1, 3, 4, 3):
        await below(store, parent)
    await below(store, 6, deleted_at=NOW)
    found = await store.tasks.family("ann", [3])
    assert {each.id for each in found} == {1, 3, 4, 5, 6, 7}
    assert {each.id for each in await store.tasks.family("ann", [2, 4])} == {1, 2, 3, 4, 5}
    assert await store.tasks.family("ann", [99]) == []


async def test_entities_are_read_page_by_page_with_the_trash(store: Store) -> None:
    await added(store, "One", "Two", "Three")
    [two] = await store.entities.get_all("ann", Task, [2])
    await changed(store, two, deleted_at=NOW)
    others: tuple[Any, ...] = (TaskList("ann", "Home", NOW, NOW), View("ann", "Mine", NOW, NOW))
    await recorded(store, *(Change(None, each) for each in others))
    pages = [await store.entities.following("ann", Task, 2, after=after) for after in (0, 2, 3)]
    assert [[(each.title, bool(each.deleted_at)) for each in page] for page in pages] == [
        [("One", False), ("Two", True)],
        [("Three", False)],
        [],
    ]
    assert [each.name for each in await store.entities.following("ann", TaskList, 9, after=0)] == ["Home"]
    assert [each.name for each in await store.entities.following("ann", View, 9, after=0)] == ["Mine"]
    assert await store.entities.following("bob", Task, 9, after=0) == []
    with pytest.raises(NotAuthenticated):
        await store.entities.last_number("nobody", Task)


async def test_siblings_are_in_the_order_of_their_positions(store: Store) -> None:
    for _ in range(11):
        await below(store, None, list_id=7)
    await below(store, 1, list_id=7)
    await below(store, None)
    await below(store, None, list_id=7, deleted_at=NOW)
    await changed(store, (await store.tasks.get("ann", 11)), order_key="a1V")  # type: ignore[arg-type]
    places = await store.tasks.places("ann", 7, None)
    assert [place.id for place in places] == [1, 11, *range(2, 11)]
    assert places[1:3] == [Place("a1V", 11), Place(number_key(2), 2)]
    assert await store.tasks.places("ann", 7, 1) == [Place("b12", 12)]
    assert await store.tasks.places("ann", None, None) == [Place("b13", 13)]
    assert await store.tasks.list_size("ann", 7) == 12


async def test_all_fields_come_back_as_they_were_stored(store: Store) -> None:
    given: dict[str, Any] = {
        "completed_at": NOW,
        "completed": True,
        "list_id": 3,
        "parent_id": 4,
        "order_key": "Zz",
        "priority": "high",
        "tags": ["Büro", "it's", '\\ " ,{}'],
        "start": "2026-12-01",
        "due": "2026-12-01T09:00+01:00[Europe/Berlin]",
        "deadline": "2026-12-05",
        "recurrence": "FREQ=DAILY",
        "recurs_from": "completion",
        "slot": "2026-12-01T09:00",
        "estimate": "PT45M",
        "occurrence_of": 9,
    }
    [recorded_task] = await recorded(
        store, Change(None, replace(task("Über it's \\ 買う"), description="don't", **given))
    )
    read = await store.tasks.get("ann", 1)
    assert read == recorded_task
    assert {name: getattr(read, name) for name in given} == given
    [event] = await log(store)
    assert event.after == recorded_task


async def test_lists_and_views_are_numbered_by_themselves(store: Store) -> None:
    await added(store, "Task")
    home = TaskList.new("ann", NOW, {"name": "Home", "color": "red"})
    mine = View.new("ann", NOW, {"name": "Mine", "filter": "today & #1"})
    recorded_all = await store.do(store.entities.record(ANN, NOW, [Change(None, home), Change(None, mine)]))
    assert [(each.id, each.revision) for each in recorded_all] == [(1, 2), (1, 3)]
    assert await store.entities.all("ann", TaskList) == [replace(home, id=1, revision=2)]
    assert await store.entities.all("ann", View) == [replace(mine, id=1, revision=3)]
    assert [await store.entities.last_number("ann", of) for of in (Task, TaskList, View)] == [1, 1, 1]


async def test_a_purged_task_is_gone_and_the_log_keeps_what_it_was(store: Store) -> None:
    [first, second] = await added(store, "Stays", "Goes")
    await recorded(store, Change(second, second, purges=True))
    assert (await store.tasks.get("ann", 2), await store.entities.last_number("ann", Task)) == (None, 2)
    event = (await log(store))[-1]
    assert (event.kind, event.before, event.after) == (ChangeKind.PURGED, replace(second, revision=0), None)
    [again] = await recorded(store, Change(None, replace(second, revision=0)))
    assert again == replace(second, revision=4)
    assert [each.id for each in await added(store, "Next")] == [3]
    assert await store.tasks.get("ann", 1) == first


@pytest.mark.parametrize("given", [5, 6])
async def test_a_number_that_is_given_counts_as_the_last(store: Store, given: int) -> None:
    await recorded(store, Change(None, replace(task(), id=given)))
    assert [each.id for each in await added(store, "Next")] == [given + 1]
