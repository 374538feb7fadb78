"""The schemas of responses. Request bodies are the use-cases' own input types."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from application.tasks.inputs import (
    Deadline,
    Due,
    Estimate,
    ListId,
    ParentId,
    Priority,
    Recurrence,
    RecursFrom,
    Start,
)
from domain.tasks.task import Task

Time = Annotated[datetime, Meta(extra_json_schema={"format": "date-time"})]
"""msgspec adds the format only if it also checks for an offset, which costs time for each task."""


class SubtasksOut(Struct):
    """The direct children outside the trash."""

    total: int
    completed: int


class TaskStateOut(Struct):
    """The state of a task, now or at an earlier time."""

    id: Annotated[int, Meta(description="The user's own number of the task: 1, 2, 3 …", examples=[3])]
    user_id: str
    title: Annotated[str, Meta(examples=["Buy groceries"])]
    description: Annotated[str | None, Meta(examples=["Milk, eggs and bread"])]
    completed: bool
    created_at: Time
    updated_at: Time
    deleted_at: Annotated[Time | None, Meta(description="When it was moved to the trash.")]
    completed_at: Time | None
    list_id: ListId
    parent_id: ParentId
    position: Annotated[
        str, Meta(description="Its place among its siblings, which are compared byte by byte.", examples=["a3"])
    ]
    priority: Priority
    tags: Annotated[list[str], Meta(examples=[["home"]])]
    start: Start
    due: Due
    deadline: Deadline
    recurrence: Recurrence
    recurs_from: RecursFrom
    estimate: Estimate
    reminders: Annotated[list[str], Meta(examples=[["-PT30M"]])]
    occurrence_of: Annotated[
        int | None, Meta(description="The recurring task whose past date this completed task was.", examples=[None])
    ]


class TaskRevisionOut(TaskStateOut):
    revision: Annotated[
        int, Meta(description="The number of its last change among all your changes; also its ETag.", examples=[7])
    ]


class TaskOut(TaskRevisionOut):
    subtasks: Annotated[SubtasksOut, Meta(examples=[{"total": 3, "completed": 1}])]


class TaskPageOut(Struct):
    tasks: list[TaskOut]
    total: Annotated[int, Meta(description="All tasks that meet the conditions.")]
    offset: int
    limit: int
    next_cursor: Annotated[
        str | None, Meta(description="Give it as `cursor` for the next page; null: this is the last one.")
    ]
    total_exact: Annotated[
        bool, Meta(description="False: there are more than `total`. With conditions, 10,000 are counted at most.")
    ]


class UserOut(Struct):
    id: str
    email: Annotated[str | None, Meta(examples=["ann@example.com"])]
    name: Annotated[str | None, Meta(examples=["Ann"])]
    created_at: Time
    email_confirmed: Annotated[bool, Meta(description="Whether the user has opened a link that was mailed there.")]
    timezone: Annotated[str, Meta(description="A name of the IANA Time Zone Database.", examples=["Europe/Berlin"])]
    week_start: Annotated[str, Meta(examples=["monday"])]
    locale: Annotated[str, Meta(description="A language tag (RFC 5646).", examples=["en-US"])]
    reminder_time: Annotated[str, Meta(description="When reminders of a day without an hour ring.", examples=["09:00"])]


class SessionOut(Struct):
    token: Annotated[str, Meta(description="Send it as `Authorization: Bearer <token>`.")]
    user: UserOut
    refresh_token: Annotated[str, Meta(description="Only if the request asked for it in the body.")] | UnsetType = UNSET


class MessageOut(Struct):
    message: str


class ResetLinkOut(MessageOut):
    reset_link: Annotated[str | None, Meta(description="In development only; otherwise null, and it comes by mail.")]


class ConfirmLinkOut(MessageOut):
    confirm_link: Annotated[str | None, Meta(description="In development only; otherwise null, and it comes by mail.")]


class ToolResultOut(Struct):
    success: bool
    message: str
    data: Annotated[Any, Meta(description="The tool's result: a task, a list of tasks, or null.")]


class ToolCallOut(Struct):
    tool_name: Annotated[str, Meta(examples=["add_task"])]
    parameters: Annotated[Any, Meta(examples=[{"title": "Buy groceries"}])]
    result: ToolResultOut


class StopOut(MessageOut):
    stopped: Annotated[bool, Meta(description="False if no such turn runs; nothing was done then.")]


class HealthOut(Struct):
    status: Annotated[str, Meta(examples=["healthy"])]
    timestamp: Time


class FieldOut(Struct):
    field: Annotated[str, Meta(examples=["title"])]
    message: Annotated[str, Meta(examples=["must not be empty"])]


class ErrorDetail(Struct, omit_defaults=True):
    error: Annotated[str, Meta(description="The kind, for people.", examples=["Validation error"])]
    code: Annotated[str, Meta(description="The kind, for programs.", examples=["VALIDATION_ERROR"])]
    message: Annotated[str, Meta(description="What to do.", examples=["title: must not be empty"])]
    request_id: Annotated[str, Meta(description="Name it when you report a problem.")]
    fields: list[FieldOut] | UnsetType = UNSET
    turn_id: Annotated[str, Meta(description="The turn that runs, or that can be resumed.")] | UnsetType = UNSET
    task: Annotated[TaskOut, Meta(description="Its present state, if it has changed since.")] | UnsetType = UNSET
    position: Annotated[int, Meta(description="Where the filter is wrong, in code points from 0.")] | UnsetType = UNSET
    expected: Annotated[str, Meta(description="What the filter should have there.")] | UnsetType = UNSET
    example: Annotated[str, Meta(examples=["due before: next monday"])] | UnsetType = UNSET


class ErrorOut(Struct):
    """Every error looks like this; `Accept: application/problem+json` gets `Problem` instead."""

    detail: ErrorDetail


class Problem(Struct, omit_defaults=True):
    """A problem as RFC 9457 defines it."""

    type: Annotated[str, Meta(examples=["urn:tasktalk:VALIDATION_ERROR"])]
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    fields: list[FieldOut] | UnsetType = UNSET
    turn_id: str | UnsetType = UNSET
    task: TaskOut | UnsetType = UNSET
    position: int | UnsetType = UNSET
    expected: str | UnsetType = UNSET
    example: str | UnsetType = UNSET


_fields_of = attrgetter(*TaskOut.__struct_fields__)


def task_out(task: Task) -> TaskOut:
    """Returns the task as it goes out. `out` would check each value again, which takes three times as long."""
    return TaskOut(*_fields_of(task))


def out(value: Any, schema: type[Any]) -> Any:
    """Converts a domain object to its schema. Fields are matched by name."""
    return msgspec.convert(value, schema, from_attributes=True)
