"""Reads the CSV of Todoist, which has a row for each task, note and heading."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from application.tasks.files.limits import check_count
from application.tasks.import_export import ExportedTask, ImportRow, RowProblem
from domain.errors import Invalid
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH

Fields = dict[str, str]

TASK, NOTE, SECTION = "task", "note", "section"
PASSED_OVER = ("", SECTION, "meta")
"""Rows between the tasks of a Todoist export: blank lines, headings, and how the project is shown."""
KEPT = ("TYPE", "CONTENT", "DESCRIPTION")
SAY_NOTHING = {("PRIORITY", "4"), ("INDENT", "1")}
"""The values that Todoist writes if nothing is set: no priority, and not a subtask."""
OF_DATE = ("DATE_LANG", "TIMEZONE")
SURPLUS = "SURPLUS"
"""The name for the column of values that have no header."""


@dataclass
class TodoistFile:
    """The rows of a file, and the values that a task can't hold.

    `shortened` lists the titles that were cut. `not_kept` counts the rows with a value that tasks have no field for, by
    the name of its column.
    """

    rows: list[ImportRow] = field(default_factory=list)
    shortened: list[RowProblem] = field(default_factory=list)
    not_kept: Counter[str] = field(default_factory=Counter)


def read_csv(body: bytes) -> TodoistFile:
    """Reads a file. A row's line is the one on which it begins, and the header is on line 1. Raises `Invalid`."""
    reading = _Reading()
    for line, fields in _records(body):
        reading.read(line, fields)
        check_count(len(reading.file.rows))
    return reading.file


class _Reading:
    """The state of reading. The notes of a task follow it, each in a row of its own."""

    def __init__(self) -> None:
        self.file = TodoistFile()
        self._last: ExportedTask | None = None

    def read(self, line: int, fields: Fields) -> None:
        kind = fields.get("TYPE", "").strip().lower()
        if kind == TASK:
            self._task(line, fields)
        elif kind == NOTE:
            self._note(line, fields.get("CONTENT", ""))
        elif kind not in PASSED_OVER:
            self._bad(line, "TYPE", "must be task, note or section")
        self.file.not_kept.update([SECTION.upper()] if kind == SECTION else _without_field(fields))

    def _task(self, line: int, fields: Fields) -> None:
        title, description = fields.get("CONTENT", ""), fields.get("DESCRIPTION")
        if MAX_TITLE_LENGTH < len(title.strip()) <= MAX_DESCRIPTION_LENGTH:
            description = "\n".join(filter(None, [title.strip(), (description or "").strip()]))
            title = _cut(title.strip())
            told = f"title: was longer than {MAX_TITLE_LENGTH} characters; the whole of it begins the description"
            self.file.shortened.append(RowProblem(line, told))
        self._last = ExportedTask(title=title, description=description)
        self.file.rows.append(ImportRow(line, self._last))

    def _note(self, line: int, text: str) -> None:
        """Adds a note to its task. A note that does not fit is a bad row by itself, so that the task can still be
        imported.
        """
        if self._last is None:
            self._bad(line, "TYPE", "a note must follow its task")
            return
        joined = "\n".join(filter(None, [(self._last.description or "").strip(), text.strip()]))
        if len(joined) > MAX_DESCRIPTION_LENGTH:
            message = f"does not fit into the description of its task, at most {MAX_DESCRIPTION_LENGTH} characters"
            self._bad(line, "CONTENT", message)
        else:
            self._last.description = joined

    def _bad(self, line: int, column: str, message: str) -> None:
        self.file.rows.append(ImportRow(line, Invalid.field(column, message)))


def _cut(title: str) -> str:
    """Cuts the title after the last whole word that fits, or within its only word."""
    start = title[:MAX_TITLE_LENGTH]
    words = start.rsplit(maxsplit=1)
    return f"{(words[0] if len(words) == 2 else start)[: MAX_TITLE_LENGTH - 1]}…"


def _without_field(fields: Fields) -> list[str]:
    """Returns the columns with a value for which a task has no field."""
    said = {name: value.strip() for name, value in fields.items() if name not in KEPT and value.strip()}
    about_date = () if "DATE" in said else OF_DATE
    return [name for name, value in said.items() if (name, value) not in SAY_NOTHING and name not in about_date]


def _records(body: bytes) -> Iterator[tuple[int, Fields]]:
    reader = csv.reader(StringIO(_text(body), newline=""), strict=True)
    begin, header = 1, None
    try:
        for record in reader:
            if header is None:
                header = _header(record)
            elif record:
                yield begin, _fields(header, record)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Invalid.field(f"line {begin}", f"is not CSV as Todoist writes it: {error}") from None
    if header is None:
        _header([])


def _fields(header: list[str], record: list[str]) -> Fields:
    surplus = "".join(record[len(header) :])
    return dict(zip(header, record, strict=False)) | ({SURPLUS: surplus} if surplus else {})


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
