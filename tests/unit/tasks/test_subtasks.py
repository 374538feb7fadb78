"""Tasks below tasks: what a command on one means for the others, and where they may be."""

import random

import pytest

from application.tasks.commands import Complete, Create, Delete, Update
from domain.errors import Conflict, Invalid
from domain.tasks.changes import Change
from domain.tasks.ordering.sibling_keys import MAX_KEY_LENGTH, NoRoom, between
from domain.tasks.task import Subtasks
from tests.fakes import add_users
from tests.unit.tasks.changes_world import ANN
from tests.unit.tasks.tree_world import TreeWorld


@pytest.fixture
async def world() -> TreeWorld:
    world = TreeWorld()
    await add_users(world.store, "ann", "bob")
    return world


async def family(world: TreeWorld, depth: int = 3) -> None:
    """1 above 2 above 3 and so on."""
    for each in range(depth):
        await world.new(f"Level {each}", **({"parent_id": each} if each else {}))


async def test_completing_completes_all_below_and_reopening_opens_all_above(world: TreeWorld) -> None:
    await family(world, 4)
    assert (await world.tasks.complete(ANN, 2)).subtasks == Subtasks(1, 1)
    assert [world.task(each).completed for each in (1, 2, 3, 4)] == [False, True, True, True]
    await world.tasks.complete(ANN, 1)
    await world.tasks.uncomplete(ANN, 3)
    assert [world.task(each).completed for each in (1, 2, 3, 4)] == [False, False, False, True]


async def test_a_new_subtask_opens_those_above_it_and_is_in_their_list(world: TreeWorld) -> None:
    home = await world.new_list()
    await world.new(list_id=home.id)
    await world.tasks.complete(ANN, 1)
    child = await world.new(parent_id=1)
    assert (child.list_id, world.task(1).completed) == (home.id, False)
    assert (await world.tasks.get(ANN, 1)).subtasks == Subtasks(1, 0)


async def test_deleting_and_restoring_takes_the_subtree_but_not_what_was_deleted_before(world: TreeWorld) -> None:
    await family(world)
    await world.new("Gone before", parent_id=1)
    await world.tasks.delete(ANN, 4)
    world.clock.forward(minutes=1)
    await world.tasks.delete(ANN, 1)
    assert [world.task(each).deleted_at == world.clock() for each in (1, 2, 3, 4)] == [True, True, True, False]
    await world.tasks.restore(ANN, 1)
    assert [bool(world.task(each).deleted_at) for each in (1, 2, 3, 4)] == [False, False, False, True]
    await world.undo.last(ANN)
    assert [bool(world.task(each).deleted_at) for each in (1, 2, 3)] == [True] * 3


async def test_a_task_whose_parent_is_in_the_trash_comes_back_to_the_top_level(world: TreeWorld) -> None:
    await family(world)
    await world.tasks.delete(ANN, 1)
    restored = await world.tasks.restore(ANN, 2)
    assert (restored.parent_id, restored.subtasks, world.task(3).parent_id) == (None, Subtasks(1, 0), 2)


async def test_a_task_whose_list_is_in_the_trash_comes_back_to_the_inbox(world: TreeWorld) -> None:
    home = await world.new_list()
    await world.new(list_id=home.id)
    await world.tasks.delete(ANN, 1)
    await world.entities.record(ANN, world.clock(), [Change(home, home.delete(world.clock())[0].after)])
    assert (await world.tasks.restore(ANN, 1)).list_id is None


async def test_a_move_takes_the_subtree_into_the_other_list(world: TreeWorld) -> None:
    home = await world.new_list()
    await family(world)
    moved = await world.change(1, list_id=home.id)
    assert (moved.list_id, world.task(2).list_id, world.task(3).list_id) == (home.id,) * 3
    assert len({event.change_set for event in world.store.rows.events[-3:]}) == 1
    with pytest.raises(Invalid, match="list_id"):
        await world.change(2, list_id=None)
    lifted = await world.change(2, list_id=None, parent_id=None)
    assert (lifted.list_id, lifted.parent_id, world.task(3).list_id) == (None, None, None)


@pytest.mark.parametrize("parent_id", [1, 2, 3])
async def test_a_task_can_not_be_below_itself(world: TreeWorld, parent_id: int) -> None:
    await family(world)
    with pytest.raises(Invalid, match="itself or one of its subtasks"):
        await world.change(1, parent_id=parent_id)


async def test_a_fourth_level_of_subtasks_is_refused(world: TreeWorld) -> None:
    await family(world, 4)
    with pytest.raises(Invalid, match="too deep"):
        await world.new(parent_id=4)
    await world.new("Another")
    with pytest.raises(Invalid, match="too deep"):
        await world.change(1, parent_id=5)
    assert (await world.change(2, parent_id=5)).parent_id == 5


