"""The table of the tools for the chat assistant, MCP clients and the docs. A new tool is a new row."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct, defstruct

from application.tools import acts
from application.tools.changing import UseCases
from application.tools.fields import (
    MAX_LISTED,
    AddTask,
    ChangeTasks,
    CompleteTask,
    ListTasks,
    Nothing,
    RescheduleTask,
    TaskReference,
    UpdateTask,
)
from application.tools.results import ShownResults, ShownTask, ShownTaskList, ShownTasks, ToolOutput
from application.tools.schemas import result
from domain.accounts.account import Caller, Scope

Run = Callable[[UseCases, Caller, Any], Awaitable[ToolOutput]]


@dataclass(frozen=True, slots=True)
class Tool:
    """`result` is the type of `ToolOutput.data` in the short form. The hints are those of MCP and say what a call may
    do to the user's tasks.
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

    @property
    def action(self) -> str:
        """Returns what the tool does, by the name that it has as one of several changes in `change_tasks`."""
        return self.name.partition("_")[0]

    def outcome(self) -> dict[str, Any]:
        """Returns the JSON Schema of the short form. A refusal has no data."""
        fields = [("success", bool), ("message", str), ("data", self.result | None)]
        return result(defstruct(ToolOutput.__name__, fields, forbid_unknown_fields=True))


TOOLS = (
    Tool(
        "add_task",
        "Add a task",
        "Add a task.",
        AddTask,
        ShownTask,
        acts.add,
    ),
    Tool(
        "list_tasks",
        "List tasks",
        f"List the user's tasks, at most {MAX_LISTED} on a page, by a filter, words, or both.",
        ListTasks,
        ShownTaskList,
        acts.list_tasks,
        reads_only=True,
        idempotent=True,
    ),
    Tool(
        "complete_task",
        "Complete a task",
        "Mark a task and its subtasks as done; a recurring one moves on.",
        CompleteTask,
        ShownTask,
        acts.complete,
    ),
    Tool(
        "update_task",
        "Change a task",
        "Change a task: fields not given keep their value, clear empties them, completed=false reopens it.",
        UpdateTask,
        ShownTask,
        acts.update,
        destroys=True,
    ),
    Tool(
        "reschedule_task",
        "Move a task to another date",
        "Move a task, or this occurrence of a recurring one, to another date; its rule stays. A day alone keeps"
        " its hour.",
        RescheduleTask,
        ShownTask,
        acts.reschedule,
        destroys=True,
        idempotent=True,
    ),
    Tool(
        "skip_task",
        "Skip a date of a recurring task",
        "Move a recurring task on without doing it.",
        CompleteTask,
        ShownTask,
        acts.skip,
        destroys=True,
    ),
    Tool(
        "delete_task",
        "Delete a task",
        "Move a task and its subtasks to the trash.",
        TaskReference,
        ShownTask,
        acts.delete,
        destroys=True,
        idempotent=True,
    ),
    Tool(
        "restore_task",
        "Restore a task",
        "Take a task out of the trash.",
        TaskReference,
        ShownTask,
        acts.restore,
        idempotent=True,
    ),
    Tool(
        "change_tasks",
        "Change many tasks",
        "Make many changes in order, each with its own result. The fields are those of the other tools.",
        ChangeTasks,
        ShownResults,
        acts.change_many,
        destroys=True,
    ),
    Tool(
        "undo_last_changes",
        "Undo the last changes",
        "Undo all that your last message with changes did. Again later, it takes the undoing back.",
        Nothing,
        ShownTasks,
        acts.undo,
        destroys=True,
    ),
)
