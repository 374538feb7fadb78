"""A query for tasks: which ones, in which order, and from where on. HTTP, tools, views and the page share it."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from domain.errors import Invalid
from domain.tasks.task import MAX_ID, Status, Task

MAX_COUNTED = 10_000
"""Tasks are counted up to this number if no counter knows it."""
MAX_CURSOR_LENGTH = 2_000

Operator = Literal["<", "<=", "=", ">=", ">"]


@dataclass(frozen=True, slots=True)
class IsTrue:
    """Matches if a field is true."""

    field: str


@dataclass(frozen=True, slots=True)
class IsSet:
    """Matches if a field is not null."""

    field: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Matches if a field is not null and compares to `value` in this way."""

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class Not:
    term: "Filter"


@dataclass(frozen=True, slots=True)
class And:
    terms: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple["Filter", ...]


Filter = IsTrue | IsSet | Compare | Not | And | Or

TRASHED = IsSet("deleted_at")
ALL = Not(TRASHED)
COMPLETED = And((IsTrue("completed"), ALL))
PENDING = And((Not(IsTrue("completed")), ALL))
STATUS_FILTERS: Mapping[Status, Filter] = {
    Status.ALL: ALL,
    Status.PENDING: PENDING,
    Status.COMPLETED: COMPLETED,
    Status.TRASHED: TRASHED,
}


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field to sort by. Nulls are last in both directions."""

    field: str
    descending: bool = False


Sort = tuple[SortKey, ...]
NEWEST: Sort = (SortKey("id", descending=True),)
"""Numbers are assigned in the order of creation."""
CURSOR_TYPES: Mapping[str, Any] = {
    "id": Annotated[int, Meta(ge=1, le=MAX_ID)],
    "updated_at": Annotated[datetime, Meta(tz=True)],
}
"""The types of the fields to sort by. The last key of a sort is the number, so that the order is total."""


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """`after` has the sort's values of the task before the first one wanted. `offset` is for clients without one."""

    filter: Filter = ALL
    sort: Sort = NEWEST
    limit: int = 50
    after: tuple[Any, ...] | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Total:
    """A number of tasks, which is exact or a lower bound."""

    count: int
    is_exact: bool = True


def sort_values(task: Task, sort: Sort) -> tuple[Any, ...]:
    return tuple(getattr(task, key.field) for key in sort)


def encode_cursor(task: Task, sort: Sort) -> str:
    text = msgspec.json.encode([_text_of(sort), *sort_values(task, sort)])
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def decode_cursor(cursor: str, sort: Sort) -> tuple[Any, ...]:
    """Reads a cursor of `encode_cursor`. A plain number is read too: it was the cursor of the default sort in earlier
    versions.

    Raises `Invalid` for any other text, and for the cursor of another sort.
    """
    if sort == NEWEST and cursor.isascii() and cursor.isdecimal() and len(cursor) <= 16 and 0 < int(cursor) <= MAX_ID:
        return (int(cursor),)
    name, *values = _decoded(cursor)
    if name != _text_of(sort):
        raise Invalid.field("cursor", "is that of another sort: start again without one")
    try:
        return tuple(_converted(values, sort))
    except (msgspec.ValidationError, ValueError):
        raise _unknown() from None


def _converted(values: Sequence[Any], sort: Sort) -> Iterator[Any]:
    for value, key in zip(values, sort, strict=True):
        yield msgspec.convert(value, CURSOR_TYPES[key.field])


def _decoded(cursor: str) -> Sequence[Any]:
    if len(cursor) > MAX_CURSOR_LENGTH:
        raise _unknown()
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found: Any = msgspec.json.decode(base64.b64decode(padded, b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError, RecursionError):
        raise _unknown() from None
    if not isinstance(found, list) or not found:
        raise _unknown()
    return found


def _unknown() -> Invalid:
    return Invalid.field("cursor", "must be the next_cursor of a page")


def _text_of(sort: Sort) -> str:
    return ",".join(f"-{key.field}" if key.descending else key.field for key in sort)
