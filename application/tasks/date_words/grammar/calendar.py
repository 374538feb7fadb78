"""Finds days by counting in the calendar. Each result is in the years in which a task may be due, or is None."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from application.tasks.date_words.grammar.context import DateContext
from domain.tasks.dates.due import YEARS


class Day(NamedTuple):
    """A day. `later` is the day that the words mean if the hour with them has passed. On 1 December at ten, "1 Dec at
    9" is next year."""

    day: date
    later: date | None = None
    part: str | None = None


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if YEARS[0] <= year <= YEARS[1] else None
    except ValueError:
        return None


def after(start: date, count: int, unit: str) -> date | None:
    """Returns the day that is `count` units later, or earlier if `count` is negative. In a month that is too short,
    that is its last day."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if months:
        return _months_after(start, count * months)
    try:
        found = start + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    except OverflowError:
        return None
    return found if YEARS[0] <= found.year <= YEARS[1] else None


def _months_after(start: date, count: int) -> date | None:
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    if not YEARS[0] <= year <= YEARS[1]:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def beginning(day: date, unit: str, context: DateContext) -> date:
    if unit == "week":
        return day - timedelta(days=(day.weekday() - context.first_weekday) % 7)
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def end(day: date, unit: str, context: DateContext) -> date:
    first = beginning(day, unit, context)
    return (after(first, 1, unit) or date.max) - timedelta(days=1)


def weekday_from(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def weekend(context: DateContext) -> date:
    """Returns the Saturday of the weekend that is now or comes next."""
    today = context.today
    return today - timedelta(days=1) if today.weekday() == 6 else weekday_from(today, 5)


def coming(context: DateContext, month: int, day: int) -> Day | None:
    years = range(context.today.year, context.today.year + 10)
    return _first_two(context, (day_of(year, month, day) for year in years))


def coming_of_month(context: DateContext, day: int) -> Day | None:
    first = context.today.replace(day=1)
    months = (_months_after(first, count) for count in range(14))
    return _first_two(context, (day_of(each.year, each.month, day) for each in months if each))


def weekday_of_month(month: date, place: int, weekday: int) -> date | None:
    """Returns the first, second … or last such weekday of the month that begins on `month`. Returns None if there is no
    fifth."""
    if place < 0:
        last = _months_after(month, 1)
        return last and weekday_from(last - timedelta(weeks=1), weekday)
    found = weekday_from(month, weekday) + timedelta(weeks=place - 1)
    return found if found.month == month.month else None


def weekday_and_day(context: DateContext, weekday: int, day: int) -> Day | None:
    first = context.today.replace(day=1)
    months = (_months_after(first, count) for count in range(60))
    days = (day_of(each.year, each.month, day) for each in months if each)
    return _first_two(context, (each for each in days if each and each.weekday() == weekday))


def _first_two(context: DateContext, days: Iterator[date | None]) -> Day | None:
    found = list(islice((each for each in days if each and each >= context.today), 2))
    return Day(found[0], found[1] if len(found) > 1 else None) if found else None


def month_and_day(first: int, second: int, *, month_first: bool) -> tuple[int, int] | None:
    """Tries the order that is usual at the user's place, and the other one if that gives no date."""
    orders = [(first, second), (second, first)]
    for month, day in orders if month_first else reversed(orders):
        if day_of(2028, month, day):
            return month, day
    return None


def full_year(digits: str) -> int | None:
    if len(digits) == 4:
        return int(digits)
    return 2000 + int(digits) if len(digits) == 2 else None
