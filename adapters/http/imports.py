"""The export that an import reads again."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from application.porting import VERSION, PortedTask, Row, check_count
from application.validation import DECODE_ERRORS, decode, invalid
from domain.errors import Invalid


class ImportFile(Struct, forbid_unknown_fields=True):
    """An export, or `tasks` alone."""

    tasks: list[PortedTask]
    version: Annotated[int, Meta(description=f"Of the format: {VERSION}.")] = VERSION
    user_id: Annotated[str | None, Meta(description="Not looked at.")] = None
    exported_at: Annotated[
        str | None, Meta(description="Not looked at.", extra_json_schema={"format": "date-time"})
    ] = None


class Versioned(Struct):
    version: int = VERSION


class Entry:
    """One of `tasks`, whatever it is: msgspec hands it to `_Counted`, so that a bad one spoils no other."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Entries(ImportFile, forbid_unknown_fields=True):
    tasks: list[Entry]  # type: ignore[assignment]


def read_json(body: bytes) -> list[Row]:
    """A row's line is its place among `tasks`. Raises `Invalid`."""
    version = decode(body, Versioned).version
    if version != VERSION:
        raise Invalid.field("version", f"must be {VERSION}: this server reads no other")
    entries = decode(body, Entries, _Counted()).tasks
    return [Row(place, _task(entry.value)) for place, entry in enumerate(entries, 1)]


class _Counted:
    """Ends the reading where there are too many: a small body may hold millions of tiny entries."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, _: type, value: Any) -> Entry:
        self._count += 1
        check_count(self._count)
        return Entry(value)


def _task(value: Any) -> PortedTask | Invalid:
    try:
        return msgspec.convert(value, PortedTask)
    except DECODE_ERRORS as error:
        return invalid(error, "task")
