import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from adapters.http.api.tasks.export_documents import ExportOut, exported
from adapters.http.api.tasks.import_documents import IMPORTED, ImportOperation, ImportOut, sent_file
from adapters.http.errors import errors
from adapters.http.handlers import downloads
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import out
from adapters.http.server.clients import RETRY, TOO_MANY_REQUESTS
from adapters.http.server.concurrency_limits import ConcurrencyLimit
from adapters.http.server.json_request import JsonRequest
from application.ports import Clock
from application.tasks.import_export import ImportExport
from application.tasks.imports.content import Content
from application.tasks.imports.reading import OnError, read_file
from application.tasks.imports.result import ImportResult
from domain.accounts.account import Caller

MAX_BODY_BYTES = 10_000_000
PARSERS = ThreadPoolExecutor(2, "import")
"""At most two files are parsed at the same time, since parsing takes several times the file's size in memory."""
ONE_PER_USER = ConcurrencyLimit(at_once=1_000, waiting=1_000, each=1)
"""A user's imports run one after another. The limit of requests bounds how many run in all."""
EXPORT = {200: ResponseSpec(ExportOut, generate_examples=False, description="All tasks, lists and views")}
shown = partial(out, schema=ImportOut)


class ImportExportController(Controller):
    tags = ("Import and export",)

    @get(
        "/api/users/{user_id:str}/export",
        summary="Download all tasks",
        opt=downloads.EXPORT,
        responses=EXPORT | errors(401, 403, 429),
    )
    async def export_tasks(
        self, caller: Dependency[Caller], import_export: Dependency[ImportExport], clock: Dependency[Clock]
    ) -> Stream:
        """Returns all tasks, lists and views as JSON, oldest first, and those in the trash too. A change that is made
        during the download may be missing."""
        now = clock()
        return downloads.download(await exported(caller, now, import_export), f"tasktalk-{now:%Y-%m-%d}")

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
        dry_run: Annotated[bool, QueryParameter(description="Says what would come in, and changes nothing.")] = False,
        filename: Annotated[
            str,
            QueryParameter(
                description="Names the list if the file does not. The name in `Content-Disposition` does the same.",
                schema_extra={"examples": ["Home.csv"]},
            ),
        ] = "",
    ) -> Response[ImportOut]:
        """Takes our own export, or a file of Todoist, TickTick, Microsoft To Do, Outlook, Google Tasks, Vikunja or
        iCalendar, with at most 10 MB and 10,000 tasks. All of it is imported, or nothing, and one undo takes it back.

        What is in the file says which program wrote it. Lists of the same names as yours are filled, and others are
        made. A bad row refuses the whole file unless `on_error` says to skip it. Your imports run one after another:
        the status is 429 if the one before does not end within a second.
        """
        await request.body()  # as long as it arrives, it keeps no other import waiting
        async with _turn_of(caller):
            content = await _read(request, filename, caller, import_export, on_error)

            async def change() -> ImportResult:
                return await import_export.import_content(caller, content, dry_run=dry_run)

            return JsonResponse(shown(await change())) if dry_run else await answer_once(change, ImportResult, shown)


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


async def _read(
    request: JsonRequest, filename: str, caller: Caller, import_export: ImportExport, on_error: OnError
) -> Content:
    """Parses the body in a thread and outside of a unit of work, so that other requests are not held up."""
    file, reader = await sent_file(request, filename), await import_export.reader(caller)
    return await asyncio.get_running_loop().run_in_executor(PARSERS, read_file, file, reader, on_error)
