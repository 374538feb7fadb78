import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.errors import Invalid
from domain.tasks.dates.due_text import parse_day, parse_due
from domain.tasks.dates.recurrence import RecursFrom
from domain.tasks.reminders import clean_reminders
from domain.tasks.words.names import same_name_key
from domain.text import clean

MAX_TITLE_LENGTH = 500
MAX_DESCRIPTION_LENGTH = 16_000
MAX_TAGS, MAX_TAG_LENGTH = 20, 50
MAX_ESTIMATE_HOURS = 100
PRIORITIES = ("low", "medium", "high")
"""From the lowest to the highest. A task without a priority comes after all of them."""
_ESTIMATE = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?", re.ASCII)


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values as they are stored. Fields without a rule of their own stay as they are. Raises `Invalid`."""
    return {name: _RULES[name](value) if name in _RULES else value for name, value in values.items()}


def clean_tag(value: str, field: str = "tags") -> str:
    return clean(field, value, longest=MAX_TAG_LENGTH, shortest=1)


def _clean_title(value: str) -> str:
    return clean("title", value, longest=MAX_TITLE_LENGTH, shortest=1)


def _clean_description(value: str | None) -> str | None:
    return None if value is None else clean("description", value, longest=MAX_DESCRIPTION_LENGTH) or None


def _clean_priority(value: str | None) -> str | None:
    if value not in (None, *PRIORITIES):
        raise Invalid.field("priority", f"must be null or one of {', '.join(PRIORITIES)}")
    return value


def clean_tags(values: Sequence[str] | None) -> list[str]:
    """Returns the tags without doubles, in their order. The first spelling of a tag stays."""
    tags: dict[str, str] = {}
    for value in values or ():
        tag = clean_tag(value)
        tags.setdefault(same_name_key(tag), tag)
    if len(tags) > MAX_TAGS:
        raise Invalid.field("tags", f"must be at most {MAX_TAGS}, and these are {len(tags)}")
    return list(tags.values())


def _clean_start(value: str | None) -> str | None:
    return _day("start", value)


def _clean_deadline(value: str | None) -> str | None:
    return _day("deadline", value)


def _day(field: str, value: str | None) -> str | None:
    try:
        return None if value is None else parse_day(value).isoformat()
    except ValueError as error:
        raise Invalid.field(field, str(error)) from None


def _clean_due(value: str | None) -> str | None:
    try:
        return None if value is None else parse_due(value).text
    except ValueError as error:
        raise Invalid.field("due", str(error)) from None


def _clean_recurs_from(value: str | None) -> str:
    if value not in (None, *RecursFrom):
        raise Invalid.field("recurs_from", f"must be one of {', '.join(RecursFrom)}")
    return value or RecursFrom.DUE.value


def _clean_estimate(value: str | None) -> str | None:
    """Returns the duration in hours and minutes (ISO 8601, without seconds, weeks, months or years)."""
    if value is None:
        return None
    match = _ESTIMATE.fullmatch(value)
    days, hours, minutes = (int(each or 0) for each in match.groups()) if match else (0, 0, 0)
    total = (days * 24 + hours) * 60 + minutes
    if not 0 < total <= MAX_ESTIMATE_HOURS * 60:
        raise Invalid.field(
            "estimate", f"must be a duration up to {MAX_ESTIMATE_HOURS} hours, such as PT45M or PT1H30M"
        )
    return duration(total)


def duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"PT{f'{hours}H' if hours else ''}{f'{rest}M' if rest else ''}"


_RULES: Mapping[str, Callable[[Any], Any]] = {
    "title": _clean_title,
    "description": _clean_description,
    "priority": _clean_priority,
    "tags": clean_tags,
    "start": _clean_start,
    "due": _clean_due,
    "deadline": _clean_deadline,
    "recurs_from": _clean_recurs_from,
    "estimate": _clean_estimate,
    "reminders": clean_reminders,
}
