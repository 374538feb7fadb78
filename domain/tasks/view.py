"""Saved views: a filter with a name."""

from dataclasses import dataclass
from typing import ClassVar

from domain.tasks.named import Named

MAX_VIEWS = 500


@dataclass(slots=True, unsafe_hash=True)
class View(Named):
    """`filter` names lists by their numbers, so that it follows a list that gets another name. `sort` is the text of a
    sort, or None for the default one."""

    KIND: ClassVar[str] = "view"

    filter: str = ""
    sort: str | None = None
