"""Reads lists and tasks of Microsoft To Do, as the Graph API writes them. Nothing exports a whole account in one
document. So lists may stand in `value` or `lists` or alone, and the tasks of a list in its `tasks`, again with or
without `value`."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Raw, UnsetType

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.formats.microsoft.rules import Recurrence, rule_text
from application.tasks.files.formats.microsoft.shapes import Item, Moment, Page, TaskList, TodoTask
from application.tasks.files.imported import Priority
from application.tasks.files.reading.encodings import utf8
from application.tasks.files.reading.html import check_tags, markdown
from application.tasks.files.reading.json_values import document, entries, key_of, things
from application.tasks.files.reading.times import on_day
from application.tasks.files.reading.zone_names import zone_name
from application.validation import DECODE_ERRORS
from domain.tasks.dates.due import Due

PRIORITIES: dict[str, Priority | None] = {"low": "low", "normal": None, "high": "high"}
STATES = {"inProgress": "in progress", "waitingOnOthers": "waiting on others", "deferred": "deferred"}
DEFAULT_LIST = "defaultList"


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:  # noqa: ARG001
    """Raises `Invalid`."""
    text = utf8(body)
    check_tags(text)
    page = Page(value=document(text, list[Raw])) if text.lstrip()[:1] == b"[" else document(text, Page)
    alone: list[Raw] = []
    found = page.value if page.value is not None else page.lists
    for raw in [Raw(text)] if found is None else found:
        alone += _unlisted(raw, builder)
    _read_tasks(builder, page if page.next_link else None, None, alone)


def _unlisted(raw: Raw, builder: ImportBuilder) -> list[Raw]:
    for each in things([raw], TaskList, builder, "list"):
        if each.display_name is None and each.tasks is None:
            return [raw]
        is_default = each.wellknown_list_name == DEFAULT_LIST
        name = None if is_default else builder.lists.named(each.display_name or "", each.id)
        tasks = each.tasks.value if isinstance(each.tasks, Page) else each.tasks
        _read_tasks(builder, each.tasks if isinstance(each.tasks, Page) else None, name, tasks or [])
    return []


def _read_tasks(builder: ImportBuilder, page: Page | None, name: str | None, raws: list[Raw]) -> None:
    if page and page.next_link:
        builder.remarks.note(0, "a list is one page of several: import the others too")
    for line, task in entries(raws, TodoTask, builder):
        raw = _task(builder, line, task)
        raw.list = name
        builder.add(raw)
        for item in task.checklist_items:
            builder.add(_item(builder, raw, item))


def _task(builder: ImportBuilder, line: int, task: TodoTask) -> RawTask:
    raw = RawTask(line=line, title=task.title, tags=task.categories)
    raw.key = key_of(task.id) or f"task {line}"
    raw.priority = PRIORITIES.get(task.importance)
    if task.body and task.body.content:
        is_html = task.body.content_type.lower() == "html"
        raw.description = markdown(task.body.content) if is_html else task.body.content
    raw.describe("Status", STATES.get(task.status))
    _times(builder, raw, task)
    _links(raw, task)
    for what, value in (("reminder", task.reminder_date_time), ("attachments", task.has_attachments)):
        if value:
            builder.remarks.count(line, what)
    return raw


def _links(raw: RawTask, task: TodoTask) -> None:
    for resource in task.linked_resources:
        name = resource.display_name or resource.application_name or "Link"
        raw.describe(name, resource.web_url or resource.application_name)


def _times(builder: ImportBuilder, raw: RawTask, task: TodoTask) -> None:
    raw.completed = task.status == "completed"
    raw.created_at = builder.time(raw, "createdDateTime", task.created_date_time)
    raw.updated_at = builder.time(raw, "lastModifiedDateTime", task.last_modified_date_time)
    if task.completed_date_time:
        raw.completed_at = builder.time(raw, "completedDateTime", _in_utc(task.completed_date_time))
    raw.due = _day(builder, raw, "Due", task.due_date_time)
    raw.start = _day(builder, raw, "Start", task.start_date_time)
    if not isinstance(task.recurrence, UnsetType) and bytes(task.recurrence) != b"null":
        _rule(builder, raw, task.recurrence)


def _in_utc(time: Moment) -> str:
    """Returns the time with its offset, or as it is if it can't be read."""
    try:
        local = datetime.fromisoformat(time.date_time)
        return local.replace(tzinfo=ZoneInfo(zone_name(time.time_zone) or "UTC")).isoformat()
    except (ValueError, OverflowError):
        return time.date_time


def _day(builder: ImportBuilder, raw: RawTask, name: str, time: Moment | None) -> Due | None:
    return builder.date(raw, name, time.date_time, lambda _: _read_day(builder, time)) if time else None


def _read_day(builder: ImportBuilder, time: Moment) -> Due:
    """To Do has no hours: it writes midnight, in UTC, of a zone that it does not name. So the day is the one that has
    its midnight then in the zone of the file or of the account, or else the nearest. Raises `ValueError`."""
    local = datetime.fromisoformat(time.date_time).replace(tzinfo=ZoneInfo(zone_name(time.time_zone) or "UTC"))
    here = local.astimezone(ZoneInfo(builder.zone))
    midnight = next((each for each in (local, here) if (each.hour, each.minute) == (0, 0)), None)
    return on_day((midnight or local + timedelta(hours=12)).date())


def _rule(builder: ImportBuilder, raw: RawTask, source: Raw) -> None:
    """Sets the rule. In a month without a 31st, Microsoft takes the last day, as we do."""
    try:
        raw.rule, raw.keeps_rfc = rule_text(msgspec.json.decode(source, type=Recurrence, strict=False)), False
    except (ValueError, *DECODE_ERRORS):
        builder.unread(raw, "Repeats", bytes(source).decode(errors="replace")[:1_000])


def _item(builder: ImportBuilder, parent: RawTask, item: Item) -> RawTask:
    raw = RawTask(line=parent.line, title=item.display_name, completed=bool(item.is_checked), list=parent.list)
    raw.parent = parent.key
    raw.completed_at = builder.time(raw, "checkedDateTime", item.checked_date_time)
    raw.created_at = builder.time(raw, "createdDateTime", item.created_date_time)
    return raw
