from dataclasses import dataclass, field
from typing import ClassVar

from domain.tasks.changes import COMPUTED
from domain.tasks.named import Named

MAX_VIEWS = 500


@dataclass(slots=True, unsafe_hash=True)
class View(Named):
    """`filter` names lists by their numbers, so that it follows a list that gets another name. `sort` is the text of a
    sort, or None for the default one. `shown_filter` and `problem` are found out when a view is shown: the filter with
    the present names of its lists, and which of them are gone."""

    KIND: ClassVar[str] = "view"
    MOST: ClassVar[int] = MAX_VIEWS

    filter: str = ""
    sort: str | None = None
    shown_filter: str = field(default="", compare=False, metadata=COMPUTED)
    problem: str | None = field(default=None, compare=False, metadata=COMPUTED)
