"""Reads the CSV of a TickTick backup, whose header follows some lines about the file."""

import re
from collections.abc import Set as AbstractSet
from datetime import time, timedelta
from itertools import compress
from operator import not_
from zoneinfo import ZoneInfo

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.building.remarks import shown
from application.tasks.files.imported import Priority
from application.tasks.files.reading.encodings import utf8
from application.tasks.files.reading.tables import Fields, find_table
from application.tasks.files.reading.times import at_clock, at_moment, moment, on_day
from application.tasks.files.reading.zone_names import zone_name
from domain.errors import Invalid
from domain.tasks.dates.due import Due

PRIORITIES: dict[str, Priority | None] = {"5": "high", "3": "medium", "1": "low", "0": None, "": None}
OPEN, DONE = ("", "0"), ("1", "2")
ABANDONED = "-1"
COUNTED = {"reminder": "Reminder", "folder name": "Folder Name"}
ITEM_OPEN, ITEM_DONE = "▫", "▪"
_ADDED = re.compile(r";?TT_\w+=[^;]*")
"""What TickTick adds to RFC 5545, such as `TT_SKIP=HOLIDAY`."""


def is_ticktick(header: AbstractSet[str]) -> bool:
    return {"list name", "title", "status"} <= header


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:  # noqa: ARG001
    table = find_table(utf8(body), is_ticktick)
    if table is None:
        raise Invalid.field("line 1", 'must name TickTick\'s columns after the lines about the file: "Folder Name",…')
    for line, fields in table.rows():
        _add(builder, line, {name: value.strip() for name, value in fields.items()})


def _add(builder: ImportBuilder, line: int, fields: Fields) -> None:
    raw = RawTask(line=line, title=fields.get("title", ""))
    raw.key, raw.parent = fields.get("taskid") or f"line {line}", fields.get("parentid") or None
    raw.list = builder.lists.named(fields.get("list name", ""), fields.get("folder name", ""))
    raw.order = _order(fields.get("order", ""))
    raw.tags = fields.get("tags", "").split(",")
    _state(builder, raw, fields)
    _dates(builder, raw, fields)
    raw.describe("Section", fields.get("column name") if not raw.parent else "")
    for name, said in COUNTED.items():
        if fields.get(name):
            builder.remarks.count(line, said)
    items = _contents(raw, fields)
    builder.add(raw)
    for item in items:
        builder.add(_item(raw, item))


def _order(text: str) -> float | None:
    try:
        order = float(text)
    except ValueError:
        return None
    return order if abs(order) < float("inf") else None


def _state(builder: ImportBuilder, raw: RawTask, fields: Fields) -> None:
    status, priority = fields.get("status", ""), fields.get("priority", "")
    raw.completed = status in (*DONE, ABANDONED)
    if status == ABANDONED:
        raw.describe("Status", "won't do")
    elif status not in (*OPEN, *DONE):
        builder.unread(raw, "Status", status)
    raw.priority = PRIORITIES.get(priority)
    if priority not in PRIORITIES:
        builder.unread(raw, "Priority", priority)
    if fields.get("kind", "").upper() == "NOTE":
        builder.remarks.note(raw.line, "is a note in TickTick, and a task here")
    raw.completed_at = builder.time(raw, "Completed Time", fields.get("completed time"))
    raw.created_at = builder.time(raw, "Created Time", fields.get("created time"))


def _dates(builder: ImportBuilder, raw: RawTask, fields: Fields) -> None:
    """A single date is the start and the due date. A block of time has both, and its length is the estimate."""
    start = builder.date(raw, "Start", fields.get("start date"), lambda text: _date(builder, raw, text, fields))
    due = builder.date(raw, "Due", fields.get("due date"), lambda text: _date(builder, raw, text, fields))
    raw.due = due or start
    if start and due and start.day < due.day:
        raw.start = start
    elif start and due and start.has_time and due.local > start.local:
        raw.minutes = (due.local - start.local) / timedelta(minutes=1)
    _rule(builder, raw, fields.get("repeat", ""))


def _date(builder: ImportBuilder, raw: RawTask, text: str, fields: Fields) -> Due | None:
    """Returns the day or the time at the task's place. Raises `ValueError`."""
    instant, zone = moment(text), zone_name(fields.get("timezone"))
    if fields.get("timezone") and not zone:
        builder.remarks.note(raw.line, f"Timezone: {shown(fields['timezone'])} is not known, so yours is taken")
    if instant is None:
        return None
    there = instant.astimezone(ZoneInfo(zone or builder.zone))
    if _is_day(fields.get("is all day", "").lower(), there.time()):
        return on_day(there.date())
    if fields.get("is floating", "").lower() == "true":
        return at_clock(there)
    return at_moment(instant, zone or builder.zone)


def _is_day(said: str, clock: time) -> bool:
    """Returns whether the date is a day. Where the file does not say so, it is one at midnight."""
    return said == "true" or (said == "" and clock == time())


def _rule(builder: ImportBuilder, raw: RawTask, repeat: str) -> None:
    """Sets the rule. Adds a note on what TickTick adds to a rule, since no rule of ours skips holidays."""
    first, *others = repeat.split("\n") if repeat else [""]
    raw.rule = _ADDED.sub("", first)
    added = [part.strip("; ") for part in _ADDED.findall(first)] + others
    if any(added):
        builder.unread(raw, "Repeats", "; ".join(added))


def _contents(raw: RawTask, fields: Fields) -> list[str]:
    lines = fields.get("content", "").splitlines()
    is_list = fields.get("is check list", "").upper() == "Y"
    are_items = [is_list and line.startswith((ITEM_OPEN, ITEM_DONE)) for line in lines]
    raw.description = "\n".join(compress(lines, map(not_, are_items)))
    return [*compress(lines, are_items)]


def _item(parent: RawTask, item: str) -> RawTask:
    raw = RawTask(line=parent.line, title=item[1:].strip(), completed=item.startswith(ITEM_DONE), order=parent.order)
    raw.list, raw.parent, raw.deleted_at = parent.list, parent.key, parent.deleted_at
    raw.created_at, raw.completed_at = parent.created_at, parent.completed_at
    return raw
