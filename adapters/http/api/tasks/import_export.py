import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ClassVar

import msgspec
from litestar import Controller, Response, get, post
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, Reference, RequestBody, Schema
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Meta, Struct

from adapters.http.api.lists.schemas import ListRevisionOut, ViewRevisionOut
from adapters.http.api.tasks.import_files import ImportFile, read_json, read_todoist
from adapters.http.errors import errors
from adapters.http.handlers import downloads
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.handlers.json_stream import json_array, json_object
from adapters.http.schemas import TaskOut, Time, out
from adapters.http.server.clients import RETRY, TOO_MANY_REQUESTS
from adapters.http.server.concurrency_limits import ConcurrencyLimit
from adapters.http.server.json_request import JsonRequest
from application.ports import Clock
from application.tasks.files.todoist_csv import TodoistFile
from application.tasks.import_export import VERSION, ExportedTask, ImportBatch, ImportExport, ImportRow, OnError
from application.tasks.results import ImportResult
from domain.accounts.account import Caller
from domain.errors import UnknownFormat
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View

CSV = "text/csv"
MAX_BODY_BYTES = 10_000_000
SKIPPED_SHOWN = 1_000
PARSERS = ThreadPoolExecutor(2, "import")
"""At most two files are parsed at the same time, since parsing takes several times the file's size in memory."""
ONE_PER_USER = ConcurrencyLimit(at_once=1_000, waiting=1_000, each=1)
"""A user's imports run one after another. The limit of requests bounds how many run in all."""


class ExportOut(Struct):
    version: Annotated[int, Meta(description="The version of the format.", examples=[VERSION])]
    user_id: str
    exported_at: Time
    lists: Annotated[list[ListRevisionOut], Meta(description="Those in the trash too.")]
    views: Annotated[
        list[ViewRevisionOut], Meta(description="Those in the trash too. Filters have the numbers of lists.")
    ]
    tasks: Annotated[list[TaskOut], Meta(description="Oldest first, those in the trash too.")]


class ProblemOut(Struct):
    line: Annotated[int, Meta(description="Of the CSV, its header being line 1; or the place in `tasks`, from 1.")]
    message: Annotated[str, Meta(examples=["title: must not be empty"])]


class ImportOut(Struct):
    imported: Annotated[int, Meta(description="Tasks that were added.")]
    skipped: Annotated[list[ProblemOut], Meta(description=f"The first {SKIPPED_SHOWN}.")]
    skipped_total: int
    shortened: Annotated[list[ProblemOut], Meta(description=f"Titles that were cut; the first {SKIPPED_SHOWN}.")]
    shortened_total: int
    not_kept: Annotated[
        dict[str, int],
        Meta(
            description="Rows of the CSV with a value that tasks have no field for, by column.", examples=[{"DATE": 2}]
        ),
    ]


EXPORT = {200: ResponseSpec(ExportOut, generate_examples=False, description="All tasks")}
IMPORTED = ResponseSpec(ImportOut, generate_examples=False, description="What was imported")


@dataclass
class ImportOperation(Operation):
    """Declares the request bodies in the OpenAPI document, since the handler's signature has none."""

    bodies: ClassVar[tuple[type[Struct], ...]] = (ImportFile, ExportedTask)

    def __post_init__(self) -> None:
        csv = Schema(type=OpenAPIType.STRING, description="As Todoist exports a project, in UTF-8.")
        file = Reference(f"#/components/schemas/{ImportFile.__name__}")
        content = {"application/json": OpenAPIMediaType(schema=file), CSV: OpenAPIMediaType(schema=csv)}
        self.request_body = RequestBody(content, required=True)


