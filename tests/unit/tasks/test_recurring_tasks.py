"""Completing and skipping recurring tasks, through the use-cases."""

import pytest

from application.tasks.commands import Complete, Uncomplete, Update
from domain.errors import Conflict, Invalid
from domain.tasks.task import Status
from tests.fakes import add_users
from tests.unit.tasks.changes_world import ANN
from tests.unit.tasks.tree_world import TreeWorld

DAILY, MONTHLY = "FREQ=DAILY", "FREQ=MONTHLY"


@pytest.fixture
async def world() -> TreeWorld:
    world = TreeWorld()
    await add_users(world.store, "ann", "bob")
    world.lives_in("Europe/Berlin")
    world.at("2026-12-01T08:00")
    return world


async def test_a_completed_task_moves_on_and_leaves_its_occurrence_behind(world: TreeWorld) -> None:
    await world.new(due="2026-12-01T09:00", recurrence=DAILY, tags=["home"], priority="low", deadline="2026-12-09")
    series = await world.tasks.complete(ANN, 1)
    assert (series.id, series.due, series.completed, series.deadline) == (1, "2026-12-02T09:00", False, "2026-12-09")
    done = world.task(2)
    assert (done.due, done.completed, done.completed_at) == ("2026-12-01T09:00", True, world.clock())
    assert (done.recurrence, done.slot, done.occurrence_of, done.tags) == (None, None, 1, ["home"])
    assert {event.change_set for event in world.store.rows.events[1:]} == {2}


@pytest.mark.parametrize(
    ("due", "rule", "now", "following"),
    [
        ("2026-11-30", DAILY, "2026-12-01T08:00", "2026-12-02"),
        ("2026-12-04", "FREQ=WEEKLY;BYDAY=FR", "2026-12-02T08:00", "2026-12-11"),
        ("2026-10-01", MONTHLY, "2026-12-01T08:00", "2027-01-01"),
        ("2027-01-31", MONTHLY, "2027-01-31T08:00", "2027-02-28"),
        ("2028-02-29", "FREQ=YEARLY", "2028-03-01T08:00", "2029-02-28"),
        ("2027-03-27T02:30+01:00[Europe/Berlin]", DAILY, "2027-03-27T03:00", "2027-03-28T03:30+02:00[Europe/Berlin]"),
        ("2027-10-30T02:30+02:00[Europe/Berlin]", DAILY, "2027-10-30T03:00", "2027-10-31T02:30+02:00[Europe/Berlin]"),
    ],
)
async def test_one_press_goes_to_the_first_date_after_now_and_the_present_one(
    world: TreeWorld, due: str, rule: str, now: str, following: str
) -> None:
    await world.new(due=due, recurrence=rule)
    world.at(now)
    assert (await world.tasks.complete(ANN, 1)).due == following


async def test_an_hour_that_the_clock_skips_is_back_the_day_after(world: TreeWorld) -> None:
    await world.new(due="2027-03-27T02:30+01:00[Europe/Berlin]", recurrence=DAILY)
    world.at("2027-03-27T03:00")
    await world.tasks.complete(ANN, 1)
    world.at("2027-03-28T04:00")
    assert (await world.tasks.complete(ANN, 1)).due == "2027-03-29T02:30+02:00[Europe/Berlin]"


async def test_moving_this_one_leaves_the_rule_where_it_was(world: TreeWorld) -> None:
    await world.new(due="2026-12-04", recurrence="FREQ=WEEKLY;BYDAY=FR")
    await world.change(1, due="2026-12-05")
    world.at("2026-12-05T08:00")
    assert (await world.tasks.complete(ANN, 1)).due == "2026-12-11"


async def test_the_last_date_completes_the_task_itself_and_can_not_be_skipped(world: TreeWorld) -> None:
    await world.new(due="2026-12-01", recurrence="FREQ=DAILY;COUNT=2")
    assert (await world.tasks.complete(ANN, 1)).recurrence == "FREQ=DAILY;COUNT=1"
    with pytest.raises(Conflict, match="no date after this one"):
        await world.tasks.skip(ANN, 1)
    last = await world.tasks.complete(ANN, 1)
    assert (last.completed, last.due) == (True, "2026-12-02")


async def test_a_skipped_date_leaves_nothing_behind_and_takes_one_of_the_count(world: TreeWorld) -> None:
    await world.new(due="2026-12-01", recurrence="FREQ=DAILY;COUNT=3")
    skipped = await world.tasks.skip(ANN, 1)
    assert (skipped.due, skipped.recurrence, len(world.store.rows.tasks)) == ("2026-12-02", "FREQ=DAILY;COUNT=2", 1)


async def test_what_does_not_recur_can_not_be_skipped(world: TreeWorld) -> None:
    await world.new(due="2026-12-01")
    with pytest.raises(Conflict, match="does not recur"):
        await world.tasks.skip(ANN, 1)


@pytest.mark.parametrize("verb", ["complete", "skip"])
async def test_a_retry_that_names_the_occurrence_does_nothing(world: TreeWorld, verb: str) -> None:
    await world.new(due="2026-12-01T09:00+01:00[Europe/Berlin]", recurrence=DAILY)
    run = getattr(world.tasks, verb)
    first = await run(ANN, 1, occurrence="2026-12-01T09:00[europe/berlin]")
    again = await run(ANN, 1, occurrence="2026-12-01T09:00+01:00[Europe/Berlin]")
    assert (first.due, again) == ("2026-12-02T09:00+01:00[Europe/Berlin]", first)
    with pytest.raises(Invalid, match="occurrence"):
        await run(ANN, 1, occurrence="yesterday")


