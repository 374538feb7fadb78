"""Undo of random change sets over tasks, lists and views gives back every byte, and undoing that, what was there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from application.tasks.commands import Batch
from application.tasks.inputs import TaskChanges, TaskDraft
from application.tasks.lists.inputs import ListChanges, ListDraft, TagChanges, ViewChanges, ViewDraft
from domain.errors import Refusal
from domain.tasks.changes import Entity
from domain.tasks.entities import stored_fields
from tests.fakes import add_users
from tests.unit.tasks.changes_world import ANN, World

Operation = Callable[[World, int, int], Awaitable[object]]
State = Mapping[tuple[str, int], bytes]
DAILY: dict[str, Any] = {"due": "2026-11-24", "recurrence": "FREQ=DAILY;COUNT=3"}


def batch(*operations: object) -> Batch:
    return msgspec.convert({"operations": operations}, Batch)


OPERATIONS: list[Operation] = [
    lambda world, a, b: world.lists.add(ANN, ListDraft(f"list {a}", "red" if b % 2 else None)),
    lambda world, a, b: world.lists.update(ANN, a, ListChanges(name=f"list {b}", archived=True)),
    lambda world, a, b: world.lists.update(ANN, a, ListChanges(before_id=b)),
    lambda world, a, _: world.lists.delete(ANN, a),
    lambda world, a, _: world.lists.restore(ANN, a),
    lambda world, a, b: world.views.add(ANN, ViewDraft(f"view {a}", f'#"list {b}" & @tag{a}')),
    lambda world, a, b: world.views.update(ANN, a, ViewChanges(after_id=b, filter="today", sort="due")),
    lambda world, a, _: world.views.delete(ANN, a),
    lambda world, a, _: world.views.restore(ANN, a),
    lambda world, a, b: world.tasks.add(ANN, TaskDraft("a", list_id=a, tags=[f"tag{b}"])),
    lambda world, a, b: world.tasks.add(ANN, TaskDraft("b", parent_id=a, tags=[f"tag{b}", "TAG1"])),
    lambda world, a, _: world.tasks.add(ANN, TaskDraft("c", list_id=a, **DAILY)),
    lambda world, a, b: world.tasks.update(ANN, a, TaskChanges(list_id=b, parent_id=None, priority="high")),
    lambda world, a, b: world.tasks.update(ANN, a, TaskChanges(after_id=b)),
    lambda world, a, _: world.tasks.complete(ANN, a),
    lambda world, a, _: world.tasks.uncomplete(ANN, a),
    lambda world, a, _: world.tasks.delete(ANN, a),
    lambda world, a, _: world.tasks.restore(ANN, a),
    lambda world, a, b: world.task_tags.rename(ANN, f"tag{a}", TagChanges(f"tag{b}")),
    lambda world, a, _: world.task_tags.delete(ANN, f"tag{a}"),
    lambda world, a, b: world.tasks.run(
        ANN, batch({"op": "update", "id": a, "title": "x"}, {"op": "create", "title": "y", "parent_id": b})
    ),
]


def state_of(world: World) -> State:
    rows = world.store.rows
    tables = {"task": rows.tasks, "list": rows.lists, "view": rows.views}
    return {
        (name, entity.id): bytes_of(entity)
        for name, table in tables.items()
        for entity in table.values()  # type: ignore[attr-defined]
    }


def bytes_of(entity: Entity) -> bytes:
    """All that is stored of it, but its revision."""
    return msgspec.json.encode(
        {name: getattr(entity, name) for name in stored_fields(type(entity)) if name != "revision"}
    )


def in_trash(state: State) -> set[tuple[str, int]]:
    return {each for each, value in state.items() if msgspec.json.decode(value)["deleted_at"]}


async def undo_and_redo(world: World, before: State, after: State) -> None:
    """What the set made is in the trash after its undo, or gone; all else is as it was."""
    await world.undo.event(ANN, world.store.rows.revisions["ann"])
    undone = state_of(world)
    assert {each: value for each, value in undone.items() if each in before} == before
    assert undone.keys() - before.keys() <= in_trash(undone)
    await world.undo.event(ANN, world.store.rows.revisions["ann"])
    assert state_of(world) == after


async def run(steps: list[tuple[int, int, int]]) -> None:
    world = World()
    await add_users(world.store, "ann")
    for number in (1, 2, 3):
        await world.lists.add(ANN, ListDraft(f"list {number}"))
        await world.tasks.add(ANN, TaskDraft("first", list_id=number, tags=["tag1"]))
    for which, one, other in steps:
        world.clock.forward(minutes=1)
        before, revision = state_of(world), world.store.rows.revisions["ann"]
        with suppress(Refusal):
            await OPERATIONS[which](world, one, other)
        if world.store.rows.revisions["ann"] > revision:
            await undo_and_redo(world, before, state_of(world))


numbers = st.integers(1, 5)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(OPERATIONS) - 1), numbers, numbers), max_size=30))
def test_undo_gives_back_every_byte_and_its_undo_too(steps: list[tuple[int, int, int]]) -> None:
    asyncio.run(run(steps))
