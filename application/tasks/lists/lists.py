"""Use-cases of lists. The tasks of a list go into the trash with it, and come back with it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from application.ports import Clock, EntityRepository, TaskRepository, Transaction
from application.tasks.lists.named_entities import NamedEntities
from application.tasks.log.recording import ChangeSet
from application.tasks.query import ALL, And, Compare, Filter, TaskQuery
from domain.accounts.account import Caller
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList

READ_AT_ONCE = 500
"""Tasks of a list that are in memory at once."""


class Lists(NamedEntities[TaskList]):
    def __init__(
        self, tasks: TaskRepository, entities: EntityRepository, transaction: Transaction, clock: Clock
    ) -> None:
        super().__init__(TaskList, entities, transaction, clock)
        self._tasks = tasks

    async def _shown(self, caller: Caller, entities: Sequence[TaskList]) -> Sequence[TaskList]:
        if not entities:
            return entities
        pending = await self._tasks.pending_in(caller.user_id, [each.id for each in entities])
        return [replace(each, pending=pending.get(each.id, 0)) for each in entities]

    async def _delete_contents(self, deleted: TaskList, change_set: ChangeSet) -> None:
        async for tasks in self._pages(deleted, ALL):
            await change_set.record([change for task in tasks for change in task.delete(change_set.at)])

    async def _restore_contents(self, trashed: TaskList, change_set: ChangeSet) -> None:
        async for tasks in self._pages(trashed, Compare("deleted_at", "=", trashed.deleted_at)):
            await change_set.record([change for task in tasks for change in task.restore()])

    async def _pages(self, of: TaskList, state: Filter) -> AsyncIterator[Sequence[Task]]:
        """Yields the tasks of the list in this state. Each page must have left the state when the next one is read."""
        query = TaskQuery(And((Compare("list_id", "=", of.id), state)), limit=READ_AT_ONCE)
        while tasks := await self._tasks.find(of.user_id, query):
            yield tasks
