"""Converts msgspec's errors to field errors that a person can act on."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from domain.errors import FieldError, Invalid

T = TypeVar("T")
MAX_SHOWN_LENGTH = 200
"""The most characters of the input that a message repeats."""

DECODE_ERRORS = (msgspec.MsgspecError, RecursionError, UnicodeError)
"""All that decoding hostile JSON may raise: RecursionError for 100,000 levels, UnicodeError for invalid UTF-8."""

_PATH = re.compile(r"^(?P<message>.*?)(?: - at `(?:key in )?\$\.?(?P<path>.*)`)?$", re.DOTALL)
_TYPES = re.compile(r"^Expected `(?P<expected>[^`]+)`, got `(?P<got>[^`]+)`")
_LENGTH = re.compile(r"^Expected `(?P<of>array|str)` of length (?P<sign>[<>]=) (?P<limit>\d+)")
_BOUND = re.compile(r"^Expected `\w+` (?P<sign>[<>]=) (?P<limit>\d+)")
_TIME = re.compile("^(Invalid RFC3339 encoded datetime|Expected `datetime` with a timezone)")
_NAMES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "datetime": "a time",
    "null": "null",
    "object": "an object",
    "array": "a list",
}
_WITHIN = re.compile(r"^\[\.\.\.\]\.?")
"""How msgspec names what is in an object of no known type."""
_NAMED = re.compile(r"^Object (?:contains unknown|missing required) field `(?P<name>.*)`$", re.DOTALL)


def decode(data: bytes | str, as_type: type[T], hook: Callable[[type, Any], Any] | None = None) -> T:
    """Types are not coerced, and unknown fields are refused. Raises `Invalid`, and what `hook` raises."""
    try:
        return msgspec.json.decode(data, type=as_type, dec_hook=hook)
    except DECODE_ERRORS as error:
        raise invalid(error) from None


def invalid(error: Exception, whole: str = "body") -> Invalid:
    """Returns the error for the field with its path, such as `tasks[0].title`. If the data are no JSON or of another
    type, the error is for `whole`."""
    if not isinstance(error, msgspec.ValidationError):
        return Invalid.field(whole, "must be JSON in UTF-8, nested no deeper than a few hundred levels")
    match = _PATH.match(str(error))
    message, path = (match["message"], _WITHIN.sub("", match["path"] or "")) if match else (str(error), "")
    if named := _NAMED.match(message):
        path = ".".join(filter(None, [path, named["name"]]))
        message = "is required" if "missing" in message else "is not a known field"
    return Invalid(FieldError(path[:MAX_SHOWN_LENGTH] or whole, readable(message)))


def readable(message: str) -> str:
    """Returns msgspec's message as a phrase for people. Unknown messages are returned as they are."""
    if wrong_type := _TYPES.match(message):
        expected = " or ".join(_NAMES.get(name, name) for name in wrong_type["expected"].split(" | "))
        return f"must be {expected}, not {_NAMES.get(wrong_type['got'], wrong_type['got'])}"
    if length := _LENGTH.match(message):
        unit = "entries" if length["of"] == "array" else "characters"
        return f"must have at {'least' if length['sign'] == '>=' else 'most'} {length['limit']} {unit}"
    if bound := _BOUND.match(message):
        return f"must be {'at least' if bound['sign'] == '>=' else 'at most'} {bound['limit']}"
    if message == "Number out of range":
        return "must be a number that is not so large"
    if _TIME.match(message):
        return "must be a time with its offset from UTC, such as 2026-11-23T09:00:00Z"
    return message[:MAX_SHOWN_LENGTH]
