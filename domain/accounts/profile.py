import re
from collections.abc import Callable, Mapping
from typing import Any

from domain.accounts.account import DAY_TIME, LOCALE, WEEK_START, clean_name
from domain.errors import Invalid
from domain.zones import UTC_ZONE, canonical_zone_name

WEEK_STARTS = ("monday", "sunday", "saturday")
MAX_LOCALE_LENGTH = 35
TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""The grammar of RFC 5646 §2.1 without grandfathered tags."""


def clean_profile(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values as they are stored. None stands for the default. Raises `Invalid`."""
    return {name: _RULES[name](value) for name, value in values.items()}


def _clean_timezone(text: str | None) -> str:
    try:
        return UTC_ZONE if text is None else canonical_zone_name(text)
    except ValueError as error:
        raise Invalid.field("timezone", str(error)) from None


def _clean_week_start(text: str | None) -> str:
    if text not in (None, *WEEK_STARTS):
        raise Invalid.field("week_start", "must be monday, sunday or saturday")
    return text or WEEK_START


def _clean_locale(text: str | None) -> str:
    if text is None:
        return LOCALE
    if len(text) > MAX_LOCALE_LENGTH or not _LOCALE.fullmatch(text):
        raise Invalid.field("locale", "must be a language tag such as en-US or de")
    return _spelled(text)


def clean_time_of_day(field: str, text: str) -> str:
    if not TIME_OF_DAY.fullmatch(text):
        raise Invalid.field(field, "must be a time of day such as 09:00")
    return text


def _clean_reminder_time(text: str | None) -> str:
    return DAY_TIME if text is None else clean_time_of_day("reminder_time", text)


def _spelled(tag: str) -> str:
    """Returns the tag with the upper and lower case of RFC 5646 §2.1.1, such as `zh-Hans-CN`."""
    first, *others = tag.lower().split("-")
    words = [first]
    for word in others:
        is_extension = any(len(before) == 1 for before in words)
        words.append(word if is_extension else {2: word.upper(), 4: word.title()}.get(len(word), word))
    return "-".join(words)


_RULES: Mapping[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "timezone": _clean_timezone,
    "week_start": _clean_week_start,
    "locale": _clean_locale,
    "reminder_time": _clean_reminder_time,
}
