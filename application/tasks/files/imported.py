"""What an import file contains, in our words, whichever program wrote it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

Priority = Literal["low", "medium", "high"]
Texts = list[str]


class Remark(NamedTuple):
    """Something to tell about a place in the file. In JSON, `line` is the place of the task among all tasks, from 1."""

    line: int
    message: str


@dataclass(slots=True, kw_only=True)
class ImportedTask:
    """A task whose values keep the rules of tasks. Dates and rules are the texts that a task stores.

    `list` is the name of a list, or None for the inbox. `key` and `parent` are names within the file. A parent may come
    after its subtasks. `recurrence` is final: a rule from a calendar is as RFC 5545 means it, and one from words has
    the last day of shorter months already. So it is to be stored without another change (`keeps_rfc`).
    """

    line: int
    title: str
    description: str | None = None
    list: str | None = None
    key: str | None = None
    parent: str | None = None
    completed: bool = False
    completed_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    priority: Priority | None = None
    tags: Texts = field(default_factory=Texts)
    start: str | None = None
    due: str | None = None
    deadline: str | None = None
    recurrence: str | None = None
    recurs_from: Literal["due", "completion"] = "due"
    estimate: str | None = None


@dataclass(slots=True, kw_only=True)
class ImportedList:
    """A list. `color` is one of our colors."""

    name: str
    color: str | None = None
    archived: bool = False


@dataclass(slots=True, kw_only=True)
class ImportedFile:
    """The tasks and lists in the order of the file.

    `notes` say what came in otherwise than it stood in the file. `problems` are the rows that no task could be made of.
    """

    tasks: list[ImportedTask]
    lists: list[ImportedList]
    notes: list[Remark]
    problems: list[Remark]
