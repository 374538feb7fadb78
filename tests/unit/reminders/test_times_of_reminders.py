"""When reminders ring, over zones and clock changes, against a clock that is read minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.tasks.dates.due import Due
from domain.tasks.reminders import clean_reminders, moment_of

ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"]
)
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5)]
DAYS = st.one_of(st.sampled_from(CHANGES), st.dates(date(2011, 12, 1), date(2030, 1, 1)))
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


def first_shown(local: datetime, zone: ZoneInfo) -> datetime:
    """When a clock there shows this time for the first time, found by watching it. A time that is skipped is as long
    after the gap as it would be after its beginning."""
    watched = (local - timedelta(hours=30)).replace(tzinfo=UTC)
    last = watched.astimezone(zone).replace(tzinfo=None)
    for _ in range(60 * 60):
        watched += timedelta(minutes=1)
        shown = watched.astimezone(zone).replace(tzinfo=None)
        if shown == local:
            return watched
        if last < local < shown:
            return watched + (local - last) - timedelta(minutes=1)
        last = shown
    raise AssertionError(local)


@given(DAYS, TIMES, ZONES)
@example(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
@example(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
@example(date(2011, 12, 30), time(9, 0), "Pacific/Apia")
def test_a_floating_time_rings_when_the_clock_of_the_account_shows_it(day: date, at: time, zone: str) -> None:
    local = datetime.combine(day, at)
    text = Due(local, has_time=True).text
    assert moment_of(text, None, ZoneInfo(zone)) == first_shown(local, ZoneInfo(zone))
    assert moment_of("PT0M", text, ZoneInfo(zone)) == first_shown(local, ZoneInfo(zone))


@given(DAYS, TIMES, ZONES, st.integers(1, 600))
def test_hours_and_minutes_before_are_exact(day: date, at: time, zone: str, minutes: int) -> None:
    text = Due(datetime.combine(day, at), has_time=True).text
    [reminder] = clean_reminders([f"-PT{minutes}M"])
    before = moment_of("PT0M", text, ZoneInfo(zone)) - moment_of(reminder, text, ZoneInfo(zone))
    assert before == timedelta(minutes=minutes)


@given(DAYS, TIMES, ZONES, st.integers(1, 14))
def test_days_before_ring_at_the_same_hour(day: date, at: time, zone: str, days: int) -> None:
    local = datetime.combine(day, at)
    text = Due(local, has_time=True).text
    assert moment_of(f"-P{days}D", text, ZoneInfo(zone)) == first_shown(local - timedelta(days=days), ZoneInfo(zone))


@given(DAYS, ZONES, TIMES)
def test_a_day_without_an_hour_rings_at_the_hour_of_the_account(day: date, zone: str, at: time) -> None:
    local = datetime.combine(day, at)
    hour = f"{at:%H:%M}"
    assert moment_of("PT0M", day.isoformat(), ZoneInfo(zone), hour) == first_shown(local, ZoneInfo(zone))
    assert moment_of(day.isoformat(), None, ZoneInfo(zone), hour) == first_shown(local, ZoneInfo(zone))


@given(ZONES)
def test_a_time_in_a_zone_does_not_depend_on_the_account(zone: str) -> None:
    text = "2026-12-01T09:00+01:00[Europe/Berlin]"
    assert moment_of(text, None, ZoneInfo(zone)) == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert moment_of("-PT30M", text, ZoneInfo(zone)) == datetime(2026, 12, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("-PT30M", "-PT30M"),
        ("-PT90M", "-PT1H30M"),
        ("-P1W", "-P7D"),
        ("-P1DT2H", "-P1DT2H"),
        ("-PT0M", "PT0M"),
        ("PT0M", "PT0M"),
        ("-P0D", "PT0M"),
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01T08:00:00", "2026-12-01T08:00"),
        ("2026-12-01T08:00[europe/berlin]", "2026-12-01T08:00+01:00[Europe/Berlin]"),
    ],
)
def test_a_reminder_has_one_spelling(given: str, stored: str) -> None:
    assert clean_reminders([given]) == [stored]


@pytest.mark.parametrize(
    "text", ["PT30M", "-P", "-PT", "P", "30 min", "", "-PT30S", "-P366D", "-P1M", "2026-02-30", "-P1D2H", "٣", "-PT3٣M"]
)
def test_what_is_no_reminder_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_reminders([text])
    assert [each.field for each in refusal.value.fields] == ["reminders"]


def test_doubles_collapse_and_there_are_ten_at_most() -> None:
    assert clean_reminders(["-PT60M", "-PT1H", "PT0M"]) == ["-PT1H", "PT0M"]
    assert clean_reminders(None) == []
    with pytest.raises(Invalid, match="at most 10"):
        clean_reminders([f"-PT{minutes}M" for minutes in range(1, 12)])


@pytest.mark.parametrize("text", ["", "tomorrow", "-p1d", " -PT30M", "PT"])
def test_a_refusal_says_that_spans_and_times_can_be_given(text: str) -> None:
    with pytest.raises(Invalid, match="-PT30M or -P1D, or a time as 2026-12-01T08:00"):
        clean_reminders([text])
