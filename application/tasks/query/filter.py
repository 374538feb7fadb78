"""A filter as a tree of conditions on the fields and the index keys of a task."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from domain.tasks.task import Status

Operator = Literal["<", "<=", "=", ">=", ">"]


@dataclass(frozen=True, slots=True)
class IsTrue:
    field: str


@dataclass(frozen=True, slots=True)
class IsSet:
    """Matches if a field is not null. The tags are set if there is one."""

    field: str


@dataclass(frozen=True, slots=True)
class Compare:
    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class AnyOf:
    field: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HasTag:
    """Matches if a task has the tag with this `same_name_key`."""

    key: str


@dataclass(frozen=True, slots=True)
class Words:
    """Matches if all words of the text are in the title or the description. Of the last one, the beginning is enough.
    It has one word at least."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    term: "Filter"


@dataclass(frozen=True, slots=True)
class And:
    terms: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple["Filter", ...]


Filter = IsTrue | IsSet | Compare | AnyOf | HasTag | Words | Not | And | Or

TRASHED = IsSet("deleted_at")
ALL = Not(TRASHED)
COMPLETED = And((IsTrue("completed"), ALL))
PENDING = And((Not(IsTrue("completed")), ALL))
STATUS_FILTERS: Mapping[Status, Filter] = {
    Status.ALL: ALL,
    Status.PENDING: PENDING,
    Status.COMPLETED: COMPLETED,
    Status.TRASHED: TRASHED,
}


def conjuncts_of(which: Filter) -> Iterator[Filter]:
    """Yields conditions all of which must be met, and which together are the filter."""
    if isinstance(which, And):
        for each in which.terms:
            yield from conjuncts_of(each)
    else:
        yield which


def requires(which: Filter, field: str) -> bool:
    """Returns whether only tasks match of which the field is not null. False may also mean that this is not known."""
    return any(isinstance(each, (IsSet, Compare, AnyOf)) and each.field == field for each in conjuncts_of(which))
