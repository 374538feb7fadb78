"""Reads the JSON of Todoist's API: a sync of everything, or a list of tasks."""

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Raw

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.formats.todoist.shapes import DueValue, Item, Named, Project, Sync
from application.tasks.files.formats.todoist.words import found_words, readable_note, set_duration, set_rule
from application.tasks.files.imported import Priority
from application.tasks.files.reading.colors import of_todoist
from application.tasks.files.reading.encodings import utf8
from application.tasks.files.reading.json_values import document, entries, key_of, things
from application.tasks.files.reading.times import at_clock, at_moment, moment, read_day
from application.tasks.files.reading.zone_names import zone_name
from domain.tasks.dates.due import Due

PRIORITIES: dict[int, Priority | None] = {4: "high", 3: "medium", 2: "low", 1: None}
"""In the API, 4 is p1."""


def read(body: bytes, builder: ImportBuilder, filename: str) -> None:  # noqa: ARG001
    """Raises `Invalid`."""
    text = utf8(body)
    sync = Sync(items=document(text, list[Raw])) if text.lstrip()[:1] == b"[" else document(text, Sync)
    if sync.next_cursor:
        builder.remarks.note(0, "the file is one page of several: import the others too")
    reading = _Reading(builder, sync)
    for line, item in entries(sync.items or sync.results or sync.tasks or [], Item, builder):
        builder.add(reading.task(line, item))


class _Reading:
    def __init__(self, builder: ImportBuilder, sync: Sync) -> None:
        self._builder = builder
        self._lists = self._projects(sync.projects or [])
        self._sections = {str(each.id): each.name for each in things(sync.sections or [], Named, builder, "section")}
        self._labels = {str(each.id): each.name for each in things(sync.labels or [], Named, builder, "label")}
        self._notes: dict[str, list[str]] = {}
        for note in things(sync.notes or [], Named, builder, "note"):
            if not note.is_deleted:
                self._notes.setdefault(str(note.item_id or note.task_id), []).append(readable_note(note.content))

    def _projects(self, raws: list[Raw]) -> dict[str, str | None]:
        projects = [*things(raws, Project, self._builder, "project")]
        projects.sort(key=lambda each: each.child_order or each.order or 0)
        return {str(each.id): self._list(each) for each in projects if not each.is_deleted}

    def _list(self, project: Project) -> str | None:
        if project.inbox_project or project.is_inbox_project:
            return None
        color, archived = of_todoist(project.color), bool(project.is_archived)
        return self._builder.lists.named(project.name, str(project.id), color=color, archived=archived)

    def task(self, line: int, item: Item) -> RawTask:
        raw = RawTask(line=line, title=item.content, description=item.description or "", priority=None)
        raw.key, raw.parent = key_of(item.id), key_of(item.parent_id)
        raw.list = self._lists.get(str(item.project_id))
        raw.order = item.child_order if item.child_order is not None else item.order
        raw.tags = [self._labels.get(str(label), str(label)) for label in item.labels or []]
        raw.priority = PRIORITIES.get(item.priority or 1)
        self._history(raw, item)
        self._dates(raw, item)
        if not raw.parent:
            raw.describe("Section", self._sections.get(str(item.section_id)))
        raw.extras += self._notes.get(str(item.id), [])
        if item.responsible_uid or item.assignee_id:
            self._builder.remarks.count(line, "assignee")
        return raw

    def _history(self, raw: RawTask, item: Item) -> None:
        raw.completed = bool(item.checked or item.is_completed)
        raw.completed_at = self._builder.time(raw, "completed_at", item.completed_at or item.date_completed)
        raw.created_at = self._builder.time(raw, "added_at", item.added_at or item.created_at or item.date_added)
        raw.updated_at = self._builder.time(raw, "updated_at", item.updated_at)
        if item.is_deleted:
            raw.deleted_at = raw.updated_at or self._builder.context.now

    def _dates(self, raw: RawTask, item: Item) -> None:
        if item.deadline:
            raw.deadline = self._builder.date(raw, "Deadline", item.deadline.date, read_day)
        if item.duration:
            set_duration(self._builder, raw, str(item.duration.amount), item.duration.unit)
        if item.due:
            self._due(raw, item.due)

    def _due(self, raw: RawTask, due: DueValue) -> None:
        zone = zone_name(due.timezone)
        raw.due = self._builder.date(raw, "Due", due.datetime or due.date, lambda text: self._read_due(text, zone))
        if due.is_recurring:
            self._rule(raw, due.string or "", due.lang or "en")

    def _read_due(self, text: str, zone: str | None) -> Due | None:
        """Returns a day, a time anywhere, or a moment, which ends in Z."""
        if len(text) <= 10:
            return read_day(text)
        if text.endswith("Z"):
            time = moment(text)
            return at_moment(time, zone or self._builder.zone) if time else None
        return at_clock(datetime.fromisoformat(text).replace(tzinfo=None), zone)

    def _rule(self, raw: RawTask, words: str, language: str) -> None:
        """Sets the rule from the words, as they are understood on the day when the task is due."""
        now = self._builder.context.now
        if raw.due:
            now = raw.due.local.replace(tzinfo=ZoneInfo(raw.due.zone or self._builder.zone))
        found = found_words(self._builder, words, language, now)
        if found and found.rule:
            set_rule(raw, found)
        else:
            self._builder.unread(raw, "Repeats", words or "(without words)")
