"""The files that an import reads: our own export, and Todoist's CSV."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from adapters.http.value_counts import csv_exceeds, json_exceeds
from application.porting import IMPORT_MOST, TOO_MANY, VERSION, PortedTask, Row, check_count
from application.validation import DECODE_ERRORS, decode, invalid
from domain.errors import Invalid
from domain.task import DESCRIPTION_LONGEST

TASK, NOTE = "task", "note"
VALUES_MOST = IMPORT_MOST * 2 * len(PortedTask.__struct_fields__)
"""Twice what the most tasks have, with all of their fields."""
FIELDS_MOST = 40 * IMPORT_MOST
"""Todoist writes twelve columns, and further rows for notes and headings."""
PASSED_OVER = ("", "section", "meta")
"""What a Todoist export has between its tasks: blank lines, headings, and how the project is shown."""


class ImportFile(Struct, forbid_unknown_fields=True):
    """An export, or `tasks` alone."""

    tasks: list[PortedTask]
    version: Annotated[int, Meta(description=f"Of the format: {VERSION}.")] = VERSION
    user_id: Annotated[str | None, Meta(description="Not looked at.")] = None
    exported_at: Annotated[str | None, Meta(description="Not looked at.")] = None


class Versioned(Struct):
    version: int = VERSION


class Entries(ImportFile, forbid_unknown_fields=True):
    """Each task is read by itself, so that a bad one spoils no other."""

    tasks: list[Raw]  # type: ignore[assignment]


def read_json(body: bytes) -> list[Row]:
    """A row's line is its place among `tasks`. Raises `Invalid`."""
    if json_exceeds(body, VALUES_MOST):
        raise Invalid.field("body", TOO_MANY)
    version = decode(body, Versioned).version
    if version != VERSION:
        raise Invalid.field("version", f"must be {VERSION}: this server reads no other")
    entries = decode(body, Entries).tasks
    check_count(len(entries))
    return [Row(place, _task(entry)) for place, entry in enumerate(entries, 1)]


def read_csv(body: bytes) -> list[Row]:
    """A row's line is the one on which it begins, the header being line 1. Raises `Invalid`."""
    if csv_exceeds(body, FIELDS_MOST):
        raise Invalid.field("body", TOO_MANY)
    lines = _Lines()
    for line, fields in _records(body):
        lines.read(line, fields)
        check_count(len(lines.rows))
    return lines.rows


def _task(entry: Raw) -> PortedTask | Invalid:
    """Raises `Invalid` for what is no JSON: its text was not looked at before."""
    try:
        return msgspec.json.decode(entry, type=PortedTask)
    except msgspec.ValidationError as error:
        return invalid(error, "task")
    except DECODE_ERRORS as error:
        raise invalid(error) from None


class _Lines:
    """A task's notes follow it, each in a row of its own."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._last: PortedTask | None = None

    def read(self, line: int, fields: dict[str, str]) -> None:
        kind = fields.get("TYPE", "").strip().lower()
        if kind == TASK:
            self._last = PortedTask(title=fields.get("CONTENT", ""), description=fields.get("DESCRIPTION"))
            self.rows.append(Row(line, self._last))
        elif kind == NOTE:
            self._note(line, fields.get("CONTENT", ""))
        elif kind not in PASSED_OVER:
            self.rows.append(Row(line, Invalid.field("TYPE", "must be task, note or section")))

    def _note(self, line: int, text: str) -> None:
        """One that does not fit is a bad row by itself: the task need not be lost for it."""
        if self._last is None:
            self.rows.append(Row(line, Invalid.field("TYPE", "a note must follow its task")))
            return
        joined = "\n".join(filter(None, [(self._last.description or "").strip(), text.strip()]))
        if len(joined) > DESCRIPTION_LONGEST:
            message = f"does not fit into the description of its task, at most {DESCRIPTION_LONGEST} characters"
            self.rows.append(Row(line, Invalid.field("CONTENT", message)))
        else:
            self._last.description = joined


def _records(body: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(StringIO(_text(body), newline=""), strict=True)
    begin, header = 1, None
    try:
        for record in reader:
            if header is None:
                header = _header(record)
            elif record:
                yield begin, dict(zip(header, record, strict=False))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Invalid.field(f"line {begin}", f"is not CSV as Todoist writes it: {error}") from None
    if header is None:
        _header([])


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise Invalid.field(f"line {line}", "must be text in UTF-8") from None


def _header(record: list[str]) -> list[str]:
    header = [name.strip().upper() for name in record]
    if not {"TYPE", "CONTENT"} <= {*header}:
        raise Invalid.field("line 1", "must name Todoist's columns, separated by commas: TYPE,CONTENT,DESCRIPTION,…")
    return header
