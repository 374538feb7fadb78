"""Reads the CSV of Outlook's tasks, in which Microsoft To Do keeps its tasks too."""

import re
from collections.abc import Set as AbstractSet
from datetime import date

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.imported import Priority
from application.tasks.files.reading.encodings import utf8
from application.tasks.files.reading.tables import Fields, find_table
from application.tasks.files.reading.times import on_day
from domain.errors import Invalid
from domain.tasks.dates.due import Due

PRIORITIES: dict[str, Priority | None] = {"high": "high", "low": "low", "normal": None, "": None}
WHOLE = ("1", "1.0", "100", "100%")
NOTHING = ("", "0", "0%", "0.0", "false", "normal", "none", "not started", "completed")
EXTRAS = {
    "companies": "Companies",
    "contacts": "Contacts",
    "billing information": "Billing information",
    "mileage": "Mileage",
    "role": "Role",
    "% complete": "Complete",
}
COUNTED = {
    "reminder on/off": "Reminder",
    "actual work": "Actual Work",
    "private": "Private",
    "sensitivity": "Sensitivity",
}
_DAY = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})\.?(?:\s.*)?", re.DOTALL)
_WORK = re.compile(r"(\d{1,6})(?:[.,]\d+)?(?:\s*(\w+))?")
UNITS = {"m": 1, "h": 60, "d": 8 * 60, "w": 40 * 60}
"""Outlook counts a day of work as 8 hours, and a week as 40."""


def is_outlook(header: AbstractSet[str]) -> bool:
    return {"subject", "due date"} <= header and bool({"date completed", "% complete", "status"} & header)


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:  # noqa: ARG001
    table = find_table(utf8(body), is_outlook)
    if table is None:
        raise Invalid.field("line 1", "must name Outlook's columns in English: Subject,Start Date,Due Date,…")
    for line, fields in table.rows():
        builder.add(_task(builder, line, {name: value.strip() for name, value in fields.items()}))


def _task(builder: ImportBuilder, line: int, fields: Fields) -> RawTask:
    raw = RawTask(line=line, title=fields.get("subject", ""), description=fields.get("notes", ""))
    raw.tags = re.split("[;,]", fields.get("categories", ""))
    raw.priority = PRIORITIES.get(fields.get("priority", "").lower())
    done, status = fields.get("% complete", ""), fields.get("status", "").lower()
    completed = builder.date(raw, "Completed", fields.get("date completed"), lambda text: _day(builder, text))
    raw.completed = bool(completed) or done in WHOLE or status == "completed"
    raw.completed_at = completed.instant(builder.here) if completed else None
    raw.due = builder.date(raw, "Due", fields.get("due date"), lambda text: _day(builder, text))
    raw.start = builder.date(raw, "Start", fields.get("start date"), lambda text: _day(builder, text))
    _work(builder, raw, fields.get("total work", ""))
    _others(builder, raw, fields)
    return raw


def _others(builder: ImportBuilder, raw: RawTask, fields: Fields) -> None:
    if fields.get("status", "").lower() not in NOTHING:
        raw.describe("Status", fields["status"])
    for name, said in EXTRAS.items():
        if fields.get(name, "").lower() not in (*NOTHING, *WHOLE):
            raw.describe(said, fields[name])
    for name, said in COUNTED.items():
        if fields.get(name, "").lower() not in NOTHING:
            builder.remarks.count(raw.line, said)


def _work(builder: ImportBuilder, raw: RawTask, text: str) -> None:
    match = _WORK.fullmatch(text)
    unit = UNITS.get((match[2] or "m")[0].lower()) if match else None
    if match and unit:
        raw.minutes = int(match[1]) * unit
    elif text:
        builder.unread(raw, "Total work", text)


def _day(builder: ImportBuilder, text: str) -> Due | None:
    """Returns the day. Outlook writes dates as Windows is set, so the user's place decides which number is the month;
    where one reading is no date, it is the other. Raises `ValueError`."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None if text.lower() == "none" else _refuse()
    numbers = [int(part) for part in match.groups()]
    if len(match[1]) == 4:
        return on_day(date(*numbers))
    first, second, year = numbers
    month, day = (first, second) if builder.context.is_month_first and "." not in text else (second, first)
    if month > 12:
        month, day = day, month
    return on_day(date(year if year > 99 else year + 2000, month, day))


def _refuse() -> Due:
    raise ValueError("is no date in digits")
