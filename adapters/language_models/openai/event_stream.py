"""Parses the body of a streamed answer: server-sent events (HTML, 9.2.6), or plain JSON from a server that does not
stream."""

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import suppress

MAX_LINE_LENGTH = 1_000_000
"""Characters of one line, or of one plain JSON value."""
_LINE_END = re.compile("\r\n|\n|\r")
_BEFORE = "\ufeff \t"
"""Characters to skip before a field: byte order marks, which some servers send, and indentation."""


class MalformedAnswer(Exception):
    """The stream contained something that is no answer. The text is ours and safe to log."""


class EventStream:
    """Decodes a body to JSON values. `is_done` says that the server marked the end. Raises `MalformedAnswer`."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unfinished: list[str] = []
        self._length = 0
        self._data: list[str] = []
        self._event = ""
        self._json = ""
        self._values = 0
        self.is_done = False

    def feed(self, data: bytes, *, is_last: bool = False) -> Iterator[object]:
        """Joins the pieces of a line once, at its end, so that they are not copied for each piece."""
        text = self._decoder.decode(data, is_last)
        if (self._unfinished and self._unfinished[-1].endswith("\r")) or _LINE_END.search(text):
            *lines, rest = _lines("".join(self._unfinished) + text)
            self._unfinished, self._length = [rest], len(rest)
            for line in lines:
                yield from self._line(line)
        else:
            self._unfinished.append(text)
            self._length += len(text)
        if self._length > MAX_LINE_LENGTH:
            raise MalformedAnswer("a line does not end")

    def end(self) -> Iterator[object]:
        """Yields what the body had after its last line end."""
        yield from self.feed(b"\n\n", is_last=True)
        if self._json:
            yield _value(self._json)
            self._values += 1
        self.is_done = self.is_done or self._values == 1

    def _line(self, line: str) -> Iterator[object]:
        line = line.lstrip(_BEFORE)
        if not line:
            yield from self._dispatch()
        elif line.startswith("data:"):
            self._data.append(line[5:].strip())
        elif line.startswith("event:"):
            self._event = line[6:].strip()
        elif self._json or line[0] in "{[":
            yield from self._plain(line)

    def _plain(self, line: str) -> Iterator[object]:
        """Reads a line of JSON outside of an event. A value may be on one line or on several."""
        is_closing = line == "}" or (not self._json and line.endswith("}"))
        self._json += line
        if len(self._json) > MAX_LINE_LENGTH:
            raise MalformedAnswer("a line does not end")
        if is_closing and (values := _decoded(self._json)):
            self._json = ""
            self._values += 1
            yield from values

    def _dispatch(self) -> Iterator[object]:
        lines, self._data = [line for line in self._data if line], []
        event, self._event = self._event, ""
        if event == "error":
            raise MalformedAnswer("the provider reported an error")
        if "[DONE]" in lines:
            lines, self.is_done = lines[: lines.index("[DONE]")], True
        if lines:
            yield from _decoded("\n".join(lines)) or map(_value, lines)


def _lines(text: str) -> list[str]:
    """The last line is not complete. A CR at the end may be half of a line end."""
    if not text.endswith("\r"):
        return _LINE_END.split(text)
    lines = _LINE_END.split(text[:-1])
    return [*lines[:-1], lines[-1] + "\r"]


def _decoded(text: str) -> list[object]:
    with suppress(MalformedAnswer):
        return [_value(text)]
    return []


def _value(text: str) -> object:
    """`json.loads` raises ValueError for invalid JSON and for numbers of thousands of digits."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedAnswer("there is broken JSON in the answer") from None
