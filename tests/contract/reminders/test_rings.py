"""Rings, over the fake and over PostgreSQL."""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from application.ports import RingTime
from domain.accounts.account import Caller
from domain.reminders.ring import RingKey, RingOfTask, RingState, Rung
from domain.tasks.changes import Change
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DUE = "2026-11-23T10:00"
ZONES = "2026f"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def known(store: Store) -> Store:
    await store.add_user("ann")
    await store.add_user("bob")
    return store


async def set_task(store: Store, *reminders: str, user_id: str = "ann", due: str | None = DUE, **values: Any) -> Task:
    task = Task.new(user_id, NOW, {"title": "Call the vet", "due": due, "reminders": list(reminders), **values})
    [recorded] = await store.do(store.entities.record(Caller(user_id), NOW, [Change(None, task)]))
    return recorded  # type: ignore[no-any-return]


async def change(store: Store, task: Task, **values: Any) -> Task:
    change = Change(task, replace(task, **values))
    [recorded] = await store.do(store.entities.record(Caller(task.user_id), NOW, [change]))
    return recorded  # type: ignore[no-any-return]


async def timed(store: Store, at: datetime = NOW + MINUTE) -> list[tuple[str, str]]:
    """Gives all rings without a time that time."""
    untimed = await store.rings.untimed(100)
    await store.rings.set_times([RingTime(each, at) for each in untimed], ZONES)
    return sorted((each.key.reminder, each.key.due) for each in untimed)


async def rung(store: Store, user_id: str = "ann") -> list[Rung]:
    return [each.after for each in await store.events.page(user_id, 1000) if isinstance(each.after, Rung)]


async def ring(store: Store, at: datetime = NOW + MINUTE, limit: int = 100) -> list[str]:
    return sorted(each.user_id for each in await store.rings.ring(at, limit))


async def test_the_rings_of_a_task_are_told_with_their_times(known: Store) -> None:
    task = await set_task(known, "-PT30M", "2026-12-01T08:00")
    await set_task(known, "PT0M", user_id="bob")
    assert [(each.state, each.ring_at) for each in await known.rings.of_task("ann", task.id)] == [("new", None)] * 2
    await timed(known)
    await ring(known)
    assert await known.do(known.rings.snooze(RingKey("ann", task.id, "-PT30M", DUE), NOW + 10 * MINUTE))
    assert await known.rings.of_task("ann", task.id) == [
        RingOfTask("2026-12-01T08:00", "", RingState.RUNG, NOW + MINUTE, 0),
        RingOfTask("-PT30M", DUE, RingState.WAITING, NOW + 10 * MINUTE, 1),
    ]


async def test_a_reminder_gets_a_time_and_rings_once(known: Store) -> None:
    task = await set_task(known, "-PT30M")
    assert await timed(known) == [("-PT30M", DUE)]
    assert await known.rings.untimed(100) == []
    assert await known.rings.next_due() == NOW + MINUTE
    assert await ring(known, NOW) == []
    assert await ring(known) == ["ann"]
    assert await ring(known) == []
    [event] = [each for each in await known.events.page("ann", 10) if each.entity == "reminder"]
    assert event.after == Rung(
        user_id="ann",
        id=2,
        revision=2,
        task_id=task.id,
        reminder="-PT30M",
        due=DUE,
        ring_at=NOW + MINUTE,
        late=False,
        title="Call the vet",
    )
    assert (event.revision, event.change_set, event.entity_id, event.before) == (2, 2, task.id, None)
    assert (event.actor.kind, event.kind, event.at) == ("system", "rang", NOW + MINUTE)
    assert await known.events.of_entity("ann", Task, task.id, 10, after=1) == []


async def test_a_late_one_says_so(known: Store) -> None:
    await set_task(known, "-PT30M")
    await timed(known, NOW)
    await ring(known, NOW + timedelta(hours=3))
    assert [each.late for each in await rung(known)] == [True]


async def test_a_user_knows_zone_and_hour_of_the_ring(known: Store) -> None:
    await known.do(known.accounts.change("ann", {"timezone": "Europe/Berlin", "reminder_time": "07:30"}))
    await set_task(known, "-P1D")
    [untimed] = await known.rings.untimed(10)
    assert untimed == (RingKey("ann", 1, "-P1D", DUE), NOW, 0, "Europe/Berlin", "07:30")


@pytest.mark.parametrize(
    "values",
    [
        {"completed": True, "completed_at": NOW},
        {"deleted_at": NOW},
        {"reminders": []},
        {"due": None, "reminders": []},
        {"due": "2026-11-24T10:00"},
    ],
)
async def test_a_task_that_is_done_gone_or_moved_is_silent(known: Store, values: dict[str, Any]) -> None:
    task = await set_task(known, "-PT30M")
    await timed(known)
    await change(known, task, **values)
    assert await ring(known) == []
    assert await rung(known) == []


