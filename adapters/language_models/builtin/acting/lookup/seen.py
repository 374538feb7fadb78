"""Reads the results of tools as data: numbers, titles and fields of tasks. Their texts are never interpreted."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from domain.tasks.task import Status

MAX_TITLE_SHOWN = 200


class Seen(Struct, frozen=True):
    """A task in the result of a tool, with the fields that this assistant uses."""

    id: int
    title: str
    description: str | None = None
    completed: bool = False
    completed_at: str | None = None
    deleted_at: str | None = None
    due: str | None = None
    deadline: str | None = None
    priority: str | None = None
    tags: tuple[str, ...] = ()
    list: str | None = None
    recurrence: str | None = None
    estimate: str | None = None
    reminders: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """Returns number and title on one line, so that a title can't look like a line of the assistant."""
        title = " ".join(self.title.split())
        return f"{self.id}. {title if len(title) <= MAX_TITLE_SHOWN else title[:MAX_TITLE_SHOWN] + '…'}"

    @property
    def status(self) -> Status:
        if self.deleted_at:
            return Status.TRASHED
        return Status.COMPLETED if self.completed else Status.PENDING


class Page(Struct, frozen=True):
    tasks: tuple[Seen, ...]
    total: int = 0
    next_cursor: str | None = None


class Outcome(Struct, frozen=True):
    """The result of a call, or of one change of several; that has its task in `task` or in `data`."""

    success: bool = False
    message: str = ""
    data: Any = None
    task: Any = None

    @property
    def plainly(self) -> str:
        """Returns the message without what only the writer of a filter can use."""
        return self.message.removeprefix("filter: ").partition(" (at character")[0].rstrip(".") + "."

    def page(self) -> Page | None:
        return _as(self.data, Page) if self.success else None

    def each(self) -> tuple["Outcome", ...]:
        """Returns the outcomes of the changes, of which a call has one or several."""
        results = _as(self.data, Results)
        return results.results if results else (self,)

    def tasks(self) -> tuple[Seen, ...]:
        """Returns the task or the tasks in the result."""
        if page := self.page():
            return page.tasks
        found = (_as(one.task or one.data, Seen) for one in self.each() if one.success)
        return tuple(filter(None, found)) if self.success else ()


class Results(Struct, frozen=True):
    results: tuple[Outcome, ...]


def outcome(output: Mapping[str, Any]) -> Outcome:
    return _as(dict(output), Outcome) or Outcome(message="The tool gave no readable answer.")


def _as(data: Any, kind: type[Any]) -> Any:
    try:
        return msgspec.convert(data, kind)
    except (msgspec.ValidationError, RecursionError):
        return None
