"""The filters of views. They are stored with the numbers of lists, and shown with their present names."""

from collections.abc import Mapping
from datetime import date, datetime

from application.tasks.filters.meaning import Account, filter_of
from application.tasks.filters.parser import parse
from application.tasks.filters.printing import text_of
from application.tasks.filters.tree import InList, Tagged, Term, Tree, terms_of, with_terms
from application.tasks.query.sort import RANK, sort_of
from domain.errors import Invalid
from domain.tasks.task_list import TaskList
from domain.tasks.words.names import same_name_key

MAX_STORED_LENGTH = 10_000
"""A stored filter may be longer than one that a user writes, since a tag in it may have got a longer name."""


def stored_filter(text: str, account: Account) -> str:
    """Returns the filter with the numbers of the account's lists. Raises `FilterError` if the text is no filter, or
    names a list that there is not."""
    filter_of(text, account)
    numbers = {each.name_key: each.id for each in account.lists}
    return text_of(with_terms(parse(text, account.read_day), lambda term: _numbered(term, numbers)))


def stored_sort(text: str) -> str:
    if any(key.field == RANK for key in sort_of(text)):
        raise Invalid.field("sort", "must not be relevance, which needs a text to search for")
    return ",".join(each.strip() for each in text.split(","))


def lists_in(stored: str) -> set[int]:
    return {int(term.name) for term in terms_of(_parsed(stored)) if isinstance(term, InList)}


def shown_filter(stored: str, lists: Mapping[int, TaskList]) -> str:
    return text_of(with_terms(_parsed(stored), lambda term: _named(term, lists)))


def problem_of(stored: str, lists: Mapping[int, TaskList]) -> str | None:
    """Says which lists of the filter are gone. They match nothing."""
    gone = sorted(each for each in lists_in(stored) if lists[each].deleted_at)
    if not gone:
        return None
    names = ", ".join(f"“{lists[each].name}”" for each in gone)
    return (
        f"This list is gone, so it matches nothing: {names}."
        if len(gone) == 1
        else f"These lists are gone, so they match nothing: {names}."
    )


def purged_list(user_id: str, number: int, now: datetime) -> TaskList:
    """Returns a list in place of a purged one, whose number alone is still known."""
    return TaskList(user_id, f"deleted list {number}", now, now, number, deleted_at=now)


def with_tag_renamed(stored: str, key: str, name: str) -> str:
    return text_of(with_terms(_parsed(stored), lambda term: Tagged(name) if _is_tagged(term, key) else term))


def names_tag(stored: str, key: str) -> bool:
    return any(_is_tagged(term, key) for term in terms_of(_parsed(stored)))


def _parsed(stored: str) -> Tree:
    """Reads a stored filter. Its dates were checked when it was stored, and are not needed."""
    return parse(stored, lambda _: date.min, longest=MAX_STORED_LENGTH)


def _numbered(term: Term, numbers: Mapping[str, int]) -> Term:
    return InList(str(numbers[same_name_key(term.name)])) if isinstance(term, InList) else term


def _named(term: Term, lists: Mapping[int, TaskList]) -> Term:
    return InList(lists[int(term.name)].name) if isinstance(term, InList) else term


def _is_tagged(term: Term, key: str) -> bool:
    return isinstance(term, Tagged) and same_name_key(term.name) == key
