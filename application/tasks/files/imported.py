"""What an import file contains, in the same terms for all programs that write such files."""

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

    `list` is the key of a list, or None for the inbox. `key`, `parent` and `occurrence_of` are names within the file. A
    parent may come after its subtasks. `recurrence` is final: a rule from a calendar is as RFC 5545 means it, and one
    from words has the last day of shorter months already. So it is to be stored without another change (`keeps_rfc`).
    `slot` and `position` are those of a `Task`, which only our own exports have.
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
    slot: str | None = None
    occurrence_of: str | None = None
    position: str | None = None


@dataclass(slots=True, kw_only=True)
class ImportedNamed:
    """A list or a view. Its `key` is its name, unless the file tells several of the same name apart. `number` is what
    the filters of views in the file call a list."""

    name: str
    key: str = ""
    number: int = 0
    position: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    deleted_at: datetime | None = None

    def __post_init__(self) -> None:
        self.key = self.key or self.name


@dataclass(slots=True, kw_only=True)
class ImportedList(ImportedNamed):
    color: str | None = None
    archived: bool = False


@dataclass(slots=True, kw_only=True)
class ImportedView(ImportedNamed):
    filter: str
    sort: str | None = None


@dataclass(slots=True, kw_only=True)
class ImportedFile:
    """All is in the order of the file. `notes` say what came in otherwise than it stood in the file. `problems` are the
    rows that no task could be made of."""

    tasks: list[ImportedTask]
    lists: list[ImportedList]
    notes: list[Remark]
    problems: list[Remark]
    views: list[ImportedView] = field(default_factory=list)
