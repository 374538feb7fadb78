"""The days that a rule gives: python-dateutil finds those of one month or year, and this goes from one to the next.

By itself, python-dateutil looks for a date that never comes until the year 9999, which takes it seconds.
"""

from calendar import isleap
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, timedelta
from itertools import groupby

from dateutil.rrule import MONTHLY, YEARLY, rrule, weekday

from domain.tasks.due import YEARS
from domain.tasks.recurrence import WEEKDAYS, Frequency, Rule

LAST_DAY = date(YEARS[1], 12, 31)
ONE_PERIOD_ONLY = MAXYEAR * 12
"""An interval after which python-dateutil is past its last year."""
DAYS_OF_PERIOD = {Frequency.DAILY: 1, Frequency.WEEKLY: 7}
MOST_WEEKS_OF_MONTH, MOST_WEEKS_OF_YEAR = 5, 53


def has_date(rule: Rule, start: date) -> bool:
    return next(dates(rule, start, start), None) is not None


def next_date(rule: Rule, slot: datetime, moment: datetime) -> tuple[datetime, Rule] | None:
    """Returns the first date later than `slot` and `moment`, and the rule with what is left of its count then.

    Returns None where nothing is left. Each date that was passed by takes one of the count.
    """
    since = slot if rule.count else max(slot, moment)
    later = (datetime.combine(day, slot.time()) for day in dates(rule, slot.date(), since.date()) if day > slot.date())
    for passed, each in enumerate(later, 1):
        if rule.count is not None and passed >= rule.count:
            return None
        if each > moment:
            return each, rule.less(passed)
    return None


def dates(rule: Rule, start: date, since: date) -> Iterator[date]:
    """Gives the days from `since` on of a rule that begins at `start`, which is not later, without regard to its count.

    `start` is among them only where the rule gives it.
    """
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
    """Returns whether no period can have a date: such a rule would be tried on every day of two centuries."""
    most = {Frequency.DAILY: 1, Frequency.WEEKLY: len(rule.days)}.get(rule.frequency)
    if most and rule.positions and min(map(abs, rule.positions)) > most:
        return True
    is_same_weekday = rule.frequency == Frequency.DAILY and rule.interval % 7 == 0
    return is_same_weekday and bool(rule.days) and (0, WEEKDAYS[start.weekday()]) not in rule.days


def _of_periods(rule: Rule, start: date, since: date, last: date) -> Iterator[date]:
    size = DAYS_OF_PERIOD.get(rule.frequency)
    if size is None:
        step = rule.interval * (12 if rule.frequency == Frequency.YEARLY else 1)
        first = start.replace(day=1, month=1) if rule.frequency == Frequency.YEARLY else start
        return _expanded(rule, _months(first, since, last, step))
    origin = start.toordinal() - (start.weekday() - WEEKDAYS.index(rule.week_start)) % size
    whole = timedelta(days=size)  # a week may begin in the month before, and end in the month after
    months = _months(since - whole, since - whole, last + whole, 1)
    touched = (first for first in months if (origin - first.toordinal() + size) % (size * rule.interval) <= size + 31)
    return _aligned(rule, _expanded(rule, touched), origin, size)


def _months(first: date, since: date, last: date, step: int) -> Iterator[date]:
    """Gives the first day of every `step` months from that of `first` on, beginning with the last before `since`."""
    begin = _month_number(first)
    begin += max(_month_number(since) - begin, 0) // step * step
    for number in range(begin, _month_number(last) + 1, step):
        yield date(number // 12, number % 12 + 1, 1)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _expanded(rule: Rule, beginnings: Iterator[date]) -> Iterator[date]:
    """Gives the days of the rule in each month, or year, that begins so; those that are alike are looked up once."""
    known: dict[tuple[int, int, bool], list[timedelta]] = {}
    for first in beginnings:
        alike = first.month, first.weekday(), first.month <= 2 and isleap(first.year)
        if alike not in known:
            known[alike] = _expand(rule, datetime(first.year, first.month, 1))
        for after in known[alike]:
            yield first + after


def _expand(rule: Rule, first: datetime) -> list[timedelta]:
    found = rrule(
        YEARLY if rule.frequency == Frequency.YEARLY else MONTHLY,
        dtstart=first,
        interval=ONE_PERIOD_ONLY,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or range(1, 32),
        byweekday=_weekdays(rule) or None,
        bysetpos=None if rule.frequency in DAYS_OF_PERIOD else rule.positions or None,
    )
    return [each - first for each in found]


def _weekdays(rule: Rule) -> list[weekday]:
    """Numbers all days where some are: python-dateutil would ask for days that are both, `5SU,FR` for none at all."""
    if not any(ordinal for ordinal, _ in rule.days):
        return [weekday(WEEKDAYS.index(day)) for _, day in rule.days]
    is_of_year = rule.frequency == Frequency.YEARLY and not rule.months
    every = range(1, (MOST_WEEKS_OF_YEAR if is_of_year else MOST_WEEKS_OF_MONTH) + 1)
    return [weekday(WEEKDAYS.index(day), n) for ordinal, day in rule.days for n in ([ordinal] if ordinal else every)]


def _aligned(rule: Rule, days: Iterator[date], origin: int, size: int) -> Iterator[date]:
    """Gives the days that are in every `interval`-th period of `size` days since `origin`."""
    for period, found in groupby(days, lambda day: (day.toordinal() - origin) // size):
        if period % rule.interval == 0:
            yield from _picked(list(found), rule.positions)


def _picked(days: list[date], positions: tuple[int, ...]) -> list[date]:
    if not positions:
        return days
    places = {each - 1 if each > 0 else len(days) + each for each in positions}
    return [days[place] for place in sorted(places) if 0 <= place < len(days)]
