"""Use-cases of tasks. Each change is one unit of work that stores the task and its event together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from application.ports import Clock, TaskRepository, Transaction
from domain.account import Caller
from domain.errors import InvalidRequest, NotFound
from domain.task import DESCRIPTION_LONGEST, TITLE_LONGEST, Change, Status, Task

Title = Annotated[
    str,
    Meta(
        description=f"What is to be done: 1–{TITLE_LONGEST} characters after trimming.",
        examples=["Buy groceries"],
        extra_json_schema={"minLength": 1},
    ),
]
Description = Annotated[
    str | None,
    Meta(description=f"Details, at most {DESCRIPTION_LONGEST} characters.", examples=["Milk, eggs and bread"]),
]


class TaskDraft(Struct, forbid_unknown_fields=True):
    title: Title
    description: Description = None


class TaskChanges(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A merge patch (RFC 7396): an absent field keeps its value, null clears it."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    completed: Annotated[bool, Meta(description="True: done. False: to do again.")] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Page:
    """`next_cursor` continues after the last task; None where this page is the last."""

    tasks: Sequence[Task]
    total: int
    next_cursor: int | None


class Tasks:
    def __init__(self, tasks: TaskRepository, transaction: Transaction, clock: Clock) -> None:
        self._tasks = tasks
        self._transaction = transaction
        self._clock = clock

    async def add(self, caller: Caller, draft: TaskDraft) -> Task:
        now = self._clock()
        task = Task.new(caller.user_id, now, msgspec.structs.asdict(draft))
        async with self._transaction() as work:
            added = await self._tasks.record(Change(None, task, caller.actor, now))
            await work.commit()
        return added

    async def get(self, caller: Caller, task_id: int) -> Task:
        return _found(await self._tasks.get(caller.user_id, task_id), task_id)

    async def page(
        self, caller: Caller, status: Status, limit: int, *, offset: int = 0, before: int | None = None
    ) -> Page:
        tasks = await self._tasks.newest(caller.user_id, status, limit + 1, offset=offset, before=before)
        total = await self._tasks.count(caller.user_id, status)
        return Page(tasks[:limit], total, tasks[limit - 1].id if len(tasks) > limit else None)

    async def update(self, caller: Caller, task_id: int, changes: TaskChanges) -> Task:
        given = {name: getattr(changes, name) for name in TaskChanges.__struct_fields__}
        values = {name: value for name, value in given.items() if value is not UNSET}
        if not values:
            raise InvalidRequest(f"Nothing to change: give at least one of {', '.join(given)}.")
        return await self._change(caller, task_id, values)

    async def complete(self, caller: Caller, task_id: int) -> Task:
        return await self._change(caller, task_id, {"completed": True})

    async def uncomplete(self, caller: Caller, task_id: int) -> Task:
        return await self._change(caller, task_id, {"completed": False})

    async def delete(self, caller: Caller, task_id: int) -> Task:
        async with self._transaction() as work:
            task = _found(await self._tasks.get_to_change(caller.user_id, task_id), task_id)
            await self._tasks.record(Change(task, None, caller.actor, self._clock()))
            await work.commit()
        return task

    async def _change(self, caller: Caller, task_id: int, values: dict[str, Any]) -> Task:
        now = self._clock()
        async with self._transaction() as work:
            task = _found(await self._tasks.get_to_change(caller.user_id, task_id), task_id)
            changed = task.changed(now, values)
            if changed is not task:
                changed = await self._tasks.record(Change(task, changed, caller.actor, now))
            await work.commit()
        return changed


def _found(task: Task | None, task_id: int) -> Task:
    if task is None:
        raise NotFound(f"There is no task {task_id}.")
    return task
