import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.tasks.query import STATUS_FILTERS, TaskQuery
from domain.accounts.account import Actor, Caller
from domain.errors import NotAuthenticated
from domain.tasks.changes import Change, ChangeKind
from domain.tasks.task import Status, Task
from domain.tasks.task_list import TaskList
from tests.contract.conftest import Store
from tests.contract.tasks_world import ANN, LATER, NOW, added, changed, log, recorded, task
from tests.logged import title_of


async def found(store: Store, status: Status, limit: int, user_id: str = "ann", **where: Any) -> Sequence[Task]:
    return await store.tasks.find(user_id, TaskQuery(STATUS_FILTERS[status], limit=limit, **where))


async def counted(store: Store, status: Status) -> int:
    total = await store.tasks.count("ann", STATUS_FILTERS[status])
    assert total.is_exact
    return total.count


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
    assert await found(store, Status.ALL, 10, user_id="bob") == []


async def test_a_deleted_tasks_number_is_not_given_again(store: Store) -> None:
    await store.add_user("ann")
    _, second = await added(store, "a", "b")
    await changed(store, second, deleted_at=NOW)
    await store.do(store.trash.purge(Task, "ann", [2], LATER, LATER))
    assert await store.tasks.get("ann", 2) is None
    assert (await added(store, "c"))[0].id == 3


async def test_every_change_takes_the_next_revision_and_an_event_with_the_states_before_and_after(store: Store) -> None:
    await store.add_user("ann")
    (one,) = await added(store, "a")
    two = await changed(store, one, title="b")
    three = await changed(store, two, Caller("ann", Actor("turn", "t1")), completed=True)
    four = await changed(store, three, deleted_at=NOW)
    five = await changed(store, four, deleted_at=None)
    states = [None, one, two, three, four, five]
    kinds = [ChangeKind.CREATED, ChangeKind.UPDATED, ChangeKind.COMPLETED, ChangeKind.DELETED, ChangeKind.RESTORED]
    events = await log(store)
    assert [event.kind for event in events] == kinds
    assert [event.revision for event in events] == [1, 2, 3, 4, 5]
    assert [event.after for event in events] == states[1:]
    assert [title_of(event.before) for event in events] == [None, "a", "b", "b", "b"]
    assert [event.actor.kind for event in events] == ["user", "user", "turn", "user", "user"]
    assert events[2].actor.id == "t1"
    assert five == replace(three, revision=5)
    assert await store.tasks.get("ann", 1) == five


async def test_many_changes_are_recorded_together_and_a_task_may_change_more_than_once(store: Store) -> None:
    await store.add_user("ann")
    (old,) = await added(store, "old")
    renamed = replace(old, title="renamed")
    changes = [
        Change(None, task("new")),
        Change(old, renamed),
        Change(None, task("newer")),
        Change(renamed, replace(renamed, completed=True)),
    ]
    tasks = await recorded(store, *changes)
    assert [(each.id, each.revision, each.title) for each in tasks] == [
        (2, 2, "new"),
        (1, 3, "renamed"),
        (3, 4, "newer"),
        (1, 5, "renamed"),
    ]
    assert await store.tasks.get("ann", 1) == tasks[-1]
    assert await store.entities.get_all("ann", Task, [2, 3, 4]) in ([tasks[0], tasks[2]], [tasks[2], tasks[0]])
    assert [event.after for event in await log(store)] == [old, *tasks]
    assert [await counted(store, status) for status in (Status.PENDING, Status.COMPLETED)] == [2, 1]


async def test_a_purged_task_is_gone_and_the_log_knows_the_fact_only(store: Store) -> None:
    await store.add_user("ann")
    first, second, third = await added(store, "a", "b", "c")
    await changed(store, first, deleted_at=NOW)
    await changed(store, second, deleted_at=LATER)
    assert await store.trash.due(Task, LATER, 10) == {"ann": [1]}
    assert await store.do(store.trash.purge(Task, "ann", [1, 2, 3], LATER, LATER)) == 1
    assert await store.do(store.trash.purge(Task, "ann", [1, 2, 3], LATER, LATER)) == 0
    assert await store.trash.due(Task, LATER, 10) == {}
    assert [each.id for each in await found(store, Status.TRASHED, 9, user_id="ann")] == [2]
    assert [await counted(store, status) for status in (Status.ALL, Status.TRASHED)] == [1, 1]
    gone = [event for event in await log(store) if event.entity_id == 1]
    assert [(event.kind, event.before, event.after) for event in gone] == [
        (ChangeKind.CREATED, None, None),
        (ChangeKind.DELETED, None, None),
        (ChangeKind.PURGED, None, None),
    ]
    assert (gone[-1].revision, gone[-1].actor, gone[-1].at) == (6, Actor("system"), LATER)
    assert (await changed(store, third, title="d")).revision == 7


async def test_the_log_of_what_is_long_in_the_trash_is_erased_a_little_at_a_time(store: Store) -> None:
    await store.add_user("ann")
    first, second = await added(store, "a", "b")
    await changed(store, await changed(store, first, title="c"), deleted_at=NOW)
    await changed(store, second, deleted_at=LATER)
    gone = [await store.trash.erase(Task, "ann", [1, 2], LATER, 2) for _ in range(3)]
    assert gone == [2, 1, 0]
    left = [event.revision for event in await log(store) if event.before or event.after]
    assert left == [2, 5]


