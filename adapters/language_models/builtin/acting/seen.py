"""Reads the results of tools as data: numbers, titles and fields of tasks. Their texts are never interpreted."""

from collections.abc import Iterator, Mapping
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
    priority: str | None = None
    tags: tuple[str, ...] = ()
    list: str | None = None
    recurrence: str | None = None
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


class Result(Struct, frozen=True):
    success: bool = False
    message: str = ""
    task: Seen | None = None
    data: Seen | None = None


class Results(Struct, frozen=True):
    results: tuple[Result, ...]


class Outcome(Struct, frozen=True):
    success: bool = False
    message: str = ""
    data: Any = None

    def page(self) -> Page | None:
        return _as(self.data, Page) if self.success else None

    def each(self) -> Iterator["Outcome"]:
        """Yields the outcomes of the changes, of which a call has one or several."""
        results = _as(self.data, Results)
        if not results:
            yield self
            return
        for result in results.results:
            yield Outcome(result.success, result.message, msgspec.to_builtins(result.task or result.data))

    def tasks(self) -> tuple[Seen, ...]:
        """Returns the task or the tasks in the result."""
        if not self.success:
            return ()
        task, page, several = _as(self.data, Seen), _as(self.data, Page), _as(self.data, Results)
        if several:
            return tuple(found for each in several.results if (found := each.task or each.data))
        return (task,) if task else page.tasks if page else ()


def outcome(output: Mapping[str, Any]) -> Outcome:
    return _as(dict(output), Outcome) or Outcome(message="The tool gave no readable answer.")


def _as(data: Any, kind: type[Any]) -> Any:
    try:
        return msgspec.convert(data, kind)
    except (msgspec.ValidationError, RecursionError):
        return None
