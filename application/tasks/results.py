"""Results of use-cases as plain data, so that they can be kept with an idempotency key and read again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from application.tasks.log.undo import Undone
from domain.errors import FieldError, Invalid, Refusal
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View


@dataclass(frozen=True, slots=True)
class RefusedCommand:
    """Why a command of a batch was refused. `code` is that of the `Refusal`. `fields` is None if the refusal names no
    fields."""

    title: str
    code: str
    message: str
    fields: Sequence[FieldError] | None = None


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The task after a command of a batch, or why the command was refused."""

    task: Task | None = None
    refusal: RefusedCommand | None = None


@dataclass(frozen=True, slots=True)
class UndoneEntities:
    """What the undo changed, in its present state."""

    tasks: list[Task]
    lists: list[TaskList] = field(default_factory=list)
    views: list[View] = field(default_factory=list)


def command_result(result: Task | Refusal) -> CommandResult:
    if isinstance(result, Task):
        return CommandResult(task=result)
    fields = result.fields if isinstance(result, Invalid) else None
    return CommandResult(refusal=RefusedCommand(result.title, result.code, result.message, fields))


def undone_entities(undone: Undone) -> UndoneEntities:
    found = undone.entities
    return UndoneEntities(*([each for each in found if isinstance(each, of)] for of in (Task, TaskList, View)))  # type: ignore[arg-type]
