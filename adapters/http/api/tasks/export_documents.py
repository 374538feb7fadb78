"""The export as JSON that is written a page at a time."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from adapters.http.api.lists.schemas import ListRevisionOut, ViewRevisionOut
from adapters.http.handlers.json_stream import Pieces, json_array, json_object
from adapters.http.schemas import TaskOut, Time, out
from application.tasks.files.formats.own.shapes import VERSION
from application.tasks.import_export import ImportExport
from domain.accounts.account import Caller
from domain.tasks.changes import Entity
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View


class ExportedTaskOut(TaskOut):
    slot: Annotated[
        str | None,
        Meta(
            description="The day or time that the rule of `recurrence` gave last, from which the next one is counted."
            " It differs from `due` if only this date was moved.",
            examples=["2026-12-01"],
        ),
    ]


Lists = Annotated[list[ListRevisionOut], Meta(description="Oldest first, those in the trash too.")]
Views = Annotated[
    list[ViewRevisionOut],
    Meta(description="Oldest first, those in the trash too. Their filters name lists by their numbers."),
]
Tasks = Annotated[list[ExportedTaskOut], Meta(description="Oldest first, those in the trash too.")]


class ExportOut(Struct):
    version: Annotated[int, Meta(description="The version of the format.", examples=[VERSION])]
    user_id: str
    exported_at: Time
    lists: Lists
    views: Views
    tasks: Tasks


SECTIONS: Mapping[str, tuple[type[Entity], type[Any]]] = {
    "lists": (TaskList, list[ListRevisionOut]),
    "views": (View, list[ViewRevisionOut]),
    "tasks": (Task, list[ExportedTaskOut]),
}


async def exported(caller: Caller, now: datetime, import_export: ImportExport) -> Pieces:
    """Returns `ExportOut` as pieces of JSON. The first page is read before the response begins, so that a database that
    is not available still leads to an error status."""
    pages = import_export.export(caller, TaskList)
    frame = msgspec.structs.asdict(ExportOut(VERSION, caller.user_id, now, [], [], []))
    first = {"lists": json_array(_lists(await anext(pages), pages))}
    return json_object({**frame, **sections(caller, import_export), **first})


def sections(caller: Caller, import_export: ImportExport) -> Mapping[str, Pieces]:
    """Returns lists, views and tasks as arrays."""
    return {name: json_array(_pages(caller, import_export, *each)) for name, each in SECTIONS.items()}


async def _pages(
    caller: Caller, import_export: ImportExport, of: type[Any], schema: type[Any]
) -> AsyncIterator[Sequence[Any]]:
    async for page in import_export.export(caller, of):
        yield out(page, schema)


async def _lists(
    first: Sequence[TaskList], pages: AsyncIterator[Sequence[TaskList]]
) -> AsyncIterator[Sequence[ListRevisionOut]]:
    yield out(first, list[ListRevisionOut])
    async for page in pages:
        yield out(page, list[ListRevisionOut])