async def test_a_task_that_moves_rings_at_its_new_time(known: Store) -> None:
    task = await set_task(known, "-PT30M", "2026-11-23T09:30")
    await timed(known)
    await change(known, task, due="2026-11-24T10:00")
    assert await timed(known, NOW + 5 * MINUTE) == [("-PT30M", "2026-11-24T10:00")]
    assert await ring(known) == ["ann"]
    assert [each.reminder for each in await rung(known)] == ["2026-11-23T09:30"]
    assert await ring(known, NOW + 5 * MINUTE) == ["ann"]
    assert [each.due for each in await rung(known)] == [None, "2026-11-24T10:00"]


async def test_a_task_that_comes_back_to_a_date_does_not_ring_for_it_again(known: Store) -> None:
    task = await set_task(known, "-PT30M")
    await timed(known)
    await ring(known)
    task = await change(known, task, due="2026-11-24T10:00")
    await change(known, task, due=DUE)
    assert await timed(known) == []
    assert await ring(known) == []


async def test_a_task_that_is_reopened_rings(known: Store) -> None:
    task = await set_task(known, "-PT30M")
    await timed(known)
    task = await change(known, task, completed=True)
    await change(known, task, completed=False)
    assert await timed(known) == [("-PT30M", DUE)]
    assert await ring(known) == ["ann"]


async def test_a_change_of_something_else_leaves_the_time(known: Store) -> None:
    task = await set_task(known, "-PT30M")
    await timed(known)
    await change(known, task, title="Call the doctor")
    assert await timed(known) == []
    assert await ring(known) == ["ann"]
    assert [each.title for each in await rung(known)] == ["Call the doctor"]


async def test_a_time_that_is_past_never_rings(known: Store) -> None:
    task = await set_task(known, "-PT30M")
    await known.rings.set_times([RingTime(each, NOW, is_past=True) for each in await known.rings.untimed(9)], ZONES)
    assert await ring(known, NOW + timedelta(days=9)) == []
    await change(known, task, title="Call the doctor")
    assert await timed(known) == []


async def test_a_task_of_an_archived_list_is_silent_for_good(known: Store) -> None:
    away = TaskList(user_id="ann", name="Away", created_at=NOW, updated_at=NOW, archived=True)
    [away] = await known.do(known.entities.record(Caller("ann"), NOW, [Change(None, away)]))
    await set_task(known, "-PT30M", list_id=away.id)
    await timed(known)
    assert await rung(known) == []
    await ring(known)
    change = Change(away, replace(away, archived=False))
    await known.do(known.entities.record(Caller("ann"), NOW, [change]))
    assert await ring(known, NOW + timedelta(days=1)) == []
    assert await rung(known) == []


async def test_another_zone_has_the_times_computed_anew(known: Store) -> None:
    await set_task(known, "-PT30M")
    await set_task(known, "-PT30M", user_id="bob")
    await timed(known)
    await known.do(known.rings.retime("ann", NOW))
    [again] = await known.rings.untimed(10)
    assert (again.key.user_id, again.set_at, again.version) == ("ann", None, 1)
    assert await known.rings.next_due() == NOW
    assert await ring(known) == ["bob"]


async def test_a_time_that_was_computed_for_the_zone_before_is_not_stored(known: Store) -> None:
    await set_task(known, "-PT30M")
    old = await known.rings.untimed(10)
    await known.do(known.accounts.change("ann", {"timezone": "Asia/Tokyo"}))
    await known.rings.set_times([RingTime(each, NOW) for each in old], ZONES)
    assert [each.timezone for each in await known.rings.untimed(10)] == ["Asia/Tokyo"]
    newer = await known.rings.untimed(10)
    await known.do(known.rings.retime("ann", NOW))
    await known.rings.set_times([RingTime(each, NOW) for each in newer], ZONES)
    assert await ring(known) == []


async def test_a_newer_zone_database_has_the_times_computed_anew_and_an_older_one_does_not(known: Store) -> None:
    await set_task(known, "-PT30M", "-PT10M")
    await timed(known)
    assert await known.rings.retime_outdated("2025a", NOW, 10) == 0
    assert await known.rings.retime_outdated(ZONES, NOW, 10) == 0
    assert await known.rings.retime_outdated("2027a", NOW, 1) == 1
    assert await known.rings.retime_outdated("2027a", NOW, 10) == 1
    assert len(await known.rings.untimed(10)) == 2


async def test_a_snoozed_one_rings_again_and_stays_when_the_zone_changes(known: Store) -> None:
    await set_task(known, "-PT30M")
    await timed(known)
    await ring(known)
    [first] = await rung(known)
    later = NOW + timedelta(hours=1)
    assert await known.do(known.rings.snooze(first.key, later))
    await known.do(known.rings.retime("ann", NOW))
    assert await known.rings.next_due() == later
    assert await ring(known, later) == ["ann"]
    assert [(each.snoozes, each.ring_at) for each in await rung(known)] == [(0, NOW + MINUTE), (1, later)]


