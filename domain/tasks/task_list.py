from dataclasses import dataclass, field
from typing import ClassVar

from domain.errors import Invalid
from domain.tasks.changes import COMPUTED
from domain.tasks.named import Named, Rules

MAX_LISTS = 500
MAX_TASKS_IN_LIST = 10_000
COLORS = ("red", "orange", "amber", "lime", "green", "teal", "cyan", "blue", "indigo", "violet", "pink", "grey")


def _clean_color(value: str | None) -> str | None:
    if value not in (None, *COLORS):
        raise Invalid.field("color", f"must be null or one of {', '.join(COLORS)}")
    return value


def check_entry(list_id: int, size: int | None, growth: int = 1) -> None:
    """Raises `Invalid` if so many tasks do not fit. `size` is None if there is no such list outside the trash."""
    if size is None:
        raise Invalid.field("list_id", f"there is no list {list_id}")
    if size + growth > MAX_TASKS_IN_LIST:
        raise Invalid.field("list_id", f"a list has at most {MAX_TASKS_IN_LIST:,} tasks, and this one is full")


@dataclass(slots=True, unsafe_hash=True)
class TaskList(Named):
    """Filters leave out the tasks of an archived list, unless they name it. `pending` is counted when a list is shown:
    its open tasks."""

    KIND: ClassVar[str] = "list"
    MOST: ClassVar[int] = MAX_LISTS
    RULES: ClassVar[Rules] = {"color": _clean_color}

    color: str | None = None
    archived: bool = False
    pending: int = field(default=0, compare=False, metadata=COMPUTED)
