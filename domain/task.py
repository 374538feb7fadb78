"""A task, its rules, and the record of a change to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.account import Actor
from domain.text import clean

TITLE_LONGEST = 500
DESCRIPTION_LONGEST = 16_000


class Status(StrEnum):
    ALL = "all"
    PENDING = "pending"
    COMPLETED = "completed"
    TRASHED = "trashed"


@dataclass(slots=True, unsafe_hash=True)
class Task:
    """`id` and `revision` are the user's own numbers, given when the task is first recorded (0 until then).

    The revision is that of its last change. A task with `deleted_at` is in the trash, otherwise as it was before.
    Never changed: `frozen` would say so, and make each of a list take four times as long.
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

    @classmethod
    def new(cls, user_id: str, now: datetime, values: Mapping[str, Any]) -> "Task":
        """Raises `Invalid` where a value breaks its rule."""
        return cls(user_id=user_id, created_at=now, updated_at=now, **_cleaned(values))

    def changed(self, now: datetime, values: Mapping[str, Any]) -> "Task":
        """The task with `values`, or itself where they change nothing. Raises `Invalid`."""
        after = replace(self, **_cleaned(values))
        return self if after == self else replace(after, updated_at=now)

    def deleted(self, now: datetime) -> "Task":
        return replace(self, deleted_at=now)

    def restored(self) -> "Task":
        return replace(self, deleted_at=None)

    @property
    def status(self) -> Status:
        if self.deleted_at:
            return Status.TRASHED
        return Status.COMPLETED if self.completed else Status.PENDING


class Kind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    COMPLETED = "completed"
    UNCOMPLETED = "uncompleted"
    DELETED = "deleted"
    RESTORED = "restored"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be recorded: the task before (None: it is new) and after."""

    before: Task | None
    after: Task

    @property
    def kind(self) -> Kind:
        before, after = self.before, self.after
        if before is None:
            return Kind.CREATED
        if bool(before.deleted_at) != bool(after.deleted_at):
            return Kind.DELETED if after.deleted_at else Kind.RESTORED
        if before.completed == after.completed:
            return Kind.UPDATED
        return Kind.COMPLETED if after.completed else Kind.UNCOMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change as the log has it. Of a task that was purged, the states before and after are forgotten.

    `before.revision` is not told. `actor_name` is that of the API token, `conversation_id` that of the chat turn
    that made the change.
    """

    user_id: str
    revision: int
    task_id: int
    kind: Kind
    before: Task | None
    after: Task | None
    actor: Actor
    actor_name: str | None = None
    conversation_id: str | None = None
    at: datetime


def _clean_title(value: str) -> str:
    return clean("title", value, longest=TITLE_LONGEST, shortest=1)


def _clean_description(value: str | None) -> str | None:
    return None if value is None else clean("description", value, longest=DESCRIPTION_LONGEST) or None


_RULES: Mapping[str, Callable[[Any], Any]] = {"title": _clean_title, "description": _clean_description}


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _RULES[name](value) if name in _RULES else value for name, value in values.items()}
