"""Reads the text of a rule. It accepts a part of RFC 5545, and less than python-dateutil, which never ends for
`INTERVAL=0` and reads text after a line break as further rules."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.tasks.dates.due import YEARS, Due
from domain.tasks.dates.recurrence import WEEKDAYS, Frequency, Rule
from domain.tasks.dates.rule_dates import LAST_DAY, has_date

MAX_INTERVAL, MAX_COUNT, MAX_RULE_LENGTH = 999, 9_999, 500
MAX_WEEKS_OF_MONTH, MAX_WEEKS_OF_YEAR = 5, 53
BY_LISTS: Mapping[str, tuple[int, int]] = {"BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYSETPOS": (-366, 366)}
"""The lowest and highest number of each; none is 0."""
NAMES = ("FREQ", "INTERVAL", *BY_LISTS, "BYDAY", "WKST", "COUNT", "UNTIL")
EXAMPLE = "FREQ=WEEKLY;BYDAY=MO,WE"
_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
_NUMBER = re.compile(r"[+-]?\d{1,3}", re.ASCII)
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)


def parse_rule(text: str, start: Due, here: ZoneInfo, week_start: str = "MO") -> Rule:
    """Reads one RRULE of a task that is due at `start`. Raises `ValueError` if the text is no such rule, or if the rule
    never gives a date. The message says what is wrong and how to write it."""
    rule = read_rule(text, start, here, week_start)
    if not has_date(rule, start.day):
        raise ValueError(f"gives no date from {start.day} to {min(rule.until or LAST_DAY, LAST_DAY)}")
    return rule


def read_rule(text: str, start: Due, here: ZoneInfo, week_start: str = "MO") -> Rule:
    """Reads a rule without looking for its dates. Raises `ValueError`."""
    parts = _parts(text)
    frequency = _frequency(parts.get("FREQ", ""))
    rule = Rule(
        frequency,
        interval=_number("INTERVAL", parts.get("INTERVAL", "1"), MAX_INTERVAL),
        months=_list("BYMONTH", parts),
        month_days=_list("BYMONTHDAY", parts),
        days=_days(parts.get("BYDAY"), frequency, "BYMONTH" in parts),
        positions=_list("BYSETPOS", parts),
        week_start=_week_start(parts.get("WKST", week_start)),
        count=_number("COUNT", parts["COUNT"], MAX_COUNT) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"], start, here) if "UNTIL" in parts else None,
    )
    _check(rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    if len(text) > MAX_RULE_LENGTH:
        raise ValueError(f"must be at most {MAX_RULE_LENGTH} characters")
    parts: dict[str, str] = {}
    for each in text.upper().removeprefix("RRULE:").split(";") if text.isascii() else [""]:
        match = _PART.fullmatch(each)
        if match is None:
            raise ValueError(f"is no rule: write one line such as {EXAMPLE}")
        if match[1] not in NAMES:
            raise ValueError(f"has {match[1]}, but may have {', '.join(NAMES)} only")
        if match[1] in parts:
            raise ValueError(f"has {match[1]} twice")
        parts[match[1]] = match[2]
    return parts


def _frequency(text: str) -> Frequency:
    try:
        return Frequency(text)
    except ValueError:
        raise ValueError(f"needs FREQ={', '.join(Frequency)}: write one line such as {EXAMPLE}") from None


def _number(name: str, text: str, most: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise ValueError(f"{name} must be a number from 1 to {most}")
    return int(text)


def _list(name: str, parts: Mapping[str, str]) -> tuple[int, ...]:
    """Returns the numbers without doubles, those from the end last."""
    least, most = BY_LISTS[name]
    texts = parts[name].split(",") if name in parts else []
    numbers = {int(each) if _NUMBER.fullmatch(each) else 0 for each in texts}
    if any(each == 0 or not least <= each <= most for each in numbers):
        from_end = f", or -1 to {least} from the end" if least < 0 else ""
        raise ValueError(f"{name} must have numbers from 1 to {most}{from_end}")
    return tuple(sorted(numbers, key=lambda number: (number < 0, number)))


def _days(text: str | None, frequency: Frequency, has_months: bool) -> tuple[tuple[int, str], ...]:
    matches = [_DAY.fullmatch(each) for each in text.split(",")] if text else []
    found = {(_ordinal(match[1], frequency, has_months), match[2]) for match in matches if match}
    if None in matches:
        raise ValueError("BYDAY must have days such as MO, or 1MO and -1FR")
    return tuple(sorted(found, key=lambda each: (each[0] < 0, abs(each[0]), WEEKDAYS.index(each[1]))))


def _ordinal(text: str | None, frequency: Frequency, has_months: bool) -> int:
    if text is None:
        return 0
    if frequency not in {Frequency.MONTHLY, Frequency.YEARLY}:
        raise ValueError(f"BYDAY may have no numbers with FREQ={frequency}: 1MO is for MONTHLY and YEARLY")
    is_of_year = frequency == Frequency.YEARLY and not has_months
    most = MAX_WEEKS_OF_YEAR if is_of_year else MAX_WEEKS_OF_MONTH
    if not 1 <= abs(int(text)) <= most:
        raise ValueError(f"BYDAY may have the numbers 1 to {most}, or -1 to -{most}, before a day of this rule")
    return int(text)


def _week_start(text: str) -> str:
    if text not in WEEKDAYS:
        raise ValueError(f"WKST must be one of {', '.join(WEEKDAYS)}")
    return text


def _until(text: str, start: Due, here: ZoneInfo) -> date:
    """Returns the last local day that the rule may give. Many calendars write the year 9999 if there is none."""
    match = _UNTIL.fullmatch(text)
    if match is None:
        raise ValueError("UNTIL must be a day such as 20301231")
    numbers = [int(each) for each in match.groups()[:6] if each]
    try:
        last = datetime(*numbers)  # type: ignore[arg-type]
    except ValueError:
        raise ValueError(f"UNTIL={text} is no day of the calendar") from None
    if not YEARS[0] <= last.year <= YEARS[1]:
        return date.min if last.year < YEARS[0] else LAST_DAY
    if match[7]:
        last = last.replace(tzinfo=UTC).astimezone(ZoneInfo(start.zone) if start.zone else here).replace(tzinfo=None)
    is_too_early = match[4] is not None and start.has_time and last.time() < start.local.time()
    return last.date() - timedelta(days=is_too_early)


def _check(rule: Rule) -> None:
    if rule.count is not None and rule.until is not None:
        raise ValueError("has COUNT and UNTIL: give one of them")
    if rule.positions and not (rule.days or rule.month_days or rule.months):
        raise ValueError("has BYSETPOS, which needs BYDAY, BYMONTHDAY or BYMONTH beside it")
    if rule.month_days and rule.frequency == Frequency.WEEKLY:
        raise ValueError("has BYMONTHDAY, which does not go with FREQ=WEEKLY: use MONTHLY")
