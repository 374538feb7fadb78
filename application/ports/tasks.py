"""Tasks as they are read and purged. What changes them is the `EntityRepository`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from application.tasks.query import Filter, TaskQuery, Total
from domain.tasks.task import Task


class TaskRepository(Protocol):
    """Tasks, those in the trash included where a filter does not leave them out."""

    async def get(self, user_id: str, task_id: int) -> Task | None: ...

    async def find(self, user_id: str, query: TaskQuery) -> Sequence[Task]:
        """Returns the tasks that match, in the query's order, at most `query.limit` of them."""

    async def count(self, user_id: str, which: Filter) -> Total: ...

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        """Returns the tasks with greater numbers than `after`, lowest first."""

    async def trash_before(
        self, deleted_before: datetime, limit: int, except_users: Collection[str] = ()
    ) -> Mapping[str, Sequence[int]]:
        """Returns at most `limit` tasks of all users `but` these that are in the trash since then, by user."""

    async def erase(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, limit: int) -> int:
        """Forgets the logged states of those in the trash since then, of at most `limit` events. Returns how many."""

    async def purge(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, at: datetime) -> int:
        """Removes those in the trash since then, and their states from the log. Returns how many."""
