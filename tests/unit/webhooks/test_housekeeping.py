import asyncio
from typing import Any

import pytest

from application.housekeeping import ACTIONS_KEPT
from application.tasks.inputs import TaskChanges
from application.tasks.log.trash import AT_ONCE
from domain.accounts.account import Actor
from domain.errors import NotFound, Unavailable
from domain.tasks.changes import ChangeKind, Entity
from domain.tasks.task import Status
from tests.fakes import FakeNotifications, FakeTrash
from tests.unit.tasks.changes_world import ANN, BOB, World
from tests.unit.tasks.changes_world import world as world


async def test_the_trash_keeps_a_task_for_its_days_as_it_was(world: World) -> None:
    (task,) = await world.add("a")
    await world.tasks.delete(ANN, 1)
    with pytest.raises(NotFound):
        await world.tasks.get(ANN, 1)
    world.clock.forward(days=29)
    await world.clean()
    restored = await world.tasks.restore(ANN, 1)
    assert (restored.title, restored.updated_at, restored.deleted_at) == ("a", task.updated_at, None)
    assert (await world.tasks.restore(ANN, 1)) == restored, "once more changes nothing"


async def test_then_it_is_purged_once_however_many_servers_do_it(world: World) -> None:
    await world.add("a", "b")
    await world.tasks.delete(ANN, 1)
    world.clock.forward(days=31)
    await asyncio.gather(*(world.clean() for _ in range(4)))
    with pytest.raises(NotFound):
        await world.tasks.restore(ANN, 1)
    assert await world.listed(Status.TRASHED) == []
    assert [event.kind for event in world.store.rows.events].count(ChangeKind.PURGED) == 1
    assert world.store.rows.events[-1].actor == Actor("system")


async def test_the_log_keeps_no_text_of_a_purged_task(world: World) -> None:
    await world.add("my secret")
    await world.tasks.delete(ANN, 1)
    world.clock.forward(days=31)
    await world.clean()
    assert "my secret" not in repr(world.store.rows)


async def test_a_task_that_changed_more_often_than_can_be_forgotten_at_once_is_purged_too(world: World) -> None:
    await world.add("my secret")
    for number in range(AT_ONCE + 10):
        await world.tasks.update(ANN, 1, TaskChanges(title=f"my secret {number}"))
    await world.tasks.delete(ANN, 1)
    world.clock.forward(days=31)
    await world.clean()
    assert "my secret" not in repr(world.store.rows)


async def test_one_users_trash_that_can_not_be_emptied_keeps_nobody_elses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for caller in (ANN, BOB):
        await world.add("a", caller=caller)
        await world.tasks.delete(caller, 1)
    world.clock.forward(days=31)
    purge = FakeTrash.purge

    async def fails_for_ann(self: FakeTrash, of: type[Entity], user_id: str, *rest: Any) -> int:
        if user_id == "ann":
            raise Unavailable("too slow")
        return await purge(self, of, user_id, *rest)

    monkeypatch.setattr(FakeTrash, "purge", fails_for_ann)
    await world.clean()
    assert [task.user_id for task in world.store.rows.tasks.values()] == ["ann"]


async def test_a_deleted_conversation_is_purged_when_the_trash_is(world: World) -> None:
    async with world.store() as work:
        await world.conversations.open("ann", "one", world.clock())
        await world.conversations.delete("ann", "one", world.clock())
        await work.commit()
    world.clock.forward(days=30)
    await world.clean()
    assert len(world.store.rows.conversations) == 1
    world.clock.forward(seconds=1)
    await world.clean()
    assert not world.store.rows.conversations


async def test_what_is_left_of_those_who_have_gone_is_erased(world: World) -> None:
    await world.add("a", "b")
    async with world.store() as work:
        await world.accounts.close("ann", world.clock())
        await work.commit()
    await world.clean()
    rows = world.store.rows
    assert [len(table) for table in (rows.tasks, rows.events, rows.closed)] == [0, 0, 0]


async def test_the_log_goes_back_for_its_days(world: World) -> None:
    await world.add("a")
    world.clock.forward(days=60)
    await world.add("b")
    world.clock.forward(days=31)
    await world.clean()
    assert [event.revision for event in world.store.rows.events] == [2]


async def test_used_buttons_of_notifications_are_forgotten_when_no_token_is_left_for_them(world: World) -> None:
    notifications = FakeNotifications(world.store)
    async with world.store() as work:
        await notifications.use_action("ann", 1, world.clock())
        await work.commit()
    world.clock.forward(seconds=ACTIONS_KEPT.total_seconds())
    await world.clean()
    assert world.store.rows.used_actions
    world.clock.forward(seconds=1)
    await world.clean()
    assert not world.store.rows.used_actions
