"""Reads the results of tools as data: numbers, titles and states of tasks. Their texts are never interpreted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from adapters.language_models.builtin.reading.sentence import one_line
from domain.tasks.task import Status


class Seen(Struct, frozen=True):
    """A task in the result of a tool, with the fields that this assistant uses."""

    id: int
    title: str
    description: str | None = None
    completed: bool = False
    deleted_at: datetime | None = None

    @property
    def named(self) -> str:
        """Returns number and title on one line, so that a title can't look like a line of the assistant."""
        return f"{self.id}. {one_line(self.title)}"

    @property
    def status(self) -> Status:
        if self.deleted_at:
            return Status.TRASHED
        return Status.COMPLETED if self.completed else Status.PENDING


class Page(Struct, frozen=True):
    tasks: tuple[Seen, ...] = ()
    total: int = 0


class Outcome(Struct, frozen=True):
    success: bool = False
    message: str = ""
    data: Any = None

    def task(self) -> Seen | None:
        return _as(self.data, Seen) if self.success else None

    def page(self) -> Page | None:
        return _as(self.data, Page) if self.success else None

    def tasks(self) -> tuple[Seen, ...]:
        """Returns the task or the tasks in the result."""
        task, page = self.task(), self.page()
        return (task,) if task else page.tasks if page else ()


def outcome(output: Mapping[str, Any]) -> Outcome:
    return _as(dict(output), Outcome) or Outcome(message="The tool gave no readable answer.")


def _as(data: Any, kind: type[Any]) -> Any:
    try:
        return msgspec.convert(data, kind)
    except (msgspec.ValidationError, RecursionError):
        return None
