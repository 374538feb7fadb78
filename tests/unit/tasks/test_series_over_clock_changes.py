from datetime import datetime, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.tasks.dates.due import Due
from domain.tasks.dates.due_text import parse_due
from domain.tasks.dates.series import Series

ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "UTC",
]
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=WEEKLY;BYDAY=SA,SU,MO",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
    "FREQ=MONTHLY;BYDAY=-1SU,2SU",
    "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=3,10,11;BYDAY=SU",
]


@cache
def clock_changes(zone: str) -> list[datetime]:
    """Returns the days since 2006 on which the zone's clock is changed, or one for a zone where it never is."""
    noons = [datetime(2006, 1, 1, 12, tzinfo=ZoneInfo(zone)) + timedelta(days=each) for each in range(9_000)]
    changes = [day for before, day in pairwise(noons) if before.utcoffset() != day.utcoffset()]
    return [each.replace(tzinfo=None) for each in changes or noons[:1]]


@st.composite
def dues_before_a_change(draw: st.DrawFn) -> Due:
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.sampled_from(clock_changes(zone))) - timedelta(days=draw(st.integers(0, 16)))
    local = day.replace(hour=draw(st.sampled_from([0, 1, 2, 3, 23])), minute=draw(st.sampled_from([0, 15, 30])))
    due = parse_due(f"{local:%Y-%m-%dT%H:%M}[{zone}]")
    assume(due.local == local)
    return due


@settings(max_examples=120)
@given(dues_before_a_change(), st.sampled_from(ZONES), st.sampled_from(RULES))
def test_over_clock_changes_the_dates_are_those_of_python_dateutil(due: Due, here: str, rule: str) -> None:
    task: Series | None = Series.begun(rule, due.text, ZoneInfo(here))
    for slot in islice(rrulestr(rule, dtstart=due.local), 25):
        assert task
        present = parse_due(task.due)
        if slot <= present.local:
            continue  # the first date itself, or one that a skipped day pushed the one before it to
        minute_before = present.instant(ZoneInfo(here)) - timedelta(minutes=1)
        task = task.completed(minute_before.astimezone(ZoneInfo(here)))
        assert task
        assert task.slot == f"{slot:%Y-%m-%dT%H:%M}"
        assert task.due == parse_due(f"{task.slot}[{due.zone}]").text
