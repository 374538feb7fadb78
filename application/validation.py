"""From what msgspec says of bad JSON to the fields a person can mend."""

import re
from typing import TypeVar

import msgspec

from domain.errors import FieldError, Invalid

T = TypeVar("T")

DECODE_ERRORS = (msgspec.MsgspecError, RecursionError, UnicodeError)
"""All that decoding hostile JSON may raise: 100,000 levels end in RecursionError, invalid UTF-8 in UnicodeError."""

_PATH = re.compile(r"^(?P<message>.*?)(?: - at `(?:key in )?\$\.?(?P<path>.*)`)?$", re.DOTALL)
_NAMED = re.compile(r"^Object (?:contains unknown|missing required) field `(?P<name>.*)`$", re.DOTALL)


def decode(data: bytes | str, as_type: type[T]) -> T:
    """Strict: no type is coerced and no unknown field dropped. Raises `Invalid`."""
    try:
        return msgspec.json.decode(data, type=as_type)
    except DECODE_ERRORS as error:
        raise invalid(error) from None


def invalid(error: Exception) -> Invalid:
    """The field at fault by its path (`tasks[0].title`), or `body` where the whole is no JSON."""
    if not isinstance(error, msgspec.ValidationError):
        return Invalid.field("body", "must be JSON in UTF-8, nested no deeper than a few hundred levels")
    match = _PATH.match(str(error))
    message, path = (match["message"], match["path"] or "") if match else (str(error), "")
    if named := _NAMED.match(message):
        missing = "missing" in message
        path = ".".join(filter(None, [path, named["name"]]))
        message = "is required" if missing else "is not a known field"
    return Invalid(FieldError(path or "body", message[:300]))
