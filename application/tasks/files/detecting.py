from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.remarks import shown
from application.tasks.files.file_formats import ICALENDAR, OWN, TABLES, FileFormat
from application.tasks.files.json_shapes import format_of_json
from application.tasks.files.limits import TOO_MANY_TASKS
from application.tasks.files.reading.archives import Archive, Entry
from application.tasks.files.reading.encodings import MAX_LINES, TOO_MANY_LINES, line_count, utf8
from application.tasks.files.reading.tables import find_table
from domain.errors import FieldError, Invalid, UnknownFormat

UNKNOWN = (
    "Send an export of tasktalk, Todoist, TickTick, Microsoft To Do, Google Tasks or Vikunja, or an iCalendar file with"
    " tasks."
)
NOTHING_KNOWN = f"No file in the ZIP file has a known format. {UNKNOWN}"
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
EXTENSIONS = (".csv", ".json", ".ics", ".txt")


def detect(body: bytes, media_type: str = "", filename: str = "") -> FileFormat:
    """Returns the format. It is `OWN` for an export of ours. Raises `UnknownFormat`, and `Invalid` if the file begins
    as one of a format but can't be that. `media_type` and `filename` matter only if the content does not say what it
    is."""
    if body.startswith(ZIP_SIGNATURES):
        return ARCHIVE
    text = utf8(body)
    start = text[:1_000].lstrip().upper()
    if start.startswith(b"BEGIN:VCALENDAR"):
        return ICALENDAR
    found = format_of_json(text) if start[:1] in (b"{", b"[") else _of_table(text)
    return found or _by_name(media_type, filename)


def _of_table(text: bytes) -> FileFormat | None:
    return next((each for is_header, each in TABLES if find_table(text, is_header)), None)


def _by_name(media_type: str, filename: str) -> FileFormat:
    """Returns the format whose reader will say what is wrong with the file, or raises the error that does."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return OWN
    if kind == "text/calendar" or filename.lower().endswith(".ics"):
        raise Invalid.field("line 1", "must be BEGIN:VCALENDAR, as iCalendar files begin")
    if kind == "text/csv" or filename.lower().endswith(".csv"):
        raise Invalid.field("line 1", "must name the columns of Todoist, TickTick or Outlook")
    raise UnknownFormat(UNKNOWN)


def _read_archive(body: bytes, builder: ImportBuilder, filename: str) -> None:  # noqa: ARG001
    """Reads each file of an archive that has a known format. Others are noted. Raises `Invalid`."""
    archive = Archive(body)
    reading = _ArchiveReading(builder)
    for entry in archive.entries():
        if entry.name.lower().endswith(EXTENSIONS):
            reading.file(entry, archive.read(entry))
        else:
            reading.leave(entry)
    reading.finish()


class _ArchiveReading:
    def __init__(self, builder: ImportBuilder) -> None:
        self._builder = builder
        self._read = 0
        self._lines = 0
        self._left: list[str] = []
        self._refusals: list[Invalid] = []

    def file(self, entry: Entry, body: bytes) -> None:
        self._lines += line_count(body)
        if self._lines > MAX_LINES:
            raise Invalid.field("body", TOO_MANY_LINES)
        found = self._known(entry, body)
        if found in (None, ARCHIVE, OWN):
            self.leave(entry)
            return
        self._read += 1
        self._builder.begin_file(entry.path)
        try:
            found.reader(body, self._builder, entry.path)
        except Invalid as refusal:
            raise _in_file(refusal, entry.path) from None

    def _known(self, entry: Entry, body: bytes) -> FileFormat | None:
        try:
            return detect(body, "", entry.name)
        except Invalid as refusal:
            self._refusals.append(_in_file(refusal, entry.path))
        except UnknownFormat:
            pass
        return None

    def leave(self, entry: Entry) -> None:
        self._left.append(entry.path)

    def finish(self) -> None:
        """Raises `UnknownFormat` if no file was read, or `Invalid` with what is wrong with the first."""
        self._builder.begin_file("")
        if not self._read:
            raise (
                self._refusals[0]
                if self._refusals
                else UnknownFormat(f"No file in the ZIP file has a known format. {UNKNOWN}")
            )
        if self._left:
            names = ", ".join(self._left[:5])
            self._builder.remarks.note(0, f"{len(self._left)} files in the ZIP file are left out: {shown(names)}")


def _in_file(refusal: Invalid, path: str) -> Invalid:
    if refusal.fields == (FieldError("body", TOO_MANY_TASKS),):
        return refusal
    return Invalid(*(FieldError(f"{shown(path)}, {each.field}", each.message) for each in refusal.fields))


ARCHIVE = FileFormat("ZIP archive", _read_archive)
