"""The port of reading tasks. `EntityRepository` changes them, and `TrashRepository` purges them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from application.tasks.query import Filter, TaskQuery, Total
from domain.tasks.ordering.siblings import Place
from domain.tasks.task import Task

MAX_SPELLINGS = 10_000
TAGGED_TASKS = 1_000
"""The number of the newest tasks among which the spelling of a tag is looked for."""


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
        """Returns the places outside the trash, in order."""

    async def list_size(self, user_id: str, list_id: int) -> int:
        """Counts the tasks in a list outside the trash."""

    async def pending_in(self, user_id: str, list_ids: Collection[int]) -> Mapping[int, int]:
        """Counts the open tasks of lists outside the trash. Lists without any are left out."""

    async def tags(self, user_id: str) -> Sequence[tuple[str, int]]:
        """Returns the tags of the tasks outside the trash, each in all of its spellings, with the number of open tasks.
        The spellings of the most tasks come first, and at most `MAX_SPELLINGS` are returned."""

    async def tagged(self, user_id: str, key: str, limit: int, *, after: int = 0) -> Sequence[Task]:
        """Returns the tasks with greater numbers than `after` that have a tag of this `same_name_key`, lowest first."""

    async def tag_names(self, user_id: str) -> Sequence[str]:
        """Returns the tags of the user's newest tasks outside the trash, each spelling once, newest first."""

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        """Returns the tasks with greater numbers than `after`, lowest first."""

    async def reindex(self, limit: int) -> int:
        """Computes the index keys of at most `limit` tasks of any users that a server of an earlier version wrote, and
        when completed ones were completed. It changes neither revisions nor the log, and skips tasks that are being
        changed. Returns how many tasks it updated."""
