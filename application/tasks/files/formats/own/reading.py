"""Reads our own export. Unlike files of other programs, it says exactly what is meant, so nothing is mended."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.formats.own.shapes import (
    VERSIONS,
    Entries,
    ExportedList,
    ExportedNamed,
    ExportedTask,
    ExportedView,
    Versioned,
)
from application.tasks.files.imported import ImportedList, ImportedTask, ImportedView
from application.tasks.files.limits import MAX_IMPORTED_TASKS, TOO_MANY_TASKS, check_count
from application.tasks.files.reading.encodings import utf8
from application.validation import DECODE_ERRORS, decode, invalid
from application.value_counts import json_exceeds
from domain.errors import Invalid

MAX_VALUES = MAX_IMPORTED_TASKS * 2 * len(ExportedTask.__struct_fields__)
"""This is twice the number of values that the most tasks have with all of their fields."""
MAX_NAMED = 5_000
"""Lists or views, those in the trash too."""
TIMES = ("created_at", "updated_at", "deleted_at", "completed_at")
SAME = (
    *("title", "description", "completed", "priority", "start", "due", "deadline", "recurrence", "recurs_from"),
    *("estimate", "slot", "position"),
)
NO_LIST = "is in a list that is not in the file, so it is in the inbox"
N = TypeVar("N", bound=ExportedNamed)


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:  # noqa: ARG001
    """Reads the tasks, lists and views. The line of a task is its place in `tasks`, from 1. Raises `Invalid`."""
    text = utf8(body)
    if json_exceeds(text, MAX_VALUES):
        raise Invalid.field("body", TOO_MANY_TASKS)
    if decode(text, Versioned).version not in VERSIONS:
        raise Invalid.field("version", f"must be {' or '.join(map(str, VERSIONS))}: this server reads no other")
    file = decode(text, Entries)
    check_count(len(file.tasks))
    keys = _read_lists(builder, file.lists)
    builder.views += [ImportedView(**_named(each), filter=each.filter, sort=each.sort) for each in _views(file.views)]
    for line, entry in enumerate(file.tasks, 1):
        _read_task(builder, line, entry, keys)


def _read_task(builder: ImportBuilder, line: int, entry: Raw, keys: Mapping[int, str]) -> None:
    """Raises `Invalid` if the entry is not JSON, which decoding the file does not check."""
    try:
        builder.take(_task(builder, line, msgspec.json.decode(entry, type=ExportedTask), keys))
    except msgspec.ValidationError as error:
        builder.remarks.problem(line, invalid(error, "task").message)
    except Invalid as problem:
        builder.remarks.problem(line, problem.message)
    except DECODE_ERRORS as error:
        raise invalid(error) from None


def _task(builder: ImportBuilder, line: int, task: ExportedTask, keys: Mapping[int, str]) -> ImportedTask:
    if task.list_id is not None and task.list_id not in keys:
        builder.remarks.note(line, NO_LIST)
    times = {name: in_utc(name, getattr(task, name)) for name in TIMES}
    return ImportedTask(
        line=line,
        list=keys.get(task.list_id or 0),
        key=_key(task.id),
        parent=_key(task.parent_id),
        occurrence_of=_key(task.occurrence_of),
        tags=task.tags or [],
        **times,  # type: ignore[arg-type]
        **{name: getattr(task, name) for name in SAME},
    )


def _read_lists(builder: ImportBuilder, entries: Sequence[Raw]) -> Mapping[int, str]:
    """Returns the keys of the lists by their numbers. Lists in the trash may be called the same as others."""
    keys: dict[int, str] = {}
    for place, each in enumerate(_decoded(entries, ExportedList, "lists"), 1):
        key = f"{each.name} ({place})" if each.name in keys.values() else each.name
        builder.lists.all.append(ImportedList(**_named(each), key=key, color=each.color, archived=each.archived))
        if each.id:
            keys.setdefault(each.id, key)
    return keys


def _views(entries: Sequence[Raw]) -> Iterator[ExportedView]:
    return _decoded(entries, ExportedView, "views")


def _named(each: ExportedNamed) -> dict[str, Any]:
    times = {name: in_utc(name, getattr(each, name)) for name in TIMES[:3]}
    return {"name": each.name, "number": each.id or 0, "position": each.position, **times}


def _decoded(entries: Sequence[Raw], of: type[N], name: str) -> Iterator[N]:
    if len(entries) > MAX_NAMED:
        raise Invalid.field(name, f"must be at most {MAX_NAMED}")
    for place, entry in enumerate(entries):
        try:
            yield decode(bytes(entry), of)
        except Invalid as error:
            raise Invalid.field(f"{name}[{place}]", error.message) from None


def _key(number: int | None) -> str | None:
    return None if number is None else str(number)


def in_utc(field: str, value: datetime | None) -> datetime | None:
    """Returns the time in UTC. Raises `Invalid` if that is outside of the years 1 to 9999."""
    try:
        return value and value.astimezone(UTC)
    except OverflowError:
        raise Invalid.field(field, "must be in the years 1 to 9999 in UTC") from None
