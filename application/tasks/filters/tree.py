"""The tree of a filter. docs/filters.md has the grammar of its text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Keyword(StrEnum):
    TODAY = "today"
    TOMORROW = "tomorrow"
    OVERDUE = "overdue"
    UPCOMING = "upcoming"
    NO_DATE = "no date"
    INBOX = "inbox"
    NO_TAGS = "no tags"
    RECURRING = "recurring"
    SUBTASK = "subtask"
    DONE = "done"
    TRASH = "trash"


class DateField(StrEnum):
    DUE = "due"
    START = "start"
    DEADLINE = "deadline"
    CREATED = "created"
    COMPLETED = "completed"


class Side(StrEnum):
    """`BEFORE` and `AFTER` leave out the day itself."""

    ON = "on"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class NextDays:
    days: int


@dataclass(frozen=True, slots=True)
class Priority:
    """1 is high, 2 medium, 3 low and 4 none."""

    number: int


@dataclass(frozen=True, slots=True)
class InList:
    """`at` is the position of the term in the text. The filter of a view keeps the number of the list,
    `id`, so a new name changes nothing."""

    name: str
    id: int | None = None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Tagged:
    name: str


@dataclass(frozen=True, slots=True)
class Dated:
    """`words` are those that were read as `day`, so that a filter that is kept says "next monday" in every week."""

    field: DateField
    side: Side
    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Search:
    text: str


@dataclass(frozen=True, slots=True)
class Not:
    term: "Tree"


@dataclass(frozen=True, slots=True)
class And:
    terms: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple["Tree", ...]


Term = Keyword | NextDays | Priority | InList | Tagged | Dated | Search
Tree = Term | Not | And | Or


def terms_of(tree: Tree) -> Iterator[Term]:
    """Yields the terms from left to right, also those in a negation."""
    match tree:
        case Not(term):
            yield from terms_of(term)
        case And(terms) | Or(terms):
            for each in terms:
                yield from terms_of(each)
        case _:
            yield tree


def with_terms(tree: Tree, change: Callable[[Term], Term]) -> Tree:
    """Returns the tree with what `change` makes of each term: one that names a list or a tag by its new name."""
    match tree:
        case Not(term):
            return Not(with_terms(term, change))
        case And(terms) | Or(terms):
            return type(tree)(tuple(with_terms(each, change) for each in terms))
        case _:
            return change(tree)


def names_a_state(tree: Tree) -> bool:
    """Returns whether the filter names a state of tasks. If it names none, it is about pending tasks."""
    return any(_is_of_state(term) for term in terms_of(tree))


def _is_of_state(term: Term) -> bool:
    if isinstance(term, Dated):
        return term.field == DateField.COMPLETED
    return term in {Keyword.DONE, Keyword.TRASH}
