"""The parts of a query that have an index each. Nulls are last in both directions, but an index has them at one end. So
if the first key of a sort can be null, the tasks with a value come from one statement, and those without from another,
if a page needs them."""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

from adapters.postgres.tasks.query.ordering import NEVER_NULL
from application.tasks.query import And, Filter, IsSet, Not, TaskQuery
from application.tasks.query.filter import requires
from application.tasks.query.narrowing import NOTHING, assuming, bounds

Place = tuple[Any, ...] | None


class Part(Enum):
    """Which rows a statement is about: all, or those of which the first key has a value, or has none."""

    WHOLE = auto()
    VALUED = auto()
    EMPTY = auto()


def parts_of(query: TaskQuery) -> Iterator[tuple[Part, Place, Filter]]:
    lead, after, which = query.sort[0].field, query.after, query.filter
    if lead in NEVER_NULL or query.offset:
        yield Part.WHOLE, after, which
        return
    is_in_empty = after is not None and after[0] is None
    valued, empty = _valued(which, lead), assuming(which, lead, is_set=False)
    if not (is_in_empty or valued == NOTHING):
        yield Part.VALUED, after, valued
    if not (requires(which, lead) or empty == NOTHING):
        yield Part.EMPTY, after if is_in_empty else None, empty


def _valued(which: Filter, field: str) -> Filter:
    """Returns the filter for tasks that have a value in the field, with the range of due dates that it is about."""
    valued = assuming(which, field, is_set=True)
    ends = tuple(bounds(valued, field)) if field == "due_key" else ()
    return And((*ends, valued)) if ends else valued


def by_date(which: Filter) -> Iterator[Filter]:
    """Yields filters that match different tasks, and together what the filter matches."""
    dated, undated = _valued(which, "due_key"), assuming(which, "due_key", is_set=False)
    if undated in (NOTHING, which) or dated == NOTHING:
        yield which
        return
    yield And((IsSet("due_key"), dated))
    yield And((Not(IsSet("due_key")), undated))
