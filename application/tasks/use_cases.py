"""Use-cases of tasks. A single command is a batch of one, so that all changes are made in the same way."""

from collections.abc import Sequence
from itertools import chain

from msgspec import UNSET, UnsetType

from application.accounts.calendars import Calendars
from application.ports import Clock, EntityRepository, EventLog, TaskRepository, Transaction
from application.retry import retried
from application.tasks.commands import (
    Batch,
    Command,
    Complete,
    Create,
    CreateNamed,
    Delete,
    Expected,
    Restore,
    Skip,
    Uncomplete,
    Update,
    check_all,
    outside_trash,
)
from application.tasks.inputs import TaskChanges, TaskDraft
from application.tasks.plan import Plan
from application.tasks.query import NEWEST, PLAIN, STATUS_FILTERS, Cursors, TaskPage, TaskQuery, TaskSearch
from application.tasks.query.building import Searches
from application.tasks.workspace import Workspace
from domain.accounts.account import Caller
from domain.errors import Refusal
from domain.tasks.task import Status, Task


class Tasks:
    """Use-cases of tasks. Commands raise `NotFound`, and `Stale` if the task has none of the `expected` revisions."""

    def __init__(
        self,
        tasks: TaskRepository,
        entities: EntityRepository,
        transaction: Transaction,
        clock: Clock,
        log: EventLog,
        calendars: Calendars,
    ) -> None:
        self._tasks = tasks
        self._entities = entities
        self._log = log
        self._transaction = transaction
        self._calendars = calendars
        self._clock = clock
        self._searches = Searches(entities, calendars)

    async def get(self, caller: Caller, task_id: int) -> Task:
        return outside_trash(await self._tasks.get(caller.user_id, task_id), task_id)

    async def page(
        self, caller: Caller, status: Status, limit: int, *, offset: int = 0, cursor: str | None = None
    ) -> TaskPage:
        """Returns a page of tasks. Raises `Invalid` for a cursor of another order."""
        query = TaskQuery(STATUS_FILTERS[status], NEWEST, limit + 1, PLAIN.place(cursor, offset), offset)
        return await self._found(caller, query, PLAIN)

    async def search(self, caller: Caller, asked: TaskSearch) -> TaskPage:
        """Raises `Invalid` for a wrong parameter, and `FilterError` for a wrong filter."""
        if asked.is_plain:
            status = asked.status or Status.ALL
            return await self.page(caller, status, asked.limit, offset=asked.offset, cursor=asked.cursor)
        query, cursors = await self._searches.query_of(caller.user_id, asked)
        return await self._found(caller, query, cursors)

    async def add(self, caller: Caller, draft: TaskDraft) -> Task:
        return await self.run_one(caller, Create(**draft.given()))

    async def update(self, caller: Caller, task_id: int, changes: TaskChanges, expected: Expected = None) -> Task:
        return await self.run_one(caller, Update(id=task_id, **changes.given()), expected)

    async def complete(
        self, caller: Caller, task_id: int, expected: Expected = None, occurrence: str | UnsetType = UNSET
    ) -> Task:
        """Completes the task, or moves a recurring one on. If it is not due at `occurrence` now, nothing changes."""
        return await self.run_one(caller, Complete(task_id, occurrence), expected)

    async def skip(
        self, caller: Caller, task_id: int, expected: Expected = None, occurrence: str | UnsetType = UNSET
    ) -> Task:
        """Moves a recurring task on to its next date. Raises `Conflict` if there is none."""
        return await self.run_one(caller, Skip(task_id, occurrence), expected)

    async def uncomplete(self, caller: Caller, task_id: int, expected: Expected = None) -> Task:
        return await self.run_one(caller, Uncomplete(task_id), expected)

    async def delete(self, caller: Caller, task_id: int, expected: Expected = None) -> Task:
        return await self.run_one(caller, Delete(task_id), expected)

    async def restore(self, caller: Caller, task_id: int) -> Task:
        """Takes the task out of the trash, with the values that it had. A task outside the trash stays as it is."""
        return await self.run_one(caller, Restore(task_id))

    @retried
    async def run(
        self, caller: Caller, batch: Batch, expected: Expected = None, *, as_one: bool = False
    ) -> Sequence[Task | Refusal]:
        """Returns for each operation its changed task, or why it was refused. What was done is undone as a whole if the
        batch is atomic or `as_one`. Raises `Invalid`, which names the refused operations, if the batch is atomic."""
        workspace = Workspace(caller.user_id, self._clock(), self._tasks, self._entities, self._log, self._calendars)
        if _makes_top_level(batch):
            plan = Plan(workspace, locks=False)
            return await self._record(caller, plan, await self._results(batch, plan, expected), as_one or batch.atomic)
        plan = Plan(workspace, numbers_new=len(batch.operations) > 1)
        async with self._transaction() as work:
            await workspace.load([command.id for command in batch.operations if not isinstance(command, Create)])
            results = await self._results(batch, plan, expected)
            results = await self._record(caller, plan, results, as_one or batch.atomic)
            if workspace.touches_families:
                results = await self._counted(caller, results)
            if not batch.dry_run:
                await work.commit()
        return results

    async def _found(self, caller: Caller, query: TaskQuery, cursors: Cursors) -> TaskPage:
        """Returns the page. The query asks for one task more, which says whether there is a next page."""
        found, total = await self._tasks.page(caller.user_id, query)
        return TaskPage.of(found, query.limit - 1, total, cursors)

    async def run_one(self, caller: Caller, command: Command, expected: Expected = None) -> Task:
        [result] = await self.run(caller, Batch([command], atomic=False), expected)
        if isinstance(result, Refusal):
            raise result
        return result

    async def _results(self, batch: Batch, plan: Plan, expected: Expected) -> Sequence[int | Task | Refusal]:
        results = [await plan.apply(command, expected) for command in batch.operations]
        if batch.atomic:
            check_all(results)
        return results

    async def _record(
        self, caller: Caller, plan: Plan, results: Sequence[int | Task | Refusal], as_one: bool
    ) -> Sequence[Task | Refusal]:
        sets = [list(chain.from_iterable(plan.sets))] if as_one else plan.sets
        recorded = await self._entities.record(caller, plan.now, *sets, into=plan.into) if plan.sets else ()
        return [recorded[each] if isinstance(each, int) else each for each in results]

    async def _counted(self, caller: Caller, results: Sequence[Task | Refusal]) -> Sequence[Task | Refusal]:
        ids = {each.id for each in results if isinstance(each, Task)}
        found = {task.id: task for task in await self._entities.get_all(caller.user_id, Task, ids)}
        return [found.get(each.id, each) if isinstance(each, Task) else each for each in results]


def _makes_top_level(batch: Batch) -> bool:
    """Returns whether the batch only makes tasks that change no other ones. These need no lock: the statement that
    records them checks their lists."""
    return not batch.dry_run and all(isinstance(each, Create) and _is_top_level(each) for each in batch.operations)


def _is_top_level(new: Create) -> bool:
    """Returns whether it has no parent, and no list that may have to be made with it."""
    names_list = isinstance(new, CreateNamed) and new.list_name is not None
    return not new.parent_id and not names_list
