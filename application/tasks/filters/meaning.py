"""What the terms of a filter mean for one account at one time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import NoReturn

from application.tasks.date_words import DateContext, read_date
from application.tasks.filters import tree
from application.tasks.filters.days import Days, has_day, has_instant, has_started, is_due, is_overdue
from application.tasks.filters.parser import parse
from application.tasks.filters.printing import text_of
from application.tasks.filters.scanner import Scanner
from application.tasks.query.filter import (
    ALL,
    PENDING,
    TRASHED,
    And,
    AnyOf,
    Compare,
    Filter,
    HasTag,
    IsSet,
    IsTrue,
    Not,
    Or,
    Words,
)
from domain.tasks.dates.calendar import Calendar
from domain.tasks.dates.due_text import parse_day, read_due
from domain.tasks.task_list import TaskList
from domain.tasks.words.names import same_name_key

EVERY: Filter = And(())


@dataclass(frozen=True, slots=True)
class Account:
    """`now` is in the zone of the calendar. `lists` are those outside the trash, and `shown` is the number of one that
    is shown though it may be archived."""

    now: datetime
    calendar: Calendar
    lists: Sequence[TaskList] = ()
    shown: int | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    def read_day(self, words: str) -> date:
        """Reads a day, or words such as "next monday". Raises `ValueError`, with what is wrong, for other texts."""
        if words[:4].isascii() and words[:4].isdecimal() and words.count("-") == 2:
            return parse_day(words)
        found = read_date(words, DateContext(self.now, self.calendar.week_start, self.calendar.locale))
        if found is None or found.rule:
            raise ValueError(f"“{words}” is {'a rule and ' if found else ''}no day")
        return read_due(found.due).day_here(self.now)


def filter_of(text: str, account: Account) -> tuple[Filter, Filter]:
    """Returns the filter of the text, and the states of tasks that it is about if nothing else names them. Raises
    `FilterError` if the text is no filter, or if it names a list that does not exist."""
    parsed = parse(text, account.read_day)
    return filter_of_tree(parsed, account, text), states_of(parsed)


def filter_of_tree(parsed: tree.Tree, account: Account, text: str = "") -> Filter:
    """Leaves out the tasks of archived lists, unless the filter names the list."""
    terms = _Terms(account, text)
    found = terms.of(parsed)
    hidden = tuple(each.id for each in account.lists if each.archived and each.id not in terms.named)
    return And((found, Not(AnyOf("list_id", hidden)))) if hidden else found


def states_of(parsed: tree.Tree) -> Filter:
    if not tree.names_a_state(parsed):
        return PENDING
    return EVERY if tree.Keyword.TRASH in tree.terms_of(parsed) else ALL


class _Terms:
    def __init__(self, account: Account, text: str) -> None:
        self.named = {account.shown}
        self._account = account
        self._text = text
        self._zone = account.calendar.zone

    def of(self, parsed: tree.Tree) -> Filter:
        match parsed:
            case tree.Not(term):
                return Not(self.of(term))
            case tree.And(terms):
                return And(tuple(self.of(term) for term in terms))
            case tree.Or(terms):
                return Or(tuple(self.of(term) for term in terms))
            case _:
                return self._of_term(parsed)

    def _of_term(self, term: tree.Term) -> Filter:
        match term:
            case tree.Keyword():
                return KEYWORDS[term](self._account)
            case tree.NextDays(days):
                return due_in(self._account, 0, days - 1)
            case tree.Priority(number):
                return has_priority(number)
            case tree.InList():
                return self._in_list(term)
            case tree.Tagged(name):
                return HasTag(same_name_key(name))
            case tree.Dated(name, side, day):
                return self._dated(name, Days.at(side, day))
            case tree.Search(text):
                return Words(text)

    def _dated(self, name: tree.DateField, days: Days) -> Filter:
        if name is tree.DateField.DUE:
            return is_due(days, self._zone)
        if name in {tree.DateField.CREATED, tree.DateField.COMPLETED}:
            return has_instant(f"{name}_at", days, self._zone)
        return has_day(name, days)

    def _in_list(self, term: tree.InList) -> Filter:
        """A term of a view has the number of the list, which may be gone: then it matches nothing."""
        number = term.id if term.id is not None else self._number_of(term)
        self.named.add(number)
        return Compare("list_id", "=", number)

    def _number_of(self, term: tree.InList) -> int:
        numbers = {each.name_key: each.id for each in self._account.lists}
        key = same_name_key(term.name)
        if key not in numbers:
            self._fail(term, next(iter(get_close_matches(key, numbers, 1, 0.6)), None))
        return numbers[key]

    def _fail(self, term: tree.InList, key: str | None) -> NoReturn:
        names = {each.name_key: each.name for each in self._account.lists}
        example = text_of(tree.InList(names[key])) if key else '#"Home stuff"'
        problem = f"There is no list called “{term.name}”"
        Scanner(self._text).fail(term.at, "the name of one of your lists", example, problem)


def due_in(account: Account, first: int, last: int | None) -> Filter:
    end = None if last is None else account.today + timedelta(days=last)
    return is_due(Days(account.today + timedelta(days=first), end), account.calendar.zone)


def has_priority(number: int) -> Filter:
    """1 is high, 2 medium, 3 low and 4 none."""
    return Not(IsSet("priority_rank")) if number == 4 else Compare("priority_rank", "=", 3 - number)


def _is_for_today(account: Account) -> Filter:
    begun = has_day("start", Days(None, account.today))
    undated = And((Not(IsSet("due_key")), begun))
    due = And((due_in(account, 0, 0), has_started(account.today)))
    return And((Not(IsTrue("completed")), Or((due, undated))))


def _is_upcoming(account: Account) -> Filter:
    return And((due_in(account, 1, None), has_started(account.today)))


KEYWORDS: Mapping[tree.Keyword, Callable[[Account], Filter]] = {
    tree.Keyword.TODAY: _is_for_today,
    tree.Keyword.TOMORROW: lambda account: due_in(account, 1, 1),
    tree.Keyword.OVERDUE: lambda account: is_overdue(account.now),
    tree.Keyword.UPCOMING: _is_upcoming,
    tree.Keyword.NO_DATE: lambda _: Not(IsSet("due_key")),
    tree.Keyword.INBOX: lambda _: Not(IsSet("list_id")),
    tree.Keyword.NO_TAGS: lambda _: Not(IsSet("tags")),
    tree.Keyword.RECURRING: lambda _: IsSet("recurrence"),
    tree.Keyword.SUBTASK: lambda _: IsSet("parent_id"),
    tree.Keyword.DONE: lambda _: IsTrue("completed"),
    tree.Keyword.TRASH: lambda _: TRASHED,
}
