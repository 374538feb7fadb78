"""What one command changed is one set, and is undone as one."""

from dataclasses import replace

import msgspec
import pytest

from application.tasks.commands import Batch
from application.tasks.log.recording import RECORDED_AT_ONCE
from domain.errors import Conflict, Gone, NotFound
from tests.logged import title_of
from tests.unit.tasks.changes_world import ANN, TURN, World
from tests.unit.tasks.changes_world import world as world
from tests.unit.tasks.import_world import ImportWorld


def batch(*operations: object, atomic: bool = True) -> Batch:
    return msgspec.convert({"operations": operations, "atomic": atomic}, Batch)


def sets(world: World) -> list[int]:
    return [event.change_set for event in world.store.rows.events]


RENAMES = [{"op": "update", "id": each, "title": f"new {each}"} for each in (1, 2)]


async def test_one_command_is_a_set_of_one(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.complete(ANN, 1)
    assert sets(world) == [1, 2, 3]


async def test_an_atomic_batch_is_one_set_and_each_operation_of_another_is_one(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.run(ANN, batch(*RENAMES, {"op": "create", "title": "c"}))
    await world.tasks.run(
        ANN, batch({"op": "complete", "id": 1}, {"op": "complete", "id": 9}, {"op": "delete", "id": 2}, atomic=False)
    )
    assert sets(world) == [1, 2, 3, 3, 3, 6, 7]


async def test_an_import_is_one_set_however_large(world: World) -> None:
    await world.add("a")
    imports = ImportWorld(world.store, world.clock)
    await imports.send_tasks(*({"title": f"{line}"} for line in range(1, RECORDED_AT_ONCE + 3)))
    assert sets(world) == [1, *[2] * (RECORDED_AT_ONCE + 2)]
    undone = await world.undo.event(ANN, RECORDED_AT_ONCE)
    assert len(undone.entities) == RECORDED_AT_ONCE + 2
    assert [task.title for task in await world.listed()] == ["a"]


@pytest.mark.parametrize("revision", [3, 4])
async def test_undoing_any_change_of_a_set_undoes_all_of_it(world: World, revision: int) -> None:
    before = await world.add("a", "b")
    await world.tasks.run(ANN, batch(*RENAMES))
    undone = await world.undo.event(ANN, revision)
    assert [title_of(each) for each in undone.entities] == ["a", "b"]
    assert [replace(task, revision=0) for task in (await world.listed())[::-1]] == [
        replace(task, revision=0) for task in before
    ]
    assert sets(world)[-2:] == [5, 5]
    again = await world.undo.event(ANN, 6)
    assert [title_of(each) for each in again.entities] == ["new 1", "new 2"]


async def test_a_set_is_not_undone_in_part(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.run(ANN, batch(*RENAMES))
    await world.tasks.complete(ANN, 2)
    with pytest.raises(Conflict, match="Task 2, new 2, has been changed since"):
        await world.undo.event(ANN, 3)
    assert [task.title for task in await world.listed()] == ["new 2", "new 1"]


async def test_the_callers_last_set_is_undone_whole(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.run(ANN, batch(*RENAMES))
    await world.add("c")
    await world.tasks.complete(TURN, 3)
    await world.tasks.run(ANN, batch(*RENAMES[1:], {"op": "complete", "id": 1}))
    await world.undo.last(ANN)
    assert [(task.title, task.completed) for task in await world.listed()] == [
        ("c", True),
        ("new 2", False),
        ("new 1", False),
    ]


async def test_a_set_whose_beginning_is_forgotten_is_gone(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.run(ANN, batch(*RENAMES))
    del world.store.rows.events[:3]
    with pytest.raises(Gone):
        await world.undo.event(ANN, 4)
    with pytest.raises(NotFound):
        await world.undo.event(ANN, 40)


async def test_a_change_that_a_newer_version_made_is_left_to_it(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.run(ANN, batch(*RENAMES))
    events = world.store.rows.events
    events[-1] = replace(events[-1], entity="galaxy")
    with pytest.raises(Conflict, match="newer version"):
        await world.undo.event(ANN, 3)
