"""The days that a rule gives: python-dateutil finds those of one month or year, and this goes from one to the next. By
itself, python-dateutil looks for a date that never comes until the year 9999, which takes it seconds."""

from calendar import isleap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TypeVar

from dateutil.rrule import MONTHLY, YEARLY, rrule, weekday

from domain.tasks.dates.due import YEARS
from domain.tasks.dates.recurrence import WEEKDAYS, Frequency, Rule

LAST_DAY = date(YEARS[1], 12, 31)
ONE_PERIOD_ONLY = MAXYEAR * 12
"""An interval after which python-dateutil is past its last year."""
DAYS_OF_PERIOD = {Frequency.DAILY: 1, Frequency.WEEKLY: 7}
D = TypeVar("D", bound=date)


def has_date(rule: Rule, start: date) -> bool:
    return next(dates(rule, start, start), None) is not None


def next_date(rule: Rule, slot: datetime, moment: datetime) -> tuple[datetime, Rule] | None:
    """Returns the first date that is later than both `slot` and `moment`, and the rule with the remaining count. Each
    date that is passed over reduces the count by one."""
    since = slot if rule.count else max(slot, moment)
    later = (datetime.combine(day, slot.time()) for day in dates(rule, slot.date(), since.date()) if day > slot.date())
    for passed, each in enumerate(later, 1):
        if rule.count is not None and passed >= rule.count:
            return None
        if each > moment:
            return each, rule.less(passed)
    return None


def dates(rule: Rule, start: date, since: date) -> Iterator[date]:
    """Yields the days of the rule from `since` on. The rule begins at `start`, which is not later than `since`. Its
    count is ignored. `start` is one of the days only if the rule gives it."""
    rule = rule.begun(start)
    last = min(rule.until or LAST_DAY, LAST_DAY)
    if _is_never(rule, start):
        return
    for each in _of_periods(rule, start, since, last):
        if each > last:
            return
        if each >= since:
            yield each


def _is_never(rule: Rule, start: date) -> bool:
    """Returns whether the rule can never give a date. Without this check, every day of two centuries would be tried."""
    most = {Frequency.DAILY: 1, Frequency.WEEKLY: len(rule.days)}.get(rule.frequency)
    if most and rule.positions and min(map(abs, rule.positions)) > most:
        return True
    is_same_weekday = rule.frequency == Frequency.DAILY and rule.interval % 7 == 0
    return is_same_weekday and bool(rule.days) and (0, WEEKDAYS[start.weekday()]) not in rule.days


def _of_periods(rule: Rule, start: date, since: date, last: date) -> Iterator[date]:
    if rule.frequency in DAYS_OF_PERIOD:
        return _of_days(rule, start, since, last)
    if rule.frequency == Frequency.MONTHLY:
        return _expanded(rule, _months(start, since, last, rule.interval))
    return _expanded(rule, _months(start.replace(day=1, month=1), since, last, rule.interval * 12))


def _of_days(rule: Rule, start: date, since: date, last: date) -> Iterator[date]:
    """Goes through the months that an aligned day or week touches; a week may begin in one and end in the next."""
    size = DAYS_OF_PERIOD[rule.frequency]
    origin = start.toordinal() - (start.weekday() - WEEKDAYS.index(rule.week_start)) % size
    whole = timedelta(days=size)
    months = _months(since - whole, since - whole, last + whole, 1)
    touched = (first for first in months if (origin - first.toordinal() + size) % (size * rule.interval) <= size + 31)
    return _aligned(rule, _expanded(rule, touched), origin, size)


def _months(first: date, since: date, last: date, step: int) -> Iterator[date]:
    """Counts from the month of `first`, and begins with the last one before `since`."""
    begin = _month_number(first)
    begin += max(_month_number(since) - begin, 0) // step * step
    for number in range(begin, _month_number(last) + 1, step):
        yield date(number // 12, number % 12 + 1, 1)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _expanded(rule: Rule, beginnings: Iterator[date]) -> Iterator[date]:
    endless = replace(rule, count=None, until=None)
    for first in beginnings:
        for after in _expand(endless, first.month, first.weekday(), first.month <= 2 and isleap(first.year)):
            yield first + after


@lru_cache(4_096)
def _expand(rule: Rule, month: int, weekday_of_first: int, in_leap_year: bool) -> Sequence[timedelta]:
    """Returns the days of one period, counted from its first. Periods of the same form are computed once. Weekdays with
    and without a number are asked for separately, because python-dateutil reads `BYDAY=5SU,FR` as the days that are
    both, and there are none."""
    first = _first_of(month, weekday_of_first, in_leap_year)
    numbered = [weekday(WEEKDAYS.index(day), ordinal) for ordinal, day in rule.days if ordinal]
    others = [weekday(WEEKDAYS.index(day)) for ordinal, day in rule.days if not ordinal]
    asked = [days for days in (numbered, others) if days] or [[]]
    found = {each for days in asked for each in _one_period(rule, first, days)}
    picked = sorted(found) if rule.frequency in DAYS_OF_PERIOD else _picked(sorted(found), rule.positions)
    return [each - first for each in picked]


def _first_of(month: int, weekday_of_first: int, in_leap_year: bool) -> datetime:
    years = (year for year in range(2000, 2028) if month > 2 or isleap(year) == in_leap_year)
    firsts = (datetime(year, month, 1) for year in years)
    return next(first for first in firsts if first.weekday() == weekday_of_first)


def _one_period(rule: Rule, first: datetime, days: list[weekday]) -> rrule:
    return rrule(
        YEARLY if rule.frequency == Frequency.YEARLY else MONTHLY,
        dtstart=first,
        interval=ONE_PERIOD_ONLY,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or range(1, 32),
        byweekday=days or None,
    )


def _aligned(rule: Rule, days: Iterator[date], origin: int, size: int) -> Iterator[date]:
    """Gives the days that are in every `interval`-th period of `size` days since `origin`."""
    for period, found in groupby(days, lambda day: (day.toordinal() - origin) // size):
        if period % rule.interval == 0:
            yield from _picked(list(found), rule.positions)


def _picked(days: list[D], positions: tuple[int, ...]) -> list[D]:
    if not positions:
        return days
    places = {each - 1 if each > 0 else len(days) + each for each in positions}
    return [days[place] for place in sorted(places) if 0 <= place < len(days)]
