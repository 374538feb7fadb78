from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrule, rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from domain.tasks.dates.due_text import parse_due
from domain.tasks.dates.recurrence import WEEKDAYS, Frequency, Rule
from domain.tasks.dates.rule_dates import dates, next_date
from domain.tasks.dates.rule_text import parse_rule, read_rule

UTC_ZONE = ZoneInfo("UTC")
NEXT = {
    ("FREQ=DAILY", "2026-12-30"): "2026-12-30 2026-12-31 2027-01-01",
    ("FREQ=DAILY;INTERVAL=3", "2026-12-30"): "2026-12-30 2027-01-02 2027-01-05",
    ("FREQ=WEEKLY", "2026-12-01"): "2026-12-01 2026-12-08 2026-12-15",
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-12-03"): "2026-12-03 2026-12-04 2026-12-07",
    ("FREQ=WEEKLY;BYDAY=FR", "2026-12-01"): "2026-12-04 2026-12-11 2026-12-18",
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-12-01"): "2026-12-01 2026-12-15 2026-12-29",
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=MO", "2026-12-01"): "2026-12-01 2026-12-06 2026-12-15 2026-12-20",
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU", "2026-12-01"): "2026-12-01 2026-12-13 2026-12-15 2026-12-27",
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SA", "2026-12-01"): "2026-12-01 2026-12-13 2026-12-15 2026-12-27",
    ("FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1", "2026-12-01"): "2026-12-07 2026-12-14",
    ("FREQ=WEEKLY;BYDAY=TH,FR,SA;BYSETPOS=-1", "2026-12-29"): "2027-01-02 2027-01-09",
    ("FREQ=WEEKLY;BYDAY=TH,SA;BYMONTH=1", "2026-12-29"): "2027-01-02 2027-01-07",
    ("FREQ=MONTHLY", "2026-01-15"): "2026-01-15 2026-02-15 2026-03-15",
    ("FREQ=MONTHLY", "2026-01-31"): "2026-01-31 2026-03-31 2026-05-31",
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2027-12-31"): "2027-12-31 2028-01-31 2028-02-29 2028-03-31",
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "2027-01-30"): "2027-01-30 2027-02-28 2027-03-30",
    ("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-12-02"): "2026-12-15 2027-01-01 2027-01-15",
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31"): "2027-01-31 2027-02-28 2027-03-31",
    ("FREQ=MONTHLY;BYDAY=-1FR", "2026-12-01"): "2026-12-25 2027-01-29 2027-02-26",
    ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "2026-12-01"): "2026-12-25 2027-01-29 2027-02-26",
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-12-01"): "2026-12-31 2027-01-29 2027-02-26",
    ("FREQ=MONTHLY;BYDAY=5SU,FR", "2026-11-20"): "2026-11-20 2026-11-27 2026-11-29 2026-12-04",
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-11-14"): "2027-08-13 2028-10-13",
    ("FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31", "2026-12-31"): "2026-12-31 2027-05-31 2027-10-31 2028-03-31",
    ("FREQ=YEARLY", "2028-02-29"): "2028-02-29 2032-02-29",
    ("FREQ=YEARLY", "2096-02-29"): "2096-02-29 2104-02-29",
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "2028-02-29"): "2028-02-29 2029-02-28 2030-02-28",
    ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "2026-12-25"): "2027-12-24 2028-12-24",
    ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "2026-12-25"): "2027-05-09 2028-05-14",
    ("FREQ=YEARLY;BYDAY=-1MO,1MO", "2026-12-25"): "2026-12-28 2027-01-04 2027-12-27",
    ("FREQ=YEARLY;BYDAY=2SU,SU;BYMONTH=6,7;BYSETPOS=1,-1", "2026-12-25"): "2027-06-06 2027-07-25 2028-06-04",
    ("FREQ=YEARLY;BYMONTHDAY=1", "2026-12-25"): "2027-01-01 2027-02-01",
    ("FREQ=DAILY;INTERVAL=2;BYMONTH=1;BYDAY=SA", "2026-12-31"): "2027-01-02 2027-01-16 2027-01-30 2028-01-01",
    ("FREQ=DAILY;UNTIL=20261231", "2026-12-30"): "2026-12-30 2026-12-31 -",
    ("FREQ=WEEKLY;BYDAY=TH,SA;BYSETPOS=-1;UNTIL=20261231", "2026-12-20"): "2026-12-26 -",
    ("FREQ=DAILY", "2200-12-30"): "2200-12-30 2200-12-31 -",
    ("FREQ=YEARLY;INTERVAL=200", "1970-12-30"): "1970-12-30 2170-12-30 -",
}


@pytest.mark.parametrize(("text", "due"), NEXT)
def test_a_rule_gives_its_dates(text: str, due: str) -> None:
    expected = NEXT[text, due].split()
    start = parse_due(due)
    found = dates(parse_rule(text, start, UTC_ZONE), start.day, start.day)
    assert [str(next(found, "-")) for _ in expected] == expected


