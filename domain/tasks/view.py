"""Saved views: a filter with a name."""

from dataclasses import dataclass, field
from typing import ClassVar

from domain.errors import Invalid
from domain.tasks.changes import COMPUTED
from domain.tasks.named import Named, Rules

MAX_VIEWS = 500
SORT_KEYS = ("created", "updated", "completed", "due", "deadline", "priority", "title", "position", "relevance")


def _clean_sort(value: str | None) -> str | None:
    """Returns the keys in their order, separated by commas. `-` stands before one that sorts downwards."""
    if value is None:
        return None
    keys = [each.strip() for each in value.split(",")]
    names = [each.removeprefix("-") for each in keys]
    if len({*names}) < len(names) or not {*names} <= {*SORT_KEYS}:
        raise Invalid.field("sort", f"must be of {', '.join(SORT_KEYS)}, each once, such as -priority,due")
    return ",".join(keys)


@dataclass(slots=True, unsafe_hash=True)
class View(Named):
    """`filter` names lists by their numbers, so that it follows a list that gets another name. `sort` is the text of a
    sort, or None for the default one.

    `shown_filter` and `problem` are found out when a view is shown: the filter with the present names of its lists, and
    which of them are gone.
    """

    KIND: ClassVar[str] = "view"
    MOST: ClassVar[int] = MAX_VIEWS
    RULES: ClassVar[Rules] = {"sort": _clean_sort}

    filter: str = ""
    sort: str | None = None
    shown_filter: str = field(default="", compare=False, metadata=COMPUTED)
    problem: str | None = field(default=None, compare=False, metadata=COMPUTED)
