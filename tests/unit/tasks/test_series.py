from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.tasks.dates.recurrence import RecursFrom
from domain.tasks.dates.series import Series, day_moved, due_moved

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def series(rule: str, due: str, recurs_from: str = RecursFrom.DUE, start: str | None = None) -> Series:
    return Series.begun(rule, due, BERLIN, recurs_from=recurs_from, start=start)


def after(rule: str, due: str, done: str, recurs_from: str = RecursFrom.DUE) -> str:
    moved = series(rule, due, recurs_from).completed(at(done))
    return moved.due if moved else "-"


COMPLETED = [
    # one press, however late: for days, today is not later
    ("FREQ=DAILY", "2026-12-01", "2026-12-01T10:00", "2026-12-02"),
    ("FREQ=DAILY", "2026-11-30", "2026-12-01T10:00", "2026-12-02"),
    ("FREQ=DAILY", "1970-01-01", "2026-12-01T23:59", "2026-12-02"),
    ("FREQ=DAILY", "2026-12-05", "2026-12-01T10:00", "2026-12-06"),
    ("FREQ=WEEKLY;BYDAY=FR", "2026-12-04", "2026-12-02T10:00", "2026-12-11"),
    ("FREQ=WEEKLY;BYDAY=FR", "2026-12-04", "2026-12-11T10:00", "2026-12-18"),
    ("FREQ=WEEKLY;INTERVAL=2", "2026-12-01", "2026-12-10T10:00", "2026-12-15"),
    # an hour: today's is later as long as it is to come
    ("FREQ=DAILY", "2026-12-01T09:00", "2026-12-03T08:59", "2026-12-03T09:00"),
    ("FREQ=DAILY", "2026-12-01T09:00", "2026-12-03T09:00", "2026-12-04T09:00"),
    ("FREQ=DAILY", "2026-12-01T09:00+09:00[Asia/Tokyo]", "2026-12-02T00:59", "2026-12-02T09:00+09:00[Asia/Tokyo]"),
    ("FREQ=DAILY", "2026-12-01T09:00+09:00[Asia/Tokyo]", "2026-12-02T23:59", "2026-12-03T09:00+09:00[Asia/Tokyo]"),
    ("FREQ=DAILY", "2026-12-01T09:00+09:00[Asia/Tokyo]", "2026-12-03T01:00", "2026-12-04T09:00+09:00[Asia/Tokyo]"),
    # the 31st
    ("FREQ=MONTHLY", "2027-01-31", "2027-01-31T10:00", "2027-02-28"),
    ("FREQ=MONTHLY", "2027-01-31", "2027-03-01T10:00", "2027-03-31"),
    ("FREQ=YEARLY", "2028-02-29", "2028-02-29T10:00", "2029-02-28"),
    ("FREQ=YEARLY", "2028-02-29", "2031-12-31T10:00", "2032-02-29"),
    # nothing left
    ("FREQ=DAILY;COUNT=1", "2026-12-01", "2026-12-01T10:00", "-"),
    ("FREQ=DAILY;COUNT=3", "2026-12-01", "2026-12-03T10:00", "-"),
    ("FREQ=DAILY;UNTIL=20261202", "2026-12-01", "2026-12-01T10:00", "2026-12-02"),
    ("FREQ=DAILY;UNTIL=20261202", "2026-12-01", "2026-12-02T10:00", "-"),
    ("FREQ=DAILY;UNTIL=20261202", "2026-12-01T09:00", "2026-12-02T08:00", "2026-12-02T09:00"),
    ("FREQ=YEARLY", "2200-01-01", "2026-12-02T10:00", "-"),
]
FROM_COMPLETION = [
    ("FREQ=DAILY;INTERVAL=3", "2026-12-01", "2026-12-05T10:00", "2026-12-08"),
    ("FREQ=DAILY;INTERVAL=3", "2026-12-09", "2026-12-05T10:00", "2026-12-08"),
    ("FREQ=DAILY;INTERVAL=3", "2026-12-01T09:00", "2026-12-05T23:00", "2026-12-08T09:00"),
    ("FREQ=DAILY", "2026-12-01T09:00", "2026-12-05T08:00", "2026-12-06T09:00"),
    ("FREQ=DAILY", "2026-12-01T09:00+09:00[Asia/Tokyo]", "2026-12-05T23:00", "2026-12-07T09:00+09:00[Asia/Tokyo]"),
    ("FREQ=WEEKLY", "2026-12-01", "2026-12-05T10:00", "2026-12-12"),
    ("FREQ=WEEKLY;BYDAY=MO", "2026-12-07", "2026-12-05T10:00", "2026-12-07"),
    ("FREQ=MONTHLY", "2026-12-31", "2026-12-05T10:00", "2027-01-05"),
    ("FREQ=MONTHLY", "2027-01-02", "2027-01-31T10:00", "2027-02-28"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31", "2027-02-02T10:00", "2027-02-28"),
    ("FREQ=YEARLY", "2028-01-01", "2028-02-29T10:00", "2029-02-28"),
    ("FREQ=DAILY;COUNT=1", "2026-12-01", "2026-12-05T10:00", "-"),
]


@pytest.mark.parametrize(("rule", "due", "done", "moved"), COMPLETED)
def test_completing_goes_to_the_first_date_later_than_due_and_now(rule: str, due: str, done: str, moved: str) -> None:
    assert after(rule, due, done) == moved
    skipped = series(rule, due).skipped(at(done))
    assert (skipped.due if skipped else "-") == moved


@pytest.mark.parametrize(("rule", "due", "done", "moved"), FROM_COMPLETION)
def test_from_completion_the_rule_starts_on_that_day(rule: str, due: str, done: str, moved: str) -> None:
    assert after(rule, due, done, RecursFrom.COMPLETION) == moved


def test_from_completion_skipping_never_goes_back() -> None:
    every_three_days = series("FREQ=DAILY;INTERVAL=3", "2026-12-09", RecursFrom.COMPLETION)
    early, late = every_three_days.skipped(at("2026-12-05T10:00")), every_three_days.skipped(at("2026-12-11T10:00"))
    assert early
    assert late
    assert (early.due, late.due) == ("2026-12-12", "2026-12-14")


def test_writing_a_rule_sets_the_slot_and_keeps_the_31st() -> None:
    begun = series("RRULE:FREQ=MONTHLY;COUNT=3", "2027-01-31T09:00+01:00[Europe/Berlin]", start="2027-01-30")
    assert begun == Series(
        due="2027-01-31T09:00+01:00[Europe/Berlin]",
        slot="2027-01-31T09:00",
        recurrence="FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=3",
        start="2027-01-30",
    )


def test_a_rule_from_a_calendar_leaves_short_months_out() -> None:
    begun = Series.begun("FREQ=MONTHLY", "2027-01-31", BERLIN, keeps_rfc=True)
    moved = begun.completed(at("2027-01-31T10:00"))
    assert moved == Series(due="2027-03-31", slot="2027-03-31", recurrence="FREQ=MONTHLY")


def test_the_start_of_the_week_is_written_into_a_rule_that_depends_on_it() -> None:
    begun = Series.begun("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU", "2026-12-01", BERLIN, week_start="SU")
    assert begun.recurrence == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU"
    moved = begun.completed(at("2026-12-01T10:00"))
    assert moved
    assert moved.due == "2026-12-13"


def test_a_rule_that_gives_no_date_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="gives no date"):
        series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-12-01")


