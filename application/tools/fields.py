"""The arguments of the tools: flat types of their own, since models write dates and names in words. A new field of a
task that tools may set is a line in `TaskFields`, and a word in `Clearable` if it may be empty."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from application.tasks.commands import MAX_COMMANDS
from application.tasks.query import MAX_CURSOR_LENGTH
from domain.tasks.fields import MAX_TITLE_LENGTH
from domain.tasks.task import MAX_ID, Status

MAX_LISTED = 100
FILTER = "Such as: (today | overdue) & #Work & p1; @errand & !recurring; due before: next monday; no date."
SORT = "created (default -created), updated, completed, due, deadline, priority, title, position; relevance for search."
TaskNumber = Annotated[int, Meta(ge=1, le=MAX_ID)]
ToolTaskId = Annotated[TaskNumber, Meta(description="Its number.")]
Find = Annotated[str, Meta(description="Instead of task_id: words of its title.")]
Occurrence = Annotated[str, Meta(description="Its due date as you see it, so that a retry changes nothing.")]
Due = Annotated[str, Meta(description="2026-12-01, 2026-12-01T09:00, or English words: tomorrow at 9.")]
Priority = Literal["low", "medium", "high"]
Texts = list[str]
TaskTitle = Annotated[
    str, Meta(description="What is to be done.", extra_json_schema={"minLength": 1, "maxLength": MAX_TITLE_LENGTH})
]
Clearable = Literal[
    "description",
    "list",
    "parent_id",
    "priority",
    "tags",
    "start",
    "due",
    "deadline",
    "recurrence",
    "estimate",
    "reminders",
]
Clear = Annotated[list[Clearable], Meta(description="Fields to empty.")]
Action = Literal["add", "update", "complete", "reopen", "reschedule", "skip", "delete", "restore"]


class TaskFields(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a tool may set. A field that is null, empty or missing is not given."""

    description: Annotated[str, Meta(description="Details in Markdown.")] | UnsetType = UNSET
    list: Annotated[str, Meta(description="Name of its list; made if new.")] | UnsetType = UNSET
    parent_id: Annotated[TaskNumber, Meta(description="The task it is a subtask of.")] | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    tags: Annotated[Texts, Meta(description="All its tags.")] | UnsetType = UNSET
    start: Annotated[str, Meta(description="Hidden before this day.")] | UnsetType = UNSET
    due: Due | UnsetType = UNSET
    deadline: Annotated[str, Meta(description="A day that recurrence never moves.")] | UnsetType = UNSET
    recurrence: (
        Annotated[str, Meta(description="RRULE, or English: every friday at 9; every! 3 days = after completion.")]
        | UnsetType
    ) = UNSET
    estimate: Annotated[str, Meta(description="PT45M or 45 min.")] | UnsetType = UNSET
    reminders: Annotated[Texts, Meta(description="When to ring: 30 min before; tomorrow at 9.")] | UnsetType = UNSET


class TaskReference(Struct, forbid_unknown_fields=True):
    task_id: ToolTaskId | UnsetType = UNSET
    find: Find | UnsetType = UNSET


class AddTask(TaskFields, forbid_unknown_fields=True):
    title: TaskTitle


class UpdateTask(TaskFields, forbid_unknown_fields=True):
    """Changes of a task. Many models send null or an empty text for a field that they do not want to change. So these
    change nothing, and `clear` names the fields to empty."""

    task_id: ToolTaskId | UnsetType = UNSET
    find: Find | UnsetType = UNSET
    title: TaskTitle | UnsetType = UNSET
    completed: bool | UnsetType = UNSET
    clear: Clear = []


class CompleteTask(TaskReference, forbid_unknown_fields=True):
    occurrence: Occurrence | UnsetType = UNSET


class RescheduleTask(Struct, forbid_unknown_fields=True, kw_only=True):
    task_id: ToolTaskId | UnsetType = UNSET
    find: Find | UnsetType = UNSET
    due: Due


class ListTasks(Struct, forbid_unknown_fields=True, kw_only=True):
    filter: Annotated[str, Meta(description=FILTER)] | None = None
    search: Annotated[str, Meta(description="Words of titles and descriptions.")] | None = None
    status: Annotated[Status, Meta(description="Default: all; pending with a filter.")] | None = None
    sort: Annotated[str, Meta(description=SORT)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_LISTED)] = MAX_LISTED
    cursor: Annotated[str, Meta(max_length=MAX_CURSOR_LENGTH, description="next_cursor of the page before.")] | None = (
        None
    )


class TaskChange(UpdateTask, forbid_unknown_fields=True, kw_only=True):
    action: Action
    occurrence: str | UnsetType = UNSET


class ChangeTasks(Struct, forbid_unknown_fields=True):
    changes: Annotated[list[TaskChange], Meta(min_length=1, max_length=MAX_COMMANDS)]


class Nothing(Struct, forbid_unknown_fields=True):
    pass
