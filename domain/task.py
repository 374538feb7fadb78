"""A task, its rules, and the record of a change to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.account import Actor
from domain.text import clean

TITLE_LONGEST = 200
DESCRIPTION_LONGEST = 1000


class Status(StrEnum):
    ALL = "all"
    PENDING = "pending"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`id` and `revision` are the user's own numbers, given when the task is first recorded (0 until then)."""

    user_id: str
    id: int = 0
    title: str
    description: str | None = None
    completed: bool = False
    created_at: datetime
    updated_at: datetime
    revision: int = 0

    @classmethod
    def new(cls, user_id: str, now: datetime, values: Mapping[str, Any]) -> "Task":
        """Raises `Invalid` where a value breaks its rule."""
        return cls(user_id=user_id, created_at=now, updated_at=now, **_cleaned(values))

    def changed(self, now: datetime, values: Mapping[str, Any]) -> "Task":
        """The task with `values`, or itself where they change nothing. Raises `Invalid`."""
        after = replace(self, **_cleaned(values))
        return self if after == self else replace(after, updated_at=now)


class Kind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    COMPLETED = "completed"
    UNCOMPLETED = "uncompleted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """One event of the log: the task before (None: it is new) and after (None: it is gone)."""

    before: Task | None
    after: Task | None
    actor: Actor
    at: datetime

    @property
    def task(self) -> Task:
        task = self.after or self.before
        assert task is not None, "a change has a before or an after"
        return task

    @property
    def kind(self) -> Kind:
        if self.before is None:
            return Kind.CREATED
        if self.after is None:
            return Kind.DELETED
        if self.before.completed == self.after.completed:
            return Kind.UPDATED
        return Kind.COMPLETED if self.after.completed else Kind.UNCOMPLETED


def _clean_title(value: str) -> str:
    return clean("title", value, longest=TITLE_LONGEST, shortest=1)


def _clean_description(value: str | None) -> str | None:
    return None if value is None else clean("description", value, longest=DESCRIPTION_LONGEST) or None


_RULES: Mapping[str, Callable[[Any], Any]] = {"title": _clean_title, "description": _clean_description}


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _RULES[name](value) if name in _RULES else value for name, value in values.items()}
