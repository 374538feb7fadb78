"""The input types of use-cases of tasks. They are the bodies of HTTP requests too."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, to_builtins

from domain.errors import InvalidRequest
from domain.tasks.dates.rule_text import MAX_RULE_LENGTH
from domain.tasks.dates.scheduling import ONCE
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH, MAX_ESTIMATE_HOURS, MAX_TAG_LENGTH, MAX_TAGS, MAX_TITLE_LENGTH
from domain.tasks.reminders import MAX_REMINDERS
from domain.tasks.task import MAX_ID

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
    Meta(
        description=f"Details in Markdown, at most {MAX_DESCRIPTION_LENGTH:,} characters.",
        examples=["Milk, eggs and bread"],
    ),
]
Number = Annotated[int, Meta(ge=1, le=MAX_ID)]
ListId = Annotated[Number | None, Meta(description="The number of its list. Null is the inbox.", examples=[2])]
ParentId = Annotated[Number | None, Meta(description="The task that it is a subtask of.", examples=[None])]
Priority = Annotated[Literal["low", "medium", "high"] | None, Meta(examples=["high"])]
Tag = Annotated[str, Meta(extra_json_schema={"minLength": 1, "maxLength": MAX_TAG_LENGTH})]
Tags = Annotated[
    list[Tag] | None,
    Meta(
        description=f"At most {MAX_TAGS}. They are compared without case and accents. Null is no tags.",
        examples=[["home"]],
        extra_json_schema={"maxItems": MAX_TAGS},
    ),
]
Day = Annotated[str, Meta(extra_json_schema={"format": "date"})]
Start = Annotated[
    Day | None, Meta(description="Today and Upcoming leave it out before this day.", examples=["2026-11-30"])
]
Due = Annotated[
    str | None,
    Meta(
        description="A day, a time wherever you are (2026-12-01T09:00), or a time in a zone"
        " (2026-12-01T09:00+01:00[Europe/Berlin]), as `Temporal` prints them (RFC 9557).",
        examples=["2026-12-01"],
    ),
]
Deadline = Annotated[Day | None, Meta(description="It stays when the task recurs.", examples=["2026-12-05"])]
Recurrence = Annotated[
    Annotated[str, Meta(extra_json_schema={"maxLength": MAX_RULE_LENGTH})] | None,
    Meta(description="An RRULE (RFC 5545, 3.3.10). It needs `due`.", examples=["FREQ=WEEKLY;BYDAY=TU"]),
]
RecursFrom = Annotated[
    Literal["due", "completion"],
    Meta(description="Whether the next date is counted from the last one or from the day of completion."),
]
Estimate = Annotated[
    str | None, Meta(description=f"A duration of ISO 8601, at most {MAX_ESTIMATE_HOURS} hours.", examples=["PT45M"])
]
Reminders = Annotated[
    list[str] | None,
    Meta(
        description=f"At most {MAX_REMINDERS}: spans before it is due (-PT30M, -P1D, PT0M), or times as `due` has them."
        " Null is none.",
        examples=[["-PT30M", "2026-12-01T08:00"]],
        extra_json_schema={"maxItems": MAX_REMINDERS},
    ),
]


class TaskDraft(Struct, forbid_unknown_fields=True, omit_defaults=True):
    title: TaskTitle
    description: Description = None
    list_id: ListId = None
    parent_id: ParentId = None
    priority: Priority = None
    tags: Tags = None
    start: Start = None
    due: Due = None
    deadline: Deadline = None
    recurrence: Recurrence = None
    recurs_from: RecursFrom = ONCE  # type: ignore[assignment]
    estimate: Estimate = None
    reminders: Reminders = None

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in to_builtins(self).items() if name in DRAFT_FIELDS}


DRAFT_FIELDS = frozenset(TaskDraft.__struct_fields__)


class TaskChanges(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A merge patch (RFC 7396): an absent field keeps its value, and null clears it.

    `before_id` or `after_id` moves the task next to that sibling, into its list and under its parent.
    """

    title: TaskTitle | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    list_id: ListId | UnsetType = UNSET
    parent_id: ParentId | UnsetType = UNSET
    before_id: Annotated[Number, Meta(description="Move it before this task.")] | UnsetType = UNSET
    after_id: Annotated[Number, Meta(description="Move it behind this task.")] | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    start: Start | UnsetType = UNSET
    due: Due | UnsetType = UNSET
    deadline: Deadline | UnsetType = UNSET
    recurrence: Recurrence | UnsetType = UNSET
    recurs_from: RecursFrom | UnsetType | None = UNSET
    estimate: Estimate | UnsetType = UNSET
    reminders: Reminders | UnsetType = UNSET
    completed: Annotated[bool, Meta(description="True: done. False: to do again.")] | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """Returns the given fields. Raises `InvalidRequest` if there are none."""
        if not (values := self.values()):
            raise nothing_given(TaskChanges)
        return values

    def values(self) -> dict[str, Any]:
        return values_of(self, TaskChanges)


def given_fields(patch: Struct, of: type[Struct]) -> dict[str, Any]:
    """Returns those fields of the type `of` that the patch gives. Raises `InvalidRequest` if there are none."""
    if not (values := values_of(patch, of)):
        raise nothing_given(of)
    return values


def values_of(patch: Struct, of: type[Struct]) -> dict[str, Any]:
    fields = {name: getattr(patch, name) for name in of.__struct_fields__}
    return {name: value for name, value in fields.items() if value is not UNSET}


def nothing_given(of: type[Struct]) -> InvalidRequest:
    return InvalidRequest(f"Nothing to change: give at least one of {', '.join(of.__struct_fields__)}.")
