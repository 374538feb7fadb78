"""The files that an import reads: our own export, and Todoist's CSV."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from application.porting import VERSION, PortedTask, Row, check_count
from application.validation import DECODE_ERRORS, decode, invalid
from domain.errors import Invalid
from domain.task import DESCRIPTION_LONGEST

TASK, NOTE = "task", "note"
PASSED_OVER = ("", "section", "meta")
"""What a Todoist export has between its tasks: blank lines, headings, and how the project is shown."""


class ImportFile(Struct, forbid_unknown_fields=True):
    """An export, or `tasks` alone."""

    tasks: list[PortedTask]
    version: Annotated[int, Meta(description=f"Of the format: {VERSION}.")] = VERSION
    user_id: Annotated[str | None, Meta(description="Not looked at.")] = None
    exported_at: Annotated[
        str | None, Meta(description="Not looked at.", extra_json_schema={"format": "date-time"})
    ] = None


class Versioned(Struct):
    version: int = VERSION


class Entry:
    """One of `tasks`, whatever it is: msgspec hands it to `_Counted`, so that a bad one spoils no other."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Entries(ImportFile, forbid_unknown_fields=True):
    tasks: list[Entry]  # type: ignore[assignment]


def read_json(body: bytes) -> list[Row]:
    """A row's line is its place among `tasks`. Raises `Invalid`."""
    version = decode(body, Versioned).version
    if version != VERSION:
        raise Invalid.field("version", f"must be {VERSION}: this server reads no other")
    entries = decode(body, Entries, _Counted()).tasks
    return [Row(place, _task(entry.value)) for place, entry in enumerate(entries, 1)]


def read_csv(body: bytes) -> list[Row]:
    """A row's line is the one on which it begins, the header being line 1. Raises `Invalid`."""
    lines = _Lines()
    for line, fields in _records(body):
        lines.read(line, fields)
        check_count(len(lines.rows))
    return lines.rows


class _Counted:
    """Ends the reading where there are too many: a small body may hold millions of tiny entries."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, _: type, value: Any) -> Entry:
        self._count += 1
        check_count(self._count)
        return Entry(value)


def _task(value: Any) -> PortedTask | Invalid:
    try:
        return msgspec.convert(value, PortedTask)
    except DECODE_ERRORS as error:
        return invalid(error, "task")


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
