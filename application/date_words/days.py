"""The days that people name, as a table: the words, and the day that they mean."""

from datetime import date, timedelta

from application.date_words.calendar import (
    Day,
    after,
    beginning,
    coming,
    coming_of_month,
    day_of,
    end,
    weekday_and_day,
    weekday_from,
    weekend,
)
from application.date_words.context import DateContext
from application.date_words.patterns import Meaning, Table
from application.date_words.slots import SLOTS


def _plain(day: date | None) -> Day | None:
    return Day(day) if day else None


def _in_days(count: int, part: str | None = None) -> Meaning:
    return lambda context: Day(context.today + timedelta(days=count), part=part)


def _ahead(context: DateContext, weekday: int) -> Day:
    """A weekday lies ahead: on a Friday, Friday is in a week."""
    return Day(weekday_from(context.today + timedelta(days=1), weekday))


def _next_weekday(context: DateContext, weekday: int) -> Day:
    """The one of next week, wherever in this week today is."""
    week = beginning(context.today, "week", context) + timedelta(weeks=1)
    return Day(weekday_from(week, weekday))


def _last_weekday(context: DateContext, weekday: int) -> Day:
    return Day(weekday_from(context.today - timedelta(weeks=1), weekday))


def _counted(context: DateContext, count: int, unit: str) -> Day | None:
    return _plain(after(context.today, count, unit))


def _counted_from(_: DateContext, count: int | None, unit: str, day: Day) -> Day | None:
    return _plain(after(day.day, count or 1, unit))


def _ago(context: DateContext, count: int, unit: str) -> Day | None:
    return _counted(context, -count, unit)


def _first_of(count: int) -> Meaning:
    def first(context: DateContext, unit: str) -> Day | None:
        return _plain(after(beginning(context.today, unit, context), count, unit)) if _has_first(unit) else None

    return first


def _last_of(count: int) -> Meaning:
    def last(context: DateContext, unit: str) -> Day | None:
        day = after(beginning(context.today, unit, context), count, unit) if _has_first(unit) else None
        return Day(end(day, unit, context)) if day else None

    return last


def _has_first(unit: str) -> bool:
    return unit in ("week", "month", "year")


def _weekend(weeks: int) -> Meaning:
    """A weekend is its Saturday; this one is today where it has begun."""
    return lambda context: Day(max(weekend(context) + timedelta(weeks=weeks), context.today))


def _month(context: DateContext, month: int, year: int | None = None) -> Day | None:
    return _plain(day_of(year, month, 1)) if year else coming(context, month, 1)


def _next_month(context: DateContext, month: int) -> Day | None:
    """Next May is the one of next year only while it is May."""
    first = coming(context, month, 1)
    return first and Day(first.day)


def _end_of_month(context: DateContext, month: int, year: int | None) -> Day | None:
    this_year = day_of(year or context.today.year, month, 1)
    last = this_year and end(this_year, "month", context)
    if last and last < context.today and not year:
        return _end_of_month(context, month, context.today.year + 1)
    return _plain(last)


def _on(context: DateContext, day: tuple[int, int], year: int | None) -> Day | None:
    return _plain(day_of(year, *day)) if year else coming(context, *day)


def _weekday_on(context: DateContext, _: int, day: tuple[int, int], year: int | None) -> Day | None:
    """The date counts where its weekday is another one."""
    return _on(context, day, year)


_DATES = Table(
    SLOTS,
    ("{iso}", lambda _, day: Day(day)),
    ("{slashed}", lambda _, day: day),
    ("{dotted}", lambda _, day: day),
    ("{day of year} [,] [{year}]", _on),
    ("{weekday} [,] {day of year} [,] [{year}]", _weekday_on),
    ("[the] {nth} [of the month]", coming_of_month),
    ("{weekday} [,] the {nth}", weekday_and_day),
    ("[in|this] {month}", _month),
    ("[in] {month} {year}", _month),
    ("next {month}", _next_month),
    ("[the] end of {month} [{year}]", _end_of_month),
)

_RELATIVE = Table(
    SLOTS,
    ("today", _in_days(0)),
    ("tonight", _in_days(0, "night")),
    ("this {part}", lambda context, part: Day(context.today, part=part)),
    ("tomorrow|tmrw|tmr", _in_days(1)),
    ("[the] day after tomorrow", _in_days(2)),
    ("{weekday}", _ahead),
    ("this|coming {weekday}", lambda context, weekday: Day(weekday_from(context.today, weekday))),
    ("next {weekday}", _next_weekday),
    ("next {unit}", _first_of(1)),
    ("[the] beginning|start of next {unit}", _first_of(1)),
    ("[the] first day of next {unit}", _first_of(1)),
    ("[the] end of [the] {unit}", _last_of(0)),
    ("[the] end of this {unit}", _last_of(0)),
    ("[the] end of next {unit}", _last_of(1)),
    ("[the] last day of [the] {unit}", _last_of(0)),
    ("[the] last day of this {unit}", _last_of(0)),
    ("[the] last day of next {unit}", _last_of(1)),
    ("[the] end of [the] day", _in_days(0)),
    ("eod", _in_days(0)),
    ("eom", lambda context: _last_of(0)(context, "month")),
    ("[at|on|over] [the|this] weekend", _weekend(0)),
    ("next weekend", _weekend(1)),
    ("in|within {count} {unit}", _counted),
    ("in a couple of {unit}", lambda context, unit: _counted(context, 2, unit)),
    ("{count} {unit} from now|today", _counted),
)
_SLOTS = {**SLOTS, "relative": _RELATIVE.as_slot(), "date": _DATES.as_slot()}
_NAMED = Table(_SLOTS, ("{relative}", lambda _, day: day), ("{date}", lambda _, day: day))
_SLOTS["day"] = _NAMED.as_slot()

DAYS = Table(
    _SLOTS,
    ("{day}", lambda _, day: day),
    ("[{count}] {unit} from|after {day}", _counted_from),
)
PAST_DAYS = Table(
    _SLOTS,
    ("yesterday", _in_days(-1)),
    ("[the] day before yesterday", _in_days(-2)),
    ("last {weekday}", _last_weekday),
    ("last {unit}", _first_of(-1)),
    ("this {unit}", _first_of(0)),
    ("[the] beginning|start of [the|this] {unit}", _first_of(0)),
    ("[the] end of last {unit}", _last_of(-1)),
    ("{count} {unit} ago", _ago),
)
"""Read only where a day is asked for, as in a filter: in a title, "photos of last friday" is no day to do it."""
