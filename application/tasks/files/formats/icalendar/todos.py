from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.building.remarks import shown
from application.tasks.files.formats.icalendar.lines import Property, texts, unescaped
from application.tasks.files.formats.icalendar.others import add_relations, describe_others
from application.tasks.files.formats.icalendar.times import is_zone_unknown, later, read_due, read_duration, read_moment
from application.tasks.files.imported import Priority
from application.tasks.files.reading.html import markdown
from domain.tasks.dates.due import Due

DATES_OF_RULE = ("EXDATE", "RDATE", "EXRULE")
DONE, CANCELLED, IN_PROCESS = "COMPLETED", "CANCELLED", "IN-PROCESS"


def read_todo(found: Sequence[Property], builder: ImportBuilder) -> tuple[RawTask, list[str]]:
    """Returns the task, and the keys of the subtasks that it names itself."""
    first = _first(found)
    raw = RawTask(line=found[0].line, title=_text(first.get("SUMMARY")), description=_description(first))
    identity = first["UID"].value.strip() if "UID" in first else f"line {raw.line}"
    raw.key = identity
    _state(builder, raw, first)
    _dates(builder, raw, first)
    _rule(builder, raw, found, first)
    raw.tags = [tag for each in found if each.name == "CATEGORIES" for tag in texts(each.value)]
    children = add_relations(builder, raw, found)
    describe_others(builder, raw, found)
    if "RECURRENCE-ID" in first:
        raw.key = f"{identity} {first['RECURRENCE-ID'].value}"
        raw.rule = ""
        builder.remarks.note(raw.line, "is one date of a series that was changed, so it is a task of its own")
    return raw, children


def _first(found: Iterable[Property]) -> Mapping[str, Property]:
    first: dict[str, Property] = {}
    for each in found:
        first.setdefault(each.name, each)
    return first


def _text(found: Property | None) -> str:
    return unescaped(found.value).strip() if found else ""


def _description(first: Mapping[str, Property]) -> str:
    return _text(first.get("DESCRIPTION")) or markdown(_text(first.get("X-ALT-DESC")))


def _state(builder: ImportBuilder, raw: RawTask, first: Mapping[str, Property]) -> None:
    status, percent = (_text(first.get(name)).upper() for name in ("STATUS", "PERCENT-COMPLETE"))
    raw.completed = status in (DONE, CANCELLED) or (not status and ("COMPLETED" in first or percent == "100"))
    raw.describe("Status", {CANCELLED: "cancelled", IN_PROCESS: "in process"}.get(status))
    if percent not in ("", "0", "100") and not raw.completed:
        raw.describe("Progress", f"{percent} %")
    raw.completed_at = _time(builder, raw, first.get("COMPLETED"))
    raw.created_at = _time(builder, raw, first.get("CREATED"))
    raw.updated_at = _time(builder, raw, first.get("LAST-MODIFIED"))
    raw.priority = _priority(_text(first.get("PRIORITY")))
    raw.order = _order(_text(first.get("X-APPLE-SORT-ORDER")))


def _priority(text: str) -> Priority | None:
    """Returns the priority. 1 to 4 are high, 5 is medium, 6 to 9 are low, and 0 is none (RFC 5545, 3.8.1.9)."""
    number = int(text) if len(text) == 1 and text.isdecimal() else 0
    if number == 0:
        return None
    return "high" if number < 5 else "medium" if number == 5 else "low"


def _order(text: str) -> float | None:
    return int(text) if text.removeprefix("-").isdecimal() and len(text) <= 16 else None


def _time(builder: ImportBuilder, raw: RawTask, found: Property | None) -> datetime | None:
    if found is None:
        return None
    try:
        return read_moment(found)
    except ValueError:
        builder.remarks.note(raw.line, f"{found.name}: {shown(found.value)} is no time, so it is left out")
        return None


def _dates(builder: ImportBuilder, raw: RawTask, first: Mapping[str, Property]) -> None:
    """Sets the start, the due date and the estimate. A task with a start and a duration is due at its end."""
    raw.start = _date(builder, raw, "Start", first.get("DTSTART"))
    raw.due = _date(builder, raw, "Due", first.get("DUE"))
    raw.minutes = _minutes(builder, raw, first.get("ESTIMATED-DURATION"))
    duration = first.get("DURATION")
    if duration is None or raw.due:
        return
    start = raw.start
    if start is None:
        raw.minutes = raw.minutes or _minutes(builder, raw, duration)
        return
    raw.due = builder.date(raw, "Duration", duration.value, lambda text: later(start, read_duration(text)))


def _minutes(builder: ImportBuilder, raw: RawTask, found: Property | None) -> float | None:
    if found is None:
        return None
    try:
        return read_duration(found.value) / timedelta(minutes=1)
    except (ValueError, OverflowError):
        builder.unread(raw, "Duration", found.value)
        return None


def _date(builder: ImportBuilder, raw: RawTask, name: str, found: Property | None) -> Due | None:
    if found is None:
        return None
    if is_zone_unknown(found):
        zone = found.parameters["TZID"]
        builder.remarks.note(raw.line, f"{name}: the zone {shown(zone)} is not known, so the time is one of any place")
    read: Callable[[str], Due] = lambda _: read_due(found, builder.zone)  # noqa: E731
    return builder.date(raw, name, found.value, read)


def _rule(builder: ImportBuilder, raw: RawTask, found: Sequence[Property], first: Mapping[str, Property]) -> None:
    """Sets the rule. It counts from the start in a calendar, and from the due date here."""
    raw.rule = first["RRULE"].value if "RRULE" in first else ""
    if raw.rule and raw.due is None and raw.start:
        raw.due, raw.start = raw.start, None
        builder.remarks.note(raw.line, "recurs and has no due date, so its start is the due date")
    if "BY" in raw.rule and raw.start and raw.due and raw.start.day != raw.due.day:
        builder.remarks.note(raw.line, "recurs by its start in the file, and by its due date here: check its dates")
    for each in found:
        if each.name in DATES_OF_RULE or (each.name == "RRULE" and each is not first["RRULE"]):
            builder.unread(raw, each.name, each.value)
