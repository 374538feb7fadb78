"""Our own export, which is the form of an import too. Version 1 has tasks only. Version 2 has lists and views, and the
place, the series and the next date of each task."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec import field as member

from application.tasks.inputs import TaskDraft

VERSION = 2
"""The version of the export format. A format that older servers can't import gets the next one."""
VERSIONS = (1, 2)

Time = Annotated[datetime, Meta(tz=True)]
Ignored = Meta(description="Not kept.")
Identity = Annotated[
    int | None,
    Meta(description="Its number in the file, by which others name it. It gets the next number of its new owner."),
]
Position = Annotated[
    str | None,
    Meta(
        description="Its place among its siblings, compared byte by byte. Without it, the order of the numbers counts."
    ),
]
Created = Annotated[Time | None, Meta(description="Without one, now.")]
Updated = Annotated[Time | None, Meta(description="Without one, `created_at`.")]
Deleted = Annotated[Time | None, Meta(description="Since when it is in the trash.")]


class ExportedTask(TaskDraft, forbid_unknown_fields=True, kw_only=True):
    """A task in an export or import. Only the title is required. Given times are kept."""

    completed: bool = False
    created_at: Created = None
    updated_at: Updated = None
    deleted_at: Deleted = None
    completed_at: Annotated[Time | None, Meta(description="Without one, `updated_at`.")] = None
    position: Position = None
    slot: Annotated[
        str | None,
        Meta(
            description="The day or time that the rule of `recurrence` gave last, from which the next one is counted."
            " It differs from `due` if only this date was moved. Without it, it is `due`.",
            examples=["2026-12-01"],
        ),
    ] = None
    occurrence_of: Annotated[
        int | None, Meta(description="The number, in the file, of the recurring task whose past date it was.")
    ] = None
    id: Identity = None
    subtasks: Annotated[dict[str, int] | None, Ignored] = None
    user_id: Annotated[str | None, Ignored] = None
    revision: Annotated[int | None, Ignored] = None


class ExportedNamed(Struct, forbid_unknown_fields=True, kw_only=True):
    id: Identity = None
    user_id: Annotated[str | None, Ignored] = None
    name: Annotated[str, Meta(examples=["Home"])]
    position: Position = None
    created_at: Created = None
    updated_at: Updated = None
    deleted_at: Deleted = None
    revision: Annotated[int | None, Ignored] = None


class ExportedList(ExportedNamed, forbid_unknown_fields=True, kw_only=True):
    """A list in an export or import. Tasks name it by its `id`."""

    color: Annotated[str | None, Meta(examples=["teal"])] = None
    archived: bool = False


class ExportedView(ExportedNamed, forbid_unknown_fields=True, kw_only=True):
    """A view in an export or import."""

    filter: Annotated[str, Meta(description="It names lists by their numbers in the file.", examples=["#2 & p1"])]
    sort: Annotated[str | None, Meta(examples=["-priority,due"])] = None


class ImportFile(Struct, forbid_unknown_fields=True):
    """An export of ours, or an object that has only `tasks`."""

    tasks: list[ExportedTask]
    lists: list[ExportedList] = member(default_factory=list)
    views: list[ExportedView] = member(default_factory=list)
    version: Annotated[int, Meta(description="The version of the format: 1 or 2.")] = VERSION
    user_id: Annotated[str | None, Ignored] = None
    exported_at: Annotated[str | None, Meta(description="Not kept.", extra_json_schema={"format": "date-time"})] = None


class Entries(ImportFile, forbid_unknown_fields=True):
    """The same file with unread entries: each is decoded by itself, so that a bad task does not spoil the others."""

    tasks: list[Raw]  # type: ignore[assignment]
    lists: list[Raw] = member(default_factory=list)  # type: ignore[assignment]
    views: list[Raw] = member(default_factory=list)  # type: ignore[assignment]


class Versioned(Struct):
    version: int = VERSION