async def test_a_completion_is_undone_whole_and_redone(world: TreeWorld) -> None:
    await world.new(due="2026-12-01", start="2026-11-30", recurrence=DAILY)
    await world.new("Fill the can", parent_id=1, due="2026-12-01")
    await world.tasks.complete(ANN, 2)
    before = world.state()
    await world.tasks.complete(ANN, 1)
    after = world.state()
    assert (after[1].start, after[2].due, after[2].completed) == ("2026-12-01", "2026-12-02", False)
    await world.undo.last(ANN)
    assert world.state() == before
    assert world.store.rows.events[-1].kind == "purged"
    await world.undo.last(ANN)
    assert world.state() == after
    await world.undo.last(ANN)
    assert world.state() == before


@pytest.mark.parametrize("by_patch", [False, True])
async def test_an_occurrence_is_taken_back_by_reopening_it(world: TreeWorld, by_patch: bool) -> None:
    await world.new(due="2026-12-01", recurrence=DAILY)
    before = world.state()
    await world.tasks.complete(ANN, 1)
    series = await (world.change(2, completed=False) if by_patch else world.tasks.uncomplete(ANN, 2))
    assert (series.id, series.due, world.state()) == (1, "2026-12-01", before)
    assert [task.id for task in await world.listed(Status.TRASHED)] == []


async def test_an_occurrence_whose_series_has_moved_on_stays(world: TreeWorld) -> None:
    await world.new(due="2026-12-01", recurrence=DAILY)
    await world.tasks.complete(ANN, 1)
    await world.tasks.complete(ANN, 1)
    with pytest.raises(Conflict, match="changed since"):
        await world.tasks.uncomplete(ANN, 2)
    with pytest.raises(Invalid, match="this batch changes"):
        await world.run(Update(id=1, title="Water"), Uncomplete(3))


async def test_a_patch_of_completed_is_the_verb_and_comes_after_the_other_fields(world: TreeWorld) -> None:
    await world.new()
    series = await world.change(1, due="2026-12-01", recurrence=DAILY, completed=True)
    assert (series.due, series.completed, world.task(2).due) == ("2026-12-02", False, "2026-12-01")


async def test_many_completions_in_one_batch_each_leave_an_occurrence(world: TreeWorld) -> None:
    await world.new(due="2026-12-01", recurrence=DAILY)
    await world.new(due="2026-12-01", recurrence=MONTHLY)
    await world.run(Complete(1), Complete(2), Complete(1))
    occurrences = [(task.id, task.occurrence_of, task.due) for task in world.state().values() if task.occurrence_of]
    assert occurrences == [(3, 1, "2026-12-01"), (4, 2, "2026-12-01"), (5, 1, "2026-12-02")]


BAD = [
    {"recurrence": DAILY},
    {"due": "2026-12-01", "recurrence": "FREQ=SECONDLY"},
    {"due": "2026-12-01", "recurrence": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
    {"due": "2026-12-01", "recurrence": "FREQ=DAILY;INTERVAL=0"},
    {"due": "2026-12-01", "recurrence": "FREQ=DAILY\nDTSTART:19700101"},
    {"due": "2026-12-01", "recurs_from": "completion"},
    {"due": "2026-12-01", "start": "2026-12-02"},
    {"due": "2026-02-30"},
    {"due": "2026-12-01T09:00+05:00[Europe/Berlin]"},
    {"due": "2026-12-01T09:00Z"},
    {"deadline": "20261201"},
    {"start": "2201-01-01"},
    {"estimate": "PT101H"},
    {"estimate": "PT0M"},
    {"estimate": "1h"},
    {"tags": [f"t{each}" for each in range(21)]},
    {"tags": ["x" * 51]},
    {"tags": ["\u200b"]},
    {"priority": "urgent"},
    {"title": "\u3164"},
    {"list_id": 1},
    {"parent_id": 1},
]


@pytest.mark.parametrize("values", BAD)
async def test_a_value_that_breaks_its_rule_is_refused_and_nothing_is_stored(
    world: TreeWorld, values: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        await world.new(**{"title": "a", **values})  # type: ignore[arg-type]
    assert world.store.rows.tasks == {}


@pytest.mark.parametrize(
    "values", [{"due": None}, {"recurs_from": "completion", "recurrence": None}, {"start": "2027-01-01"}]
)
async def test_a_change_that_breaks_a_rule_between_fields_is_refused(
    world: TreeWorld, values: dict[str, object]
) -> None:
    await world.new(due="2026-12-01", recurrence=DAILY)
    before = world.state()
    with pytest.raises(Invalid):
        await world.change(1, **values)
    assert world.state() == before


async def test_clearing_the_rule_clears_what_belongs_to_it(world: TreeWorld) -> None:
    await world.new(due="2026-12-01", recurrence=DAILY, recurs_from="completion")
    task = await world.change(1, recurrence=None)
    assert (task.recurrence, task.recurs_from, task.slot, task.due) == (None, "due", None, "2026-12-01")


async def test_a_rule_by_weeks_keeps_the_first_day_of_the_accounts_week(world: TreeWorld) -> None:
    world.lives_in("Europe/Berlin", week_start="sunday")
    task = await world.new(due="2026-12-01", recurrence="FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU")
    assert task.recurrence == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU"
