"""Use-cases of tasks. Each change is one unit of work that stores the task and its event together."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from application.ports import Clock, TaskRepository, Transaction
from application.repeating import repeated
from domain.account import Caller
from domain.errors import InvalidRequest, NotFound, Stale
from domain.task import DESCRIPTION_LONGEST, TITLE_LONGEST, Change, Status, Task

Title = Annotated[
    str,
    Meta(
        description=f"What is to be done: 1–{TITLE_LONGEST} characters after trimming.",
        examples=["Buy groceries"],
        extra_json_schema={"minLength": 1, "maxLength": TITLE_LONGEST},
    ),
]
Description = Annotated[
    Annotated[str, Meta(extra_json_schema={"maxLength": DESCRIPTION_LONGEST})] | None,
    Meta(description=f"Details, at most {DESCRIPTION_LONGEST:,} characters.", examples=["Milk, eggs and bread"]),
]

Expected = Collection[int] | None


class TaskDraft(Struct, forbid_unknown_fields=True):
    title: Title
    description: Description = None


class TaskChanges(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A merge patch (RFC 7396): an absent field keeps its value, null clears it."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    completed: Annotated[bool, Meta(description="True: done. False: to do again.")] | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """Raises `InvalidRequest` where nothing is."""
        fields = {name: getattr(self, name) for name in TaskChanges.__struct_fields__}
        values = {name: value for name, value in fields.items() if value is not UNSET}
        if not values:
            raise InvalidRequest(f"Nothing to change: give at least one of {', '.join(fields)}.")
        return values


@dataclass(frozen=True, slots=True)
class Page:
    """`next_cursor` continues after the last task; None where this page is the last."""

    tasks: Sequence[Task]
    total: int
    next_cursor: int | None


class Tasks:
    """`expected` is the revision, or revisions, one of which the task must have still (RFC 9110, 13.1.1)."""

    def __init__(self, tasks: TaskRepository, transaction: Transaction, clock: Clock) -> None:
        self._tasks = tasks
        self._transaction = transaction
        self._clock = clock

    @repeated
    async def add(self, caller: Caller, draft: TaskDraft) -> Task:
        now = self._clock()
        task = Task.new(caller.user_id, now, msgspec.structs.asdict(draft))
        (added,) = await self._tasks.record(caller, now, [Change(None, task)])
        return added

    async def get(self, caller: Caller, task_id: int) -> Task:
        return live(await self._tasks.get(caller.user_id, task_id), task_id)

    async def page(
        self, caller: Caller, status: Status, limit: int, *, offset: int = 0, before: int | None = None
    ) -> Page:
        tasks = await self._tasks.newest(caller.user_id, status, limit + 1, offset=offset, before=before)
        total = await self._tasks.count(caller.user_id, status)
        return Page(tasks[:limit], total, tasks[limit - 1].id if len(tasks) > limit else None)

    async def update(self, caller: Caller, task_id: int, changes: TaskChanges, expected: Expected = None) -> Task:
        values = changes.given()
        return await self._change(caller, task_id, lambda task, now: live(task, task_id).changed(now, values), expected)

    async def complete(self, caller: Caller, task_id: int, expected: Expected = None) -> Task:
        return await self.update(caller, task_id, TaskChanges(completed=True), expected)

    async def uncomplete(self, caller: Caller, task_id: int, expected: Expected = None) -> Task:
        return await self.update(caller, task_id, TaskChanges(completed=False), expected)

    async def delete(self, caller: Caller, task_id: int, expected: Expected = None) -> Task:
        """Into the trash."""
        return await self._change(caller, task_id, lambda task, now: live(task, task_id).deleted(now), expected)

    async def restore(self, caller: Caller, task_id: int) -> Task:
        """Out of the trash, as it was; a task that is not in it stays as it is."""
        return await self._change(caller, task_id, lambda task, _: task.restored())

    @repeated
    async def _change(
        self, caller: Caller, task_id: int, change: Callable[[Task, datetime], Task], expected: Expected = None
    ) -> Task:
        now = self._clock()
        async with self._transaction() as work:
            found = await self._tasks.get_to_change(caller.user_id, [task_id])
            task = known(found[0] if found else None, task_id)
            after = change(task, now)
            check_expected(task, expected)
            if after != task:
                (after,) = await self._tasks.record(caller, now, [Change(task, after)])
            await work.commit()
        return after


def known(task: Task | None, task_id: int) -> Task:
    """In the trash or not."""
    if task is None:
        raise NotFound(f"There is no task {task_id}.")
    return task


def live(task: Task | None, task_id: int) -> Task:
    return known(None if task and task.deleted_at else task, task_id)


def check_expected(task: Task, expected: Expected) -> None:
    if expected is not None and not expected:
        raise Stale(f'If-Match compares strongly, so W/ tags and others never match: send "{task.revision}".', task)
    if expected is not None and task.revision not in expected:
        raise Stale(f"Task {task.id} has changed meanwhile. Look at it as it is now, and send its ETag.", task)
