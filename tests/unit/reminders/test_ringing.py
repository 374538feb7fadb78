from datetime import UTC, datetime, timedelta

import pytest

from application.accounts.inputs import ProfileChanges
from application.reminders.reminders import Snooze
from application.tasks.inputs import TaskChanges
from domain.errors import Conflict, Invalid, NotFound
from tests.unit.reminders.reminders_world import ANN, BOB, World, world

__all__ = ["world"]

DUE = "2026-11-23T12:00"
"""The fakes' clock stands at nine in the morning."""


async def test_a_reminder_rings_so_long_before_the_due_time(world: World) -> None:
    await world.add("-PT30M", due=DUE)
    assert await world.rung_after(minutes=149) == []
    assert await world.rung_after(minutes=1) == ["-PT30M"]
    assert await world.rung_after(hours=3) == []


async def test_one_at_a_time_of_its_own_needs_no_due_date(world: World) -> None:
    await world.add("2026-11-23T09:05")
    assert await world.rung_after(minutes=10) == ["2026-11-23T09:05"]


async def test_one_for_the_minute_that_runs_rings_at_once_and_an_earlier_one_never(world: World) -> None:
    world.clock.forward(seconds=20)
    await world.add("PT0M", "-PT1M", due="2026-11-23T09:00")
    await world.add("2026-11-23T09:00")
    assert sorted(each.reminder for each in await world.rung()) == ["2026-11-23T09:00", "PT0M"]
    assert await world.rung_after(minutes=5) == []


@pytest.mark.parametrize("over", ["2026-11-23T08:59", "2026-11-22", "2026-11-23T09:59+01:00[Europe/Berlin]"])
async def test_a_time_that_is_over_is_refused_when_it_is_set(world: World, over: str) -> None:
    with pytest.raises(Invalid, match="is over, so it would not ring: give a later time"):
        await world.add(over)
    task = await world.add("2026-11-23T09:00")
    with pytest.raises(Invalid, match="is over"):
        await world.tasks.update(ANN, task.id, TaskChanges(reminders=["2026-11-23T09:00", over]))


async def test_a_time_that_is_over_may_stay_when_the_task_is_changed_or_comes_back(world: World) -> None:
    task = await world.add("2026-11-23T09:05")
    await world.rung_after(minutes=10)
    await world.tasks.update(
        ANN, task.id, TaskChanges(title="Call her", reminders=["2026-11-23T09:05", "2026-11-23T10:00"])
    )
    await world.tasks.delete(ANN, task.id)
    assert (await world.tasks.restore(ANN, task.id)).reminders == ["2026-11-23T09:05", "2026-11-23T10:00"]
    assert await world.rung_after(hours=1) == ["2026-11-23T10:00"]


async def test_a_day_is_over_at_the_hour_and_in_the_zone_of_the_account(world: World) -> None:
    world.clock.forward(minutes=1)
    with pytest.raises(Invalid, match="2026-11-23 at 09:00 is over"):
        await world.add("2026-11-23")
    await world.accounts.change(ANN, ProfileChanges(reminder_time="09:30"))
    world.clock.forward(seconds=30)
    await world.add("2026-11-23")
    await world.move_to("Asia/Tokyo")
    world.clock.forward(seconds=30)
    with pytest.raises(Invalid, match="2026-11-23 at 09:30 is over"):
        await world.add("2026-11-23")


async def test_one_that_is_late_after_an_outage_rings_and_says_so(world: World) -> None:
    await world.add("-PT30M", due=DUE)
    world.clock.forward(days=2)
    assert await world.ring() == ["-PT30M"]
    assert (await world.rung())[0].late


async def test_one_set_before_an_outage_of_the_timing_rings_late(world: World) -> None:
    from application.tasks.inputs import TaskDraft

    await world.tasks.add(ANN, TaskDraft("Call the vet", due=DUE, reminders=["-PT30M"]))
    world.clock.forward(days=2)
    assert await world.ring() == ["-PT30M"]


async def test_a_day_rings_at_nine_or_when_the_account_says(world: World) -> None:
    await world.add("PT0M", due="2026-11-24")
    await world.add("-P1D", due="2026-11-25")
    await world.accounts.change(ANN, ProfileChanges(reminder_time="07:30"))
    await world.ring()
    world.clock.now = datetime(2026, 11, 24, 7, 29, tzinfo=UTC)
    assert await world.ring() == []
    assert sorted(await world.rung_after(minutes=1)) == ["-P1D", "PT0M"]


