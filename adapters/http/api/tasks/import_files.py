"""Reads the files that can be imported."""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from application.tasks.files.limits import MAX_IMPORTED_TASKS, TOO_MANY_TASKS, check_count
from application.tasks.files.todoist_csv import TodoistFile, read_csv
from application.tasks.import_export import (
    VERSION,
    ExportedTask,
    ImportRow,
)
from application.validation import DECODE_ERRORS, decode, invalid
from application.value_counts import json_exceeds, table_exceeds
from domain.errors import Invalid

MAX_VALUES = MAX_IMPORTED_TASKS * 2 * len(ExportedTask.__struct_fields__)
"""This is twice the number of values that the most tasks have with all of their fields."""
MAX_FIELDS = 40 * MAX_IMPORTED_TASKS
"""Todoist writes twelve columns, and additional rows for notes and headings."""


class ImportFile(Struct, forbid_unknown_fields=True):
    """An export of ours, or an object that has only `tasks`."""

    tasks: list[ExportedTask]
    version: Annotated[int, Meta(description=f"The version of the format, {VERSION} or an older one.")] = VERSION
    lists: Annotated[list[Raw], Meta(description="Not imported yet.")] = []
    views: Annotated[list[Raw], Meta(description="Not imported yet.")] = []
    user_id: Annotated[str | None, Meta(description="Ignored.")] = None
    exported_at: Annotated[str | None, Meta(description="Ignored.", extra_json_schema={"format": "date-time"})] = None


class Versioned(Struct):
    version: int = VERSION


class Entries(ImportFile, forbid_unknown_fields=True):
    """The same file with unread tasks: each is decoded by itself, so that a bad one does not spoil the others."""

    tasks: list[Raw]  # type: ignore[assignment]


def read_json(body: bytes) -> list[ImportRow]:
    """Returns one row per task. The line of a row is its position in `tasks`, counted from 1. Raises `Invalid`."""
    if json_exceeds(body, MAX_VALUES):
        raise Invalid.field("body", TOO_MANY_TASKS)
    version = decode(body, Versioned).version
    if not 1 <= version <= VERSION:
        raise Invalid.field("version", f"must be at most {VERSION}: this server reads no newer one")
    entries = decode(body, Entries).tasks
    check_count(len(entries))
    return [ImportRow(place, _task(entry)) for place, entry in enumerate(entries, 1)]


def read_todoist(body: bytes) -> TodoistFile:
    """Reads the tasks of a Todoist export. Raises `Invalid`."""
    if table_exceeds(body, ",", MAX_FIELDS):
        raise Invalid.field("body", TOO_MANY_TASKS)
    return read_csv(body)


def _task(entry: Raw) -> ExportedTask | Invalid:
    """Returns the task, or what is wrong with it. Raises `Invalid` if it is not JSON, which decoding the file does not
    check."""
    try:
        return msgspec.json.decode(entry, type=ExportedTask)
    except msgspec.ValidationError as error:
        return invalid(error, "task")
    except DECODE_ERRORS as error:
        raise invalid(error) from None
