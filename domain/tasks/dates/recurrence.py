"""A rule by which a task recurs, in local time. It supports a part of RFC 5545, 3.3.10."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self


class RecursFrom(StrEnum):
    DUE = "due"
    COMPLETION = "completion"


class Frequency(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True)
class Rule:
    """`until` is the last local day; `count` is what is left, the present date included. `days` are pairs of an
    ordinal, or 0 for each such day, and a weekday."""

    frequency: Frequency
    interval: int = 1
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[tuple[int, str], ...] = ()
    positions: tuple[int, ...] = ()
    week_start: str = "MO"
    count: int | None = None
    until: date | None = None

    @property
    def text(self) -> str:
        parts = {
            "FREQ": self.frequency,
            "INTERVAL": str(self.interval) if self.interval > 1 else "",
            "BYMONTH": _numbers(self.months),
            "BYMONTHDAY": _numbers(self.month_days),
            "BYDAY": ",".join(f"{ordinal or ''}{day}" for ordinal, day in self.days),
            "BYSETPOS": _numbers(self.positions),
            "WKST": self.week_start if self._depends_on_week_start else "",
            "COUNT": str(self.count or ""),
            "UNTIL": f"{self.until:%Y%m%d}" if self.until else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    @property
    def _depends_on_week_start(self) -> bool:
        return self.frequency == Frequency.WEEKLY and (self.interval > 1 or bool(self.positions))

    def begun(self, start: date) -> Self:
        """Returns the rule with the day, weekday or month that it takes from its first date (RFC 5545, 3.3.10)."""
        if self.days or self.month_days or self.frequency == Frequency.DAILY:
            return self
        if self.frequency == Frequency.WEEKLY:
            return replace(self, days=((0, WEEKDAYS[start.weekday()]),))
        takes_month = self.frequency == Frequency.YEARLY and not self.months
        return replace(self, month_days=(start.day,), months=(start.month,) if takes_month else self.months)

    def clamped(self, start: date) -> Self:
        """Returns the rule with the last day of shorter months in the place of a day that they do not have."""
        begun = self.begun(start)
        if self.days or self.positions or len(begun.month_days) != 1 or begun.month_days[0] <= SHORTEST_MONTH:
            return self
        month_days = tuple(range(SHORTEST_MONTH, begun.month_days[0] + 1))
        is_leap_day = begun.frequency == Frequency.YEARLY and (begun.months, month_days) == ((2,), (28, 29))
        if begun.frequency == Frequency.MONTHLY or is_leap_day:
            return replace(begun, month_days=month_days, positions=(-1,))
        return self

    def less(self, passed: int) -> Self:
        return self if self.count is None else replace(self, count=self.count - passed)


def _numbers(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
