from domain.errors import Invalid
from domain.tasks.dates.calendar import Calendar
from domain.tasks.dates.due_text import parse_day, read_due
from domain.tasks.dates.recurrence import RecursFrom
from domain.tasks.dates.series import Series

ONCE = RecursFrom.DUE.value
"""The `recurs_from` of a task that does not recur."""


def check_dates(start: str | None, due: str | None, recurrence: str | None, recurs_from: str) -> None:
    """Raises `Invalid` if the values, each of them right by itself, do not go together."""
    if due is None and recurrence is not None:
        raise Invalid.field("due", "must be set as long as the task recurs: give a date, or clear recurrence too")
    if recurrence is None and recurs_from != ONCE:
        raise Invalid.field("recurs_from", "needs a recurrence")
    if start and due and parse_day(start) > read_due(due).day:
        raise Invalid.field("start", "must not be after due")


def begun(recurrence: str, due: str, recurs_from: str, calendar: Calendar, *, keeps_rfc: bool) -> Series:
    zone, week_start = calendar.zone, calendar.first_day
    try:
        return Series.begun(recurrence, due, zone, recurs_from=recurs_from, week_start=week_start, keeps_rfc=keeps_rfc)
    except ValueError as error:
        raise Invalid.field("recurrence", str(error)) from None
