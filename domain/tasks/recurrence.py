"""Rules by which a task comes again: a part of RFC 5545, 3.3.10, in local time.

What is read here is checked first: python-dateutil, which finds the dates, takes more than the RFC allows, and may
search for ever for a date that never comes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Self
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule, weekday

from domain.tasks.due import YEARS, Due
from domain.tasks.rule_dates import Pattern, has_date

FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
DAYS: Mapping[str, weekday] = {"MO": MO, "TU": TU, "WE": WE, "TH": TH, "FR": FR, "SA": SA, "SU": SU}
INTERVAL_MOST, COUNT_MOST, RULE_LONGEST = 999, 9_999, 500
ORDINAL_MOST = {"MONTHLY": 5, "YEARLY": 53}
BY_LISTS: Mapping[str, tuple[int, int, bool]] = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYSETPOS": (1, 366, True),
}
"""The lowest and highest number of each, and whether it may be counted from the end."""
NAMES = ("FREQ", "INTERVAL", *BY_LISTS, "BYDAY", "WKST", "COUNT", "UNTIL")
EXAMPLE = "FREQ=WEEKLY;BYDAY=MO,WE"
_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """`until` is the last local day; `count` is what is left, the present date included. `days` are (ordinal, day)."""

    frequency: str
    interval: int = 1
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    days: tuple[tuple[int, str], ...] = ()
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
        return self.frequency == "WEEKLY" and (self.interval > 1 or bool(self.positions))

    def check_begins(self, start: datetime) -> None:
        """Raises `ValueError` where no date comes from `start` to the last year that a task may be due in."""
        last = min(self.until or date.max, date(YEARS[1], 12, 31))
        if not has_date(self._pattern(), start.date(), last):
            raise ValueError(f"gives no date from {start:%Y-%m-%d} on")

    def clamped(self, start: datetime) -> Self:
        """Returns the rule with the last day of shorter months in the place of a day that they do not have."""
        if self.days or self.positions:
            return self
        day = self.month_days[0] if len(self.month_days) == 1 else start.day if not self.month_days else 0
        if self.frequency == "MONTHLY" and not self.months and day >= 29:
            return replace(self, month_days=tuple(range(28, day + 1)), positions=(-1,))
        months = self.months or (start.month,)
        if self.frequency == "YEARLY" and months == (2,) and day == 29:
            return replace(self, months=(2,), month_days=(28, 29), positions=(-1,))
        return self

    def dates(self, start: datetime) -> Iterator[datetime]:
        """Gives the dates from `start` on, itself only if the rule gives it, without regard to `count`."""
        found = rrule(
            FREQUENCIES[self.frequency],
            dtstart=start,
            interval=self.interval,
            wkst=DAYS[self.week_start],
            bymonth=self.months or None,
            bymonthday=self.month_days or None,
            byweekday=[DAYS[day](ordinal) if ordinal else DAYS[day] for ordinal, day in self.days] or None,
            bysetpos=self.positions or None,
        )
        last = min(self.until or date.max, date(YEARS[1], 12, 31))
        return takewhile(lambda each: each.date() <= last, found)

    def after(self, slot: datetime, moment: datetime) -> "tuple[datetime, Self] | None":
        """Returns the first date later than `slot` and `moment`, and the rule with what is left of its count then.

        None where nothing is left. Each date that was passed by takes one of the count.
        """
        passed = 0
        for each in self.dates(slot):
            passed += each > slot
            if self.count is not None and passed >= self.count:
                return None
            if each > slot and each > moment:
                return each, replace(self, count=self.count and self.count - passed)
        return None

    def _pattern(self) -> Pattern:
        days = tuple((ordinal, DAYS[day].weekday) for ordinal, day in self.days)
        names = [self.frequency, self.interval, self.months, self.month_days, days, self.positions]
        return Pattern(*names, DAYS[self.week_start].weekday)  # type: ignore[arg-type]


def parse_rule(text: str, start: Due, here: ZoneInfo, week_start: str = "MO") -> Rule:
    """Reads one RRULE of a task that is due at `start`; `here` and `week_start` are its account's.

    Raises `ValueError` with what is wrong and how it is right, also for a rule that never gives a date.
    """
    if len(text) > RULE_LONGEST:
        raise ValueError(f"must be at most {RULE_LONGEST} characters")
    parts = _parts(text.upper().removeprefix("RRULE:"))
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise ValueError(f"needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, as in {EXAMPLE}")
    rule = Rule(
        frequency,
        interval=_number("INTERVAL", parts.get("INTERVAL", "1"), INTERVAL_MOST),
        months=_list("BYMONTH", parts),
        month_days=_list("BYMONTHDAY", parts),
        positions=_list("BYSETPOS", parts),
        days=_days(parts.get("BYDAY"), ORDINAL_MOST.get(frequency, 0), frequency),
        week_start=_week_start(parts.get("WKST", week_start)),
        count=_number("COUNT", parts["COUNT"], COUNT_MOST) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"], start, here) if "UNTIL" in parts else None,
    )
    _check(rule)
    rule.check_begins(start.local)
    return rule


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for each in text.split(";"):
        match = _PART.fullmatch(each)
        if match is None:
            raise ValueError(f"is no rule: write one line such as {EXAMPLE}")
        if match[1] not in NAMES:
            raise ValueError(f"{match[1]} is not supported: there are {', '.join(NAMES)}")
        if match[1] in parts:
            raise ValueError(f"has {match[1]} twice")
        parts[match[1]] = match[2]
    return parts


def _number(name: str, text: str, most: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise ValueError(f"{name} must be a number from 1 to {most}")
    return int(text)


def _list(name: str, parts: Mapping[str, str]) -> tuple[int, ...]:
    if name not in parts:
        return ()
    least, most, from_end = BY_LISTS[name]
    numbers = []
    for text in parts[name].split(","):
        if not re.fullmatch(r"[+-]?\d{1,3}", text, re.ASCII) or not least <= abs(int(text)) <= most:
            raise ValueError(f"{name} must have numbers from {least} to {most}")
        if int(text) < 0 and not from_end:
            raise ValueError(f"{name} must have numbers from {least} to {most}")
        numbers.append(int(text))
    return tuple(sorted(set(numbers), key=lambda number: (number < 0, number)))


def _days(text: str | None, most: int, frequency: str) -> tuple[tuple[int, str], ...]:
    found: dict[tuple[int, str], None] = {}
    for each in text.split(",") if text else ():
        match = _DAY.fullmatch(each)
        if match is None:
            raise ValueError("BYDAY must have days such as MO, or 1MO and -1FR")
        ordinal = int(match[1] or 0)
        if match[1] and not most:
            raise ValueError(f"BYDAY may have no numbers with FREQ={frequency}: 1MO is for MONTHLY and YEARLY")
        if match[1] and not 1 <= abs(ordinal) <= most:
            raise ValueError(f"BYDAY may have the numbers 1 to {most}, or -1 to -{most}, with FREQ={frequency}")
        found[ordinal, match[2]] = None
    return tuple(sorted(found, key=lambda each: (each[0] < 0, abs(each[0]), list(DAYS).index(each[1]))))


def _week_start(text: str) -> str:
    if text not in DAYS:
        raise ValueError(f"WKST must be one of {', '.join(DAYS)}")
    return text


def _until(text: str, start: Due, here: ZoneInfo) -> date:
    """Returns the last local day on which there may be a date."""
    match = _UNTIL.fullmatch(text)
    if match is None:
        raise ValueError("UNTIL must be a day such as 20301231")
    numbers = [int(each) for each in match.groups()[:6] if each]
    try:
        last = datetime(*numbers)  # type: ignore[arg-type, misc]
    except ValueError:
        raise ValueError(f"UNTIL={text} is no day of the calendar") from None
    if match[7]:
        last = last.replace(tzinfo=UTC).astimezone(ZoneInfo(start.zone) if start.zone else here).replace(tzinfo=None)
    is_too_early = match[4] is not None and start.has_time and last.time() < start.local.time()
    return last.date() - timedelta(days=is_too_early)


def _check(rule: Rule) -> None:
    if rule.count is not None and rule.until is not None:
        raise ValueError("has COUNT and UNTIL: give one of them")
    if rule.positions and not (rule.days or rule.month_days or rule.months):
        raise ValueError("BYSETPOS needs BYDAY, BYMONTHDAY or BYMONTH beside it")
    if rule.month_days and rule.frequency == "WEEKLY":
        raise ValueError("BYMONTHDAY does not go with FREQ=WEEKLY: use MONTHLY")
    if rule.month_days and any(ordinal for ordinal, _ in rule.days) and rule.frequency == "YEARLY" and not rule.months:
        raise ValueError("BYMONTHDAY does not go with numbered days of a year")


def _numbers(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
