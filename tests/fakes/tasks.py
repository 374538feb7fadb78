"""Tasks in memory, filtered and sorted by plain Python."""

import operator
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from application.ports import TaskRepository
from application.ports.tasks import TAGGED_TASKS
from application.tasks.query import (
    MAX_COUNTED,
    MAX_RANKED,
    NEWEST,
    STATUS_FILTERS,
    And,
    AnyOf,
    Compare,
    Filter,
    HasTag,
    IsSet,
    IsTrue,
    Not,
    Or,
    Sort,
    TaskQuery,
    Total,
    Words,
    sort_values,
)
from application.tasks.query.relevance import is_found
from application.tasks.query.sort import value_of
from domain.tasks.names import same_name_key
from domain.tasks.siblings import Place
from domain.tasks.task import Task
from tests.fakes.changes import counted
from tests.fakes.work import FakeStore


def matches(which: Filter, task: Task) -> bool:
    """A filter by plain Python, beside which its SQL is held."""
    match which:
        case Not(term):
            return not matches(term, task)
        case And(terms):
            return all(matches(term, task) for term in terms)
        case Or(terms):
            return any(matches(term, task) for term in terms)
        case _:
            return has_value(which, task)


def has_value(which: Filter, task: Task) -> bool:
    match which:
        case IsTrue(name):
            return bool(getattr(task, name))
        case IsSet(name):
            return value_of(task, name) not in (None, [])
        case Compare(name, operator, value):
            found = value_of(task, name)
            return found is not None and bool(COMPARISONS[operator](found, value))
        case AnyOf(name, values):
            return value_of(task, name) in values
        case HasTag(key):
            return key in map(same_name_key, task.tags)
        case Words(text):
            return is_found(task, text)
    raise AssertionError(which)


COMPARISONS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt}


def in_order(tasks: Iterable[Task], sort: Sort, words: str = "") -> list[Task]:
    """Nulls last, both ways."""
    found = list(tasks)
    for key in reversed(sort):
        values = [(sort_values(task, (key,), words)[0], task) for task in found]
        rest = [each for each in values if each[0] is not None]
        nulls = [each for each in values if each[0] is None]
        found = [task for _, task in [*sorted(rest, key=itemgetter(0), reverse=key.descending), *nulls]]
    return found


def is_beyond(task: Task, after: tuple[Any, ...], sort: Sort, words: str = "") -> bool:
    """Whether the task comes after that place."""
    for key, found, value in zip(sort, sort_values(task, sort, words), after, strict=True):
        if found != value:
            return value is not None and (found is None or (found < value) == key.descending)
    return False


class FakeTasks(TaskRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def get(self, user_id: str, task_id: int) -> Task | None:
        self._store.reached()
        task = self._store.rows.tasks.get((user_id, task_id))
        return task and counted(self._store, task)

    async def find(self, user_id: str, query: TaskQuery) -> Sequence[Task]:
        found = self._of(user_id, query.filter)
        if query.is_ranked:
            found = in_order(found, NEWEST)[:MAX_RANKED]
        found = in_order(found, query.sort, query.words)
        behind = [
            task for task in found if query.after is None or is_beyond(task, query.after, query.sort, query.words)
        ]
        return behind[query.offset : query.offset + query.limit]

    async def count(self, user_id: str, which: Filter) -> Total:
        found = len(self._of(user_id, which))
        is_exact = found <= MAX_COUNTED or which in STATUS_FILTERS.values()
        return Total(found if is_exact else MAX_COUNTED, is_exact)

    async def page(self, user_id: str, query: TaskQuery) -> tuple[Sequence[Task], Total]:
        return await self.find(user_id, query), query.total or await self.count(user_id, query.filter)

    async def family(self, user_id: str, task_ids: Collection[int]) -> Sequence[Task]:
        own = {task.id: task for task in self._own(user_id)}
        ids = {each for each in task_ids if each in own}
        below, above = {*ids}, {*ids}
        for _ in range(9):
            below |= {task.id for task in own.values() if task.parent_id in below}
            above |= {own[each].parent_id for each in above if each in own}  # type: ignore[misc]
        return [task for task in own.values() if task.id in below | above]

    async def places(self, user_id: str, list_id: int | None, parent_id: int | None) -> Sequence[Place]:
        live = [task for task in self._own(user_id) if not task.deleted_at]
        own = [task for task in live if (task.list_id, task.parent_id) == (list_id, parent_id)]
        return sorted(Place(task.position, task.id) for task in own)

    async def list_size(self, user_id: str, list_id: int) -> int:
        return sum(task.list_id == list_id and not task.deleted_at for task in self._own(user_id))

    async def pending_in(self, user_id: str, list_ids: Collection[int]) -> Mapping[int, int]:
        pending = [task for task in self._own(user_id) if not task.completed and not task.deleted_at]
        return Counter(task.list_id for task in pending if task.list_id and task.list_id in list_ids)

    async def tags(self, user_id: str) -> Sequence[tuple[str, int]]:
        live = [task for task in self._own(user_id) if not task.deleted_at]
        pending: Counter[str] = Counter(tag for task in live for tag in task.tags if not task.completed)
        every = Counter(tag for task in live for tag in task.tags)
        return [(tag, pending[tag]) for tag in sorted(every, key=lambda tag: (-every[tag], tag))]

    async def tagged(self, user_id: str, key: str, limit: int, *, after: int = 0) -> Sequence[Task]:
        own = [task for task in self._own(user_id) if task.id > after and key in map(same_name_key, task.tags)]
        return sorted(own, key=lambda task: task.id)[:limit]

    async def tag_names(self, user_id: str) -> Sequence[str]:
        newest = sorted(self._own(user_id), key=lambda task: -task.id)[:TAGGED_TASKS]
        return list(dict.fromkeys(tag for task in newest if not task.deleted_at for tag in task.tags))

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        own = [task for task in self._own(user_id) if task.id > after]
        return sorted(own, key=lambda task: task.id)[:limit]

    async def reindex(self, limit: int) -> int:
        """Nothing here has keys."""
        self._store.reached()
        return 0

    def _of(self, user_id: str, which: Filter) -> list[Task]:
        return [counted(self._store, each) for each in self._own(user_id) if matches(which, each)]

    def _own(self, user_id: str) -> list[Task]:
        self._store.reached()
        return [task for task in self._store.rows.tasks.values() if task.user_id == user_id]
