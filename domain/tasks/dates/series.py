"""The series of dates of a recurring task, and what completing or skipping one of them does."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from domain.tasks.dates.due import YEARS, Due
from domain.tasks.dates.due_text import parse_day, parse_due, read_due
from domain.tasks.dates.recurrence import RecursFrom, Rule
from domain.tasks.dates.rule_dates import next_date
from domain.tasks.dates.rule_text import parse_rule, read_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The dates of a recurring task, as text. `slot` is the local day or time that the rule gave last. It differs from
    `due` if only this occurrence was moved, or if a clock skips that hour. The next occurrence is a day or a time like
    `slot`, in the zone of `due`."""

    due: str
    slot: str
    recurrence: str
    recurs_from: str = RecursFrom.DUE
    start: str | None = None

    @classmethod
    def begun(
        cls,
        recurrence: str,
        due: str,
        here: ZoneInfo,
        *,
        recurs_from: str = RecursFrom.DUE,
        start: str | None = None,
        week_start: str = "MO",
        keeps_rfc: bool = False,
    ) -> Self:
        """`keeps_rfc` is for rules from calendars: they leave out a month that has no 31st. Raises `ValueError`."""
        first = parse_due(due)
        rule = parse_rule(recurrence, first, here, week_start)
        takes_day_later = recurs_from == RecursFrom.COMPLETION and not rule.month_days
        if not keeps_rfc and not takes_day_later:
            rule = rule.clamped(first.day)
        slot = replace(first, zone=None)
        return cls(due=due, slot=slot.text, recurrence=rule.text, recurs_from=recurs_from, start=start)

    def completed(self, now: datetime) -> Self | None:
        """Returns the series at its next date, or None if there is none. `now` is in the account's zone."""
        if self.recurs_from == RecursFrom.COMPLETION:
            return self._after_day(self._due.clock(now).date(), now)
        return self._after(now)

    def skipped(self, now: datetime) -> Self | None:
        """Returns the same as `completed`, but never a date before the one that is skipped."""
        if self.recurs_from == RecursFrom.COMPLETION:
            return self._after_day(max(self._due.day, self._due.clock(now).date()), now)
        return self._after(now)

    def days_since(self, before: Self) -> int:
        return (self._due.day - before._due.day).days

    @property
    def _due(self) -> Due:
        return read_due(self.due)

    def _after(self, now: datetime) -> Self | None:
        due, slot = self._due, read_due(self.slot)
        moment = max(_end(due.local, due.has_time), _end(due.clock(now), slot.has_time))
        found = next_date(self._rule(now), slot.local, moment)
        return found and self._at(*found)

    def _after_day(self, day: date, now: datetime) -> Self | None:
        """Returns the series at its next date after `day`. A rule without a day of the month takes that of `day`, or
        the last day in a shorter month."""
        rule = self._rule(now)
        begin = datetime.combine(day, read_due(self.slot).local.time())
        found = next_date(rule if rule.month_days else rule.clamped(day), begin, begin)
        return found and self._at(found[0], rule.less(1))

    def _rule(self, now: datetime) -> Rule:
        assert isinstance(now.tzinfo, ZoneInfo), "now is in the account's zone"
        return read_rule(self.recurrence, read_due(self.slot), now.tzinfo)

    def _at(self, local: datetime, rule: Rule) -> Self:
        slot = read_due(self.slot).at(local)
        due = replace(slot, zone=self._due.zone).at(local) if slot.has_time else slot
        moved = replace(self, due=due.text, slot=slot.text, recurrence=rule.text)
        return replace(moved, start=self.start and day_moved(self.start, moved.days_since(self)))


def day_moved(day: str, days: int) -> str:
    return due_moved(parse_day(day).isoformat(), days)


def due_moved(due: str, days: int) -> str:
    """Returns the same kind of due, moved by so many days. It stays within the years that a task may have."""
    moved = read_due(due)
    first, last = date(YEARS[0], 1, 1), date(YEARS[1], 12, 31)
    day = min(max(moved.day + timedelta(days=days), first), last)
    return moved.moved((day - moved.day).days).text


def _end(local: datetime, has_time: bool) -> datetime:
    return local if has_time else datetime.combine(local, time.max)
