"""Commands on tasks, as data, and the changes that a list of commands makes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from domain.errors import FieldError, Invalid, InvalidRequest, NotFound, Refusal, Stale
from domain.tasks.changes import Change, Changes
from domain.tasks.task import MAX_DESCRIPTION_LENGTH, MAX_ID, MAX_TITLE_LENGTH, Task

MAX_COMMANDS = 100

TaskId = Annotated[int, Meta(ge=1, le=MAX_ID, description="The task's number.")]
TaskTitle = Annotated[
    str,
    Meta(
        description=f"What is to be done: 1–{MAX_TITLE_LENGTH} characters after trimming.",
        examples=["Buy groceries"],
        extra_json_schema={"minLength": 1, "maxLength": MAX_TITLE_LENGTH},
    ),
]
Description = Annotated[
    Annotated[str, Meta(extra_json_schema={"maxLength": MAX_DESCRIPTION_LENGTH})] | None,
    Meta(description=f"Details, at most {MAX_DESCRIPTION_LENGTH:,} characters.", examples=["Milk, eggs and bread"]),
]

Expected = Collection[int] | None
"""The task must have one of these revisions (RFC 9110, 13.1.1). None allows any."""


class TaskDraft(Struct, forbid_unknown_fields=True):
    title: TaskTitle
    description: Description = None


class TaskChanges(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A merge patch (RFC 7396): an absent field keeps its value, and null clears it."""

    title: TaskTitle | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    completed: Annotated[bool, Meta(description="True: done. False: to do again.")] | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """Returns the given fields. Raises `InvalidRequest` if there are none."""
        fields = {name: getattr(self, name) for name in TaskChanges.__struct_fields__}
        values = {name: value for name, value in fields.items() if value is not UNSET}
        if not values:
            raise InvalidRequest(f"Nothing to change: give at least one of {', '.join(fields)}.")
        return values


class Create(TaskDraft, forbid_unknown_fields=True, tag_field="op", tag="create"):
    pass


class Update(TaskChanges, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag_field="op", tag="update"):
    id: TaskId


class _TaskCommand(Struct, forbid_unknown_fields=True, tag_field="op"):
    id: TaskId


class Complete(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="complete"):
    pass


class Uncomplete(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="uncomplete"):
    pass


class Delete(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="delete"):
    pass


class Restore(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="restore"):
    pass


Command = Create | Update | Complete | Uncomplete | Delete | Restore


class Batch(Struct, forbid_unknown_fields=True):
    operations: Annotated[list[Command], Meta(min_length=1, max_length=MAX_COMMANDS)]
    atomic: Annotated[bool, Meta(description="All or nothing. False: what can be done is done.")] = True
    dry_run: Annotated[bool, Meta(description="Answer as if, and change nothing.")] = False


class Plan:
    """The changes that commands make, one after another. Each command sees the effects of those before it.

    `sets` has the changes of each command that changes something, in order.
    """

    def __init__(self, user_id: str, now: datetime, tasks: Sequence[Task]) -> None:
        self.sets: list[Changes[Task]] = []
        self._user_id = user_id
        self.now = now
        self._tasks = {task.id: task for task in tasks}
        self._places: dict[int, int] = {}
        self._changes = 0

    def apply(self, command: Command, expected: Expected = None) -> int | Task | Refusal:
        """Returns the index of the task's change among all changes, or the task itself if nothing changes, or the
        refusal.
        """
        try:
            before = None if isinstance(command, Create) else self._tasks.get(command.id)
            changes = self._changes_of(command, before)
            if before:
                check_expected(before, expected)
        except Refusal as refusal:
            return refusal
        if not changes:
            assert before is not None, "a new task is a change"
            return self._places.get(before.id, before)
        return self._add(changes)

    def _add(self, changes: Changes[Task]) -> int:
        self.sets.append(changes)
        place = self._changes
        for each, change in enumerate(changes, place):
            if change.before:
                self._tasks[change.after.id] = change.after
                self._places[change.after.id] = each
        self._changes += len(changes)
        return place

    def _changes_of(self, command: Command, task: Task | None) -> Changes[Task]:
        match command:
            case Create():
                return [Change(None, Task.new(self._user_id, self.now, msgspec.structs.asdict(command)))]
            case Restore(id=task_id):
                return existing(task, task_id).restore()
            case Delete(id=task_id):
                return outside_trash(task, task_id).delete(self.now)
            case Update(id=task_id):
                return outside_trash(task, task_id).edit(command.given(), self.now)
            case Complete(id=task_id):
                return outside_trash(task, task_id).complete(self.now)
            case Uncomplete(id=task_id):
                return outside_trash(task, task_id).reopen(self.now)


def existing(task: Task | None, task_id: int) -> Task:
    """Raises `NotFound` if the task does not exist. It may be in the trash."""
    if task is None:
        raise NotFound(f"There is no task {task_id}.")
    return task


def outside_trash(task: Task | None, task_id: int) -> Task:
    """Raises `NotFound` if the task does not exist or is in the trash."""
    return existing(None if task and task.deleted_at else task, task_id)


def check_expected(task: Task, expected: Expected) -> None:
    """Raises `Stale` if the task has none of the expected revisions."""
    if expected is not None and task.revision not in expected:
        raise Stale(f"Task {task.id} has changed in the meantime. Look at it as it is now before you change it.", task)


def check_all(results: Sequence[int | Task | Refusal]) -> None:
    """Raises `Invalid`, which names the refused commands, if there are any."""
    refused = [(place, each) for place, each in enumerate(results) if isinstance(each, Refusal)]
    if refused:
        raise Invalid(*(error for place, refusal in refused for error in _named(f"operations[{place}]", refusal)))


def _named(command: str, refusal: Refusal) -> list[FieldError]:
    if isinstance(refusal, Invalid):
        return [FieldError(f"{command}.{each.field}", each.message) for each in refusal.fields]
    return [FieldError(command, refusal.message)]