async def test_a_rule_below_a_recurring_task_is_refused(world: TreeWorld) -> None:
    weekly = {"due": "2026-12-01", "recurrence": "FREQ=WEEKLY"}
    await world.new(**weekly)
    with pytest.raises(Invalid, match="recurrence"):
        await world.new(parent_id=1, **weekly)
    await world.new(parent_id=1)
    with pytest.raises(Invalid, match="recurrence"):
        await world.change(2, **weekly)
    await world.new()
    await world.new(parent_id=3, **weekly)
    with pytest.raises(Invalid, match="recurrence"):
        await world.change(3, **weekly)
    with pytest.raises(Invalid, match="recurrence"):
        await world.change(4, parent_id=1)


async def test_new_tasks_come_last_and_a_move_puts_one_between_two(world: TreeWorld) -> None:
    for each in range(12):
        await world.new(f"Task {each}")
    assert world.order() == [*range(1, 13)]
    await world.change(12, before_id=1)
    await world.change(1, after_id=11)
    await world.new("The newest")
    assert world.order() == [12, *range(2, 12), 1, 13]
    assert len(world.store.rows.events) == 12 + 2 + 1


async def test_a_move_takes_over_the_list_and_the_parent_of_the_sibling(world: TreeWorld) -> None:
    home = await world.new_list()
    await world.new(list_id=home.id)
    await world.new(parent_id=1)
    await world.new()
    moved = await world.change(3, before_id=2)
    assert (moved.list_id, moved.parent_id, world.order(home.id, 1)) == (home.id, 1, [3, 2])
    for where in ({"parent_id": None}, {"list_id": None}, {"after_id": 1}, {"before_id": 3}, {"before_id": 99}):
        with pytest.raises(Invalid):
            await world.change(3, **{"before_id": 2, **where})


@pytest.mark.parametrize("seed", range(5))
async def test_hostile_moves_keep_the_order_and_the_keys_short(world: TreeWorld, seed: int) -> None:
    chance, order = random.Random(seed), [*range(1, 8)]
    for each in order:
        await world.new(f"Task {each}")
    for _ in range(400):
        task, anchor = chance.sample(order[:3], 2) if chance.random() < 0.8 else chance.sample(order, 2)
        side = chance.choice(["before_id", "after_id"])
        await world.change(task, **{side: anchor})
        order.remove(task)
        order.insert(order.index(anchor) + (side == "after_id"), task)
        assert world.order() == order
    assert max(len(task.position) for task in world.state().values()) <= MAX_KEY_LENGTH


async def test_new_keys_for_all_siblings_are_one_change_set_and_are_undone(world: TreeWorld) -> None:
    for each in range(5):
        await world.new(f"Task {each}")
    sets: set[int] = set()
    while len(sets) != 1 or len(world.store.rows.events) == 0:
        before, last = world.state(), world.store.rows.revisions["ann"]
        task, anchor = (2, 3) if world.order().index(2) > world.order().index(3) else (3, 2)
        await world.change(task, before_id=anchor)
        changed = [event for event in world.store.rows.events if event.revision > last]
        sets = {event.change_set for event in changed} if len(changed) > 1 else set()
    await world.undo.last(ANN)
    assert world.state() == before


async def test_a_batch_sees_the_effects_of_the_commands_before(world: TreeWorld) -> None:
    await world.new()
    await world.new()
    await world.run(Update(id=2, parent_id=1), Create("Below both", parent_id=2), Complete(1))
    assert [task.completed for task in world.state().values()] == [True] * 3
    await world.run(Delete(1))
    assert all(task.deleted_at for task in world.state().values())


async def test_a_refused_command_leaves_nothing_behind_for_those_after_it(world: TreeWorld) -> None:
    await world.new()
    await world.new()
    results = await world.run(Update(id=1, parent_id=2, start="x"), Complete(2), atomic=False)
    assert isinstance(results[0], Invalid)
    assert (world.task(1).parent_id, world.task(1).completed, world.task(2).completed) == (None, False, True)


async def test_an_undo_does_not_bring_a_task_back_under_a_parent_in_the_trash(world: TreeWorld) -> None:
    await world.new()
    await world.new(parent_id=1)
    await world.change(2, parent_id=None)
    revision = world.store.rows.revisions["ann"]
    await world.tasks.delete(ANN, 1)
    with pytest.raises(Conflict, match="parent is in the trash"):
        await world.undo.event(ANN, revision)


async def test_new_keys_of_a_refused_move_are_forgotten(world: TreeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.tasks.ordering.sibling_keys.MAX_KEY_LENGTH", 3)
    for each in range(4):
        await world.new(f"Task {each}")
    last, first = 3, 2
    while _has_room(world.task(1).position, world.task(first).position):
        await world.change(last, before_id=first)
        last, first = first, last
    before = world.order()
    refused, _ = await world.run(Update(id=last, before_id=first, title=""), Update(id=4, after_id=first), atomic=False)
    assert isinstance(refused, Invalid)
    before.remove(4)
    before.insert(before.index(first) + 1, 4)
    assert world.order() == before
    assert len({task.position for task in world.state().values()}) == len(before), "no two have the same key"


def _has_room(before: str, after: str) -> bool:
    try:
        return bool(between(before, after))
    except NoRoom:
        return False
