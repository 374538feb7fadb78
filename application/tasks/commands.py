from collections.abc import Collection, Sequence
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from application.tasks.inputs import TaskChanges, TaskDraft, TaskId
from domain.errors import FieldError, Invalid, NotFound, Refusal, Stale
from domain.tasks.changes import Entity
from domain.tasks.entities import BY_TYPE
from domain.tasks.task import Task

MAX_COMMANDS = 100

Expected = Collection[int] | None
"""The task must have one of these revisions (RFC 9110, 13.1.1). None allows any."""
Occurrence = Annotated[
    str,
    Meta(description="The due date as you see it. If the task has another one by now, nothing is done: safe to retry."),
]


class Create(TaskDraft, forbid_unknown_fields=True, tag_field="op", tag="create"):
    pass


class Update(TaskChanges, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag_field="op", tag="update"):
    id: TaskId


class CreateNamed(Create, forbid_unknown_fields=True, tag_field="op", tag="create_named"):
    """Creates a task in the list of that name, which is made with it if there is none. Its tags are spelled as they are
    already. Requests can't ask for it, as `Command` leaves it out: people and models write names, programs numbers."""

    list_name: str | None = None


class UpdateNamed(Update, forbid_unknown_fields=True, kw_only=True, tag_field="op", tag="update_named"):
    list_name: str | None = None

    def given(self) -> dict[str, Any]:
        return super().given() if self.list_name is None else self.values()


class _TaskCommand(Struct, forbid_unknown_fields=True, tag_field="op"):
    id: TaskId


class Complete(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="complete"):
    occurrence: Occurrence | UnsetType = UNSET


class Skip(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="skip"):
    occurrence: Occurrence | UnsetType = UNSET


class Uncomplete(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="uncomplete"):
    pass


class Delete(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="delete"):
    pass


class Restore(_TaskCommand, forbid_unknown_fields=True, tag_field="op", tag="restore"):
    pass


Command = Create | Update | Complete | Skip | Uncomplete | Delete | Restore


class Batch(Struct, forbid_unknown_fields=True):
    operations: Annotated[list[Command], Meta(min_length=1, max_length=MAX_COMMANDS)]
    atomic: Annotated[bool, Meta(description="All or nothing. False: what can be done is done.")] = True
    dry_run: Annotated[bool, Meta(description="Answer as if, and change nothing.")] = False


def existing(task: Task | None, task_id: int) -> Task:
    if task is None:
        raise NotFound(f"There is no task {task_id}.")
    return task


def outside_trash(task: Task | None, task_id: int) -> Task:
    """Raises `NotFound` if the task does not exist or is in the trash."""
    return existing(None if task and task.deleted_at else task, task_id)


def check_expected(entity: Entity, expected: Expected) -> None:
    if expected is not None and entity.revision not in expected:
        name = f"{BY_TYPE[type(entity)].name.capitalize()} {entity.id}"
        raise Stale(f"{name} has changed in the meantime. Look at it as it is now before you change it.", entity)


def check_all(results: Sequence[int | Task | Refusal]) -> None:
    """Raises `Invalid`, which names the refused commands, if there are any."""
    refused = [(place, each) for place, each in enumerate(results) if isinstance(each, Refusal)]
    if refused:
        raise Invalid(*(error for place, refusal in refused for error in _named(f"operations[{place}]", refusal)))


def _named(command: str, refusal: Refusal) -> list[FieldError]:
    if isinstance(refusal, Invalid):
        return [FieldError(f"{command}.{each.field}", each.message) for each in refusal.fields]
    return [FieldError(command, refusal.message)]
