"""Reads `Tasks.json` of Google Takeout, and the same lists as Google's API writes them."""

from msgspec import Raw, Struct, field

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.reading.encodings import utf8
from application.tasks.files.reading.json_values import document, entries, key_of, things
from application.tasks.files.reading.times import read_day

TASKS = "tasks#tasks"


class File(Struct):
    kind: str = ""
    title: str = ""
    items: list[Raw] = field(default_factory=list)
    page: str | None = field(default=None, name="nextPageToken")


class TaskList(Struct):
    id: str = ""
    title: str = ""
    items: list[Raw] = field(default_factory=list)


class Link(Struct):
    description: str = ""
    link: str = ""


class GoogleTask(Struct, rename="camel"):
    id: str = ""
    title: str = ""
    notes: str | None = None
    status: str = "needsAction"
    due: str | None = None
    parent: str | None = None
    position: str | None = None
    created: str | None = None
    updated: str | None = None
    completed: str | None = None
    deleted: bool | None = False
    links: list[Link] | None = None
    task_recurrence_id: str | None = field(default=None, name="task_recurrence_id")


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:  # noqa: ARG001
    """Raises `Invalid`."""
    file = document(utf8(body), File)
    if file.page:
        builder.remarks.note(0, "the file is one page of several: import the others too")
    if file.kind == TASKS:
        _read_list(builder, TaskList(title=file.title, items=file.items))
        return
    for each in things(file.items, TaskList, builder, "list"):
        _read_list(builder, each)


def _read_list(builder: ImportBuilder, each: TaskList) -> None:
    name = builder.lists.named(each.title, each.id)
    found = [*entries(each.items, GoogleTask, builder)]
    found.sort(key=lambda entry: (entry[1].position is None, entry[1].position or ""))
    for order, (line, task) in enumerate(found):
        raw = _task(builder, line, task)
        raw.list, raw.order = name, order
        builder.add(raw)


def _task(builder: ImportBuilder, line: int, task: GoogleTask) -> RawTask:
    """Returns the task. Google's due dates are days. The time of day in them means nothing."""
    raw = RawTask(line=line, title=task.title, description=task.notes or "")
    raw.key, raw.parent = key_of(task.id), key_of(task.parent)
    raw.due = builder.date(raw, "Due", task.due, read_day)
    raw.completed = task.status == "completed"
    raw.completed_at = builder.time(raw, "completed", task.completed)
    raw.updated_at = builder.time(raw, "updated", task.updated)
    raw.created_at = builder.time(raw, "created", task.created)
    if task.deleted:
        raw.deleted_at = raw.updated_at or builder.context.now
    for link in task.links or []:
        raw.describe(link.description or "Link", link.link)
    if task.task_recurrence_id:
        builder.remarks.note(line, "recurs in Google, whose export does not say how: give it a rule yourself")
    return raw
