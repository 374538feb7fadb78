"""Reads JSON of other programs: unknown fields are passed over, and a bad entry spoils no other."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Raw

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.limits import MAX_IMPORTED_TASKS, TOO_MANY_TASKS, check_count
from application.validation import DECODE_ERRORS, decode, invalid
from application.value_counts import json_exceeds
from domain.errors import Invalid

MAX_THINGS = 5 * MAX_IMPORTED_TASKS
"""Projects, labels and comments."""
MAX_VALUES = 100 * MAX_IMPORTED_TASKS
"""Vikunja writes up to 60 values per task, and repeats some of them in related tasks."""
Id = str | int
T = TypeVar("T")


def document(body: bytes, as_type: type[T]) -> T:
    if json_exceeds(body, MAX_VALUES):
        raise Invalid.field("body", TOO_MANY_TASKS)
    return decode(body, as_type)


def entries(raws: Iterable[Raw], as_type: type[T], builder: ImportBuilder) -> Iterator[tuple[int, T]]:
    """Yields each entry with its line. An entry of another shape is a problem. Raises `Invalid` for too many."""
    for raw in raws:
        line = builder.next_line()
        check_count(line)
        try:
            yield line, msgspec.json.decode(raw, type=as_type, strict=False)
        except DECODE_ERRORS as error:
            builder.remarks.problem(line, invalid(error, "task").message)


def things(raws: Iterable[Raw], as_type: type[T], builder: ImportBuilder, what: str) -> Iterator[T]:
    """Yields each entry that is no task, such as a project. One of another shape is noted. Raises `Invalid` for too
    many."""
    for place, raw in enumerate(raws, 1):
        if place > MAX_THINGS:
            raise Invalid.field("body", f"must hold at most {MAX_THINGS} of each {what}: import it in parts")
        try:
            yield msgspec.json.decode(raw, type=as_type, strict=False)
        except DECODE_ERRORS as error:
            builder.remarks.note(0, f"{what} {place} is left out: {invalid(error, what).message}")


def key_of(identity: Id | None) -> str | None:
    """Returns the id as a key. Programs write none as null, 0 or an empty text."""
    return str(identity) if identity not in (None, "", 0, "0") else None
