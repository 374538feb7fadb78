"""Reads Vikunja's export, `data.json`, and tasks as its API writes them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from msgspec import Raw, Struct

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.formats.vikunja.shapes import DEFAULT, Project, Related, VikunjaTask
from application.tasks.files.imported import Priority
from application.tasks.files.reading.colors import of_hex
from application.tasks.files.reading.encodings import utf8
from application.tasks.files.reading.html import check_tags, is_html, markdown
from application.tasks.files.reading.json_values import document, entries, key_of, things
from application.tasks.files.reading.times import at_moment, moment
from domain.tasks.dates.due import Due
from domain.tasks.dates.recurrence import RecursFrom

PRIORITIES: Mapping[int, Priority | None] = {0: None, 1: "low", 2: "medium", 3: "high", 4: "high", 5: "high"}
NAMED = {4: "urgent", 5: "do now"}
MONTHLY, FROM_COMPLETION = 1, 2
"""The modes of repetition."""
DAY, WEEK = 86_400, 7 * 86_400
CHILDREN, PARENTS = "subtask", "parenttask"
SIBLINGS_SHOWN = 20


class Shape(Struct):
    done: bool | None = None


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:  # noqa: ARG001
    """Raises `Invalid`."""
    text = utf8(body)
    check_tags(text)
    raws = document(text, list[Raw]) if text.lstrip()[:1] == b"[" else [Raw(text)]
    reading = _Reading(builder)
    if raws and document(bytes(raws[0]), Shape).done is not None:
        reading.tasks(raws, None)
    else:
        reading.projects(raws)
    reading.finish()


class _Reading:
    """The state of reading. A relation may stand at the parent, so tasks are added when all have been read."""

    def __init__(self, builder: ImportBuilder) -> None:
        self._builder = builder
        self._tasks: list[RawTask] = []
        self._parents: dict[str, str] = {}

    def projects(self, raws: list[Raw]) -> None:
        waiting = raws[::-1]
        while waiting:
            for project in things([waiting.pop()], Project, self._builder, "project"):
                self._project(project)
                waiting += [*(project.child_projects or []), *(project.lists or [])][::-1]

    def _project(self, project: Project) -> None:
        if project.tasks is None and project.lists is not None:
            return
        color, archived = of_hex(project.hex_color), bool(project.is_archived)
        name = self._builder.lists.named(project.title, str(project.id), color=color, archived=archived)
        if project.description:
            self._builder.remarks.note(0, f"the description of the project {name} is not kept")
        self.tasks(project.tasks or [], name)

    def tasks(self, raws: list[Raw], name: str | None) -> None:
        for line, task in entries(raws, VikunjaTask, self._builder):
            raw = _task(self._builder, line, task)
            raw.list = name
            self._relate(raw, task.related_tasks or {})
            self._tasks.append(raw)

    def _relate(self, raw: RawTask, related: Mapping[str, list[Related] | None]) -> None:
        for each in related.get(PARENTS) or []:
            self._parents.setdefault(raw.key or "", key_of(each.id) or "")
        for each in related.get(CHILDREN) or []:
            self._parents.setdefault(key_of(each.id) or "", raw.key or "")
        for kind in related.keys() - {CHILDREN, PARENTS}:
            titles = [each.title for each in (related[kind] or [])[:SIBLINGS_SHOWN]]
            raw.describe(f"Related ({kind})", ", ".join(titles))

    def finish(self) -> None:
        for raw in self._tasks:
            raw.parent = self._parents.get(raw.key or "") or None
            self._builder.add(raw)


def _task(builder: ImportBuilder, line: int, task: VikunjaTask) -> RawTask:
    raw = RawTask(line=line, title=task.title, key=key_of(task.id), order=task.position or None)
    raw.description = _readable(task.description or "")
    raw.tags = [label.title for label in task.labels or []]
    raw.priority = PRIORITIES.get(task.priority or 0)
    raw.describe("Priority", NAMED.get(task.priority or 0))
    raw.completed = bool(task.done)
    raw.completed_at = builder.time(raw, "done_at", task.done_at)
    raw.created_at = builder.time(raw, "created", task.created)
    raw.updated_at = builder.time(raw, "updated", task.updated)
    _dates(builder, raw, task)
    _rule(builder, raw, task)
    _others(builder, raw, task)
    return raw


def _readable(text: str) -> str:
    return markdown(text) if is_html(text) else text


def _dates(builder: ImportBuilder, raw: RawTask, task: VikunjaTask) -> None:
    def read(text: str) -> Due | None:
        time = moment(text)
        return at_moment(time, builder.zone) if time else None

    raw.due = builder.date(raw, "Due", task.due_date, read)
    raw.start = builder.date(raw, "Start", task.start_date, read)
    end = builder.date(raw, "End", task.end_date, read)
    raw.describe("End", end.text if end else None)


def _rule(builder: ImportBuilder, raw: RawTask, task: VikunjaTask) -> None:
    """Sets the rule. Vikunja counts seconds; those that make no whole days have no rule of ours."""
    after, mode = task.repeat_after or 0, task.repeat_mode or DEFAULT
    if task.repeats or mode == MONTHLY:
        raw.rule = task.repeats or "FREQ=MONTHLY"
    elif after > 0 and after % DAY:
        builder.unread(raw, "Repeats", f"every {_span(after)}")
    elif after > 0:
        is_weekly = after % WEEK == 0
        raw.rule = f"FREQ=WEEKLY;INTERVAL={after // WEEK}" if is_weekly else f"FREQ=DAILY;INTERVAL={after // DAY}"
    if mode == FROM_COMPLETION:
        raw.recurs_from = RecursFrom.COMPLETION


def _span(seconds: int) -> str:
    try:
        return str(timedelta(seconds=seconds))
    except OverflowError:
        return f"{seconds} seconds"


def _others(builder: ImportBuilder, raw: RawTask, task: VikunjaTask) -> None:
    if task.percent_done and 0 < task.percent_done < 1:
        raw.describe("Progress", f"{task.percent_done:.0%}")
    raw.describe("Assigned to", ", ".join(each.name or each.username for each in task.assignees or []))
    raw.extras += [f"Comment: {text}" for text in _comments(task)]
    for what, values in _counted(task):
        if values:
            builder.remarks.count(raw.line, what)


def _comments(task: VikunjaTask) -> Iterator[str]:
    return (_readable(each.comment) for each in task.comments or [])


def _counted(task: VikunjaTask) -> tuple[tuple[str, object], ...]:
    return ("reminders", task.reminders), ("attachments", task.attachments), ("favorite", task.is_favorite)
