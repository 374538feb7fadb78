"""Reads the dates, times and durations of iCalendar (RFC 5545, 3.3)."""

import re
from datetime import UTC, date, datetime, timedelta

from application.tasks.files.formats.icalendar.lines import Property
from application.tasks.files.reading.times import at_clock, at_moment, on_day
from application.tasks.files.reading.zone_names import zone_name
from domain.tasks.dates.due import Due

_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
LEAP_SECOND = 60


def read_due(found: Property, here: str) -> Due:
    """Returns a day, a time anywhere, or a time in a zone. UTC is shown in the zone `here`. Raises `ValueError`."""
    numbers, is_utc = _numbers(found.value)
    if len(numbers) == 3:
        return on_day(date(*numbers))
    local = datetime(*numbers)  # type: ignore[arg-type]
    if is_utc:
        return at_moment(local, here)
    return at_clock(local, zone_name(found.parameters.get("TZID")))


def is_zone_unknown(found: Property) -> bool:
    zone = found.parameters.get("TZID")
    return bool(zone) and zone_name(zone) is None and not found.value.endswith("Z")


def read_moment(found: Property) -> datetime:
    """Returns when something happened, which calendars write in UTC. Raises `ValueError`."""
    return datetime(*_numbers(found.value)[0], tzinfo=UTC)  # type: ignore[misc, arg-type]


def read_duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text.strip().upper())
    if match is None or not any(match.groups()):
        raise ValueError("is no duration such as PT45M")
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
    return timedelta(days=7 * weeks + days, hours=hours, minutes=minutes, seconds=seconds)


def later(start: Due, by: timedelta) -> Due:
    """Returns the due date that is so much later. Days are those of the calendar. Raises `ValueError`."""
    moved = start.moved(by.days)
    return moved.at(moved.local + timedelta(seconds=by.seconds)) if moved.has_time else moved


def _numbers(text: str) -> tuple[list[int], bool]:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError("is no date such as 20261201 or 20261201T090000")
    *numbers, sign = match.groups()
    whole = [int(each) for each in numbers if each]
    return ([*whole[:5], 59] if whole[5:] == [LEAP_SECOND] else whole), bool(sign)