async def test_without_commit_neither_task_nor_event_nor_revision_stays(store: Store) -> None:
    await store.add_user("ann")
    async with store.transaction():
        await store.entities.record(ANN, NOW, [Change(None, task())])
    assert await counted(store, Status.ALL) == 0
    assert await log(store) == []
    assert (await added(store, "a"))[0].revision == 1


async def test_pages_are_newest_first_by_offset_and_by_keyset(store: Store) -> None:
    await store.add_user("ann")
    await added(store, *"abcde")
    assert [each.id for each in await found(store, Status.ALL, 2, user_id="ann")] == [5, 4]
    assert [each.id for each in await found(store, Status.ALL, 2, offset=3)] == [2, 1]
    assert [each.id for each in await found(store, Status.ALL, 2, after=(4,))] == [3, 2]


async def test_all_of_a_users_tasks_are_read_oldest_first_the_trash_included(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    tasks = await added(store, *"abcde")
    tasks[1] = await changed(store, tasks[1], deleted_at=NOW)
    await added(store, "x", user_id="bob")
    assert await store.tasks.following("ann", 3, after=0) == tasks[:3]
    assert await store.tasks.following("ann", 3, after=3) == tasks[3:]
    assert await store.tasks.following("ann", 3, after=5) == []


async def test_tasks_are_counted_and_listed_by_status(store: Store) -> None:
    await store.add_user("ann")
    first, second, _ = await added(store, "a", "b", "c")
    await changed(store, first, completed=True)
    done = await changed(store, second, completed=True)
    await changed(store, done, completed=False)
    counts = [await counted(store, status) for status in (Status.ALL, Status.PENDING, Status.COMPLETED)]
    assert counts == [3, 2, 1]
    assert [each.id for each in await found(store, Status.PENDING, 9, user_id="ann")] == [3, 2]
    assert [each.id for each in await found(store, Status.COMPLETED, 9, user_id="ann")] == [1]
    await changed(store, (await store.entities.get_all("ann", Task, [1]))[0], deleted_at=NOW)
    statuses = (Status.ALL, Status.COMPLETED, Status.TRASHED)
    assert [await counted(store, status) for status in statuses] == [2, 0, 1]
    assert [each.id for each in await found(store, Status.ALL, 9, user_id="ann")] == [3, 2]
    assert [each.id for each in await found(store, Status.COMPLETED, 9, user_id="ann")] == []
    assert [each.id for each in await found(store, Status.TRASHED, 9, user_id="ann")] == [1]


async def test_a_user_who_is_gone_can_add_nothing(store: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await added(store, "a", user_id="nobody")


async def test_what_takes_several_statements_needs_a_unit_of_work(store: Store) -> None:
    await store.add_user("ann")
    with pytest.raises(RuntimeError, match="unit of work"):
        await store.entities.get_to_change("ann", Task, [1])


async def test_a_record_outside_a_unit_of_work_is_one_of_its_own(store: Store) -> None:
    await store.add_user("ann")
    await store.entities.record(ANN, NOW, [Change(None, task())])
    assert await store.tasks.get("ann", 1)


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
                await store.entities.record(ANN, NOW, [Change(None, task())])
            await outer.commit()
    assert await store.tasks.get("ann", 1) is None


async def test_parallel_changes_lose_nothing_and_leave_no_gap(store: Store) -> None:
    await store.add_user("ann")
    (one,) = await added(store, "0")

    async def append(letter: str) -> None:
        async with store.transaction() as work:
            (before,) = await store.entities.get_to_change("ann", Task, [one.id])
            changes = before.edit({"title": before.title + letter}, NOW + timedelta(seconds=1))
            await store.entities.record(ANN, NOW, changes)
            await work.commit()

    await asyncio.gather(*(append(letter) for letter in "abcdefghijklmnop"))
    final = await store.tasks.get("ann", one.id)
    assert final is not None
    assert sorted(final.title) == sorted("0abcdefghijklmnop")
    assert [event.revision for event in await log(store)] == list(range(1, 18))


async def test_all_of_a_type_are_those_outside_the_trash_lowest_first(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    first, second, third = await added(store, "a", "b", "c")
    await added(store, "his", user_id="bob")
    await changed(store, second, deleted_at=NOW)
    assert await store.entities.all("ann", Task) == [first, third]


async def test_a_list_and_a_task_in_it_are_recorded_as_one_set(store: Store) -> None:
    await store.add_user("ann")
    made = replace(TaskList.new("ann", NOW, {"name": "Home"}), id=1)
    changes: list[Change[Any]] = [Change(None, made), Change(None, replace(task(), list_id=1))]
    recorded_list, recorded_task = await store.do(store.entities.record(ANN, NOW, changes))
    assert (recorded_list.id, recorded_task.id, recorded_task.list_id) == (1, 1, 1)
    assert [each.change_set for each in await log(store)] == [1, 1]
    assert await store.do(store.entities.last_number("ann", TaskList)) == 1


async def test_tags_are_named_as_the_newest_tasks_spell_them(store: Store) -> None:
    await store.add_user("ann")
    one, two, three = await added(store, "a", "b", "c")
    await changed(store, one, tags=["Home", "old"])
    await changed(store, two, tags=["home", "new"])
    await changed(store, three, tags=["gone"], deleted_at=NOW)
    names = await store.do(store.tasks.tag_names("ann"))
    assert (set(names[:2]), set(names[2:])) == ({"home", "new"}, {"Home", "old"})
