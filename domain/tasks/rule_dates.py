"""Whether a rule gives any date at all, found month by month: a search that ends."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

YEARS_SEARCHED = 40
"""The calendar comes again after 28 years, or 40 where a century without a leap day lies between them."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule in numbers: weekdays count from Monday as 0, and `days` are (ordinal or 0, weekday)."""

    frequency: str
    interval: int
    months: tuple[int, ...]
    month_days: tuple[int, ...]
    days: tuple[tuple[int, int], ...]
    positions: tuple[int, ...]
    week_start: int


def has_date(pattern: Pattern, start: date, last: date) -> bool:
    """Returns whether there is a date from `start` to `last`, that day included."""
    if _is_each_day(pattern):
        return start <= last
    if pattern.frequency == "WEEKLY" and not pattern.days:
        pattern = replace(pattern, days=((0, start.weekday()),))
    step = pattern.interval if pattern.frequency == "YEARLY" else 1
    for year in range(start.year, min(last.year, start.year + YEARS_SEARCHED * pattern.interval) + 1, step):
        if any(start <= each <= last for each in _dates(pattern, start, year)):
            return True
    return False


def _is_each_day(pattern: Pattern) -> bool:
    return pattern.frequency == "DAILY" and not (
        pattern.months or pattern.month_days or pattern.days or pattern.positions
    )


def _dates(pattern: Pattern, start: date, year: int) -> Iterator[date]:
    """Gives the dates in a year, and after a year's last week perhaps a few that belong to the next one."""
    periods: defaultdict[int, list[date]] = defaultdict(list)
    for each in _candidates(pattern, start, year):
        period = _period(pattern, each)
        if (period - _period(pattern, start)) % pattern.interval == 0:
            if not pattern.positions:
                yield each
            periods[period].append(each)
    for found in periods.values():
        size = len(found)
        for position in pattern.positions:
            if abs(position) <= size:
                yield found[position - 1 if position > 0 else position]


def _period(pattern: Pattern, day: date) -> int:
    """Numbers the days, weeks, months or years, so that those of the rule are an interval apart."""
    match pattern.frequency:
        case "DAILY":
            return day.toordinal()
        case "WEEKLY":
            return (day.toordinal() - 1 - pattern.week_start) // 7
        case "MONTHLY":
            return day.year * 12 + day.month
        case _:
            return day.year


def _candidates(pattern: Pattern, start: date, year: int) -> Iterator[date]:
    """Gives the days of a year that all parts of the rule allow, but for its interval and positions."""
    of_year = pattern.frequency == "YEARLY" and not pattern.months
    in_year = set(_numbered(pattern, date(year, 1, 1), date(year, 12, 31))) if of_year else set()
    for month in pattern.months or ((start.month,) if _takes_month_of_start(pattern) else range(1, 13)):
        first, length = date(year, month, 1), monthrange(year, month)[1]
        allowed = in_year if of_year else set(_numbered(pattern, first, first.replace(day=length)))
        days = (first.replace(day=number) for number in _month_days(pattern, start, length))
        yield from (day for day in days if not pattern.days or day in allowed)


def _takes_month_of_start(pattern: Pattern) -> bool:
    return pattern.frequency == "YEARLY" and not (pattern.months or pattern.month_days or pattern.days)


def _month_days(pattern: Pattern, start: date, length: int) -> list[int]:
    if pattern.month_days:
        numbers = {each if each > 0 else length + 1 + each for each in pattern.month_days}
        return sorted(each for each in numbers if 1 <= each <= length)
    if pattern.days or pattern.frequency == "DAILY":
        return list(range(1, length + 1))
    return [start.day] if start.day <= length else []


def _numbered(pattern: Pattern, first: date, last: date) -> Iterator[date]:
    """Gives the weekdays of the rule between two days; an ordinal counts them from the beginning or the end."""
    for ordinal, weekday in pattern.days:
        beginning = first + timedelta(days=(weekday - first.weekday()) % 7)
        found = [beginning + timedelta(weeks=each) for each in range((last - beginning).days // 7 + 1)]
        if not ordinal:
            yield from found
        elif abs(ordinal) <= len(found):
            yield found[ordinal - 1 if ordinal > 0 else ordinal]
