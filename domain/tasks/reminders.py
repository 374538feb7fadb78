"""Reminders of a task, as text: a span before the task is due, such as `-PT30M`, or a time as `Due` spells it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.accounts.account import DAY_TIME
from domain.errors import Invalid
from domain.tasks.dates.calendar import Calendar
from domain.tasks.dates.due import Due
from domain.tasks.dates.due_text import parse_due, read_due

MAX_REMINDERS = 10
MAX_DAYS_BEFORE = 365
AT_DUE = "PT0M"
SPELLING = "write a span before the due time as -PT30M or -P1D, or a time as 2026-12-01T08:00"
_SPAN = re.compile(r"(-?)P(?:(\d{1,2})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?", re.ASCII)
_MINUTES_OF_DAY = 24 * 60


def clean_reminders(values: Iterable[str] | None) -> list[str]:
    reminders = list(dict.fromkeys(map(_cleaned, values or ())))
    if len(reminders) > MAX_REMINDERS:
        raise Invalid.field("reminders", f"must be at most {MAX_REMINDERS}, and these are {len(reminders)}")
    return reminders


def is_before_due(reminder: str) -> bool:
    return "P" in reminder[:2]


def moment_of(reminder: str, due: str | None, here: ZoneInfo, day_time: str = DAY_TIME) -> datetime:
    """Returns when the reminder rings, in UTC. `here` is the zone of the account. Days before are counted by the clock
    of the place, hours and minutes exactly (RFC 5545, 3.3.6). A clock that skips the time rings after the gap, and one
    that shows it twice rings the first time."""
    if not is_before_due(reminder):
        return _timed(read_due(reminder), day_time).instant(here)
    assert due is not None, "a reminder before the due time needs one"
    days, minutes = _span(reminder)
    return _timed(read_due(due), day_time).moved(-days).instant(here) - timedelta(minutes=minutes)


def is_over(reminder: str, due: str | None, now: datetime, day_time: str) -> bool:
    """Returns whether a reminder that is set now never rings. `now` is in the zone of the account."""
    assert isinstance(now.tzinfo, ZoneInfo), "now is in the account's zone"
    return is_past(moment_of(reminder, due, now.tzinfo, day_time), now)


def check_ahead(times: Iterable[str], now: datetime, calendar: Calendar) -> None:
    for each in times:
        if is_over(each, None, calendar.local(now), calendar.reminder_time):
            time = each if "T" in each else f"{each} at {calendar.reminder_time}"
            raise Invalid.field("reminders", f"{time} is over, so it would not ring: give a later time")


def _timed(due: Due, day_time: str) -> Due:
    return due if due.has_time else Due(datetime.combine(due.day, time.fromisoformat(day_time)), has_time=True)


def _cleaned(text: str) -> str:
    try:
        if not is_before_due(text):
            return _time(text)
        days, minutes = _span(text)
    except ValueError as error:
        raise Invalid.field("reminders", str(error)) from None
    return _span_text(days, minutes)


def _time(text: str) -> str:
    if not text[:1].isdecimal():
        raise ValueError(SPELLING)
    return parse_due(text).text


def _span(text: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise ValueError(SPELLING)
    weeks, days, hours, minutes = (int(each or 0) for each in match.groups()[1:])
    days, minutes = weeks * 7 + days, hours * 60 + minutes
    if (days or minutes) and not match[1]:
        raise ValueError(f"must not be after the due time: {SPELLING}")
    if days * _MINUTES_OF_DAY + minutes > MAX_DAYS_BEFORE * _MINUTES_OF_DAY:
        raise ValueError(f"must be at most {MAX_DAYS_BEFORE} days before the due time")
    return days, minutes


def _span_text(days: int, minutes: int) -> str:
    if not days and not minutes:
        return AT_DUE
    hours, rest = divmod(minutes, 60)
    clock = f"T{f'{hours}H' if hours else ''}{f'{rest}M' if rest else ''}" if minutes else ""
    return f"-P{f'{days}D' if days else ''}{clock}"


def is_past(moment: datetime, since: datetime) -> bool:
    """A reminder was set at `since` for a time that was over. The minute that runs is not over."""
    return moment < since.astimezone(UTC).replace(second=0, microsecond=0)
