from dataclasses import replace
from datetime import datetime

from application.tasks.files.imported import ImportedTask
from domain.errors import Invalid
from domain.tasks.dates.calendar import Calendar
from domain.tasks.dates.due import Due
from domain.tasks.dates.due_text import parse_due
from domain.tasks.task import Task

OF_SERIES = ("recurrence", "recurs_from")
VALUES = (
    *("title", "description", "completed", "priority", "tags", "start", "due", "deadline", "estimate"),
    *OF_SERIES,
)


def new_task(owner: str, each: ImportedTask, now: datetime, calendar: Calendar) -> Task:
    """Raises `Invalid` if a value breaks its rule."""
    created = each.created_at or now
    updated = each.updated_at or created
    return replace(
        _scheduled(owner, each, created, calendar),
        updated_at=updated,
        completed_at=(each.completed_at or updated) if each.completed else None,
        deleted_at=each.deleted_at and min(each.deleted_at, now),
    )


def _scheduled(owner: str, each: ImportedTask, created: datetime, calendar: Calendar) -> Task:
    """Returns the task with its rule. If only its present date was moved, the rule goes on from `slot`, and is checked
    from there: `due` may be later than its last date."""
    values = {name: value for name in VALUES if (value := getattr(each, name)) is not None}
    slot = _moved_from(each)
    if slot is None:
        return Task.new(owner, created, values, calendar, keeps_rfc=True)
    begun = {"title": each.title, "due": slot, "recurrence": each.recurrence, "recurs_from": each.recurs_from}
    series = Task.new(owner, created, begun, calendar, keeps_rfc=True)
    moved = Task.new(owner, created, {name: values[name] for name in values if name not in OF_SERIES})
    return replace(moved, recurrence=series.recurrence, recurs_from=series.recurs_from, slot=series.slot)


def _moved_from(each: ImportedTask) -> str | None:
    """Returns the slot if it is another date or hour than the due one. Raises `Invalid` if it is no date."""
    if each.recurrence is None or each.slot is None or each.due is None:
        return None
    slot = _read("slot", each.slot)
    return None if slot == replace(_read("due", each.due), zone=None) else slot.text


def _read(field: str, text: str) -> Due:
    try:
        return replace(parse_due(text), zone=None) if field == "slot" else parse_due(text)
    except ValueError as error:
        raise Invalid.field(field, str(error)) from None
