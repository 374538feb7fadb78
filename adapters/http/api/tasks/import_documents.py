"""What an import takes and answers, for the OpenAPI document and for requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Annotated, Any, ClassVar

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIMediaType, OpenAPIType, Operation, Reference, RequestBody, Schema
from msgspec import Meta, Struct

from adapters.http.server.json_request import JsonRequest
from application.tasks.files.formats.own.shapes import ExportedList, ExportedTask, ExportedView, ImportFile
from application.tasks.imports.reading import SentFile
from application.tasks.imports.result import SHOWN
from domain.errors import UnknownFormat

JSON, CSV, CALENDAR, ZIP, ANY = (
    *("application/json", "text/csv", "text/calendar", "application/zip"),
    "application/octet-stream",
)
ALIASES = ("application/x-zip-compressed", "application/vnd.ms-excel")
"""What browsers on Windows call ZIP and CSV files."""
MAX_NAME_LENGTH = 1_000
OTHER_TYPE = f"Send the file as {JSON}, {CSV}, {CALENDAR}, {ZIP} or {ANY}. What is in it says which program wrote it."


class ProblemOut(Struct):
    line: Annotated[
        int,
        Meta(
            description="The line of a table or calendar; in JSON, the place of the task among all tasks, from 1."
            " 0 is about the whole file.",
            examples=[3],
        ),
    ]
    message: Annotated[str, Meta(examples=["title: must not be empty"])]


class FilledListOut(Struct):
    name: Annotated[str | None, Meta(description="Null is the inbox.", examples=["Home"])]
    tasks: Annotated[int, Meta(description="Tasks that come into it.", examples=[12])]
    new: Annotated[bool, Meta(description="False: you have a list of that name.")]


class ImportOut(Struct):
    imported: Annotated[int, Meta(description="Tasks that were added.")]
    skipped: Annotated[list[ProblemOut], Meta(description=f"Bad rows that were left out; the first {SHOWN}.")]
    skipped_total: int
    lists: list[FilledListOut]
    views: Annotated[int, Meta(description="Views that were added.")]
    notes: Annotated[
        list[ProblemOut],
        Meta(description=f"What came in otherwise than it stands in the file, or not at all; the first {SHOWN}."),
    ]
    notes_total: int
    dry_run: Annotated[bool, Meta(description="True: nothing was changed.")]
    revision: Annotated[
        int | None,
        Meta(description="Undo the import by it. Null if nothing was changed.", examples=[7]),
    ]


IMPORTED = ResponseSpec(ImportOut, generate_examples=False, description="What was imported")
TABLE = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,DATE\ntask,Water the plants @home,,2,1,every friday\n"
TODO = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTODO\nUID:1\nSUMMARY:Pay rent\nDUE;VALUE=DATE:20261201\n"
    "RRULE:FREQ=MONTHLY\nEND:VTODO\nEND:VCALENDAR\n"
)
OWN = {
    "version": 2,
    "lists": [{"id": 1, "name": "Home"}],
    "tasks": [{"title": "Water the plants", "list_id": 1, "due": "2026-12-04", "recurrence": "FREQ=WEEKLY;BYDAY=FR"}],
}
KINDS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    CSV: (
        "A table of Todoist, TickTick or Outlook. Its text is in UTF-8 or UTF-16.",
        {"A project of Todoist": TABLE},
    ),
    CALENDAR: ("An iCalendar file (RFC 5545) with tasks (VTODO).", {"A task that recurs": TODO}),
    ZIP: ("A backup of Todoist, or an export of Google or Vikunja: at most 50 MB when it is unpacked.", {}),
    ANY: ("Any of these files.", {}),
}


@dataclass
class ImportOperation(Operation):
    """Declares the request bodies in the OpenAPI document, since the handler's signature has none."""

    bodies: ClassVar[tuple[type[Struct], ...]] = (ImportFile, ExportedTask, ExportedList, ExportedView)

    def __post_init__(self) -> None:
        file = Reference(f"#/components/schemas/{ImportFile.__name__}")
        own = OpenAPIMediaType(schema=file, examples={"Our own export": Example(value=OWN)})
        others = {kind: _media_type(kind, *KINDS[kind]) for kind in KINDS}
        self.request_body = RequestBody({JSON: own} | others, required=True)


def _media_type(kind: str, description: str, examples: Mapping[str, Any]) -> OpenAPIMediaType:
    schema = Schema(
        type=OpenAPIType.STRING,
        description=description,
        content_media_type=kind if kind in {ZIP, ANY} else None,
    )
    shown: dict[str, Example | Reference] = {name: Example(value=value) for name, value in examples.items()}
    return OpenAPIMediaType(schema=schema, examples=shown or None)


async def sent_file(request: JsonRequest, filename: str) -> SentFile:
    """Returns the body with its name, which is that of the query or else of `Content-Disposition` (RFC 6266). Raises
    `UnknownFormat` for a media type that no file of ours has."""
    media_type = request.media_type
    if media_type not in {*KINDS, *ALIASES} and not request.is_json:
        raise UnknownFormat(OTHER_TYPE)
    name = filename or _disposition_name(request.headers.get("content-disposition", ""))
    return SentFile(await request.body(), media_type, name[:MAX_NAME_LENGTH])


def _disposition_name(header: str) -> str:
    message = Message()
    message["Content-Disposition"] = header[: 3 * MAX_NAME_LENGTH].replace("\r", "").replace("\n", "")
    return message.get_filename("")
