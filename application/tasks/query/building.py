"""Makes the query of a search: names and days become what they are for the account now."""

from collections.abc import Iterator
from datetime import date

from application.accounts.calendars import Calendars
from application.ports import EntityRepository
from application.tasks.filters.days import Days, is_due
from application.tasks.filters.meaning import Account, filter_of, has_priority
from application.tasks.filters.tree import Side
from application.tasks.query.cursor import Cursors
from application.tasks.query.filter import ALL, STATUS_FILTERS, And, Compare, Filter, HasTag, IsSet, Not, Words
from application.tasks.query.search import INBOX, MAX_SEARCHED_TAGS, NO_PRIORITY, TOP_LEVEL, TaskSearch
from application.tasks.query.sort import NEWEST, RANK, Sort, sort_of
from application.tasks.query.task_query import TaskQuery
from domain.errors import Invalid
from domain.tasks.dates.due_text import parse_day
from domain.tasks.fields import PRIORITIES, clean_tag
from domain.tasks.task import MAX_ID
from domain.tasks.task_list import TaskList
from domain.tasks.words.names import same_name_key
from domain.tasks.words.search_text import words_of
from domain.text import clean

MAX_SEARCH_LENGTH = 500


class Searches:
    def __init__(self, entities: EntityRepository, calendars: Calendars) -> None:
        self._entities = entities
        self._calendars = calendars

    async def query_of(self, user_id: str, asked: TaskSearch) -> tuple[TaskQuery, Cursors]:
        """The query asks for one task more than a page has. Raises `Invalid`, and `FilterError` for a wrong filter."""
        sort = _sort_of(asked)
        cursors = Cursors(sort, asked.tie, _ranked_words(asked, sort))
        after = cursors.place(asked.cursor, asked.offset)
        which = await self._filter_of(user_id, asked)
        total = cursors.total(asked.cursor)
        return TaskQuery(which, sort, asked.limit + 1, after, asked.offset, cursors.words, total), cursors

    async def _filter_of(self, user_id: str, asked: TaskSearch) -> Filter:
        if not asked.has_filter:
            return STATUS_FILTERS[asked.status] if asked.status else ALL
        account = await self._account(user_id, asked)
        found, states = filter_of(asked.filter, account) if asked.filter is not None else (None, ALL)
        state = STATUS_FILTERS[asked.status] if asked.status else states
        own = [*_in_places(asked), *_with_values(asked), *_due(asked, account)]
        return And((state, *own, *([found] if found else [])))

    async def _account(self, user_id: str, asked: TaskSearch) -> Account:
        now, calendar = await self._calendars.now(user_id)
        number = _number("list", asked.list, INBOX)
        if number is not None and not await self._entities.get_all(user_id, TaskList, [number]):
            raise Invalid.field("list", f"there is no list {number}")
        lists = await self._entities.all(user_id, TaskList) if asked.filter is not None else ()
        return Account(now, calendar, lists, number)


def _sort_of(asked: TaskSearch) -> Sort:
    """Returns the sort. Within one list, positions alone are compared."""
    if asked.sort is None:
        return NEWEST
    sort = sort_of(asked.sort)
    if asked.q is None and any(key.field == RANK for key in sort):
        raise Invalid.field("sort", "relevance needs a text to search for: give q")
    if _number("list", asked.list, INBOX) or _number("parent", asked.parent, TOP_LEVEL):
        return tuple(key for key in sort if key.field != "list_id")
    return sort


def _ranked_words(asked: TaskSearch, sort: Sort) -> str:
    return (asked.q or "") if any(key.field == RANK for key in sort) else ""


def _in_places(asked: TaskSearch) -> Iterator[Filter]:
    for field, given, nowhere in (("list", asked.list, INBOX), ("parent", asked.parent, TOP_LEVEL)):
        if given is not None:
            number = _number(field, given, nowhere)
            yield Compare(f"{field}_id", "=", number) if number else Not(IsSet(f"{field}_id"))


def _number(field: str, given: int | str | None, nowhere: str) -> int | None:
    if given is None or given == nowhere:
        return None
    text = str(given)
    if text.isascii() and text.isdecimal() and len(text) <= 16 and 0 < int(text) <= MAX_ID:
        return int(text)
    raise Invalid.field(field, f"must be a number or {nowhere}")


def _with_values(asked: TaskSearch) -> Iterator[Filter]:
    if len(asked.tag) > MAX_SEARCHED_TAGS:
        raise Invalid.field("tag", f"must be at most {MAX_SEARCHED_TAGS}")
    for tag in asked.tag:
        yield HasTag(same_name_key(clean_tag(tag, "tag")))
    if asked.priority is not None:
        yield has_priority(4 if asked.priority == NO_PRIORITY else 3 - PRIORITIES.index(asked.priority))
    if asked.q is not None:
        yield Words(_searched(asked.q))


def _searched(text: str) -> str:
    text = clean("q", text, longest=MAX_SEARCH_LENGTH, shortest=1)
    if not words_of(text):
        raise Invalid.field("q", "must have a word in it")
    return text


def _due(asked: TaskSearch, account: Account) -> Iterator[Filter]:
    for field, given, side in (
        ("due_before", asked.due_before, Side.BEFORE),
        ("due_after", asked.due_after, Side.AFTER),
    ):
        if given is not None:
            yield is_due(Days.at(side, _day(field, given)), account.calendar.zone)


def _day(field: str, text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise Invalid.field(field, str(error)) from None
