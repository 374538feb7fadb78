import pytest

from application.tasks.inputs import TaskChanges
from domain.accounts.account import Actor, Caller
from domain.errors import Conflict, Gone, NotFound
from domain.tasks.task import Status, Task
from tests.fakes import FakeTrash
from tests.logged import only_task
from tests.unit.tasks.changes_world import ANN, BOB, TURN, World
from tests.unit.tasks.changes_world import world as world

FROM_TOKEN = Caller("ann", Actor("token", "k1"))


async def test_a_change_is_undone_exactly_with_its_times(world: World) -> None:
    (before,) = await world.add("Buy milk")
    world.clock.forward(hours=1)
    await world.tasks.update(ANN, 1, TaskChanges(title="Buy bread", description="rye", completed=True))
    world.clock.forward(hours=1)
    undone = only_task((await world.undo.event(ANN, 2)).entities)
    assert (undone.title, undone.description, undone.completed) == ("Buy milk", None, False)
    assert (undone.created_at, undone.updated_at, undone.revision) == (before.created_at, before.updated_at, 3)
    assert await world.tasks.get(ANN, 1) == undone


async def test_undoing_an_addition_puts_the_task_into_the_trash_and_undoing_that_takes_it_out(world: World) -> None:
    (added,) = await world.add("Buy milk")
    await world.undo.event(ANN, 1)
    assert await world.listed() == []
    assert [task.id for task in await world.listed(Status.TRASHED)] == [1]
    back = only_task((await world.undo.event(ANN, 2)).entities)
    assert (back.title, back.deleted_at, back.updated_at) == ("Buy milk", None, added.updated_at)


async def test_undoing_a_deletion_restores_and_undoing_a_restoration_deletes(world: World) -> None:
    await world.add("Buy milk")
    deleted = await world.tasks.delete(ANN, 1)
    world.clock.forward(days=1)
    await world.undo.event(ANN, 2)
    assert (await world.tasks.get(ANN, 1)).deleted_at is None
    again = only_task((await world.undo.event(ANN, 3)).entities)
    assert again.deleted_at == deleted.deleted_at


async def test_a_whole_turn_is_undone_at_once(world: World) -> None:
    await world.add("a", "b", "c")
    await world.tasks.complete(TURN, 1)
    await world.tasks.update(TURN, 1, TaskChanges(title="A"))
    await world.tasks.delete(TURN, 2)
    await world.add("d", caller=TURN)
    undone = (await world.undo.turn(ANN, "t1")).entities
    assert [task.id for task in undone] == [1, 2, 4]
    assert [(task.title, task.completed) for task in await world.listed()] == [("c", False), ("b", False), ("a", False)]
    assert [event.actor for event in world.store.rows.events[-3:]] == [Actor()] * 3


async def test_where_somebody_changed_a_task_since_nothing_is_undone_and_it_is_named(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.complete(TURN, 1)
    await world.tasks.complete(TURN, 2)
    await world.tasks.update(ANN, 2, TaskChanges(title="Mine"))
    with pytest.raises(Conflict, match="Task 2, Mine, has been changed since"):
        await world.undo.turn(ANN, "t1")
    with pytest.raises(Conflict, match="Task 2, Mine"):
        await world.undo.event(ANN, 4)
    assert [task.completed for task in await world.listed()] == [True, True]


async def test_what_a_person_changed_in_the_middle_of_a_turn_is_not_undone_with_it(world: World) -> None:
    await world.add("a")
    await world.tasks.update(TURN, 1, TaskChanges(title="A"))
    await world.tasks.update(ANN, 1, TaskChanges(description="my note"))
    await world.tasks.complete(TURN, 1)
    with pytest.raises(Conflict, match="Task 1, A, has been changed in between"):
        await world.undo.turn(ANN, "t1")
    assert (await world.tasks.get(ANN, 1)).description == "my note"


async def test_what_a_turn_added_and_deleted_stays_in_the_trash_as_it_is(world: World) -> None:
    await world.add("a", caller=TURN)
    deleted = await world.tasks.delete(TURN, 1)
    world.clock.forward(hours=1)
    assert (await world.undo.turn(ANN, "t1")).entities == []
    assert await world.listed(Status.TRASHED) == [deleted]


async def test_a_turn_is_not_undone_twice(world: World) -> None:
    await world.add("a", caller=TURN)
    await world.undo.turn(ANN, "t1")
    with pytest.raises(Conflict):
        await world.undo.turn(ANN, "t1")


async def test_a_purged_task_does_not_come_back(world: World) -> None:
    await world.add("a")
    await world.tasks.delete(ANN, 1)
    world.clock.forward(days=31)
    await world.clean()
    for revision in (1, 2, 3):
        with pytest.raises(Conflict, match="purged"):
            await world.undo.event(ANN, revision)


async def test_a_task_restored_just_before_its_purge_is_not_undone_beyond_what_the_log_still_has(world: World) -> None:
    await world.add("a")
    await world.tasks.complete(ANN, 1)
    await world.tasks.delete(ANN, 1)
    world.clock.forward(days=31)
    await FakeTrash(world.store).erase(Task, "ann", [1], world.clock(), 10)
    await world.tasks.restore(ANN, 1)
    assert len((await world.undo.event(ANN, 4)).entities) == 1
    with pytest.raises(Conflict):
        await world.undo.event(ANN, 2)


async def test_what_is_not_there_is_not_undone(world: World) -> None:
    await world.add("a")
    await world.add("his", caller=Caller("bob", Actor("turn", "t9")))
    for refused in (world.undo.event(ANN, 2), world.undo.turn(ANN, "t9"), world.undo.turn(BOB, "nothing")):
        with pytest.raises(NotFound):
            await refused
    world.clock.forward(days=91)
    await world.clean()
    with pytest.raises(Gone):
        await world.undo.event(ANN, 1)


async def test_the_last_change_is_the_callers_own_and_undoing_twice_is_doing_again(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.complete(FROM_TOKEN, 1)
    await world.tasks.complete(ANN, 2)
    await world.undo.last(FROM_TOKEN)
    assert [task.completed for task in await world.listed()] == [True, False]
    await world.undo.last(FROM_TOKEN)
    assert [task.completed for task in await world.listed()] == [True, True]
    with pytest.raises(NotFound, match="nothing to undo"):
        await world.undo.last(BOB)
