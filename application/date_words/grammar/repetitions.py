"""Which rule (RFC 5545) is meant. Where a cycle and what follows do not go together, the answer is None."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from application.date_words.grammar.context import DateContext
from domain.tasks.recurrence import DAYS, INTERVAL_MOST, Rule

NAMES = tuple(DAYS)
WORKDAYS = tuple((0, each) for each in NAMES[:5])
CYCLES: Mapping[str, tuple[str, int]] = {
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}


class Cycle(NamedTuple):
    frequency: str
    interval: int = 1


EACH_MONTH, EACH_YEAR = Cycle("MONTHLY"), Cycle("YEARLY")
SATURDAY = 5


class Repetition(NamedTuple):
    """A rule, and the part of the day that was named with it."""

    rule: Rule
    part: str | None = None


def cycle(_: DateContext, interval: int | None, unit: str) -> Cycle | None:
    frequency, size = CYCLES[unit]
    found = Cycle(frequency, (interval or 1) * size)
    return found if found.interval <= INTERVAL_MOST else None


def plain(context: DateContext, each: Cycle) -> Repetition:
    return Repetition(_rule(context, each))


def each_part(context: DateContext, part: str) -> Repetition:
    return Repetition(_rule(context, Cycle("DAILY")), part)


def on_workdays(context: DateContext, *_: object) -> Repetition:
    return Repetition(_rule(context, Cycle("WEEKLY"), days=WORKDAYS))


def on_weekdays(context: DateContext, each: Cycle, weekdays: Sequence[int]) -> Repetition | None:
    if each.frequency != "WEEKLY":
        return None
    return Repetition(_rule(context, each, days=tuple((0, NAMES[number]) for number in sorted(set(weekdays)))))


def on_month_days(context: DateContext, each: Cycle, days: Sequence[int]) -> Repetition | None:
    if each.frequency != "MONTHLY":
        return None
    return Repetition(_rule(context, each, month_days=tuple(sorted(set(days)))))


def on_last_day(context: DateContext, each: Cycle) -> Repetition | None:
    return on_month_days(context, each, (-1,))


def on_first_day(context: DateContext, each: Cycle) -> Repetition | None:
    return on_month_days(context, each, (1,))


def on_places(context: DateContext, each: Cycle, places: Sequence[int], weekdays: Sequence[int]) -> Repetition | None:
    """The first and third Monday: which ones of the month."""
    if each.frequency != "MONTHLY":
        return None
    found = sorted({(place < 0, abs(place), number) for place in places for number in weekdays})
    days = tuple((-place if from_end else place, NAMES[number]) for from_end, place, number in found)
    return Repetition(_rule(context, each, days=days))


def on_workday(context: DateContext, each: Cycle, place: int) -> Repetition | None:
    """The first or last working day of the month."""
    if each.frequency != "MONTHLY":
        return None
    return Repetition(_rule(context, each, days=WORKDAYS, positions=(place,)))


def on_day_of_year(context: DateContext, each: Cycle, day: tuple[int, int]) -> Repetition | None:
    if each.frequency != "YEARLY":
        return None
    return Repetition(_rule(context, each, months=day[:1], month_days=day[1:]))


def on_place_of_year(context: DateContext, place: int, weekday: int, month: int) -> Repetition:
    return Repetition(_rule(context, Cycle("YEARLY"), months=(month,), days=((place, NAMES[weekday]),)))


def _rule(
    context: DateContext,
    each: Cycle,
    *,
    days: tuple[tuple[int, str], ...] = (),
    months: tuple[int, ...] = (),
    month_days: tuple[int, ...] = (),
    positions: tuple[int, ...] = (),
) -> Rule:
    start = NAMES[context.first_weekday]
    return Rule(each.frequency, each.interval, months, month_days, positions, days, week_start=start)
