"""Says in words how often a task comes again (RFC 5545), and how long it takes (ISO 8601)."""

import re
from collections.abc import Sequence
from datetime import date

from adapters.language_models.builtin.tables import pairs

_DAYS, _UNITS = pairs("replies", "days"), pairs("replies", "rule units")
_WORKDAYS = {"MO", "TU", "WE", "TH", "FR"}
_MONTHS_END = 28
"""A rule for the 31st names the 28th to the 31st, of which the last one there is counts."""
_NTH = re.compile(r"(-?\d+)?(\w\w)")
_SPAN = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?")


def rule_words(rule: str) -> str:
    """Returns "every other week on Tuesday", or "repeats" for a rule that has no short words."""
    parts = dict(part.partition("=")[::2] for part in rule.removeprefix("RRULE:").split(";"))
    if parts.get("FREQ") not in _UNITS:
        return "repeats"
    unit, interval = _UNITS[parts["FREQ"]], int(parts.get("INTERVAL", 1))
    each = {1: f"every {unit}", 2: f"every other {unit}"}.get(interval, f"every {interval} {unit}s")
    day = _day(parts)
    if day and interval == 1:
        each = f"every {day}"
    elif day:
        each = f"{each} on {day}" if parts["FREQ"] == "WEEKLY" else f"{each} on the {day}"
    until = parts.get("UNTIL", "")
    ends = f" until {date.fromisoformat(until[:8]):%-d %B}" if until else ""
    return each + ends + (f", {parts['COUNT']} times" if "COUNT" in parts else "")


def _day(parts: dict[str, str]) -> str:
    freq, days, numbers = parts["FREQ"], parts.get("BYDAY", ""), parts.get("BYMONTHDAY", "")
    if freq == "WEEKLY" and days:
        return _named(days.split(","))
    if freq == "MONTHLY" and (found := _NTH.match(days)):
        nth = found[1] or parts.get("BYSETPOS", "")
        named = _named([day.lstrip("-0123456789") for day in days.split(",")])
        return f"{_ordinal(int(nth)) if nth else ''} {named} of the month".strip()
    if freq == "MONTHLY" and numbers:
        every = [int(each) for each in numbers.split(",")]
        said = _joined([_ordinal(each) + " day" * (each < 0) for each in every])
        return f"{_ordinal(every[-1]) if every[0] == _MONTHS_END else said} of the month"
    if freq == "YEARLY" and numbers and "BYMONTH" in parts:
        return f"{numbers.split(',')[-1]} {date(2000, int(parts['BYMONTH'].split(',')[0]), 1):%B}"
    return ""


def _named(days: Sequence[str]) -> str:
    return "weekday" if set(days) == _WORKDAYS else _joined([_DAYS[each] for each in days])


def _ordinal(number: int) -> str:
    if number < 0:
        return "last" if number == -1 else f"{_ordinal(-number)} last"
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _joined(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def span_words(span: str) -> str:
    """Returns "takes 1 hour 30 minutes"."""
    found = _SPAN.fullmatch(span)
    if not found:
        return ""
    counts = [(int(count), unit) for count, unit in zip(found.groups(), ("hour", "minute"), strict=True) if count]
    said = " ".join(f"{count} {unit}{'s' * (count != 1)}" for count, unit in counts)
    return f"takes {said}" if said else ""
