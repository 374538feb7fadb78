from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from application.tasks.date_words.grammar.calendar import Day, after
from application.tasks.date_words.grammar.clocks import Clock
from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.vocabulary import PART_HOURS
from domain.tasks.dates.due import YEARS, Due
from domain.tasks.dates.recurrence import WEEKDAYS, Frequency, RecursFrom, Rule
from domain.tasks.dates.rule_dates import dates
from domain.tasks.dates.rule_text import MAX_COUNT

DATES_TRIED = 3
"""Of today's and the next, one has not passed."""


@dataclass(frozen=True, slots=True)
class Meaning:
    due: Due
    rule: Rule | None = None
    recurs_from: RecursFrom = RecursFrom.DUE
    minutes: int = 0
    """The length of a window."""


def resolved(context: DateContext, parts: Mapping[str, Any]) -> Meaning | None:
    """Returns None if the parts make no date together, or a date in a year that tasks may not have."""
    meaning = _resolved(context, parts)
    if meaning is None or not YEARS[0] <= meaning.due.local.year <= YEARS[1]:
        return None
    return replace(meaning, minutes=parts["clock"].minutes) if "clock" in parts else meaning


def _resolved(context: DateContext, parts: Mapping[str, Any]) -> Meaning | None:
    if "moment" in parts:
        return Meaning(parts["moment"])
    if "rule" in parts:
        return _recurring(context, parts)
    day, part = _day(parts), _part(parts)
    clock = _clock(parts, part)
    if clock is None:
        assert day is not None
        return Meaning(_due(day.day))
    if day is None:
        return Meaning(_next_time(context, clock))
    return Meaning(_on_day(context, parts, day, clock))


def _day(parts: Mapping[str, Any]) -> Day | None:
    found: Day | None = parts.get("day") or parts.get("asked")
    return found


def _part(parts: Mapping[str, Any]) -> str | None:
    day, repetition = _day(parts), parts.get("rule")
    found: str | None = parts.get("part") or parts.get("part alone") or (day and day.part)
    return found or (repetition and repetition.part)


def _clock(parts: Mapping[str, Any], part: str | None) -> Clock | None:
    clock: Clock | None = parts.get("clock")
    if clock is None:
        return Clock(PART_HOURS[part]) if part else None
    return clock.within(part)


def _next_time(context: DateContext, clock: Clock) -> Due:
    due = _due(context.today, clock)
    return due if due.local >= context.clock else due.moved(1)


def _on_day(context: DateContext, parts: Mapping[str, Any], day: Day, clock: Clock) -> Due:
    due = _due(day.day, clock)
    if _is_night_after(context, parts, day, clock):
        return due.moved(1) if clock.hour == 0 else _due(day.day, Clock(0)).moved(1)
    if due.local >= context.clock or day.day != context.today:
        return due
    if day.later:
        return _due(day.later, clock)
    return _later_today(context, parts, day, clock)


def _is_night_after(context: DateContext, parts: Mapping[str, Any], day: Day, clock: Clock) -> bool:
    """Returns whether the hour belongs to the next day. That is so for "12 at night", and for "midnight" today."""
    is_twelve = (clock.hour, clock.minute) == (12, 0) and parts["clock"].is_open if "clock" in parts else False
    is_midnight = (clock.hour, clock.minute) == (0, 0)
    is_late = _part(parts) in ("night", "evening")
    return (is_late and (is_twelve or is_midnight)) or (is_midnight and day.day == context.today)


def _later_today(context: DateContext, parts: Mapping[str, Any], day: Day, clock: Clock) -> Due:
    """At 10:00, "today at 9" is 21:00. "Tonight" stays today even if its hour has passed."""
    said: Clock | None = parts.get("clock")
    if said is None:
        return _due(day.day)
    evening = _due(day.day, said.later)
    is_evening = said.is_open and not said.is_written and not _part(parts) and evening.local >= context.clock
    return evening if is_evening else _due(day.day, clock)


def _due(day: date, clock: Clock | None = None) -> Due:
    if clock is None:
        return Due(datetime.combine(day, time()))
    return Due(datetime.combine(day, time(clock.hour, clock.minute)), has_time=True)


def _recurring(context: DateContext, parts: Mapping[str, Any]) -> Meaning | None:
    clock = _clock(parts, _part(parts))
    start = parts.get("start") or (parts["day"].day if "day" in parts else context.today)
    begin = _due(start, clock).local
    rule = _limited(parts, start)
    if rule is None:
        return None
    recurs_from = parts["rule"].recurs_from
    clamped = rule.clamped(start)
    first = _first_date(clamped, begin, context.clock if clock and start == context.today else begin)
    takes_day_later = recurs_from == RecursFrom.COMPLETION and not rule.month_days
    kept = rule if takes_day_later else clamped
    return Meaning(Due(first, has_time=clock is not None), kept, recurs_from) if first else None


def _limited(parts: Mapping[str, Any], start: date) -> Rule | None:
    rule: Rule | None = _without(parts["rule"].rule, parts.get("except"))
    until, times = parts.get("until"), parts.get("times")
    if "lasts" in parts:
        end = after(start, *parts["lasts"])
        until = min(until or date.max, end - timedelta(days=1)) if end else until
    if rule is None or (until and times):
        return None
    return replace(rule, until=until, count=times and min(times, MAX_COUNT))


def _without(rule: Rule, weekdays: Sequence[int] | None) -> Rule | None:
    """Returns the rule without these weekdays, or None if it names no others that could be left."""
    if weekdays is None:
        return rule
    is_daily = rule.frequency == Frequency.DAILY and rule.interval == 1
    days = rule.days or (tuple((0, each) for each in WEEKDAYS) if is_daily else ())
    left = tuple(day for day in days if day[1] not in {WEEKDAYS[each] for each in weekdays})
    is_weekly = is_daily or rule.frequency == Frequency.WEEKLY
    return replace(rule, frequency=Frequency.WEEKLY, days=left) if left and is_weekly else None


def _first_date(rule: Rule, begin: datetime, not_before: datetime) -> datetime | None:
    """Returns the first date. It ignores the interval of the rule: "every other Tuesday" begins on the next Tuesday."""
    days = islice(dates(replace(rule, interval=1), begin.date(), begin.date()), DATES_TRIED)
    times = (datetime.combine(day, begin.time()) for day in days)
    return next((each for each in times if each >= not_before), None)