async def test_floating_times_follow_the_zone_of_the_account_and_zoned_ones_do_not(world: World) -> None:
    await world.add("PT0M", due="2026-11-23T18:00")
    await world.add("PT0M", "-PT5M", due="2026-11-23T18:00+00:00[Europe/London]")
    await world.move_to("America/New_York")
    await world.ring()
    world.clock.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert sorted(await world.ring()) == ["-PT5M", "PT0M"]
    world.clock.now = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert await world.ring() == ["PT0M"]


async def test_who_flies_east_past_a_reminder_hears_it_late(world: World) -> None:
    await world.add("2026-11-23T14:00")
    await world.move_to("Asia/Tokyo")
    assert await world.ring() == ["2026-11-23T14:00"]


async def test_each_occurrence_rings_before_its_date_and_a_fixed_time_once(world: World) -> None:
    task = await world.add("-PT1H", "2026-11-23T10:00", due=DUE, recurrence="FREQ=DAILY")
    assert await world.rung_after(hours=2) == ["2026-11-23T10:00", "-PT1H"]
    done = await world.tasks.complete(ANN, task.id)
    assert done.reminders == ["-PT1H", "2026-11-23T10:00"]
    assert await world.rung_after(hours=23) == []
    assert await world.rung_after(hours=1) == ["-PT1H"]
    occurrence = await world.tasks.get(ANN, 2)
    assert (occurrence.completed, occurrence.reminders) == (True, [])


async def test_an_occurrence_that_is_done_early_is_silent_and_rings_when_it_is_taken_back(world: World) -> None:
    task = await world.add("-PT1H", due=DUE, recurrence="FREQ=DAILY")
    await world.tasks.complete(ANN, task.id)
    await world.tasks.uncomplete(ANN, 2)
    assert await world.rung_after(hours=3) == ["-PT1H"]


async def test_clearing_the_due_date_takes_what_is_before_it_along(world: World) -> None:
    task = await world.add("-PT1H", "2026-11-23T10:00", due=DUE)
    changed = await world.tasks.update(ANN, task.id, TaskChanges(due=None))
    assert changed.reminders == ["2026-11-23T10:00"]
    with pytest.raises(Invalid, match="need a due date"):
        await world.tasks.update(ANN, task.id, TaskChanges(reminders=["-PT1H"]))
    with pytest.raises(Invalid, match="need a due date"):
        await world.add("-PT1H")


async def test_a_snoozed_one_rings_again_in_ten_minutes_or_when_it_is_told_to(world: World) -> None:
    await world.add("2026-11-23T09:05")
    await world.rung_after(minutes=5)
    [first] = await world.rung()
    assert await world.reminders.snooze(ANN, first.id, Snooze()) == world.clock() + timedelta(minutes=10)
    assert await world.rung_after(minutes=9) == []
    assert await world.rung_after(minutes=1) == ["2026-11-23T09:05"]
    second = (await world.rung())[-1]
    assert (second.snoozes, second.id > first.id) == (1, True)
    await world.reminders.snooze(ANN, second.id, Snooze(minutes=3))
    await world.reminders.snooze(ANN, second.id, Snooze(until="2026-11-23T20:00"))
    assert await world.rung_after(hours=1) == []
    world.clock.now = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert await world.ring() == ["2026-11-23T09:05"]


async def test_what_is_done_gone_moved_or_somebody_elses_can_not_be_snoozed(world: World) -> None:
    task = await world.add("-PT1H", due=DUE)
    await world.rung_after(hours=2)
    [rung] = await world.rung()
    with pytest.raises(NotFound):
        await world.reminders.snooze(BOB, rung.id, Snooze())
    with pytest.raises(NotFound):
        await world.reminders.snooze(ANN, 1, Snooze())
    for until in ("2026-11-23", "2026-11-22T10:00", "soon", "2029-11-22T10:00"):
        with pytest.raises(Invalid):
            await world.reminders.snooze(ANN, rung.id, Snooze(until=until))
    await world.tasks.update(ANN, task.id, TaskChanges(due="2026-11-24T12:00"))
    with pytest.raises(Conflict, match="another date"):
        await world.reminders.snooze(ANN, rung.id, Snooze())
    await world.tasks.complete(ANN, task.id)
    with pytest.raises(Conflict, match="is done"):
        await world.reminders.snooze(ANN, rung.id, Snooze())
    await world.tasks.delete(ANN, task.id)
    with pytest.raises(Conflict, match="not there"):
        await world.reminders.snooze(ANN, rung.id, Snooze())