async def test_what_has_not_rung_can_not_be_snoozed(known: Store) -> None:
    await set_task(known, "-PT30M")
    await timed(known)
    assert not await known.do(known.rings.snooze(RingKey("ann", 1, "-PT30M", DUE), NOW))
    assert not await known.do(known.rings.snooze(RingKey("ann", 9, "-PT30M", DUE), NOW))


async def test_a_snoozed_task_that_is_done_is_silent(known: Store) -> None:
    task = await set_task(known, "-PT30M")
    await timed(known)
    await ring(known)
    await known.do(known.rings.snooze((await rung(known))[0].key, NOW + 5 * MINUTE))
    await change(known, task, completed=True)
    await ring(known, NOW + 5 * MINUTE)
    assert len(await rung(known)) == 1
    assert await known.rings.next_due() is None


@pytest.mark.parametrize("values", [{"completed": True}, {"deleted_at": NOW}, {"due": "2026-11-24T10:00"}])
async def test_a_snoozed_one_rings_if_what_was_done_to_its_task_is_taken_back(
    known: Store, values: dict[str, Any]
) -> None:
    task = await set_task(known, "-PT30M")
    await timed(known)
    await ring(known)
    await known.do(known.rings.snooze((await rung(known))[0].key, NOW + 5 * MINUTE))
    changed = await change(known, task, **values)
    await change(known, changed, **{name: getattr(task, name) for name in values})
    assert await timed(known) == []
    assert await ring(known, NOW + 5 * MINUTE) == ["ann"]
    assert [each.snoozes for each in await rung(known)] == [0, 1]


async def test_users_share_a_round(known: Store) -> None:
    for _ in range(20):
        await set_task(known, "-PT30M")
    await timed(known, NOW)
    await set_task(known, "-PT30M", user_id="bob")
    await timed(known, NOW + MINUTE)
    assert await ring(known, limit=6) == ["ann", "bob"]
    assert (len(await rung(known, "bob")), len(await rung(known)) in (3, 5)) == (1, True)


async def test_of_many_who_ring_at_once_each_reminder_rings_once_and_changes_meanwhile_are_kept(known: Store) -> None:
    for user_id in ("ann", "bob"):
        for _ in range(15):
            await set_task(known, "-PT30M", "-PT20M", user_id=user_id)
    await timed(known)
    changes = [alone(set_task(known, user_id=each)) for each in ("ann", "bob") * 10]
    rounds = [alone(ring(known, limit=7)) for _ in range(10)]
    await asyncio.gather(*changes, *rounds)
    while await ring(known, limit=50):
        pass
    for user_id in ("ann", "bob"):
        keys = [each.key for each in await rung(known, user_id)]
        assert (len(keys), len({*keys})) == (30, 30)
        revisions = [each.revision for each in await known.events.page(user_id, 1000)]
        assert revisions == [*range(1, 56)]


async def test_a_purged_task_takes_its_rings_along_and_the_log_keeps_no_title(known: Store) -> None:
    task = await set_task(known, "-PT30M")
    await timed(known)
    await ring(known)
    await change(known, task, deleted_at=NOW)
    assert await known.do(known.trash.purge(Task, "ann", [task.id], NOW + MINUTE, NOW)) == 1
    assert [each.title for each in await rung(known)] == [None]
    assert not await known.do(known.rings.snooze((await rung(known))[0].key, NOW))


async def test_a_closed_account_does_not_ring(known: Store) -> None:
    await set_task(known, "-PT30M")
    await timed(known)
    await known.do(known.accounts.close("ann", NOW))
    assert await known.rings.next_due() is None
    assert await ring(known) == []


async def test_rings_that_ended_are_forgotten(known: Store) -> None:
    await set_task(known, "-PT30M", "-PT10M")
    await timed(known)
    await ring(known, limit=1)
    assert await known.rings.forget(NOW + timedelta(days=1), 10) == 1
    assert await known.rings.forget(NOW + timedelta(days=1), 10) == 0
    assert await ring(known) == ["ann"]


async def test_webhooks_of_the_user_are_due_when_a_reminder_rings(known: Store) -> None:
    from tests.contract.work.test_webhooks import webhook

    await set_task(known, "-PT30M")
    await timed(known)
    await known.do(known.webhooks.add(webhook(position=1)))
    assert [each.is_sent for each in await known.rings.ring(NOW + MINUTE, 10)] == [True]
    assert [each.id for each in await known.webhooks.claim(NOW + MINUTE, "mine", NOW + 2 * MINUTE, 10, 10)] == ["w1"]


def alone(action: Any) -> asyncio.Task[Sequence[str]]:
    return asyncio.get_running_loop().create_task(action, context=Context())
