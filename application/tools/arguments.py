"""Reads the arguments of a tool call as language models write them, guided by the type of each argument."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, inspect

from application.validation import DECODE_ERRORS, MAX_SHOWN_LENGTH, invalid
from domain.errors import Invalid

S = TypeVar("S", bound=Struct)

TRUE, FALSE = frozenset({"true", "yes", "on", "1", "t", "y"}), frozenset({"false", "no", "off", "0", "f", "n"})
NOTHING = frozenset({"null", "none", "undefined"})
_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,3})?")

_type_info = cache(inspect.type_info)


def read_arguments(text: str, as_type: type[S]) -> S:
    """Returns the arguments of a call. Raises `Invalid` with a message from which a model can correct its call. An
    optional argument that is null or an empty text is left out. `"3"` and 3.0 are 3, `"True"` is true, a value of an
    enumeration may be in upper case, and an object or a list may be JSON inside of a text."""
    try:
        given = msgspec.json.decode(text.strip() or "{}")
        return msgspec.convert(_fit(given, _type_info(as_type), ""), as_type)
    except DECODE_ERRORS as error:
        raise invalid(error, "arguments") from None


def _fit(value: Any, kind: inspect.Type, path: str) -> Any:
    """Returns the value converted to `kind`. Other values stay as they are, and msgspec refuses them."""
    fit = _FITTING.get(type(kind))
    return fit(value, kind, path) if fit else value


def _fit_inner(value: Any, kind: inspect.Metadata, path: str) -> Any:
    return _fit(value, kind.type, path)


def _fit_one_of(value: Any, kind: inspect.UnionType, path: str) -> Any:
    """Converts to a type that may be null. With several other types, the value stays as it is."""
    others = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
    return _fit(value, others[0], path) if value is not None and len(others) == 1 else value


def _fit_object(value: Any, kind: inspect.StructType, path: str) -> Any:
    value = unpacked(value, dict)
    if value is None or value in ("", []):
        value = {}
    if not isinstance(value, dict):
        return value
    fields = {field.encode_name: field for field in kind.fields}
    fitted = {}
    for name, given in value.items():
        where = f"{path}.{name}" if path else name
        field = fields.get(name)
        if _is_left_out(given, field):
            continue
        if field is None:
            known = f"there are {', '.join(fields) or 'none'}"
            raise Invalid.field(where[:MAX_SHOWN_LENGTH], f"is not a known field; {known}")
        fitted[name] = _fit(given, field.type, where)
    return fitted


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_left_out(value: Any, field: inspect.Field | None) -> bool:
    """Null and an empty text leave an argument out and, unless it takes free text, a word such as "none"."""
    if field is None:
        return _is_empty(value)
    if field.required:
        return False
    named = isinstance(value, str) and value.strip().casefold() in NOTHING
    return _is_empty(value) or (named and not _is_text(field.type))


def _is_text(kind: inspect.Type) -> bool:
    match kind:
        case inspect.Metadata():
            return _is_text(kind.type)
        case inspect.UnionType():
            return any(map(_is_text, kind.types))
    return isinstance(kind, inspect.StrType | inspect.AnyType)


def unpacked(value: Any, as_type: type) -> Any:
    """Returns the object or list that a text holds as JSON, or else the value itself."""
    if isinstance(value, str):
        with suppress(*DECODE_ERRORS):
            found = msgspec.json.decode(value.strip())
            return found if isinstance(found, as_type) else value
    return value


def _entries(value: Any, item: inspect.Type) -> list[Any]:
    """A single value is a list of one. Words from a fixed set may be separated by commas."""
    value = unpacked(value, list)
    if isinstance(value, list):
        return value
    return value.split(",") if isinstance(value, str) and not isinstance(item, inspect.StrType) else [value]


def _fit_list(value: Any, kind: inspect.ListType, path: str) -> Any:
    entries = [each for each in _entries(value, kind.item_type) if not _is_empty(each)]
    return [_fit(each, kind.item_type, f"{path}[{place}]") for place, each in enumerate(entries)]


def _fit_enum(value: Any, kind: inspect.EnumType, path: str) -> Any:
    return _choice(value, [each.value for each in kind.cls], path)


def _fit_literal(value: Any, kind: inspect.LiteralType, path: str) -> Any:
    return _choice(value, kind.values, path)


def _choice(value: Any, choices: Sequence[Any], path: str) -> Any:
    if value in choices:
        return value
    folded = str(value).strip().casefold()
    for each in choices:
        if str(each).casefold() == folded:
            return each
    raise Invalid.field(path, f"must be one of {', '.join(map(str, choices))}")


def _fit_number(value: Any, _: inspect.Type, __: str) -> Any:
    """Returns an integer if the number is whole, since 1.0 is an integer in JSON Schema."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        exact = Decimal(value.strip())
        return int(exact) if exact == exact.to_integral_value() else float(exact)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fit_truth(value: Any, _: inspect.Type, __: str) -> Any:
    """Accepts the same words for true and false as pydantic, because most tool servers use pydantic."""
    written = str(value).strip().casefold().removesuffix(".0")
    return True if written in TRUE else False if written in FALSE else value


def _fit_text(value: Any, _: inspect.Type, __: str) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


_FITTING: Mapping[type[inspect.Type], Callable[[Any, Any, str], Any]] = {
    inspect.Metadata: _fit_inner,
    inspect.UnionType: _fit_one_of,
    inspect.StructType: _fit_object,
    inspect.ListType: _fit_list,
    inspect.EnumType: _fit_enum,
    inspect.LiteralType: _fit_literal,
    inspect.IntType: _fit_number,
    inspect.FloatType: _fit_number,
    inspect.BoolType: _fit_truth,
    inspect.StrType: _fit_text,
}
"""Other types are left to msgspec."""
