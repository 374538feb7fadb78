from typing import Any

import msgspec
import pytest

from application.tasks.commands import Batch
from application.validation import decode
from domain.errors import Invalid, InvalidRequest, NotFound, Refusal
from domain.tasks.task import Task
from tests.unit.tasks.changes_world import ANN, BOB, World
from tests.unit.tasks.changes_world import world as world


def batch(*operations: dict[str, Any], **options: bool) -> Batch:
    return decode(msgspec.json.encode({"operations": operations, **options}), Batch)


ALL_KINDS = (
    {"op": "create", "title": "new", "description": "d"},
    {"op": "update", "id": 1, "title": "renamed"},
    {"op": "complete", "id": 1},
    {"op": "uncomplete", "id": 2},
    {"op": "delete", "id": 3},
    {"op": "restore", "id": 4},
)


async def prepared(world: World) -> None:
    await world.add("a", "b", "c", "d")
    await world.tasks.complete(ANN, 2)
    await world.tasks.delete(ANN, 4)


async def test_each_operation_sees_what_those_before_it_did_and_answers_in_order(world: World) -> None:
    await prepared(world)
    results = await world.tasks.run(ANN, batch(*ALL_KINDS))
    tasks = [result for result in results if isinstance(result, Task)]
    assert [(task.id, task.title, task.completed, bool(task.deleted_at)) for task in tasks] == [
        (5, "new", False, False),
        (1, "renamed", False, False),
        (1, "renamed", True, False),
        (2, "b", False, False),
        (3, "c", False, True),
        (4, "d", False, False),
    ]
    assert [task.revision for task in tasks] == [7, 8, 9, 10, 11, 12]
    assert world.kinds()[6:] == ["created", "updated", "completed", "uncompleted", "deleted", "restored"]
    assert {task.id for task in await world.listed()} == {1, 2, 4, 5}


async def test_an_atomic_batch_with_bad_items_names_them_and_changes_nothing(world: World) -> None:
    await prepared(world)
    bad = batch({"op": "complete", "id": 1}, {"op": "delete", "id": 99}, {"op": "create", "title": " "})
    with pytest.raises(Invalid) as refusal:
        await world.tasks.run(ANN, bad)
    assert [(each.field, each.message) for each in refusal.value.fields] == [
        ("operations[1]", "There is no task 99."),
        ("operations[2].title", "must not be empty"),
    ]
    assert len(world.store.rows.events) == 6


async def test_without_atomicity_what_can_be_done_is_done(world: World) -> None:
    await prepared(world)
    operations = ({"op": "delete", "id": 99}, {"op": "complete", "id": 1}, {"op": "update", "id": 2})
    results = await world.tasks.run(ANN, batch(*operations, atomic=False))
    assert [type(each) for each in results] == [NotFound, Task, InvalidRequest]
    assert (await world.tasks.get(ANN, 1)).completed


async def test_a_dry_run_answers_as_if_and_changes_nothing(world: World) -> None:
    await prepared(world)
    rows = world.store.rows.copy()
    results = await world.tasks.run(ANN, batch(*ALL_KINDS, dry_run=True))
    assert [each.id for each in results if isinstance(each, Task)] == [5, 1, 1, 2, 3, 4]
    assert world.store.rows == rows


async def test_a_task_in_the_trash_is_only_restored(world: World) -> None:
    await prepared(world)
    for op in ("complete", "uncomplete", "delete"):
        assert isinstance((await one(world, {"op": op, "id": 4})), NotFound)
    assert isinstance(await one(world, {"op": "restore", "id": 4}), Task)


async def test_an_operation_that_changes_nothing_is_no_change(world: World) -> None:
    await prepared(world)
    done = await one(world, {"op": "complete", "id": 2})
    assert isinstance(done, Task)
    assert done.revision == 5
    assert len(world.store.rows.events) == 6


async def test_an_operation_that_changes_nothing_shows_the_task_as_the_batch_leaves_it(world: World) -> None:
    await world.add("a")
    results = await world.tasks.run(ANN, batch(*[{"op": "complete", "id": 1}] * 2))
    assert [each.revision for each in results if isinstance(each, Task)] == [2, 2]


async def test_another_users_tasks_are_not_found(world: World) -> None:
    await prepared(world)
    results = await world.tasks.run(BOB, batch(*({"op": "delete", "id": each} for each in (1, 2, 3)), atomic=False))
    assert [type(each) for each in results] == [NotFound] * 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"operations": []}, "operations"),
        ({"operations": [{"op": "complete", "id": 1}] * 101}, "operations"),
        ({"operations": [{"op": "explode", "id": 1}]}, "operations[0].op"),
        ({"operations": [{"id": 1}]}, "operations[0].op"),
        ({"operations": [{"op": "complete", "id": "1"}]}, "operations[0].id"),
        ({"operations": [{"op": "complete", "id": 0}]}, "operations[0].id"),
        ({"operations": [{"op": "complete", "id": 1, "user_id": "bob"}]}, "operations[0].user_id"),
        ({"operations": [{"op": "update", "title": "x"}]}, "operations[0].id"),
        ({"operations": {"op": "delete"}}, "operations"),
        ({}, "operations"),
    ],
)
def test_a_bad_batch_is_refused_by_name(body: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        decode(msgspec.json.encode(body), Batch)
    assert [each.field.replace("[...]", "[0]") for each in refusal.value.fields] == [field]


async def one(world: World, operation: dict[str, Any]) -> Task | Refusal:
    (result,) = await world.tasks.run(ANN, batch(operation, atomic=False))
    return result
