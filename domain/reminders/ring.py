"""A ring: one reminder of one date of a task. It rings once, and again after each snooze."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.errors import Conflict
from domain.tasks.changes import Change, ChangeKind

REMINDER = "reminder"
"""The name of reminders that rang, in the log."""
LATE = timedelta(seconds=60)
"""A reminder that rings later than this says so."""
MAX_SNOOZE = timedelta(days=365)
DEFAULT_SNOOZE_MINUTES = 10


class RingState(StrEnum):
    """`NEW` has no time yet: the account's zone is read when the time is computed. `PAST` never rings."""

    NEW = "new"
    WAITING = "waiting"
    RUNG = "rung"
    PAST = "past"


class RingKey(NamedTuple):
    """`due` is the date of the task that the reminder belongs to, or "" if the reminder has a time of its own. So that
    one rings once, however often the task recurs."""

    user_id: str
    task_id: int
    reminder: str
    due: str


@dataclass(frozen=True, slots=True)
class RingOfTask:
    """When a reminder of a task rings, or rang last. `ring_at` is None for a moment after it was set."""

    reminder: str
    due: str
    state: RingState
    ring_at: datetime | None
    snoozes: int


@dataclass(slots=True, kw_only=True)
class Rung:
    """A reminder that rang, as the log shows it. `id` is its revision, which no other of the user has. `ring_at` is
    when it was to ring. `title` is that of the task now, and None if the task is gone."""

    user_id: str
    id: int
    task_id: int
    reminder: str
    due: str | None
    ring_at: datetime
    late: bool
    snoozes: int = 0
    title: str | None = None
    revision: int = 0
    deleted_at: datetime | None = field(default=None, compare=False)

    @property
    def key(self) -> RingKey:
        return RingKey(self.user_id, self.task_id, self.reminder, self.due or "")

    @property
    def label(self) -> str:
        return f"The reminder of task {self.task_id}"

    def kind_since(self, before: "Rung") -> ChangeKind:  # noqa: ARG002
        return ChangeKind.RANG

    def uncreate(self, now: datetime) -> Change["Rung"]:  # noqa: ARG002
        raise Conflict("A reminder that rang can't be taken back. Snooze it, or complete its task.")
