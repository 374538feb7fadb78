from dataclasses import dataclass
from typing import Any

from application.tasks.query.filter import ALL, Filter
from application.tasks.query.sort import NEWEST, Sort

MAX_COUNTED = 10_000
"""Tasks are counted up to this number if no counter knows it."""
MAX_RANKED = 1_000
"""Of more matches than these, relevance ranks the newest ones, and the others are left out."""


@dataclass(frozen=True, slots=True)
class Total:
    count: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """`after` has the sort's values of the task before the first one wanted. `offset` is for clients without one.
    `words` are those that a sort by rank is about. `total` is known from the page before, and is not counted again."""

    filter: Filter = ALL
    sort: Sort = NEWEST
    limit: int = 50
    after: tuple[Any, ...] | None = None
    offset: int = 0
    words: str = ""
    total: Total | None = None

    @property
    def is_ranked(self) -> bool:
        return bool(self.words)