@pytest.mark.parametrize(
    ("text", "due", "stored"),
    [
        ("FREQ=MONTHLY", "2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("FREQ=MONTHLY", "2026-01-29", "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("FREQ=MONTHLY;BYMONTHDAY=30", "2026-01-01", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ("FREQ=MONTHLY;COUNT=4", "2026-01-30", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=4"),
        ("FREQ=MONTHLY;BYMONTH=2,3", "2026-01-30", "FREQ=MONTHLY;BYMONTH=2,3;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ("FREQ=YEARLY", "2028-02-29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2", "2026-12-01", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("FREQ=MONTHLY", "2026-01-28", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,31", "2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=15,31"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=YEARLY", "2026-12-31", "FREQ=YEARLY"),
        ("FREQ=YEARLY;BYMONTHDAY=31", "2026-12-31", "FREQ=YEARLY;BYMONTHDAY=31"),
        ("FREQ=WEEKLY", "2026-01-31", "FREQ=WEEKLY"),
        ("FREQ=DAILY;BYMONTHDAY=31", "2026-01-31", "FREQ=DAILY;BYMONTHDAY=31"),
    ],
)
def test_the_31st_is_the_last_day_of_a_short_month_where_people_write_it(text: str, due: str, stored: str) -> None:
    start = parse_due(due)
    assert read_rule(text, start, UTC_ZONE).clamped(start.day).text == stored


def following(text: str, slot: str, moment: str) -> str:
    start = parse_due(slot)
    found = next_date(read_rule(text, start, UTC_ZONE), start.local, datetime.fromisoformat(moment))
    return f"{found[0]:%Y-%m-%dT%H:%M} {found[1].count}" if found else "-"


def test_a_count_takes_one_for_each_date_that_was_passed_by() -> None:
    assert following("FREQ=DAILY;COUNT=5", "2026-12-01T09:00", "2026-12-01T08:00") == "2026-12-02T09:00 4"
    assert following("FREQ=DAILY;COUNT=5", "2026-12-01T09:00", "2026-12-03T09:00") == "2026-12-04T09:00 2"
    assert following("FREQ=DAILY;COUNT=5", "2026-12-01T09:00", "2026-12-05T08:59") == "2026-12-05T09:00 1"
    assert following("FREQ=DAILY;COUNT=5", "2026-12-01T09:00", "2026-12-05T09:00") == "-"
    assert following("FREQ=DAILY;COUNT=1", "2026-12-01T09:00", "2026-11-01T09:00") == "-"
    assert following("FREQ=DAILY;COUNT=9999", "1970-01-01T09:00", "2190-01-01T09:00") == "-"


def test_nothing_comes_after_the_last_day() -> None:
    assert following("FREQ=DAILY;UNTIL=20261203", "2026-12-01", "2026-12-02") == "2026-12-03T00:00 None"
    assert following("FREQ=DAILY;UNTIL=20261203", "2026-12-01", "2026-12-03") == "-"
    assert following("FREQ=DAILY", "2026-12-01", "2200-12-31") == "-"


@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"])
def test_centuries_late_the_rule_is_in_step_with_its_beginning(text: str) -> None:
    slot, moment = datetime(1970, 1, 1, 9), datetime(2190, 6, 1, 9)
    rule = read_rule(f"{text};INTERVAL=7", parse_due("1970-01-01"), UTC_ZONE)
    assert next_date(rule, slot, moment) == (by_dateutil(rule, slot).after(moment), rule)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    frequency = draw(st.sampled_from(Frequency))
    is_numbered = frequency in {Frequency.MONTHLY, Frequency.YEARLY} and draw(st.booleans())
    ordinals = st.sampled_from([-5, -2, -1, 1, 2, 5]) if is_numbered else st.just(0)
    rule = Rule(
        frequency,
        interval=draw(st.sampled_from([1, 1, 2, 3, 5, 7, 12, 31, 100])),
        months=draw(numbers(st.integers(1, 12))),
        month_days=draw(numbers(st.integers(-31, 31).filter(bool))) if frequency != Frequency.WEEKLY else (),
        days=draw(st.lists(st.tuples(ordinals, st.sampled_from(WEEKDAYS)), max_size=3, unique=True).map(tuple)),
        positions=draw(numbers(st.sampled_from([-3, -2, -1, 1, 2, 10]))),
        week_start=draw(st.sampled_from(["MO", "SU", "SA"])),
    )
    assume(not rule.positions or rule.days or rule.month_days or rule.months)
    return rule


def numbers(elements: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int, ...]]:
    return st.one_of(st.just(()), st.lists(elements, max_size=4, unique=True).map(tuple))


def by_dateutil(rule: Rule, start: datetime) -> rrule:
    found = rrulestr(rule.text, dtstart=start)
    assert isinstance(found, rrule)
    return found


@settings(max_examples=100)
@given(rules(), st.dates(date(1970, 1, 1), date(2150, 12, 31)))
@example(Rule(Frequency.YEARLY, months=(2,), month_days=(29,)), date(2096, 2, 29))
@example(Rule(Frequency.WEEKLY, days=((0, "MO"), (0, "WE")), positions=(-1,), week_start="SU"), date(2026, 1, 1))
def test_the_dates_are_those_of_python_dateutil(rule: Rule, start: date) -> None:
    if rule.frequency == Frequency.WEEKLY and rule.positions:
        start -= timedelta(days=(start.weekday() - WEEKDAYS.index(rule.week_start)) % 7)
        rule = rule.begun(start)  # python-dateutil leaves out the days of the first week before its first date
    found = list(islice(dates(rule, start, start), 8))
    expansion = by_dateutil(rule, datetime.combine(start, datetime.min.time()))
    assert found == [each.date() for each in islice(expansion, len(found))]
    for place, since in enumerate(found):
        assert list(islice(dates(rule, start, since), len(found) - place)) == found[place:]
