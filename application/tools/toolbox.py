"""The table of the tools for the chat assistant, MCP clients and the docs. A new tool is a new row."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct

from application.ports import ToolDefinition
from application.tasks.inputs import Description, TaskChanges, TaskDraft, TaskTitle
from application.tasks.query import MAX_CURSOR_LENGTH
from application.tasks.undo import Undo
from application.tasks.use_cases import Tasks
from application.tools.arguments import read_arguments
from application.tools.schemas import parameters, result
from domain.accounts.account import Caller, Scope
from domain.errors import Invalid, NotFound, Refusal
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH
from domain.tasks.task import MAX_ID, Status, Task

MAX_LISTED = 100
LISTED_CHARACTERS = 50_000
"""The limit for the titles and descriptions on a page. The model reads all results again at each step of a turn."""

ToolTaskId = Annotated[int, Meta(ge=1, le=MAX_ID, description="The task's number, as list_tasks shows it.")]
Clearable = Literal["description"]


class AddTask(Struct, forbid_unknown_fields=True):
    title: TaskTitle
    description: Description = None


class ListTasks(Struct, forbid_unknown_fields=True):
    status: Annotated[Status, Meta(description="Which tasks to list.")] = Status.ALL
    limit: Annotated[int, Meta(ge=1, le=MAX_LISTED, description="How many at most.")] = MAX_LISTED
    cursor: Annotated[str, Meta(max_length=MAX_CURSOR_LENGTH, description="next_cursor of the page before.")] | None = (
        None
    )


class TaskReference(Struct, forbid_unknown_fields=True):
    task_id: ToolTaskId


class UpdateTask(Struct, forbid_unknown_fields=True):
    """Changes of a task. Many models send null or an empty text for a field that they do not want to change. So these
    change nothing, and `clear` names the fields to empty."""

    task_id: ToolTaskId
    title: TaskTitle | UnsetType = UNSET
    description: (
        Annotated[str, Meta(description=f"Details, at most {MAX_DESCRIPTION_LENGTH} characters.")] | UnsetType
    ) = UNSET
    completed: Annotated[bool, Meta(description="True: done. False: to do again.")] | UnsetType = UNSET
    clear: Annotated[list[Clearable], Meta(description="Fields to empty.")] = []

    def changes(self) -> TaskChanges:
        """Returns the changes. Raises `Invalid` if a field is both set and cleared."""
        cleared: dict[str, Any] = dict.fromkeys(self.clear)
        if both := [name for name in cleared if getattr(self, name) is not UNSET]:
            raise Invalid.field("clear", f"has {both[0]}, which is given too: set it or clear it")
        shared = set(TaskChanges.__struct_fields__).intersection(self.__struct_fields__)
        given: dict[str, Any] = {name: getattr(self, name) for name in shared}
        return TaskChanges(**given | cleared)


class TaskList(Struct):
    """One page of tasks: at most 100, and fewer if their texts are long. `total` is the number of tasks on all pages.

    `next_cursor` is null on the last page.
    """

    tasks: list[Task]
    total: int
    next_cursor: str | None


class Nothing(Struct, forbid_unknown_fields=True):
    pass


class UndoneTaskList(Struct):
    """The tasks after the undo. A task with `deleted_at` is in the trash."""

    tasks: list[Task]


class ToolOutput(Struct):
    """A tool's result. `message` is for people; if `success` is false, it says what to do."""

    success: bool
    message: str
    data: Any = None


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use-cases that tools may call."""

    tasks: Tasks
    undo: Undo


Run = Callable[[UseCases, Caller, Any], Awaitable[ToolOutput]]


async def _add(on: UseCases, caller: Caller, draft: AddTask) -> ToolOutput:
    task = await on.tasks.add(caller, TaskDraft(draft.title, draft.description))
    return ToolOutput(True, f"Added task {task.id}: {task.title}", task)


async def _list(on: UseCases, caller: Caller, which: ListTasks) -> ToolOutput:
    found = await on.tasks.page(caller, which.status, which.limit, cursor=which.cursor)
    page = found.within(LISTED_CHARACTERS)
    more = f"; more with cursor {page.next_cursor}" if page.next_cursor else ""
    listed = TaskList(list(page.tasks), page.total.count, page.next_cursor)
    return ToolOutput(True, f"{len(page.tasks)} of {page.total.count} tasks, newest first{more}", listed)


async def _complete(on: UseCases, caller: Caller, which: TaskReference) -> ToolOutput:
    task = await on.tasks.complete(caller, which.task_id)
    return ToolOutput(True, f"Completed task {task.id}: {task.title}", task)


async def _update(on: UseCases, caller: Caller, changes: UpdateTask) -> ToolOutput:
    task = await on.tasks.update(caller, changes.task_id, changes.changes())
    return ToolOutput(True, f"Updated task {task.id}: {task.title}", task)


async def _delete(on: UseCases, caller: Caller, which: TaskReference) -> ToolOutput:
    task = await on.tasks.delete(caller, which.task_id)
    return ToolOutput(True, f"Deleted task {task.id}: {task.title}", task)


async def _restore(on: UseCases, caller: Caller, which: TaskReference) -> ToolOutput:
    task = await on.tasks.restore(caller, which.task_id)
    return ToolOutput(True, f"Restored task {task.id}: {task.title}", task)


async def _undo(on: UseCases, caller: Caller, _: Nothing) -> ToolOutput:
    tasks = [each for each in (await on.undo.last(caller)).entities if isinstance(each, Task)]
    names = ", ".join(f"{task.id} ({task.title})" for task in tasks)
    return ToolOutput(True, f"Undone: what was changed last. As before: {names or 'all tasks'}", UndoneTaskList(tasks))


@dataclass(frozen=True, slots=True)
class Tool:
    """`result` is the type of `ToolOutput.data`. The hints are those of MCP and say what a call may do to the user's
    tasks.
    """

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
        """Returns the JSON Schema of the `ToolOutput`. A refusal has no data."""
        fields = [("success", bool), ("message", str), ("data", self.result | None)]
        return result(defstruct(ToolOutput.__name__, fields, forbid_unknown_fields=True))


TOOLS = (
    Tool("add_task", "Add a task", "Add a new task to the user's list.", AddTask, Task, _add),
    Tool(
        "list_tasks",
        "List tasks",
        f"List the user's tasks, newest first, at most {MAX_LISTED} on a page. Use it to find a task's number.",
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
        "Change a task: fields that are not given keep their value, clear empties them, completed=false reopens it.",
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
        UndoneTaskList,
        _undo,
        destroys=True,
    ),
)


class Toolbox:
    """Calls a tool by its name, with arguments as JSON text, for one caller."""

    def __init__(self, use_cases: UseCases, tools: tuple[Tool, ...] = TOOLS) -> None:
        self._use_cases = use_cases
        self.tools = {tool.name: tool for tool in tools}
        self.reading = frozenset(tool.name for tool in tools if tool.reads_only)
        self.definitions = [ToolDefinition(tool.name, tool.description, parameters(tool.arguments)) for tool in tools]

    async def call(self, caller: Caller, name: str, arguments: str) -> ToolOutput:
        """Raises what the use-case raises, `InsufficientScope`, `NotFound` for an unknown tool, and `Invalid` for its
        arguments.
        """
        tool = self.tools.get(name)
        if tool is None:
            raise NotFound(f"There is no such tool; there are {', '.join(self.tools)}.")
        caller.check(tool.scope)
        return await tool.run(self._use_cases, caller, read_arguments(arguments, tool.arguments))


def refusal_output(refusal: Refusal) -> ToolOutput:
    """Returns the output for a refused call, from which the model can correct it."""
    return ToolOutput(False, refusal.message)
