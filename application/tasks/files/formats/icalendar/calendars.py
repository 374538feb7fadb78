"""Reads the tasks (VTODO) of iCalendar files (RFC 5545)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.formats.icalendar.lines import Property, properties, unescaped
from application.tasks.files.formats.icalendar.todos import read_todo
from application.tasks.files.limits import check_count
from application.tasks.files.reading.colors import of_hex
from application.tasks.files.reading.encodings import utf8
from domain.errors import Invalid

CALENDAR, TODO, ALARM = "VCALENDAR", "VTODO", "VALARM"
OTHERS: Mapping[str, str] = {"VEVENT": "event", "VJOURNAL": "journal entry", "VFREEBUSY": "free/busy time"}
NAMES = ("X-WR-CALNAME", "NAME")
COLORS = ("COLOR", "X-APPLE-CALENDAR-COLOR")
MAX_PROPERTIES = 1_000
MAX_DEPTH = 50


@dataclass(slots=True)
class _Calendar:
    name: str = ""
    color: str | None = None
    todos: list[RawTask] = field(default_factory=list)


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:
    """Reads one or several calendars, each of which is a list. Raises `Invalid`."""
    reading = _Reading(builder, filename)
    for found in properties(utf8(body)):
        reading.take(found)
    reading.finish()


class _Reading:
    """The state of reading. The name of a calendar may stand after its tasks, and a task may name its subtasks."""

    def __init__(self, builder: ImportBuilder, filename: str) -> None:
        self._builder = builder
        self._filename = filename
        self._open: list[str] = []
        self._todo: list[Property] = []
        self._calendar = _Calendar()
        self._calendars: list[_Calendar] = []
        self._children: dict[str, str] = {}
        self._waiting = 0

    def take(self, found: Property) -> None:
        if found.name == "BEGIN":
            self._begin(found, found.value.strip().upper())
        elif found.name == "END":
            self._end(found.value.strip().upper())
        elif self._open[-1:] == [TODO]:
            self._keep(found)
        elif self._open == [CALENDAR]:
            self._about_calendar(found)

    def _begin(self, found: Property, kind: str) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise Invalid.field(f"line {found.line}", f"is nested deeper than {MAX_DEPTH} levels")
        if kind == CALENDAR:
            self._calendar = _Calendar()
            self._calendars.append(self._calendar)
            check_count(len(self._calendars))
        elif kind == TODO:
            self._todo = [found]
        elif kind in OTHERS:
            self._builder.remarks.count(found.line, OTHERS[kind])
        elif kind == ALARM and TODO in self._open:
            self._builder.remarks.count(found.line, "reminder")
        self._open.append(kind)

    def _end(self, kind: str) -> None:
        if kind not in self._open:
            return
        while self._open.pop() != kind:
            pass
        if kind == TODO:
            raw, children = read_todo(self._todo, self._builder)
            self._calendar.todos.append(raw)
            self._children |= dict.fromkeys(children, raw.key or "")
            self._waiting += 1
            check_count(self._waiting)

    def _keep(self, found: Property) -> None:
        if len(self._todo) >= MAX_PROPERTIES:
            raise Invalid.field(f"line {found.line}", f"is in a task with more than {MAX_PROPERTIES} properties")
        self._todo.append(found)

    def _about_calendar(self, found: Property) -> None:
        if found.name in NAMES and found.value.strip():
            self._calendar.name = unescaped(found.value)
        elif found.name in COLORS:
            self._calendar.color = of_hex(found.value)

    def finish(self) -> None:
        if TODO in self._open:
            raise Invalid.field(
                f"line {self._todo[0].line}", "begins a task that has no END:VTODO: the file is cut off"
            )
        for place, calendar in enumerate(self._calendars):
            self._add(calendar.todos, calendar, place)

    def _add(self, todos: Sequence[RawTask], calendar: _Calendar, place: int) -> None:
        if not todos:
            return
        name = calendar.name or PurePosixPath(self._filename.replace("\\", "/")).stem
        listed = self._builder.lists.named(name, self._filename, str(place), color=calendar.color) if name else None
        for raw in todos:
            raw.list = listed
            raw.parent = raw.parent or self._children.get(raw.key or "")
            self._builder.add(raw)
