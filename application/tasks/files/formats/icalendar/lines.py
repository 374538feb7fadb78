"""Reads the lines of iCalendar (RFC 5545, 3.1): folded lines, names, parameters and values. It is not the package
`icalendar`, which writes X- names in upper case, drops quotes, and raises for a task whose start and due date are of
two kinds."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from application.tasks.files.reading.encodings import lines
from domain.errors import Invalid

MAX_LINE_LENGTH = 1_000_000
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMMA = re.compile(r"(?<!\\)(?:\\\\)*,")


class Property(NamedTuple):
    line: int
    name: str
    parameters: Mapping[str, str]
    value: str


def properties(text: bytes) -> Iterator[Property]:
    """Yields each property, with the line on which it begins. Lines that are none are passed over. Raises `Invalid`."""
    for line, content in _unfolded(text):
        name = _NAME.match(content)
        if name is not None:
            parameters, value = _parsed(content, name.end())
            yield Property(line, name[0].upper(), parameters, value)


def _unfolded(text: bytes) -> Iterator[tuple[int, str]]:
    begin, pieces, length = 1, [""], 0
    for number, line in enumerate(lines(text), 1):
        length += len(line)
        if line[:1] in (" ", "\t"):
            pieces.append(line[1:])
        else:
            yield begin, "".join(pieces)
            begin, pieces, length = number, [line], len(line)
        if length > MAX_LINE_LENGTH:
            raise Invalid.field(f"line {begin}", f"must be at most {MAX_LINE_LENGTH} characters")
    yield begin, "".join(pieces)


def _parsed(content: str, at: int) -> tuple[Mapping[str, str], str]:
    parameters: dict[str, str] = {}
    while match := _PARAMETER.match(content, at):
        parameters[match[1].upper()] = match[2].strip('"')
        at = match.end()
    return parameters, content[at:].partition(":")[2]


def unescaped(value: str) -> str:
    """Returns a text (RFC 5545, 3.3.11)."""
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def texts(value: str) -> list[str]:
    found, begin = [], 0
    for match in _COMMA.finditer(value):
        found.append(value[begin : match.end() - 1])
        begin = match.end()
    return [unescaped(each).strip() for each in (*found, value[begin:])]