def test_what_is_left_of_a_count_goes_down_by_the_missed_ones_too() -> None:
    one = series("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=6", "2026-12-07").completed(at("2026-12-07T10:00"))
    assert one
    two = one.completed(at("2026-12-15T10:00"))
    assert two
    assert (one.due, one.recurrence) == ("2026-12-09", "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=5")
    assert (two.due, two.recurrence) == ("2026-12-16", "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3")


MOVED = [
    # an occurrence that was moved does not move the series
    ("2026-12-07T09:00", "2026-12-09T18:00", "2026-12-07T10:00", "2026-12-14T09:00"),
    ("2026-12-07T09:00", "2026-12-05T18:00", "2026-12-05T10:00", "2026-12-14T09:00"),
    ("2026-12-07T09:00", "2026-12-14T08:00", "2026-12-07T10:00", "2026-12-14T09:00"),
    ("2026-12-07T09:00", "2026-12-14T10:00", "2026-12-07T10:00", "2026-12-21T09:00"),
    # nor does the kind that only this one has
    ("2026-12-07", "2026-12-09T18:00", "2026-12-07T10:00", "2026-12-14"),
    ("2026-12-07", "2026-12-14T18:00", "2026-12-07T10:00", "2026-12-21"),
    ("2026-12-07T09:00", "2026-12-09", "2026-12-07T10:00", "2026-12-14T09:00"),
    ("2026-12-07T09:00", "2026-12-14", "2026-12-07T10:00", "2026-12-21T09:00"),
    ("2026-12-07T09:00", "2026-12-09T18:00[Asia/Tokyo]", "2026-12-07T10:00", "2026-12-14T09:00+09:00[Asia/Tokyo]"),
]


