import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.account import Actor
from domain.errors import NotAuthenticated
from domain.task import Change, Status, Task
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
ME = Actor()


def task(title: str = "Buy milk", user_id: str = "ann") -> Task:
    return Task.new(user_id, NOW, {"title": title})


async def added(store: Store, *titles: str, user_id: str = "ann") -> list[Task]:
    return [await store.do(store.tasks.record(Change(None, task(title, user_id), ME, NOW))) for title in titles]


async def changed(store: Store, before: Task, **values: object) -> Task:
    after = replace(before, **values)  # type: ignore[arg-type]
    recorded: Task = await store.do(store.tasks.record(Change(before, after, ME, NOW)))
    return recorded


async def test_tasks_are_numbered_per_user_from_one(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    assert [each.id for each in await added(store, "a", "b")] == [1, 2]
    assert [each.id for each in await added(store, "c", user_id="bob")] == [1]


async def test_a_recorded_task_is_found_as_it_was_recorded(store: Store) -> None:
    await store.add_user("ann")
    (one,) = await added(store, "Bücher 📚 “kaufen”")
    assert await store.tasks.get("ann", one.id) == one
    assert one.title == "Bücher 📚 “kaufen”"
    assert one.created_at == NOW


async def test_another_users_task_is_not_found(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    await added(store, "a")
    assert await store.tasks.get("bob", 1) is None
    assert await store.tasks.newest("bob", Status.ALL, 10) == []


async def test_a_deleted_tasks_number_is_not_given_again(store: Store) -> None:
    await store.add_user("ann")
    _, second = await added(store, "a", "b")
    await store.do(store.tasks.record(Change(second, None, ME, NOW)))
    assert await store.tasks.get("ann", 2) is None
    assert (await added(store, "c"))[0].id == 3


async def test_every_change_takes_the_next_revision_and_an_event(store: Store) -> None:
    await store.add_user("ann")
    (one,) = await added(store, "a")
    two = await changed(store, one, title="b")
    turn = Actor("turn", "t1")
    done = replace(two, completed=True)
    three = await store.do(store.tasks.record(Change(two, done, turn, NOW)))
    await store.do(store.tasks.record(Change(three, None, ME, NOW)))
    assert await store.events("ann") == [
        (1, "created", 1, None, "a", "user", None),
        (2, "updated", 1, "a", "b", "user", None),
        (3, "completed", 1, "b", "b", "turn", "t1"),
        (4, "deleted", 1, "b", None, "user", None),
    ]
    assert (one.revision, two.revision, three.revision) == (1, 2, 3)


async def test_without_commit_neither_task_nor_event_nor_revision_stays(store: Store) -> None:
    await store.add_user("ann")
    async with store.transaction():
        await store.tasks.record(Change(None, task(), ME, NOW))
    assert await store.tasks.count("ann", Status.ALL) == 0
    assert await store.events("ann") == []
    assert (await added(store, "a"))[0].revision == 1


async def test_pages_are_newest_first_by_offset_and_by_keyset(store: Store) -> None:
    await store.add_user("ann")
    await added(store, *"abcde")
    assert [each.id for each in await store.tasks.newest("ann", Status.ALL, 2)] == [5, 4]
    assert [each.id for each in await store.tasks.newest("ann", Status.ALL, 2, offset=3)] == [2, 1]
    assert [each.id for each in await store.tasks.newest("ann", Status.ALL, 2, before=4)] == [3, 2]


async def test_tasks_are_counted_and_listed_by_status(store: Store) -> None:
    await store.add_user("ann")
    first, second, _ = await added(store, "a", "b", "c")
    await changed(store, first, completed=True)
    done = await changed(store, second, completed=True)
    await changed(store, done, completed=False)
    counts = [await store.tasks.count("ann", status) for status in (Status.ALL, Status.PENDING, Status.COMPLETED)]
    assert counts == [3, 2, 1]
    assert [each.id for each in await store.tasks.newest("ann", Status.PENDING, 9)] == [3, 2]
    assert [each.id for each in await store.tasks.newest("ann", Status.COMPLETED, 9)] == [1]
    await store.do(store.tasks.record(Change(await store.tasks.get("ann", 1), None, ME, NOW)))
    assert [await store.tasks.count("ann", status) for status in (Status.ALL, Status.COMPLETED)] == [2, 0]


async def test_a_user_who_is_gone_can_add_nothing(store: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await added(store, "a", user_id="nobody")


async def test_a_write_outside_a_unit_of_work_is_a_bug(store: Store) -> None:
    await store.add_user("ann")
    with pytest.raises(RuntimeError, match="unit of work"):
        await store.tasks.record(Change(None, task(), ME, NOW))


async def test_a_unit_of_work_joins_the_one_it_is_opened_in(store: Store) -> None:
    await store.add_user("ann")
    async with store.transaction():
        await added(store, "a")
        assert await store.tasks.get("ann", 1), "a unit of work sees its own writes"
    assert await store.tasks.get("ann", 1) is None


async def test_a_joined_unit_left_without_commit_forbids_the_outer_commit(store: Store) -> None:
    await store.add_user("ann")
    with pytest.raises(RuntimeError, match="left without commit"):
        async with store.transaction() as outer:
            async with store.transaction():
                await store.tasks.record(Change(None, task(), ME, NOW))
            await outer.commit()
    assert await store.tasks.get("ann", 1) is None


async def test_parallel_changes_lose_nothing_and_leave_no_gap(store: Store) -> None:
    await store.add_user("ann")
    (one,) = await added(store, "0")

    async def append(letter: str) -> None:
        async with store.transaction() as work:
            before = await store.tasks.get_to_change("ann", one.id)
            assert before is not None
            after = before.changed(NOW + timedelta(seconds=1), {"title": before.title + letter})
            await store.tasks.record(Change(before, after, ME, NOW))
            await work.commit()

    await asyncio.gather(*(append(letter) for letter in "abcdefghijklmnop"))
    final = await store.tasks.get("ann", one.id)
    assert final is not None
    assert sorted(final.title) == sorted("0abcdefghijklmnop")
    assert [event[0] for event in await store.events("ann")] == list(range(1, 18))
