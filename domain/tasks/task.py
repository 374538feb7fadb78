"""A task and its rules. Its commands return the changes that they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.tasks.changes import Change, ChangeKind, Changes
from domain.text import clean

MAX_TITLE_LENGTH = 500
MAX_DESCRIPTION_LENGTH = 16_000
MAX_ID = 2**53 - 1
"""The largest whole number that JavaScript keeps exactly. Task ids and revisions do not exceed it."""


class Status(StrEnum):
    ALL = "all"
    PENDING = "pending"
    COMPLETED = "completed"
    TRASHED = "trashed"


@dataclass(slots=True, unsafe_hash=True)
class Task:
    """`id` and `revision` are the user's own numbers, which are 0 until the task is first recorded.

    `revision` is that of the last change. A task with `deleted_at` is in the trash. Instances are never changed. The
    class is not `frozen` because that makes creating a list of tasks take four times as long.
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
        """Returns a new task. Raises `Invalid` if a value breaks its rule."""
        return cls(user_id=user_id, created_at=now, updated_at=now, **_cleaned(values))

    def edit(self, values: Mapping[str, Any], now: datetime) -> Changes["Task"]:
        """Sets the fields to `values`. A value of `completed` is the command `complete` or `reopen`, done after the
        others.

        Raises `Invalid` if a value breaks its rule.
        """
        given = dict(values)
        completed = given.pop("completed", None)
        edited = replace(self, **_cleaned(given))
        if completed is None:
            return self._to(edited, now)
        return edited.complete(now, since=self) if completed else edited.reopen(now, since=self)

    def complete(self, now: datetime, since: "Task | None" = None) -> Changes["Task"]:
        """Completes the task. `since` is the task before the edit that this command is a part of."""
        return (since or self)._to(replace(self, completed=True), now)

    def reopen(self, now: datetime, since: "Task | None" = None) -> Changes["Task"]:
        return (since or self)._to(replace(self, completed=False), now)

    def delete(self, now: datetime) -> Changes["Task"]:
        """Puts the task into the trash."""
        return [Change(self, replace(self, deleted_at=now))]

    def restore(self) -> Changes["Task"]:
        """Takes the task out of the trash, with the values that it had. A task outside the trash stays as it is."""
        return [Change(self, replace(self, deleted_at=None))] if self.deleted_at else []

    def _to(self, after: "Task", now: datetime) -> Changes["Task"]:
        return [] if after == self else [Change(self, replace(after, updated_at=now))]

    def kind_since(self, before: "Task") -> ChangeKind:
        if before.completed == self.completed:
            return ChangeKind.UPDATED
        return ChangeKind.COMPLETED if self.completed else ChangeKind.UNCOMPLETED

    @property
    def label(self) -> str:
        return f"Task {self.id}, {self.title}"

    @property
    def status(self) -> Status:
        if self.deleted_at:
            return Status.TRASHED
        return Status.COMPLETED if self.completed else Status.PENDING


def _clean_title(value: str) -> str:
    return clean("title", value, longest=MAX_TITLE_LENGTH, shortest=1)


def _clean_description(value: str | None) -> str | None:
    return None if value is None else clean("description", value, longest=MAX_DESCRIPTION_LENGTH) or None


_RULES: Mapping[str, Callable[[Any], Any]] = {"title": _clean_title, "description": _clean_description}


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _RULES[name](value) if name in _RULES else value for name, value in values.items()}
