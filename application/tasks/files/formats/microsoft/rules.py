from collections.abc import Callable, Mapping

from msgspec import Struct, field

INDEXES: Mapping[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
NO_END = "0001"
Parts = tuple[str, ...]


class Pattern(Struct, rename="camel"):
    type: str
    interval: int = 1
    month: int = 0
    day_of_month: int = 0
    days_of_week: list[str] = field(default_factory=list)
    first_day_of_week: str | None = None
    index: str | None = None


class Range(Struct, rename="camel"):
    type: str = "noEnd"
    end_date: str | None = None
    number_of_occurrences: int = 0


class Recurrence(Struct):
    pattern: Pattern
    range: Range | None = None


def rule_text(recurrence: Recurrence) -> str:
    """Returns the rule. Raises `ValueError` for a pattern that is not known."""
    pattern = recurrence.pattern
    if pattern.type not in _PARTS:
        raise ValueError("is no known pattern")
    week_start = f"WKST={_day(pattern.first_day_of_week)}" if pattern.first_day_of_week else ""
    interval = f"INTERVAL={pattern.interval}" if pattern.interval > 1 else ""
    parts = (*_PARTS[pattern.type](pattern), interval, week_start, _end(recurrence.range))
    return ";".join(part for part in parts if part)


def _daily(_: Pattern) -> Parts:
    return ("FREQ=DAILY",)


def _weekly(pattern: Pattern) -> Parts:
    return "FREQ=WEEKLY", _by_day(pattern)


def _monthly(pattern: Pattern) -> Parts:
    return "FREQ=MONTHLY", f"BYMONTHDAY={pattern.day_of_month}"


def _yearly(pattern: Pattern) -> Parts:
    return "FREQ=YEARLY", f"BYMONTH={pattern.month}", f"BYMONTHDAY={pattern.day_of_month}"


def _relative_monthly(pattern: Pattern) -> Parts:
    return "FREQ=MONTHLY", _by_day(pattern), _by_position(pattern)


def _relative_yearly(pattern: Pattern) -> Parts:
    return "FREQ=YEARLY", f"BYMONTH={pattern.month}", _by_day(pattern), _by_position(pattern)


_PARTS: Mapping[str, Callable[[Pattern], Parts]] = {
    "daily": _daily,
    "weekly": _weekly,
    "absoluteMonthly": _monthly,
    "absoluteYearly": _yearly,
    "relativeMonthly": _relative_monthly,
    "relativeYearly": _relative_yearly,
}


def _by_day(pattern: Pattern) -> str:
    return f"BYDAY={','.join(map(_day, pattern.days_of_week))}" if pattern.days_of_week else ""


def _by_position(pattern: Pattern) -> str:
    return f"BYSETPOS={INDEXES.get(pattern.index or '', 1)}"


def _day(name: str | None) -> str:
    return (name or "")[:2].upper()


def _end(limits: Range | None) -> str:
    if limits is None:
        return ""
    if limits.type == "numbered" and limits.number_of_occurrences > 0:
        return f"COUNT={limits.number_of_occurrences}"
    has_end = limits.type == "endDate" and limits.end_date and not limits.end_date.startswith(NO_END)
    return f"UNTIL={(limits.end_date or '')[:10].replace('-', '')}" if has_end else ""
