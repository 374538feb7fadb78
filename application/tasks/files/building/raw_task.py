"""A task as a reader found it, before it keeps the rules of tasks."""

from dataclasses import dataclass, field
from datetime import datetime

from application.tasks.files.imported import Priority
from domain.tasks.dates.due import Due
from domain.tasks.dates.recurrence import RecursFrom

Texts = list[str]


@dataclass(slots=True, kw_only=True)
class RawTask:
    """Each text of `extras` goes into the description. `order` is the place among the tasks of its list. `keeps_rfc` is
    for rules that leave out a month which has no 31st. `minutes` is the estimate."""

    line: int
    title: str = ""
    description: str = ""
    extras: Texts = field(default_factory=Texts)
    list: str | None = None
    key: str | None = None
    parent: str | None = None
    order: float | None = None
    completed: bool = False
    completed_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    priority: Priority | None = None
    tags: Texts = field(default_factory=Texts)
    start: Due | None = None
    due: Due | None = None
    deadline: Due | None = None
    rule: str = ""
    recurs_from: RecursFrom = RecursFrom.DUE
    keeps_rfc: bool = True
    minutes: float | None = None

    def describe(self, name: str, value: str | None) -> None:
        if value and value.strip():
            self.extras.append(f"{name}: {value.strip()}")
