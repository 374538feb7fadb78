"""Makes rules (RFC 5545) from phrases such as "every second week on Monday". They are None if the parts do not fit
together."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from application.tasks.date_words.grammar.context import DateContext
from domain.tasks.dates.recurrence import WEEKDAYS, Frequency, RecursFrom, Rule
from domain.tasks.dates.rule_text import MAX_INTERVAL

WORKDAYS = tuple((0, each) for each in WEEKDAYS[:5])
CYCLES: Mapping[str, tuple[Frequency, int]] = {
    "day": (Frequency.DAILY, 1),
    "week": (Frequency.WEEKLY, 1),
    "fortnight": (Frequency.WEEKLY, 2),
    "month": (Frequency.MONTHLY, 1),
    "quarter": (Frequency.MONTHLY, 3),
    "year": (Frequency.YEARLY, 1),
}


class Cycle(NamedTuple):
    frequency: Frequency
    interval: int = 1


EACH_MONTH, EACH_YEAR = Cycle(Frequency.MONTHLY), Cycle(Frequency.YEARLY)
SATURDAY, WEEKEND = 5, (5, 6)


class Repetition(NamedTuple):
    rule: Rule
    part: str | None = None
    recurs_from: RecursFrom = RecursFrom.DUE


def cycle(_: DateContext, interval: int | None, unit: str) -> Cycle | None:
    frequency, size = CYCLES[unit]
    found = Cycle(frequency, (interval or 1) * size)
    return found if found.interval <= MAX_INTERVAL else None


def plain(context: DateContext, each: Cycle) -> Repetition:
    return Repetition(_rule(context, each))


def each_part(context: DateContext, part: str) -> Repetition:
    return Repetition(_rule(context, Cycle(Frequency.DAILY)), part)


def in_part(found: Repetition | None, part: str) -> Repetition | None:
    return found and found._replace(part=part)


def on_workdays(context: DateContext, *_: object) -> Repetition:
    return Repetition(_rule(context, Cycle(Frequency.WEEKLY), days=WORKDAYS))


def on_weekdays(context: DateContext, each: Cycle, weekdays: Sequence[int]) -> Repetition | None:
    if each.frequency != Frequency.WEEKLY:
        return None
    return Repetition(_rule(context, each, days=tuple((0, WEEKDAYS[number]) for number in sorted(set(weekdays)))))


def on_month_days(context: DateContext, each: Cycle, days: Sequence[int]) -> Repetition | None:
    if each.frequency != Frequency.MONTHLY:
        return None
    return Repetition(_rule(context, each, month_days=tuple(sorted(set(days)))))


def on_last_day(context: DateContext, each: Cycle) -> Repetition | None:
    return on_month_days(context, each, (-1,))


def on_first_day(context: DateContext, each: Cycle) -> Repetition | None:
    return on_month_days(context, each, (1,))


def on_places(context: DateContext, each: Cycle, places: Sequence[int], weekdays: Sequence[int]) -> Repetition | None:
    if each.frequency != Frequency.MONTHLY:
        return None
    found = sorted({(place < 0, abs(place), number) for place in places for number in weekdays})
    days = tuple((-place if from_end else place, WEEKDAYS[number]) for from_end, place, number in found)
    return Repetition(_rule(context, each, days=days))


def on_workday(context: DateContext, each: Cycle, place: int) -> Repetition | None:
    if each.frequency != Frequency.MONTHLY:
        return None
    return Repetition(_rule(context, each, days=WORKDAYS, positions=(place,)))


def on_day_of_year(context: DateContext, each: Cycle, day: tuple[int, int]) -> Repetition | None:
    if each.frequency != Frequency.YEARLY:
        return None
    return Repetition(_rule(context, each, months=day[:1], month_days=day[1:]))


def on_place_of_year(context: DateContext, place: int, weekday: int, month: int) -> Repetition:
    return Repetition(_rule(context, Cycle(Frequency.YEARLY), months=(month,), days=((place, WEEKDAYS[weekday]),)))


def _rule(
    context: DateContext,
    each: Cycle,
    *,
    days: tuple[tuple[int, str], ...] = (),
    months: tuple[int, ...] = (),
    month_days: tuple[int, ...] = (),
    positions: tuple[int, ...] = (),
) -> Rule:
    start = WEEKDAYS[context.first_weekday]
    return Rule(each.frequency, each.interval, months, month_days, days, positions, week_start=start)
