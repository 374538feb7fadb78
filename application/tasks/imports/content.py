"""Makes tasks, lists and views of what was read. Their numbers are those within the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from application.tasks.files.building.rules import MAX_REFUSED, TOO_MANY_REFUSED
from application.tasks.files.imported import (
    ImportedFile,
    ImportedList,
    ImportedNamed,
    ImportedTask,
    ImportedView,
    Remark,
)
from application.tasks.filters.meaning import Account
from application.tasks.filters.parser import parse
from application.tasks.filters.tree import Tree
from application.tasks.imports.new_tasks import new_task
from application.tasks.imports.placing import placed, places_by_hand
from application.tasks.lists.view_filters import MAX_STORED_LENGTH, stored_sort
from domain.errors import Invalid
from domain.tasks.dates.calendar import Calendar
from domain.tasks.named import Named
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View

N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file comes to. The numbers of tasks, lists and views count from 1, in the order of the file.

    `order_key` is the position that a list or view had in the file. Of tasks, `places` says which take the place of
    another one by number. `list_numbers` has the numbers of the lists by what the filters of the file call them, and
    `trees` has those filters by the numbers of the views.
    """

    tasks: Sequence[Task]
    places: Mapping[int, int]
    lists: Sequence[TaskList]
    views: Sequence[View]
    list_numbers: Mapping[str, int]
    trees: Mapping[int, Tree]
    notes: Sequence[Remark]
    problems: Sequence[Remark]


def content_of(file: ImportedFile, owner: str, now: datetime, calendar: Calendar) -> Content:
    """Raises `Invalid` for a list or a view that breaks a rule. Tasks that do are among the problems."""
    lists = [_new_list(place, each, owner, now) for place, each in enumerate(file.lists, 1)]
    by_key = {each.key: new for each, new in zip(file.lists, lists, strict=True)}
    rows, problems = _new_tasks(file.tasks, owner, now, calendar)
    notes, account = [*file.notes], Account(calendar.local(now), calendar)
    tasks = placed(rows, by_key, notes)
    return Content(
        tasks=tasks,
        places=places_by_hand(tasks),
        lists=lists,
        views=[_new_view(place, each, owner, now) for place, each in enumerate(file.views, 1)],
        list_numbers={str(each.number): new.id for each, new in zip(file.lists, lists, strict=True) if each.number},
        trees={place: _tree(place, each, account) for place, each in enumerate(file.views, 1)},
        notes=notes,
        problems=sorted([*file.problems, *problems], key=lambda each: each.line),
    )


def _new_tasks(
    tasks: Sequence[ImportedTask], owner: str, now: datetime, calendar: Calendar
) -> tuple[list[tuple[ImportedTask, Task]], list[Remark]]:
    """After so many rules without a date, which take long to find out, no further rule is tried."""
    rows, problems, bad_rules = [], [], 0
    for each in tasks:
        try:
            if each.recurrence and bad_rules >= MAX_REFUSED:
                raise Invalid.field("recurrence", TOO_MANY_REFUSED)
            rows.append((each, new_task(owner, each, now, calendar)))
        except Invalid as refusal:
            bad_rules += refusal.fields[0].field == "recurrence"
            problems.append(Remark(each.line, refusal.message))
    return rows, problems


def _new_list(place: int, each: ImportedList, owner: str, now: datetime) -> TaskList:
    values = {"name": each.name, "color": each.color, "archived": each.archived}
    try:
        return _timed(TaskList.new(owner, now, values), place, each, now)
    except Invalid as refusal:
        raise Invalid.field(f"lists[{place - 1}]", refusal.message) from None


def _new_view(place: int, each: ImportedView, owner: str, now: datetime) -> View:
    try:
        sort = None if each.sort is None else stored_sort(each.sort)
        values = {"name": each.name, "filter": each.filter, "sort": sort}
        return _timed(View.new(owner, now, values), place, each, now)
    except Invalid as refusal:
        raise Invalid.field(f"views[{place - 1}]", refusal.message) from None


def _timed(new: N, place: int, each: ImportedNamed, now: datetime) -> N:
    created = each.created_at or now
    return replace(
        new,
        id=place,
        created_at=created,
        updated_at=each.updated_at or created,
        deleted_at=each.deleted_at and min(each.deleted_at, now),
        order_key=each.position,
    )


def _tree(place: int, each: ImportedView, account: Account) -> Tree:
    try:
        return parse(each.filter, account.read_day, longest=MAX_STORED_LENGTH)
    except Invalid as refusal:
        raise Invalid.field(f"views[{place - 1}].filter", refusal.message) from None
