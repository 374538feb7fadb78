"""Opens ZIP files that may be hostile: bombs, 100,000 entries, passwords, unusual compression."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from struct import unpack
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from application.tasks.files.building.remarks import shown
from domain.errors import Invalid

MAX_ENTRIES = 5_000
MAX_DIRECTORY_BYTES = 1_000_000
"""This much of names and sizes is 10 MB of objects."""
MAX_ENTRY_BYTES = 10_000_000
MAX_UNPACKED_BYTES = 50_000_000
END, END_LENGTH, MAX_COMMENT = b"PK\x05\x06", 22, 65_535
LOCATOR_64, LOCATOR_LENGTH = b"PK\x06\x07", 20
IS_UTF8, IS_ENCRYPTED = 0x800, 0x1
OF_MACOS, OF_NO_USE = "__MACOSX/", (".DS_Store", "VERSION")
NO_ARCHIVE = "is no ZIP file that can be read: export it again"
UNUSUAL = "is encrypted, or compressed in an unusual way: pack the ZIP file again"
DAMAGED = "can't be unpacked, so the ZIP file is damaged: export it again"
TOO_MANY = f"must have at most {MAX_ENTRIES} entries"
TOO_LARGE = f"must have at most {MAX_UNPACKED_BYTES // 1_000_000} MB when it is unpacked"
FAULTS = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    info: ZipInfo

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


class Archive:
    """Raises `Invalid` if the file is no archive, or has too many entries."""

    def __init__(self, body: bytes) -> None:
        _check_directory(body)
        try:
            self._zip = ZipFile(BytesIO(body))
        except FAULTS:
            raise Invalid.field("body", NO_ARCHIVE) from None
        if len(self._zip.infolist()) > MAX_ENTRIES:
            raise Invalid.field("body", TOO_MANY)
        self._left = MAX_UNPACKED_BYTES

    def entries(self) -> Iterator[Entry]:
        """Yields the files, but not folders and what macOS and Vikunja add."""
        for info in self._zip.infolist():
            path = _path(info)
            if not path.endswith(("/", *OF_NO_USE)) and not path.startswith(OF_MACOS):
                yield Entry(path, info)

    def read(self, entry: Entry) -> bytes:
        """Raises `Invalid` if the entry, or all that were read, are too large, or if it can't be unpacked."""
        if entry.info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or entry.info.flag_bits & IS_ENCRYPTED:
            raise Invalid.field(
                shown(entry.name), "is encrypted, or compressed in an unusual way: pack the ZIP file again"
            )
        try:
            with self._zip.open(entry.info) as file:
                body = file.read(min(MAX_ENTRY_BYTES, self._left) + 1)
        except FAULTS:
            raise Invalid.field(
                shown(entry.name), "can't be unpacked, so the ZIP file is damaged: export it again"
            ) from None
        if len(body) > MAX_ENTRY_BYTES:
            raise Invalid.field(shown(entry.name), f"must have at most {MAX_ENTRY_BYTES // 1_000_000} MB")
        self._left -= len(body)
        if self._left < 0:
            raise Invalid.field("body", TOO_LARGE)
        return body


def _check_directory(body: bytes) -> None:
    """Raises `Invalid` for too large a directory, which would be read before anything else."""
    end = body.rfind(END, max(0, len(body) - END_LENGTH - MAX_COMMENT))
    if end < 0 or len(body) - end < END_LENGTH:
        raise Invalid.field("body", NO_ARCHIVE)
    entries, size = unpack("<HI", body[end + 10 : end + 16])
    is_64 = body[max(0, end - LOCATOR_LENGTH) : end].startswith(LOCATOR_64)
    if is_64 or entries > MAX_ENTRIES or size > MAX_DIRECTORY_BYTES:
        raise Invalid.field("body", TOO_MANY)


def _path(info: ZipInfo) -> str:
    """Returns the path. Some programs write UTF-8 and do not say so; then Python takes it for code page 437."""
    path = info.filename.replace("\\", "/")
    if info.flag_bits & IS_UTF8 or path.isascii():
        return path
    try:
        return path.encode("cp437").decode()
    except UnicodeError:
        return path
