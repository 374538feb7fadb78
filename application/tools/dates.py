"""Dates and rules as models write them: as HTTP has them, in English words, or as an instant."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NoReturn

from application.tasks.date_words import DateContext, FoundDate, read_date
from application.tasks.quick_add.reminder_words import read_reminder
from application.tasks.quick_add.signs import read_estimate
from domain.errors import Invalid
from domain.tasks.dates.calendar import Calendar
from domain.tasks.dates.due import Due
from domain.tasks.dates.due_text import parse_day, parse_due, read_due
from domain.tasks.dates.recurrence import RecursFrom
from domain.tasks.dates.rule_dates import next_date
from domain.tasks.dates.rule_text import parse_rule
from domain.tasks.fields import duration
from domain.tasks.task import Task

DUE_EXAMPLE = "write 2026-12-01, 2026-12-01T09:00, or English words such as tomorrow at 9"
DAY_EXAMPLE = "write a day: 2026-12-01, or English words such as next monday"
RULE_EXAMPLE = "write an RRULE such as FREQ=WEEKLY;BYDAY=FR, or English words such as every friday at 9"
REMINDER_EXAMPLE = "write 30 min before, at due time, or a time such as tomorrow at 9"
MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class DateReader:
    """`now` is in the zone of the calendar. Methods raise `Invalid` with an example."""

    now: datetime
    calendar: Calendar

    def due(self, text: str, field: str = "due") -> FoundDate:
        """Reads a date. `Z` or an offset alone is that instant in the account's zone."""
        try:
            return FoundDate((), parse_due(text.strip(), here=self.calendar.timezone).text)
        except ValueError as error:
            if found := self._words(text):
                return found
            is_spelled = text.strip()[:5].replace("-", "").isdecimal()
            _refuse(field, text, str(error) if is_spelled else DUE_EXAMPLE)

    def day(self, text: str, field: str) -> str:
        with suppress(ValueError):
            return parse_day(text.strip()).isoformat()
        found = self._words(text)
        if found is None or found.rule or "T" in found.due:
            _refuse(field, text, DAY_EXAMPLE)
        return found.due

    def reminders(self, texts: Sequence[str]) -> list[str]:
        read = [read_reminder(each.strip(), self._context()) for each in texts]
        for text, reminder in zip(texts, read, strict=True):
            if reminder is None:
                _refuse("reminders", text, REMINDER_EXAMPLE)
        return [each for each in read if each]

    def scheduled(self, due: str | None, recurrence: str | None, task: Task | None) -> dict[str, Any]:
        """Returns the due date, the rule and what it counts from, as far as they are given. A rule in words sets its
        first date, at the hour that the task is due now. A rule without any date begins at its first day from today
        on."""
        values: dict[str, Any] = {}
        if due is not None:
            found = self.due(due)
            values = {"due": found.due} | ({} if recurrence else _rule_of(found))
        if recurrence is None:
            return values
        if "=" in recurrence:
            first = {} if task and task.due else self._first(recurrence)
            return {"recurrence": recurrence.strip()} | first | values
        if (rule := self._words(recurrence)) is None or not rule.rule:
            _refuse("recurrence", recurrence, RULE_EXAMPLE)
        return {"due": at_same_hour(rule.due, task)} | values | _rule_of(rule)

    def moved(self, text: str, task: Task) -> str:
        """Returns the date to which an occurrence moves. A day alone keeps its hour, and an hour alone its day."""
        found = self.due(text)
        if found.rule:
            raise Invalid.field("due", "is a rule: to change how the task recurs, use update_task with recurrence")
        if found.is_hour_alone and task.due:
            before, hour = read_due(task.due), read_due(found.due).local.time()
            return Due(datetime.combine(before.day, hour), has_time=True).text
        return at_same_hour(found.due, task)

    def _words(self, text: str) -> FoundDate | None:
        return read_date(text.strip(), self._context())

    def _context(self) -> DateContext:
        return DateContext(self.now, self.calendar.week_start, self.calendar.locale)

    def _first(self, rule: str) -> dict[str, str]:
        """Returns the first date of a rule from today on. If the rule is wrong, the task says so."""
        today = datetime.combine(self.now.date(), time())
        with suppress(ValueError):
            read = parse_rule(rule.strip(), Due(today), self.calendar.zone, self.calendar.first_day)
            yesterday = today - timedelta(days=1)
            if found := next_date(read, yesterday, yesterday):
                return {"due": found[0].date().isoformat()}
        return {}


def at_same_hour(due: str, task: Task | None) -> str:
    """Returns a day at the hour, and in the zone, in which the task is due now. A time stays as it is."""
    if "T" in due or task is None or task.due is None:
        return due
    before = read_due(task.due)
    return before.at(datetime.combine(parse_day(due), before.local.time())).text


def estimate(text: str) -> str:
    minutes = read_estimate(text.strip())
    return duration(minutes) if minutes else text.strip()


def _rule_of(found: FoundDate) -> dict[str, Any]:
    if not found.rule:
        return {}
    return {"recurrence": found.rule, "recurs_from": (found.recurs_from or RecursFrom.DUE).value}


def _refuse(field: str, text: str, example: str) -> NoReturn:
    raise Invalid.field(field, f"“{text.strip()[:MAX_SHOWN]}” can't be read: {example}")
