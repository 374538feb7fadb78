"""Cursors: opaque texts that say where a page ends."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from application.tasks.query.sort import CURSOR_TYPES, NEWEST, Sort, sort_values, text_of
from application.tasks.query.task_query import MAX_COUNTED, Total
from domain.errors import Invalid
from domain.tasks.task import MAX_ID, Task
from domain.text import UNSTORABLE

MAX_CURSOR_LENGTH = 2_000
AGAIN = "start again without one"
_Counted = tuple[Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNTED)], bool]


@dataclass(frozen=True, slots=True)
class Cursors:
    """The cursors of one query. `tie` is a short hash of its filter, and is empty for the plain lists. With a filter, a
    cursor has the total of the first page too, so that the pages after it are not counted again."""

    sort: Sort = NEWEST
    tie: str = ""
    words: str = ""

    def encode(self, task: Task, total: Total | None = None) -> str:
        values = sort_values(task, self.sort, self.words)
        counted = [(total.count, total.is_exact)] if total and self.tie else []
        text = msgspec.json.encode([f"{text_of(self.sort)}{self.tie}", *values, *counted])
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()

    def decode(self, cursor: str) -> tuple[Any, ...]:
        """Returns the sort's values. A plain number is read too: it was the cursor of the default sort in earlier
        versions. Raises `Invalid` for any other text, and for the cursor of another sort or filter."""
        if self == PLAIN and _is_number(cursor):
            return (int(cursor),)
        return self._read(cursor)[0]

    def total(self, cursor: str | None) -> Total | None:
        return self._read(cursor)[1] if cursor and self.tie else None

    def _read(self, cursor: str) -> tuple[tuple[Any, ...], Total | None]:
        name, *values = _decoded(cursor)
        self._check(name)
        counted = values.pop() if self.tie and len(values) > len(self.sort) else None
        try:
            total = Total(*msgspec.convert(counted, _Counted)) if counted is not None else None
            return tuple(self._converted(values)), total
        except (msgspec.ValidationError, ValueError):
            raise _unknown() from None

    def place(self, cursor: str | None, offset: int) -> tuple[Any, ...] | None:
        """Returns the place where the page begins. Raises `Invalid`, also if an offset is given too."""
        if cursor is None:
            return None
        if offset:
            raise Invalid.field("offset", "give either offset or cursor")
        return self.decode(cursor)

    def _check(self, name: Any) -> None:
        if not isinstance(name, str):
            raise _unknown()
        sort, _, tie = name.partition("/")
        if sort != text_of(self.sort):
            raise Invalid.field("cursor", f"is that of another sort: {AGAIN}")
        if tie != self.tie.removeprefix("/"):
            raise Invalid.field("cursor", f"is that of another filter: {AGAIN}")

    def _converted(self, values: Sequence[Any]) -> Iterator[Any]:
        for value, key in zip(values, self.sort, strict=True):
            if isinstance(value, str) and UNSTORABLE.search(value):
                raise ValueError
            yield msgspec.convert(value, CURSOR_TYPES[key.field])


PLAIN = Cursors()


def _is_number(cursor: str) -> bool:
    return cursor.isascii() and cursor.isdecimal() and len(cursor) <= 16 and 0 < int(cursor) <= MAX_ID


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