class ImportExportController(Controller):
    tags = ("Import and export",)

    @get(
        "/api/users/{user_id:str}/export",
        summary="Download all tasks, lists and views",
        opt=downloads.EXPORT,
        responses=EXPORT | errors(401, 403, 429),
    )
    async def export_tasks(
        self, caller: Dependency[Caller], import_export: Dependency[ImportExport], clock: Dependency[Clock]
    ) -> Stream:
        """Returns all tasks as JSON, oldest first, with the lists and views, and those in the trash too. A change that
        is made during the download may be missing."""
        pages, now = import_export.export(caller), clock()
        lists = out(await import_export.all_of(caller, TaskList), list[ListRevisionOut])
        views = out(await import_export.all_of(caller, View), list[ViewRevisionOut])
        frame = ExportOut(VERSION, caller.user_id, now, lists, views, [])
        content = _exported(frame, await anext(pages), pages)
        return downloads.download(content, f"tasktalk-{now:%Y-%m-%d}")

    @post(
        "/api/users/{user_id:str}/import",
        status_code=200,
        summary="Import tasks",
        operation_class=ImportOperation,
        request_max_body_size=MAX_BODY_BYTES,
        responses={200: IMPORTED} | errors(400, 401, 403, 409, 413, 415, 422, 429),
    )
    async def import_tasks(
        self,
        request: JsonRequest,
        caller: Dependency[Caller],
        import_export: Dependency[ImportExport],
        answer_once: Dependency[AnswerOnce],
        on_error: Annotated[OnError, QueryParameter(description="What to do about bad rows.")] = OnError.REFUSE,
    ) -> Response[ImportOut]:
        """Takes our own export, or Todoist's CSV, with at most 10 MB and 10,000 tasks. All of it is imported, or
        nothing.

        A bad row refuses the whole file unless `on_error` says to skip it. Imported tasks get the next numbers. Your
        imports run one after another: the status is 429 if the one before does not end within a second.
        """
        await request.body()  # as long as it arrives, it keeps no other import waiting
        async with _turn_of(caller):
            file, batch = await _read(request, partial(import_export.checked, caller, on_error))

            async def change() -> ImportResult:
                await import_export.import_tasks(caller, batch)
                return _result(file, batch)

            return await answer_once(change, ImportResult, partial(out, schema=ImportOut))


@asynccontextmanager
async def _turn_of(caller: Caller) -> AsyncIterator[None]:
    """Waits until no other import of the user runs. It holds no database connection while it waits. Raises
    `HTTPException` if that takes too long."""
    if not await ONE_PER_USER.acquire(caller.user_id):
        raise HTTPException(status_code=TOO_MANY_REQUESTS, headers=RETRY)
    try:
        yield
    finally:
        ONE_PER_USER.release(caller.user_id)


def _result(file: TodoistFile, batch: ImportBatch) -> ImportResult:
    return ImportResult(
        imported=len(batch.tasks),
        skipped=batch.skipped[:SKIPPED_SHOWN],
        skipped_total=len(batch.skipped),
        shortened=file.shortened[:SKIPPED_SHOWN],
        shortened_total=len(file.shortened),
        not_kept=dict(file.not_kept),
    )


async def _read(
    request: JsonRequest, checked: Callable[[Sequence[ImportRow]], ImportBatch]
) -> tuple[TodoistFile, ImportBatch]:
    """Parses the body in a thread and outside of a unit of work, so that other requests are not held up."""
    if request.media_type != CSV and not request.is_json:
        raise UnknownFormat(f"Send our own export as application/json, or a Todoist export as {CSV}.")
    body, is_csv = await request.body(), request.media_type == CSV

    def read() -> tuple[TodoistFile, ImportBatch]:
        file = read_todoist(body) if is_csv else TodoistFile(read_json(body))
        return file, checked(file.rows)

    return await asyncio.get_running_loop().run_in_executor(PARSERS, read)


def _exported(frame: ExportOut, first: Sequence[Task], pages: AsyncIterator[Sequence[Task]]) -> AsyncIterator[bytes]:
    """Returns `ExportOut` as pieces of JSON. The first page is read before the response begins, so that a database that
    is not available still leads to an error status."""
    return json_object(msgspec.structs.asdict(frame) | {"tasks": json_array(_out(first, pages))})


async def _out(first: Sequence[Task], pages: AsyncIterator[Sequence[Task]]) -> AsyncIterator[list[TaskOut]]:
    yield out(first, list[TaskOut])
    async for page in pages:
        yield out(page, list[TaskOut])
