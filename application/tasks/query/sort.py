"""The order of the tasks of a query. Nulls are last in both directions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from application.tasks.query.relevance import rank_of
from domain.errors import Invalid
from domain.tasks.index_keys import due_at, due_key, priority_rank, title_key
from domain.tasks.ordering.sibling_keys import MAX_KEY_LENGTH
from domain.tasks.task import MAX_ID, Task


@dataclass(frozen=True, slots=True)
class SortKey:
    field: str
    descending: bool = False


Sort = tuple[SortKey, ...]
NEWEST: Sort = (SortKey("id", descending=True),)
"""Numbers are assigned in the order of creation."""
RANK = "rank"
SORTS: Mapping[str, tuple[str, ...]] = {
    "created": ("id",),
    "updated": ("updated_at",),
    "completed": ("completed_at",),
    "due": ("due_key",),
    "deadline": ("deadline",),
    "priority": ("priority_rank",),
    "title": ("title_key",),
    "position": ("list_id", "position"),
    "relevance": (RANK,),
}
"""The words to sort by. Positions are compared within one list, so they go list by list."""
Key = Annotated[str, Meta(max_length=200)]
CURSOR_TYPES: Mapping[str, Any] = {
    "id": Annotated[int, Meta(ge=1, le=MAX_ID)],
    "updated_at": Annotated[datetime, Meta(tz=True)],
    "completed_at": Annotated[datetime, Meta(tz=True)] | None,
    "due_key": Key | None,
    "deadline": Key | None,
    "priority_rank": Annotated[int, Meta(ge=0, le=2)] | None,
    "title_key": Key | None,
    "list_id": Annotated[int, Meta(ge=1, le=MAX_ID)] | None,
    "position": Annotated[str, Meta(max_length=MAX_KEY_LENGTH)],
    RANK: Annotated[int, Meta(ge=0, le=7)],
}
"""The types of the fields to sort by. The last key of a sort is the number, so that the order is total."""
_COMPUTED: Mapping[str, Callable[[Task], Any]] = {
    "due_key": due_key,
    "due_at": due_at,
    "priority_rank": priority_rank,
    "title_key": title_key,
}


def value_of(task: Task, field: str) -> Any:
    return _COMPUTED[field](task) if field in _COMPUTED else getattr(task, field)


def sort_values(task: Task, sort: Sort, words: str = "") -> tuple[Any, ...]:
    """Returns the values by which the task is sorted. `words` are those that its rank is about."""
    return tuple(rank_of(task, words) if key.field == RANK else value_of(task, key.field) for key in sort)


def sort_of(text: str) -> Sort:
    """Reads a sort such as `due,-priority`. Tasks that are equal are in the order of their numbers, in the direction of
    the last key. Of `relevance`, the best are first. Raises `Invalid` for other texts."""
    names = [each.strip() for each in text.split(",")]
    keys = [key for name in names for key in _keys_of(name)]
    fields = [key.field for key in keys]
    if len({*fields}) < len(fields):
        raise Invalid.field("sort", "names a key twice")
    if "id" in fields:
        return tuple(keys[: fields.index("id") + 1])
    return (*keys, SortKey("id", keys[-1].descending))


def text_of(sort: Sort) -> str:
    return ",".join(f"-{key.field}" if key.descending else key.field for key in sort)


def _keys_of(name: str) -> Sort:
    fields = SORTS.get(name.removeprefix("-"))
    if fields is None:
        known = ", ".join(SORTS)
        raise Invalid.field("sort", f"must be one or more of {known}, with commas between; - before one descends")
    return tuple(SortKey(field, name.startswith("-") != (field == RANK)) for field in fields)
