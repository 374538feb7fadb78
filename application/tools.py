"""The tool table: what the chat assistant, any MCP client and the docs see. Adding a tool is adding a row."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, defstruct

from application.ports import ToolDefinition
from application.tasks import TaskChanges, TaskDraft, Tasks
from application.undo import Undo
from application.validation import decode
from domain.account import Caller, Scope
from domain.errors import NotFound, Refusal
from domain.task import Status, Task

LISTED_MOST = 100

TaskId = Annotated[int, Meta(ge=1, le=2**53 - 1, description="The task's number, as list_tasks shows it.")]


class AddTask(TaskDraft, forbid_unknown_fields=True):
    pass


class ListTasks(Struct, forbid_unknown_fields=True):
    status: Annotated[Status, Meta(description="Which tasks to list.")] = Status.ALL


class TaskReference(Struct, forbid_unknown_fields=True):
    task_id: TaskId


class UpdateTask(TaskChanges, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    task_id: TaskId


class TaskList(Struct):
    """At most the 100 newest tasks; `total` counts all."""

    tasks: list[Task]
    total: int


class Nothing(Struct, forbid_unknown_fields=True):
    pass


class UndoneTasks(Struct):
    """As they are now; one with `deleted_at` is in the trash."""

    tasks: list[Task]


class Outcome(Struct):
    """A tool's result; `message` is for people, and says what to do where `success` is false."""

    success: bool
    message: str
    data: Any = None


@dataclass(frozen=True, slots=True)
class UseCases:
    """What tools may call."""

    tasks: Tasks
    undo: Undo


Run = Callable[[UseCases, Caller, Any], Awaitable[Outcome]]


async def _add(on: UseCases, caller: Caller, draft: AddTask) -> Outcome:
    task = await on.tasks.add(caller, draft)
    return Outcome(True, f"Added task {task.id}: {task.title}", task)


async def _list(on: UseCases, caller: Caller, which: ListTasks) -> Outcome:
    page = await on.tasks.page(caller, which.status, LISTED_MOST)
    return Outcome(
        True, f"{len(page.tasks)} of {page.total} tasks, newest first", TaskList(list(page.tasks), page.total)
    )


async def _complete(on: UseCases, caller: Caller, which: TaskReference) -> Outcome:
    task = await on.tasks.complete(caller, which.task_id)
    return Outcome(True, f"Completed task {task.id}: {task.title}", task)


async def _update(on: UseCases, caller: Caller, changes: UpdateTask) -> Outcome:
    task = await on.tasks.update(caller, changes.task_id, changes)
    return Outcome(True, f"Updated task {task.id}: {task.title}", task)


async def _delete(on: UseCases, caller: Caller, which: TaskReference) -> Outcome:
    task = await on.tasks.delete(caller, which.task_id)
    return Outcome(True, f"Deleted task {task.id}: {task.title}", task)


async def _restore(on: UseCases, caller: Caller, which: TaskReference) -> Outcome:
    task = await on.tasks.restore(caller, which.task_id)
    return Outcome(True, f"Restored task {task.id}: {task.title}", task)


async def _undo(on: UseCases, caller: Caller, _: Nothing) -> Outcome:
    tasks = list((await on.undo.last(caller)).tasks)
    names = ", ".join(f"{task.id} ({task.title})" for task in tasks)
    return Outcome(True, f"Undone: what was changed last. As before: {names or 'all tasks'}", UndoneTasks(tasks))


@dataclass(frozen=True, slots=True)
class Tool:
    """`result` is the type of `Outcome.data`; the hints are MCP's: what a call may do to the user's tasks."""

    name: str
    title: str
    description: str
    arguments: type[Struct]
    result: type
    run: Run
    reads_only: bool = False
    destroys: bool = False
    idempotent: bool = False

    @property
    def scope(self) -> Scope:
        return Scope.READ if self.reads_only else Scope.WRITE

    def outcome(self) -> dict[str, Any]:
        """The JSON Schema of the whole `Outcome`; a refusal has no data. Docstrings, written for us, stay here."""
        fields = [("success", bool), ("message", str), ("data", self.result | None)]
        schema = parameters(defstruct(Outcome.__name__, fields, forbid_unknown_fields=True))
        for definition in schema["$defs"].values():
            definition.pop("description", None)
        return schema


TOOLS = (
    Tool("add_task", "Add a task", "Add a new task to the user's list.", AddTask, Task, _add),
    Tool(
        "list_tasks",
        "List tasks",
        f"List the user's tasks, newest first, at most {LISTED_MOST}. Use it to find a task's number.",
        ListTasks,
        TaskList,
        _list,
        reads_only=True,
        idempotent=True,
    ),
    Tool("complete_task", "Complete a task", "Mark a task as done.", TaskReference, Task, _complete, idempotent=True),
    Tool(
        "update_task",
        "Change a task",
        "Change a task: absent fields keep their value, null clears the description, completed=false reopens it.",
        UpdateTask,
        Task,
        _update,
        destroys=True,
        idempotent=True,
    ),
    Tool(
        "delete_task",
        "Delete a task",
        "Move a task to the trash.",
        TaskReference,
        Task,
        _delete,
        destroys=True,
        idempotent=True,
    ),
    Tool(
        "restore_task",
        "Restore a task",
        "Take a task out of the trash.",
        TaskReference,
        Task,
        _restore,
        idempotent=True,
    ),
    Tool(
        "undo_last_changes",
        "Undo the last changes",
        "Undo all that your last message with changes did, exactly. Called again later, it takes the undoing back.",
        Nothing,
        UndoneTasks,
        _undo,
        destroys=True,
    ),
)


class Toolbox:
    """Calls a tool by its name with arguments as JSON text, for one caller."""

    def __init__(self, use_cases: UseCases, tools: tuple[Tool, ...] = TOOLS) -> None:
        self._use_cases = use_cases
        self.tools = {tool.name: tool for tool in tools}
        self.reading = frozenset(tool.name for tool in tools if tool.reads_only)
        self.definitions = [ToolDefinition(tool.name, tool.description, parameters(tool.arguments)) for tool in tools]

    async def call(self, caller: Caller, name: str, arguments: str) -> Outcome:
        """Raises the use-case's `Refusal`, `InsufficientScope`, `NotFound` (no such tool) and `Invalid` (arguments)."""
        tool = self.tools.get(name)
        if tool is None:
            raise NotFound(f"There is no such tool; there are {', '.join(self.tools)}.")
        caller.check(tool.scope)
        return await tool.run(self._use_cases, caller, decode(arguments or "{}", tool.arguments))


def refused(refusal: Refusal) -> Outcome:
    """What a model is told, so that it can mend its call."""
    return Outcome(False, refusal.message)


def parameters(arguments: type[Struct]) -> dict[str, Any]:
    """The JSON Schema of a tool's arguments: the root inlined, as models and MCP want it."""
    (root,), definitions = msgspec.json.schema_components([arguments], ref_template="#/$defs/{name}")
    schema = definitions.pop(root["$ref"].rpartition("/")[2])
    return {**schema, "$defs": definitions} if definitions else schema
