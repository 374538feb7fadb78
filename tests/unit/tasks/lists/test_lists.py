"""Lists with their tasks, over fakes."""

import pytest

from application.tasks.inputs import TaskChanges, TaskDraft
from application.tasks.lists.inputs import ListChanges, ListDraft, TagChanges, ViewDraft
from domain.errors import Conflict, Invalid, NotFound
from domain.tasks.ordering.sibling_keys import MAX_KEY_LENGTH
from domain.tasks.task import Status
from domain.tasks.task_list import MAX_LISTS
from tests.unit.tasks.changes_world import ANN, BOB, World
from tests.unit.tasks.changes_world import world as world


async def with_tasks(world: World, *titles: str) -> None:
    """A list 1 with tasks."""
    await world.lists.add(ANN, ListDraft("Home"))
    for title in titles:
        await world.tasks.add(ANN, TaskDraft(title, list_id=1))


async def titles(world: World) -> list[str]:
    return [task.title for task in await world.listed()]


async def test_what_goes_with_a_list_has_its_time_and_only_that_comes_back(world: World) -> None:
    await with_tasks(world, "a", "b", "c")
    await world.tasks.add(ANN, TaskDraft("child", parent_id=2))
    await world.add("elsewhere")
    await world.tasks.delete(ANN, 1)
    world.clock.forward(hours=1)
    deleted = await world.lists.delete(ANN, 1)
    trash = {task.title: task.deleted_at for task in await world.listed(Status.TRASHED)}
    assert {title for title, at in trash.items() if at == deleted.deleted_at} == {"b", "c", "child"}
    assert await titles(world) == ["elsewhere"]
    world.clock.forward(hours=1)
    await world.lists.restore(ANN, 1)
    assert await titles(world) == ["elsewhere", "child", "c", "b"]


async def test_a_deletion_and_a_restoration_are_one_set_each_however_many_tasks(world: World) -> None:
    await with_tasks(world, *(f"task {number}" for number in range(1_203)))
    last = world.store.rows.revisions["ann"]
    await world.lists.delete(ANN, 1)
    await world.lists.restore(ANN, 1)
    sets = [event.change_set for event in world.store.rows.events if event.revision > last]
    assert sets == [last + 1] * 1_204 + [last + 1_205] * 1_204
    assert len((await world.undo.event(ANN, last + 1_205)).entities) == 1_204
    assert (await world.lists.trashed(ANN))[0].deleted_at
    await world.undo.event(ANN, world.store.rows.revisions["ann"])
    assert (await world.lists.get(ANN, 1)).pending == 1_203


async def test_a_task_that_is_restored_alone_goes_to_the_inbox_and_stays_there(world: World) -> None:
    await with_tasks(world, "a", "b")
    await world.lists.delete(ANN, 1)
    assert (await world.tasks.restore(ANN, 1)).list_id is None
    await world.lists.restore(ANN, 1)
    assert [(task.title, task.list_id) for task in await world.listed()] == [("b", 1), ("a", None)]


async def test_a_list_in_the_trash_takes_no_tasks(world: World) -> None:
    await with_tasks(world)
    await world.lists.delete(ANN, 1)
    with pytest.raises(Invalid, match="no list 1"):
        await world.tasks.add(ANN, TaskDraft("a", list_id=1))


async def test_there_are_as_many_lists_as_may_be_and_a_deleted_one_makes_room(world: World) -> None:
    for number in range(MAX_LISTS):
        await world.lists.add(ANN, ListDraft(f"list {number}"))
    with pytest.raises(Conflict, match="500 lists"):
        await world.lists.add(ANN, ListDraft("one more"))
    await world.lists.delete(ANN, 7)
    await world.lists.add(ANN, ListDraft("one more"))
    with pytest.raises(Conflict, match="500 lists"):
        await world.lists.restore(ANN, 7)
    with pytest.raises(Conflict, match="more than 500 lists"):
        await world.undo.event(ANN, MAX_LISTS + 1)
    await world.lists.add(BOB, ListDraft("his"))


