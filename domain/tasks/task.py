"""A task and its rules. Its commands return the changes that they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.errors import Conflict, Invalid
from domain.tasks.changes import COMPUTED, Change, ChangeKind, Changes
from domain.tasks.dates.calendar import UTC_CALENDAR, Calendar
from domain.tasks.dates.due_text import parse_due, read_due
from domain.tasks.dates.scheduling import ONCE, begun, check_dates
from domain.tasks.dates.series import Series, day_moved, due_moved
from domain.tasks.fields import cleaned
from domain.tasks.ordering.sibling_keys import number_key
from domain.tasks.reminders import is_before_due

MAX_ID = 2**53 - 1
"""The largest whole number that JavaScript keeps exactly. Task ids and revisions do not exceed it."""


class Status(StrEnum):
    ALL = "all"
    PENDING = "pending"
    COMPLETED = "completed"
    TRASHED = "trashed"


@dataclass(frozen=True, slots=True)
class Subtasks:
    total: int
    completed: int


NO_SUBTASKS = Subtasks(0, 0)


@dataclass(slots=True, unsafe_hash=True)
class Task:
    """`id` and `revision` are the user's own numbers, which are 0 until the task is first recorded.

    `revision` is that of the last change. A task with `deleted_at` is in the trash. `start` and `deadline` are days,
    `due` is the text of a `Due`, and `slot` is the day or time that the rule of `recurrence` gave last. `order_key` is
    None until the task is moved by hand. `subtasks_total` and `subtasks_completed` are counted when a task is read.

    Instances are never changed. The class is not `frozen` because that makes creating a list of tasks take four times
    as long.
    """

    user_id: str
    title: str
    created_at: datetime
    updated_at: datetime
    id: int = 0
    description: str | None = None
    completed: bool = False
    deleted_at: datetime | None = None
    revision: int = 0
    completed_at: datetime | None = None
    list_id: int | None = None
    parent_id: int | None = None
    order_key: str | None = None
    priority: str | None = None
    tags: list[str] = field(default_factory=list, hash=False)
    start: str | None = None
    due: str | None = None
    deadline: str | None = None
    recurrence: str | None = None
    recurs_from: str = ONCE
    slot: str | None = None
    estimate: str | None = None
    occurrence_of: int | None = None
    reminders: list[str] = field(default_factory=list, hash=False)
    subtasks_total: int = field(default=0, compare=False, metadata=COMPUTED)
    subtasks_completed: int = field(default=0, compare=False, metadata=COMPUTED)

    @classmethod
    def new(
        cls,
        user_id: str,
        now: datetime,
        values: Mapping[str, Any],
        calendar: Calendar = UTC_CALENDAR,
        *,
        keeps_rfc: bool = False,
    ) -> "Task":
        """Returns a new task. Raises `Invalid` if a value breaks its rule. `keeps_rfc` is that of `Series.begun`."""
        given = cleaned(values)
        completed_at = now if given.get("completed") else None
        task = cls(user_id=user_id, created_at=now, updated_at=now, **{"completed_at": completed_at, **given})
        return task._scheduled(given, calendar, keeps_rfc)

    def edit(self, values: Mapping[str, Any], now: datetime, calendar: Calendar = UTC_CALENDAR) -> Changes["Task"]:
        """Sets fields to `values`. Raises `Invalid` if a value breaks its rule."""
        given = cleaned(values)
        return self._to(replace(self, **given)._scheduled(given, calendar), now)

    def complete(self, now: datetime, calendar: Calendar = UTC_CALENDAR) -> Changes["Task"]:
        """Completes the task. A recurring one moves on to its next date, and leaves a completed occurrence behind. If
        its rule gives no further date, it is completed itself."""
        if self.completed:
            return []
        if moved := self.series and self.series.completed(calendar.local(now)):
            return [*self._to(self._moved_on(moved), now), Change(None, self._occurrence(now))]
        return self.finish(now)

    def finish(self, now: datetime) -> Changes["Task"]:
        return self._to(replace(self, completed=True, completed_at=now), now)

    def skip(self, now: datetime, calendar: Calendar = UTC_CALENDAR) -> Changes["Task"]:
        """Moves a recurring task on to its next date. Raises `Conflict` if there is none."""
        if self.completed or self.series is None:
            raise Conflict(f"{self.label}, does not recur, so there is no date to skip.")
        moved = self.series.skipped(calendar.local(now))
        if moved is None:
            raise Conflict(f"{self.label}, has no date after this one: complete it, or change its recurrence.")
        return self._to(self._moved_on(moved), now)

    def reopen(self, now: datetime) -> Changes["Task"]:
        return self._to(replace(self, completed=False, completed_at=None), now)

    def renew(self, days: int, now: datetime) -> Changes["Task"]:
        """Reopens a subtask of a recurring task that has moved on by so many days. Its deadline stays."""
        start, due = self.start and day_moved(self.start, days), self.due and due_moved(self.due, days)
        return self._to(replace(self, completed=False, completed_at=None, start=start, due=due), now)

    def place(
        self, list_id: int | None, parent_id: int | None, order_key: str | None, now: datetime
    ) -> Changes["Task"]:
        return self._to(replace(self, list_id=list_id, parent_id=parent_id, order_key=order_key), now)

    def delete(self, now: datetime) -> Changes["Task"]:
        return [Change(self, replace(self, deleted_at=now))]

    def restore(self) -> Changes["Task"]:
        """Takes the task out of the trash, with the values that it had. A task outside the trash stays as it is."""
        return [Change(self, replace(self, deleted_at=None))] if self.deleted_at else []

    def uncreate(self, now: datetime) -> Change["Task"]:
        """Undoes the creation. An occurrence leaves nothing behind, since its series has its date again."""
        if self.occurrence_of:
            return Change(self, self, purges=True)
        return Change(self, self if self.deleted_at else replace(self, deleted_at=now))

    def is_occurrence(self, due: str) -> bool:
        """Returns whether the task is due at this date now. Raises `Invalid` if the text is no date."""
        try:
            return self.due is not None and parse_due(due) == read_due(self.due)
        except ValueError as error:
            raise Invalid.field("occurrence", str(error)) from None

    def _to(self, after: "Task", now: datetime) -> Changes["Task"]:
        return [] if after == self else [Change(self, replace(after, updated_at=now))]

    def _scheduled(self, given: Mapping[str, Any], calendar: Calendar, keeps_rfc: bool = False) -> "Task":
        """Checks the dates and the rule against each other. If the rule is given, its series begins at `due`."""
        if self.due is None and any(map(is_before_due, self.reminders)):
            return self._without_due(given)._scheduled(given, calendar)
        if self.recurrence is None and self.slot:
            return replace(self, slot=None, recurs_from=given.get("recurs_from", ONCE))._scheduled(given, calendar)
        check_dates(self.start, self.due, self.recurrence, self.recurs_from)
        if self.recurrence is None or self.due is None or "recurrence" not in given:
            return self
        series = begun(self.recurrence, self.due, self.recurs_from, calendar, keeps_rfc=keeps_rfc)
        return replace(self, recurrence=series.recurrence, slot=series.slot)

    def _without_due(self, given: Mapping[str, Any]) -> "Task":
        if any(map(is_before_due, given.get("reminders", ()))):
            raise Invalid.field("reminders", "need a due date: give one, or write a time such as 2026-12-01T08:00")
        return replace(self, reminders=[each for each in self.reminders if not is_before_due(each)])

    @property
    def series(self) -> Series | None:
        if self.recurrence is None or self.due is None:
            return None
        return Series(
            due=self.due,
            slot=self.slot or self.due,
            recurrence=self.recurrence,
            recurs_from=self.recurs_from,
            start=self.start,
        )

    def _moved_on(self, series: Series) -> "Task":
        return replace(self, due=series.due, slot=series.slot, recurrence=series.recurrence, start=series.start)

    def _occurrence(self, now: datetime) -> "Task":
        return replace(
            self,
            id=0,
            revision=0,
            created_at=now,
            updated_at=now,
            completed=True,
            completed_at=now,
            order_key=None,
            recurrence=None,
            recurs_from=ONCE,
            slot=None,
            occurrence_of=self.id,
            reminders=[],
            subtasks_total=0,
            subtasks_completed=0,
        )

    def kind_since(self, before: "Task") -> ChangeKind:
        if before.completed == self.completed:
            return ChangeKind.UPDATED
        return ChangeKind.COMPLETED if self.completed else ChangeKind.UNCOMPLETED

    @property
    def rings(self) -> list[tuple[str, str]]:
        """Returns what is to ring: each reminder with the due date that it belongs to, which is "" for a reminder with
        a time of its own. A task that is done or in the trash is silent."""
        if self.completed or self.deleted_at:
            return []
        return [(each, self.due or "" if is_before_due(each) else "") for each in self.reminders]

    @property
    def label(self) -> str:
        return f"Task {self.id}, {self.title}"

    @property
    def status(self) -> Status:
        if self.deleted_at:
            return Status.TRASHED
        return Status.COMPLETED if self.completed else Status.PENDING

    @property
    def position(self) -> str:
        """Until a task is moved by hand, the key of its number counts, so new tasks come last."""
        return self.order_key or number_key(self.id)

    @property
    def subtasks(self) -> Subtasks:
        return Subtasks(self.subtasks_total, self.subtasks_completed) if self.subtasks_total else NO_SUBTASKS
