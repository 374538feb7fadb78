"""Many changes at once: read together, decided here one after another, and recorded together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from application.ports import Clock, TaskRepository, Transaction
from application.repeating import repeated
from application.tasks import TaskChanges, TaskDraft, known, live
from domain.account import Caller
from domain.errors import FieldError, Invalid, Refusal
from domain.task import Change, Task

OPERATIONS_MOST = 100

TaskId = Annotated[int, Meta(ge=1, le=2**53 - 1, description="The task's number.")]


class Create(TaskDraft, forbid_unknown_fields=True, tag_field="op", tag="create"):
    pass


class Update(TaskChanges, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag_field="op", tag="update"):
    id: TaskId


class _OfTask(Struct, forbid_unknown_fields=True, tag_field="op"):
    id: TaskId


class Complete(_OfTask, forbid_unknown_fields=True, tag_field="op", tag="complete"):
    pass


class Uncomplete(_OfTask, forbid_unknown_fields=True, tag_field="op", tag="uncomplete"):
    pass


class Delete(_OfTask, forbid_unknown_fields=True, tag_field="op", tag="delete"):
    pass


class Restore(_OfTask, forbid_unknown_fields=True, tag_field="op", tag="restore"):
    pass


Operation = Create | Update | Complete | Uncomplete | Delete | Restore


class Batch(Struct, forbid_unknown_fields=True):
    operations: Annotated[list[Operation], Meta(min_length=1, max_length=OPERATIONS_MOST)]
    atomic: Annotated[bool, Meta(description="All or nothing. False: what can be done is done.")] = True
    dry_run: Annotated[bool, Meta(description="Answer as if, and change nothing.")] = False


class Batches:
    def __init__(self, tasks: TaskRepository, transaction: Transaction, clock: Clock) -> None:
        self._tasks = tasks
        self._transaction = transaction
        self._clock = clock

    @repeated
    async def run(self, caller: Caller, batch: Batch) -> Sequence[Task | Refusal]:
        """For each operation its task then, or why it was refused. An operation sees what those before it did.

        Raises `Invalid` with the operations at fault where it is atomic.
        """
        now = self._clock()
        ids = [operation.id for operation in batch.operations if not isinstance(operation, Create)]
        async with self._transaction() as work:
            decided = Decided(caller.user_id, now, await self._tasks.get_to_change(caller.user_id, ids))
            results = [decided.take(operation) for operation in batch.operations]
            if batch.atomic:
                _check_all(results)
            recorded = await self._tasks.record(caller, now, decided.changes) if decided.changes else []
            if not batch.dry_run:
                await work.commit()
        return [recorded[each] if isinstance(each, int) else each for each in results]


class Decided:
    """What a batch comes to so far, operation by operation."""

    def __init__(self, user_id: str, now: datetime, tasks: Sequence[Task]) -> None:
        self.changes: list[Change] = []
        self._user_id = user_id
        self._now = now
        self._tasks = {task.id: task for task in tasks}
        self._places: dict[int, int] = {}

    def take(self, operation: Operation) -> int | Task | Refusal:
        """The place of its change among all, or the task where nothing is to be changed."""
        try:
            before = None if isinstance(operation, Create) else self._tasks.get(operation.id)
            after = self._after(operation, before)
        except Refusal as refusal:
            return refusal
        if before == after:
            return self._places.get(after.id, after)
        if before:
            self._tasks[after.id] = after
            self._places[after.id] = len(self.changes)
        self.changes.append(Change(before, after))
        return len(self.changes) - 1

    def _after(self, operation: Operation, before: Task | None) -> Task:
        match operation:
            case Create():
                return Task.new(self._user_id, self._now, msgspec.structs.asdict(operation))
            case Restore(id=task_id):
                return known(before, task_id).restored()
            case Delete(id=task_id):
                return live(before, task_id).deleted(self._now)
            case Update(id=task_id):
                return live(before, task_id).changed(self._now, operation.given())
            case Complete(id=task_id) | Uncomplete(id=task_id):
                completed = isinstance(operation, Complete)
                return live(before, task_id).changed(self._now, {"completed": completed})


def _check_all(results: Sequence[int | Task | Refusal]) -> None:
    refused = [(place, each) for place, each in enumerate(results) if isinstance(each, Refusal)]
    if refused:
        raise Invalid(*(error for place, refusal in refused for error in _named(f"operations[{place}]", refusal)))


def _named(operation: str, refusal: Refusal) -> list[FieldError]:
    if isinstance(refusal, Invalid):
        return [FieldError(f"{operation}.{each.field}", each.message) for each in refusal.fields]
    return [FieldError(operation, refusal.message)]
