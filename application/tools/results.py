"""What a tool gives: all of it, which is stored and shown over HTTP, and a short form for models and MCP clients."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from domain.errors import FilterError, Refusal
from domain.tasks.dates.scheduling import ONCE
from domain.tasks.task import Task

UNSAID = frozenset(
    {
        "user_id",
        "created_at",
        "updated_at",
        "revision",
        "order_key",
        "slot",
        "list_id",
        "subtasks_total",
        "subtasks_completed",
    }
)
"""Fields of a task that a model needs for nothing. Of the others, it sees those that are set."""


class ToolOutput(Struct):
    """A tool's result. `message` is for people; if `success` is false, it says what to do."""

    success: bool
    message: str
    data: Any = None


class ShownTask(Struct):
    """A task in the short form: its number, its title, and its other fields that are set."""

    id: int
    title: str


class ShownTasks(Struct):
    tasks: list[ShownTask]


class TaskList(Struct):
    """One page of tasks: at most 100, and fewer if their texts are long. `total` is the number of tasks on all pages.

    `next_cursor` is missing on the last page.
    """

    tasks: list[Task]
    total: int
    next_cursor: str | None = None


class ShownTaskList(Struct):
    tasks: list[ShownTask]
    total: int
    next_cursor: str | None = None


class UndoneTaskList(Struct):
    """The tasks after the undo. A task with `deleted_at` is in the trash."""

    tasks: list[Task]


class ChangeResult(Struct):
    """The task after one of several changes, or why the change was refused."""

    success: bool
    message: str
    task: Task | None = None


class ChangeResults(Struct):
    results: list[ChangeResult]


class ShownResult(Struct):
    success: bool
    message: str
    task: ShownTask | None = None


class ShownResults(Struct):
    results: list[ShownResult]


def refusal_output(refusal: Refusal) -> ToolOutput:
    """Returns the output for a refused call, from which the model can correct it."""
    example = f" Expected: {refusal.expected}. Example: {refusal.example}" if isinstance(refusal, FilterError) else ""
    return ToolOutput(False, refusal.message + example)


def tasks_in(data: Any) -> Iterator[Task]:
    match data:
        case Task():
            yield data
        case Struct():
            for name in data.__struct_fields__:
                yield from tasks_in(getattr(data, name))
        case list():
            for each in data:
                yield from tasks_in(each)


def full_form(output: ToolOutput, lists: Mapping[int, str]) -> ToolOutput:
    """Returns the output as plain data, in which each task names its list."""
    data = msgspec.to_builtins(output.data)
    for task in _described(data):
        task["list"] = lists.get(task["list_id"])
    return ToolOutput(output.success, output.message, data)


def short_form(output: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a stored output as a model reads it: of each task only what is set."""
    return {**output, "data": _short(output.get("data"))}


def _described(data: Any) -> Iterator[dict[str, Any]]:
    match data:
        case {"user_id": _, "title": _}:
            yield data
        case dict():
            for each in data.values():
                yield from _described(each)
        case list():
            for each in data:
                yield from _described(each)


def _short(data: Any) -> Any:
    match data:
        case {"user_id": _, "id": _, "title": _}:
            return _short_task(data)
        case dict():
            return {name: _short(each) for name, each in data.items()}
        case list():
            return [_short(each) for each in data]
    return data


def _short_task(task: Mapping[str, Any]) -> dict[str, Any]:
    first = {"id": task["id"], "title": task["title"]}
    rest = {name: value for name, value in task.items() if name not in UNSAID and not _is_unset(name, value)}
    return first | rest | _subtasks(task)


def _is_unset(name: str, value: Any) -> bool:
    return value in (None, False, "") or value == [] or (name == "recurs_from" and value == ONCE)


def _subtasks(task: Mapping[str, Any]) -> dict[str, Any]:
    total = task.get("subtasks_total")
    return {"subtasks": f"{task.get('subtasks_completed')} of {total} done"} if total else {}


def labels(tasks: Sequence[Any]) -> str:
    return ", ".join(f"{task.id} ({task.title})" for task in tasks)
