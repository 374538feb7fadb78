"""The port of reading and purging tasks. `EntityRepository` changes them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from application.tasks.query import Filter, TaskQuery, Total
from domain.tasks.siblings import Place
from domain.tasks.task import Task


class TaskRepository(Protocol):
    """The storage of tasks. Tasks in the trash are included unless a filter excludes them."""

    async def get(self, user_id: str, task_id: int) -> Task | None: ...

    async def find(self, user_id: str, query: TaskQuery) -> Sequence[Task]:
        """Returns at most `query.limit` matching tasks in the order of the query."""

    async def count(self, user_id: str, which: Filter) -> Total: ...

    async def page(self, user_id: str, query: TaskQuery) -> tuple[Sequence[Task], Total]:
        """Returns what `find` returns, and how many tasks match."""

    async def family(self, user_id: str, task_ids: Collection[int]) -> Sequence[Task]:
        """Returns all ancestors and descendants of the tasks, and the tasks, in any order."""

    async def places(self, user_id: str, list_id: int | None, parent_id: int | None) -> Sequence[Place]:
        """Returns the places of the tasks outside the trash that are in this list and directly under this parent, in
        order."""

    async def list_size(self, user_id: str, list_id: int) -> int:
        """Counts the tasks in a list outside the trash."""

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        """Returns the tasks with greater numbers than `after`, lowest first."""

    async def reindex(self, limit: int) -> int:
        """Computes the index keys of at most `limit` tasks of any users that a server of an earlier version wrote, and
        when completed ones were completed. It changes neither revisions nor the log, and skips tasks that are being
        changed. Returns how many tasks it updated."""

    async def trash_before(
        self, deleted_before: datetime, limit: int, except_users: Collection[str] = ()
    ) -> Mapping[str, Sequence[int]]:
        """Returns at most `limit` task ids, by user, that have been in the trash since before that time."""

    async def erase(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, limit: int) -> int:
        """Erases the logged states of those that have been in the trash since before that time, in at most `limit`
        events. Returns the number of events.
        """

    async def purge(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, at: datetime) -> int:
        """Removes those that have been in the trash since before that time, and their states from the log. Returns how
        many.
        """
