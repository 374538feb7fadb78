"""Reads the CSV of a Todoist project, which has a row for each task, note and heading."""

import re
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.building.remarks import shown
from application.tasks.files.formats.todoist.words import (
    read_deadline,
    readable_note,
    set_due,
    set_duration,
    without_labels,
)
from application.tasks.files.imported import Priority
from application.tasks.files.reading.encodings import utf8
from application.tasks.files.reading.tables import Fields, find_table
from domain.errors import Invalid

PRIORITIES: dict[str, Priority | None] = {"1": "high", "2": "medium", "3": "low", "4": None, "": None}
"""In the CSV, 1 is p1. In the API, 4 is p1."""
UNDERSTOOD = frozenset(
    {
        "type",
        "content",
        "description",
        "priority",
        "indent",
        "responsible",
        "date",
        "date_lang",
        "timezone",
        "duration",
        "duration_unit",
        "deadline",
        "deadline_lang",
    }
)
OF_NOTES = frozenset({"type", "content", "date_lang", "timezone"})
NUMBER = re.compile(r"\s*\[\d+\]$")
"""The number of the project, which a backup adds to the name of a file."""
NO_HEADER = "must name Todoist's columns: TYPE,CONTENT,DESCRIPTION,…"


def is_todoist(header: AbstractSet[str]) -> bool:
    return {"type", "content"} <= header


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:
    """Reads a project, whose name is that of the file. Raises `Invalid`."""
    table = find_table(utf8(body), is_todoist)
    if table is None:
        raise Invalid.field("line 1", NO_HEADER)
    name = NUMBER.sub("", PurePosixPath(filename.replace("\\", "/")).stem)
    reading = _Reading(builder, builder.lists.named(name, filename) if name else None)
    for line, fields in table.rows():
        reading.row(line, fields)
    reading.finish()


class _Reading:
    """The state of reading. A task is added when the next one begins, since its notes follow it."""

    def __init__(self, builder: ImportBuilder, project: str | None) -> None:
        self._builder = builder
        self._remarks = builder.remarks
        self._project = project
        self._last: RawTask | None = None
        self._section: tuple[int, str] | None = None
        self._is_section_empty = False
        self._above: list[tuple[int, str]] = []

    def row(self, line: int, fields: Fields) -> None:
        kind = fields.get("type", "").strip().lower()
        content = fields.get("content", "").strip()
        if kind == "task":
            self._task(line, content, fields)
        elif kind == "note":
            self._note(line, content)
            self._count(line, fields, OF_NOTES)
        elif kind == "section":
            self._begin_section(line, content)
        elif kind == "meta":
            self._remarks.count(line, content.partition("=")[0].partition(",")[0] or "meta")
        elif content or kind:
            self._remarks.problem(line, f"TYPE: must be task, note or section, not {shown(kind)}")

    def finish(self) -> None:
        if self._last is not None:
            self._builder.add(self._last)
            self._last = None
        if self._section and self._is_section_empty:
            self._remarks.note(self._section[0], f"section {shown(self._section[1])}: has no tasks, so it is left out")

    def _begin_section(self, line: int, name: str) -> None:
        self.finish()
        self._section, self._is_section_empty = (line, name), True

    def _task(self, line: int, content: str, fields: Fields) -> None:
        if self._last is not None:
            self._builder.add(self._last)
        self._is_section_empty = False
        title, labels = without_labels(content)
        raw = RawTask(line=line, title=title, description=fields.get("description", ""), tags=labels)
        raw.list, raw.key = self._project, str(line)
        raw.parent = self._parent(raw, fields.get("indent", "").strip())
        if self._section and not raw.parent:
            raw.describe("Section", self._section[1])
        self._values(raw, fields)
        self._last = raw

    def _parent(self, raw: RawTask, indent: str) -> str | None:
        level = int(indent) if indent.isdecimal() and len(indent) < 4 else 1
        if indent and not indent.isdecimal():
            self._remarks.note(raw.line, f"INDENT: {shown(indent)} is no number, so the task is not a subtask")
        while self._above and self._above[-1][0] >= level:
            self._above.pop()
        parent = self._above[-1][1] if self._above and level > 1 else None
        self._above.append((level, str(raw.line)))
        return parent

    def _values(self, raw: RawTask, fields: Fields) -> None:
        priority = fields.get("priority", "").strip()
        raw.priority = PRIORITIES.get(priority)
        if priority not in PRIORITIES:
            self._builder.unread(raw, "Priority", priority)
        set_due(self._builder, raw, fields.get("date", ""), fields.get("date_lang", ""), fields.get("timezone"))
        set_duration(self._builder, raw, fields.get("duration", ""), fields.get("duration_unit", ""))
        raw.deadline = self._builder.date(
            raw,
            "Deadline",
            fields.get("deadline"),
            lambda text: read_deadline(self._builder, text, fields.get("deadline_lang", "")),
        )
        raw.describe("Responsible", fields.get("responsible"))
        self._count(raw.line, fields, UNDERSTOOD)

    def _count(self, line: int, fields: Fields, understood: AbstractSet[str]) -> None:
        for name, value in fields.items():
            if name not in understood and value.strip():
                self._remarks.count(line, name.upper())

    def _note(self, line: int, content: str) -> None:
        if self._last is not None:
            self._last.extras.append(readable_note(content))
        elif content:
            self._remarks.note(line, f"is a comment on no task, so it is left out: {shown(content)}")