async def test_lists_that_are_moved_between_the_same_two_for_ever_get_new_keys(world: World) -> None:
    for name in "abc":
        await world.lists.add(ANN, ListDraft(name))
    order = ["a", "b", "c"]
    for _ in range(400):
        await world.lists.update(ANN, 3 if order[1] == "b" else 2, ListChanges(after_id=1))
        order = ["a", order[2], order[1]]
        lists = await world.lists.all(ANN)
        assert [each.name for each in lists] == order
        assert max(len(each.position) for each in lists) <= MAX_KEY_LENGTH


async def test_what_is_purged_from_the_trash_leaves_a_fact_only(world: World) -> None:
    await with_tasks(world, "a secret")
    await world.views.add(ANN, ViewDraft("secret view", "#home"))
    await world.views.delete(ANN, 1)
    await world.lists.delete(ANN, 1)
    world.clock.forward(days=31)
    await world.clean()
    assert (world.store.rows.lists, world.store.rows.views, world.store.rows.tasks) == ({}, {}, {})
    assert "secret" not in repr(world.store.rows.events)
    assert world.kinds()[-3:] == ["purged"] * 3
    with pytest.raises(NotFound):
        await world.lists.restore(ANN, 1)
    delta = await world.change_log.sync(ANN, None, 10)
    assert (delta.entities, delta.deleted) == ([], ())


async def test_a_list_is_not_undone_away_from_under_its_tasks(world: World) -> None:
    await with_tasks(world)
    await world.add("a")
    await world.tasks.update(ANN, 1, TaskChanges(list_id=1))
    with pytest.raises(Conflict, match="List 1, Home, has tasks in it since"):
        await world.undo.event(ANN, 1)
    await world.tasks.delete(ANN, 1)
    await world.undo.event(ANN, 1)
    assert await world.lists.all(ANN) == []


async def test_a_parent_is_not_undone_away_from_under_its_subtasks(world: World) -> None:
    await world.add("a")
    await world.tasks.add(ANN, TaskDraft("b", parent_id=1))
    with pytest.raises(Conflict, match="Task 1, a, has tasks in it since"):
        await world.undo.event(ANN, 1)


async def test_an_undo_that_would_give_two_lists_one_name_is_refused(world: World) -> None:
    await with_tasks(world)
    await world.lists.delete(ANN, 1)
    await world.lists.add(ANN, ListDraft("HOME"))
    with pytest.raises(Conflict, match="another list called Home"):
        await world.undo.event(ANN, 2)
    await world.lists.update(ANN, 2, ListChanges(name="Other"))
    await world.undo.event(ANN, 2)
    with pytest.raises(Conflict, match="another list called HOME"):
        await world.lists.update(ANN, 1, ListChanges(name="Third"))
        await world.lists.add(ANN, ListDraft("home"))
        await world.undo.event(ANN, 4)


async def test_a_tag_of_too_many_tasks_is_not_changed_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.tasks.lists.tags.MAX_TASKS_CHANGED", 2)
    for _ in range(3):
        await world.tasks.add(ANN, TaskDraft("a", tags=["x"]))
    with pytest.raises(Conflict, match="More than 2 tasks"):
        await world.task_tags.rename(ANN, "x", TagChanges("y"))
    assert [task.tags for task in await world.listed()] == [["x"]] * 3


async def test_a_tag_is_renamed_in_the_trash_too(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("a", tags=["x"]))
    await world.views.add(ANN, ViewDraft("v", "@x"))
    await world.tasks.delete(ANN, 1)
    await world.views.delete(ANN, 1)
    await world.task_tags.rename(ANN, "x", TagChanges("y"))
    assert (await world.tasks.restore(ANN, 1)).tags == ["y"]
    assert (await world.views.restore(ANN, 1)).filter == "@y"


async def test_a_view_whose_tag_gets_a_long_name_can_still_be_read(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("a", tags=["x"]))
    await world.views.add(ANN, ViewDraft("v", " | ".join(["@x"] * 50)))
    await world.task_tags.rename(ANN, "x", TagChanges("y" * 50))
    assert (await world.views.get(ANN, 1)).shown_filter == " | ".join(["@" + "y" * 50] * 50)
