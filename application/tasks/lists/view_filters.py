"""The filters of views. They are stored with the numbers of lists, and shown with their present names."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from application.tasks.filters.parser import parse
from application.tasks.filters.printing import text_of
from application.tasks.filters.tree import InList, Tagged, Term, Tree, terms_of, with_terms
from domain.errors import Invalid
from domain.tasks.names import same_name_key
from domain.tasks.task_list import TaskList

MAX_STORED_LENGTH = 10_000
"""A stored filter may be longer than one that a user writes, since a tag in it may have got a longer name."""


def stored_filter(text: str, words: Callable[[str], date], numbers: Mapping[str, int]) -> str:
    """Returns the filter with the numbers of lists, which are given by the keys of their names. Raises `Invalid` if the
    text is no filter, or names a list that there is not."""
    return text_of(with_terms(parse(text, words), lambda term: _numbered(term, numbers)))


def lists_in(stored: str) -> set[int]:
    return {int(term.name) for term in terms_of(_parsed(stored)) if isinstance(term, InList)}


def shown_filter(stored: str, lists: Mapping[int, TaskList]) -> str:
    """Returns the filter with the names that the lists have now."""
    return text_of(with_terms(_parsed(stored), lambda term: _named(term, lists)))


def problem_of(stored: str, lists: Mapping[int, TaskList]) -> str | None:
    """Says which lists of the filter are gone. They match nothing."""
    gone = sorted(each for each in lists_in(stored) if each not in lists or lists[each].deleted_at)
    if not gone:
        return None
    names = ", ".join(f"“{shown_name(each, lists)}”" for each in gone)
    return (
        f"This list is gone, so it matches nothing: {names}."
        if len(gone) == 1
        else f"These lists are gone, so they match nothing: {names}."
    )


def shown_name(number: int, lists: Mapping[int, TaskList]) -> str:
    """Returns the name of the list, which may be in the trash. A list that was purged has none any more."""
    return lists[number].name if number in lists else f"deleted list {number}"


def with_tag_renamed(stored: str, key: str, name: str) -> str:
    """Returns the filter with another name for the tag whose name has this key."""
    return text_of(with_terms(_parsed(stored), lambda term: Tagged(name) if _is_tagged(term, key) else term))


def names_tag(stored: str, key: str) -> bool:
    return any(_is_tagged(term, key) for term in terms_of(_parsed(stored)))


def numbers_by_name(lists: Iterable[TaskList]) -> dict[str, int]:
    return {each.name_key: each.id for each in lists}


def _parsed(stored: str) -> Tree:
    """Reads a stored filter. Its dates were checked when it was stored, and are not needed."""
    return parse(stored, lambda _: date.min, longest=MAX_STORED_LENGTH)


def _numbered(term: Term, numbers: Mapping[str, int]) -> Term:
    if not isinstance(term, InList):
        return term
    key = same_name_key(term.name)
    if key not in numbers:
        raise Invalid.field("filter", f"there is no list “{term.name}”")
    return InList(str(numbers[key]))


def _named(term: Term, lists: Mapping[int, TaskList]) -> Term:
    return InList(shown_name(int(term.name), lists)) if isinstance(term, InList) else term


def _is_tagged(term: Term, key: str) -> bool:
    return isinstance(term, Tagged) and same_name_key(term.name) == key
