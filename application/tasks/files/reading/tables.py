"""Reads CSV with any of the usual delimiters, by the names of its columns."""

import csv
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from application.tasks.files.limits import MAX_IMPORTED_TASKS, TOO_MANY_TASKS
from application.tasks.files.reading.encodings import not_utf8, opened
from application.value_counts import table_exceeds
from domain.errors import Invalid

DELIMITERS = (",", ";", "\t")
MAX_FIELDS = 40 * MAX_IMPORTED_TASKS
"""TickTick writes 25 columns, and Todoist 14 with additional rows for notes and headings."""
PREAMBLE = 20
"""The most records before the header."""
HEAD_BYTES = 65_536
SURPLUS = "values without a column"

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header has been found. The names of its columns are in lower case."""

    text: bytes
    delimiter: str
    header: tuple[str, ...]
    skipped: int

    def rows(self) -> Iterator[tuple[int, Fields]]:
        """Yields each row that is not blank, with the line on which it begins. Raises `Invalid`."""
        if table_exceeds(self.text, self.delimiter, MAX_FIELDS):
            raise Invalid.field("body", TOO_MANY_TASKS)
        for line, record in islice(_records(self.text, self.delimiter), self.skipped, None):
            if any(record):
                yield line, self._fields(record)

    def _fields(self, record: list[str]) -> Fields:
        surplus = self.delimiter.join(record[len(self.header) :]).strip(self.delimiter)
        return dict(zip(self.header, record, strict=False)) | ({SURPLUS: surplus} if surplus else {})


def find_table(text: bytes, is_header: Callable[[AbstractSet[str]], bool]) -> Table | None:
    for delimiter in DELIMITERS:
        records = _beginning(text, delimiter)
        for skipped, record in enumerate(records, 1):
            header = tuple(name.strip().lower() for name in record)
            if is_header(frozenset(header)):
                return Table(text, delimiter, header, skipped)
    return None


def _beginning(text: bytes, delimiter: str) -> Iterator[list[str]]:
    try:
        for _, record in islice(_records(text[:HEAD_BYTES], delimiter, "replace"), PREAMBLE):
            yield record
    except Invalid:
        return


def _records(text: bytes, delimiter: str, errors: str = "strict") -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(opened(text, errors=errors), delimiter=delimiter, strict=True)
    begin = 1
    try:
        for record in reader:
            yield begin, record
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Invalid.field(f"line {begin}", f"is not CSV: {error}. Export the file again") from None
    except UnicodeDecodeError:
        raise not_utf8(text) from None
