"""Fits what a file comes to into an account: lists and views find those of their names, and all else gets numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from application.tasks.files.building.remarks import shown
from application.tasks.files.imported import Remark
from application.tasks.filters.printing import text_of
from application.tasks.filters.tree import InList, Term, Tree, with_terms
from application.tasks.imports.content import Content
from application.tasks.imports.placing import order_by_hand
from domain.errors import Invalid
from domain.tasks.changes import Change
from domain.tasks.named import N, by_name, free_name
from domain.tasks.ordering.sibling_keys import number_key
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View
from domain.tasks.words.names import same_name_key

NO_LIST = "0"
"""The number, in the filter of a view, of a list that is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    lists: Sequence[TaskList]
    views: Sequence[View]
    last_task: int
    last_list: int
    last_view: int


class Arrival:
    """Raises `Invalid` if the account would have too many lists or views. `list_ids` are the lists of the account, or
    the new ones, by their numbers in the file. `new_lists` and `new_views` are those to record before the tasks."""

    def __init__(self, content: Content, account: Account) -> None:
        self.notes: list[Remark] = []
        self.list_ids: dict[int, int] = {}
        self.lists: dict[int, TaskList] = {each.id: each for each in account.lists}
        self._content = content
        self._account = account
        self._by_name = by_name(account.lists)
        self.new_lists = _in_order([*self._lists()])
        self.new_views = _in_order([*self._views()])
        self.lists |= {each.id: each for each in self.new_lists}
        _check_room(TaskList.MOST, account.lists, self.new_lists)
        _check_room(View.MOST, account.views, self.new_views)

    def growth(self) -> Mapping[int, int]:
        live = (task for task in self._content.tasks if task.list_id and not task.deleted_at)
        return Counter(self.list_ids[task.list_id or 0] for task in live)

    def parts(self, size: int) -> Iterator[Sequence[Change[Task]]]:
        tasks = self._content.tasks
        for start in range(0, len(tasks), size):
            yield [Change(None, self._numbered(task)) for task in tasks[start : start + size]]

    def _lists(self) -> Iterator[TaskList]:
        number = self._account.last_list
        for each in self._content.lists:
            same = None if each.deleted_at else self._by_name.get(each.name_key)
            if same is None:
                number += 1
                same = replace(each, id=number)
                yield same
            elif same.archived and not each.archived and same.id <= self._account.last_list:
                self.notes.append(Remark(0, f"list {shown(same.name)}: is archived here, and so are its new tasks"))
            if not same.deleted_at:
                self._by_name[same.name_key] = same
            self.list_ids[each.id] = same.id

    def _views(self) -> Iterator[View]:
        number, taken = self._account.last_view, by_name(self._account.views)
        for each in self._content.views:
            view = replace(each, filter=self._filter(self._content.trees[each.id]))
            if not view.deleted_at:
                if _is_same(view, taken.get(view.name_key)):
                    continue
                view = self._renamed(view, free_name(view.name, taken))
                taken[view.name_key] = view
            number += 1
            yield replace(view, id=number)

    def _renamed(self, view: View, name: str) -> View:
        if name != view.name:
            self.notes.append(Remark(0, f"view {shown(view.name)}: is called {shown(name)} here"))
        return replace(view, name=name)

    def _filter(self, tree: Tree) -> str:
        return text_of(with_terms(tree, self._with_number))

    def _with_number(self, term: Term) -> Term:
        """Names a list by its number here. A file may name it by its number there, or by its name."""
        if not isinstance(term, InList):
            return term
        number = self.list_ids.get(self._content.list_numbers.get(term.name, 0))
        same = self._by_name.get(same_name_key(term.name))
        return InList(str(number or (same.id if same else NO_LIST)))

    def _numbered(self, task: Task) -> Task:
        last, place = self._account.last_task, self._content.places.get(task.id)
        return replace(
            task,
            id=last + task.id,
            list_id=task.list_id and self.list_ids[task.list_id],
            parent_id=task.parent_id and last + task.parent_id,
            occurrence_of=task.occurrence_of and last + task.occurrence_of,
            order_key=number_key(last + place) if place else None,
        )


def _in_order(new: Sequence[N]) -> Sequence[N]:
    """The keys keep the order of the positions in the file, and come after those that are there."""
    keys = {
        number: number_key(place)
        for number, place in order_by_hand({each.id: each.order_key for each in new})
        if number != place
    }
    found: Sequence[N] = [_keyed(each, keys.get(each.id)) for each in new]
    return found


def _keyed(each: Any, key: str | None) -> Any:
    return replace(each, order_key=key)


def _is_same(view: View, other: View | None) -> bool:
    return other is not None and (view.filter, view.sort) == (other.filter, other.sort)


def _check_room(most: int, before: Sequence[Any], new: Iterable[Any]) -> None:
    added = [each for each in new if not each.deleted_at]
    if added and len(before) + len(added) > most:
        kind = f"{added[0].KIND}s"
        message = f"has {len(added)} new {kind}, and you have {len(before)}; there may be {most} in all"
        raise Invalid.field("body", f"{message}. Delete some first")