@pytest.mark.parametrize(("slot", "due", "done", "moved"), MOVED)
def test_moving_one_occurrence_leaves_the_series(slot: str, due: str, done: str, moved: str) -> None:
    begun = series("FREQ=WEEKLY;BYDAY=MO", slot)
    here = Series(due=due, slot=slot, recurrence=begun.recurrence)
    found = here.completed(at(done))
    assert found
    assert (found.due, found.slot) == (moved, moved.removesuffix("+09:00[Asia/Tokyo]"))


def test_the_start_moves_by_as_many_days_as_the_due_date() -> None:
    begun = series("FREQ=MONTHLY", "2027-01-31", start="2027-01-29")
    moved = begun.completed(at("2027-01-31T10:00"))
    assert moved
    assert (moved.due, moved.start, moved.days_since(begun)) == ("2027-02-28", "2027-02-26", 28)


def test_completed_early_from_completion_it_moves_back() -> None:
    begun = series("FREQ=DAILY", "2026-12-09", RecursFrom.COMPLETION, start="2026-12-08")
    moved = begun.completed(at("2026-12-05T10:00"))
    assert moved
    assert (moved.due, moved.start, moved.days_since(begun)) == ("2026-12-06", "2026-12-05", -3)


@pytest.mark.parametrize(
    ("due", "days", "moved"),
    [
        ("2026-12-31", 1, "2027-01-01"),
        ("2026-03-28T02:30[Europe/Berlin]", 1, "2026-03-29T03:30+02:00[Europe/Berlin]"),
        ("2026-03-28T02:30", -28, "2026-02-28T02:30"),
        ("2200-12-30T09:00", 5, "2200-12-31T09:00"),
        ("1970-01-02", -5, "1970-01-01"),
    ],
)
def test_what_hangs_on_a_date_moves_with_it_within_the_years_there_are(due: str, days: int, moved: str) -> None:
    assert due_moved(due, days) == moved
    assert day_moved(due[:10], days)[:10] == moved[:10]


def test_on_the_day_of_a_gap_the_hour_is_shown_later_and_is_itself_again_after() -> None:
    begun = series("FREQ=DAILY", "2026-03-28T02:30+01:00[Europe/Berlin]")
    gap = begun.completed(at("2026-03-28T10:00"))
    assert gap
    again = gap.completed(at("2026-03-29T10:00"))
    assert again
    assert (gap.due, gap.slot) == ("2026-03-29T03:30+02:00[Europe/Berlin]", "2026-03-29T02:30")
    assert (again.due, again.slot) == ("2026-03-30T02:30+02:00[Europe/Berlin]", "2026-03-30T02:30")


def test_an_hour_that_comes_twice_is_the_first_of_the_two() -> None:
    begun = series("FREQ=DAILY", "2026-10-24T02:30+02:00[Europe/Berlin]")
    twice = begun.completed(at("2026-10-24T10:00"))
    assert twice
    assert twice.due == "2026-10-25T02:30+02:00[Europe/Berlin]"
