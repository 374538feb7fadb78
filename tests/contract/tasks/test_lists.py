"""Lists and views in the storage, with the tasks that belong to them."""

from dataclasses import replace
from typing import Any

import pytest

from domain.errors import NotAuthenticated
from domain.tasks.changes import Change, ChangeKind, Entity
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View
from tests.contract.conftest import Store
from tests.contract.tasks_world import ANN, LATER, NOW, changed, log, recorded, task

LONG_TAG = "ﷺ" * 50


def task_list(name: str, **values: Any) -> TaskList:
    return TaskList.new("ann", NOW, {"name": name, **values})


def view(name: str) -> View:
    return View.new("ann", NOW, {"name": name, "filter": "today & #1", "sort": "due"})


async def stored(store: Store, *entities: Any) -> list[Any]:
    return list(await store.do(store.entities.record(ANN, NOW, [Change(None, each) for each in entities])))


async def with_values(store: Store, **values: object) -> Task:
    return (await recorded(store, Change(None, replace(task(), **values))))[0]  # type: ignore[arg-type]


async def test_lists_and_views_are_found_as_they_were_recorded_and_numbered_by_themselves(store: Store) -> None:
    await store.add_user("ann")
    home, work, today = await stored(store, task_list("Home", color="teal"), task_list("Work"), view("Today"))
    assert [(each.id, each.revision) for each in (home, work, today)] == [(1, 1), (2, 2), (1, 3)]
    assert await store.entities.all("ann", TaskList) == [home, work]
    assert await store.entities.get_all("ann", View, [1]) == [today]
    assert [event.after for event in await log(store)] == [home, work, today]
    assert [event.entity for event in await log(store)] == ["list", "list", "view"]
    assert await store.entities.get_all("bob", TaskList, [1]) == []


async def test_those_in_the_trash_come_newest_first(store: Store) -> None:
    await store.add_user("ann")
    one, two, _ = await stored(store, task_list("a"), task_list("b"), task_list("c"))
    for each, at in ((one, LATER), (two, NOW)):
        await store.do(store.entities.record(ANN, NOW, each.delete(at)))
    assert [each.name for each in await store.entities.trashed("ann", TaskList, 9)] == ["a", "b"]
    assert [each.name for each in await store.entities.trashed("ann", TaskList, 1)] == ["a"]
    assert [each.name for each in await store.entities.all("ann", TaskList)] == ["c"]


async def test_the_events_of_one_list_are_not_those_of_a_task_of_that_number(store: Store) -> None:
    await store.add_user("ann")
    (one,) = await stored(store, task_list("a"))
    await with_values(store, list_id=1)
    await store.do(store.entities.record(ANN, NOW, one.edit({"name": "b"}, LATER)))
    events = await log(store)
    assert await store.events.of_entity("ann", TaskList, 1, 9) == [events[0], events[2]]
    assert await store.events.of_entity("ann", TaskList, 1, 9, after=1) == [events[2]]
    assert await store.events.of_entity("ann", Task, 1, 9) == [events[1]]
    assert await store.events.of_entity("bob", TaskList, 1, 9) == []


async def test_open_tasks_of_lists_are_counted(store: Store) -> None:
    await store.add_user("ann")
    await stored(store, task_list("a"), task_list("b"), task_list("c"))
    for list_id in (1, 1, 2, None):
        await with_values(store, list_id=list_id)
    await with_values(store, list_id=1, completed=True)
    await with_values(store, list_id=2, deleted_at=NOW)
    assert dict(await store.tasks.pending_in("ann", [1, 2, 3])) == {1: 2, 2: 1}
    assert dict(await store.tasks.pending_in("ann", [2])) == {2: 1}
    assert dict(await store.tasks.pending_in("bob", [1, 2])) == {}


async def test_the_contents_of_lists_and_parents_are_the_tasks_outside_the_trash(store: Store) -> None:
    await store.add_user("ann")
    await with_values(store, list_id=3)
    await with_values(store, list_id=3, parent_id=1)
    await with_values(store, list_id=3, parent_id=1, deleted_at=NOW)
    assert sorted(await store.entities.contents("ann", TaskList, [3, 4])) == [1, 2]
    assert await store.entities.contents("ann", Task, [1, 2]) == [2]
    for of, ids in ((View, [1]), (TaskList, [])):
        assert await store.entities.contents("ann", of, ids) == []
    assert await store.entities.contents("bob", TaskList, [3]) == []


async def test_tags_are_counted_by_spelling(store: Store) -> None:
    await store.add_user("ann")
    for tags in (["home", "Büro"], ["home"], ["HOME"], []):
        await with_values(store, tags=tags)
    await with_values(store, tags=["buro", "home"], completed=True)
    await with_values(store, tags=["gone"], deleted_at=NOW)
    assert await store.tasks.tags("ann") == [("home", 2), ("Büro", 1), ("HOME", 1), ("buro", 0)]
    assert await store.tasks.tags("bob") == []


async def test_tasks_are_found_by_a_tag_in_any_spelling_those_in_the_trash_too(store: Store) -> None:
    await store.add_user("ann")
    odd = 'it\'s a \\ "tag" & | ! :*'
    for tags in (["Büro"], ["home"], ["BURO", "x"], [odd], [LONG_TAG]):
        await with_values(store, tags=tags)
    await with_values(store, tags=["buro"], deleted_at=NOW)

    async def numbers(tag: str, limit: int = 9, after: int = 0, user_id: str = "ann") -> list[int]:
        return [each.id for each in await store.tasks.tagged(user_id, tag, limit, after=after)]

    assert await numbers("buro") == [1, 3, 6]
    assert await numbers("buro", 1, after=1) == [3]
    assert await numbers(odd) == [4]
    assert await numbers("bur") == await numbers("buro", user_id="bob") == []
    await changed(store, (await store.entities.get_all("ann", Task, [1]))[0], tags=["home"])
    assert (await numbers("buro"), await numbers("home")) == ([3, 6], [1, 2])


async def test_a_purged_list_is_gone_and_the_log_knows_the_fact_only(store: Store) -> None:
    await store.add_user("ann")
    one, today = await stored(store, task_list("a"), view("Today"))
    await with_values(store, list_id=1)
    for entity in (one, today):
        await store.do(store.entities.record(ANN, NOW, entity.delete(NOW)))
    for of in (TaskList, View):
        assert await store.trash.due(of, LATER, 10) == {"ann": [1]}
        assert await store.trash.erase(of, "ann", [1], LATER, 9) == 2
        assert await store.do(store.trash.purge(of, "ann", [1], LATER, LATER)) == 1
        assert await store.entities.get_all("ann", of, [1]) == []
    states: list[tuple[str, ChangeKind, Entity | None]] = [
        (each.entity, each.kind, each.after) for each in await log(store)
    ]
    kept = await store.tasks.get("ann", 1)
    assert states == [
        ("list", ChangeKind.CREATED, None),
        ("view", ChangeKind.CREATED, None),
        ("task", ChangeKind.CREATED, kept),
        ("list", ChangeKind.DELETED, None),
        ("view", ChangeKind.DELETED, None),
        ("list", ChangeKind.PURGED, None),
        ("view", ChangeKind.PURGED, None),
    ]


async def test_a_user_who_is_gone_adds_no_list(store: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await stored(store, task_list("a"))
