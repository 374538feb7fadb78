"""Turns a file into text in UTF-8, and reads its lines without holding them all."""

from collections.abc import Iterator
from io import BytesIO, TextIOWrapper

from domain.errors import Invalid

MAX_LINES = 600_000
TOO_MANY_LINES = f"must have at most {MAX_LINES} lines: import it in parts"
MARK = b"\xef\xbb\xbf"
UTF_16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
BEGINNING = 8
"""The names of columns and the signs of JSON, with which files begin, are ASCII."""
NO_UTF_8 = "must be text in UTF-8 or UTF-16: save the file again in UTF-8"


def utf8(body: bytes) -> bytes:
    """Returns the text in UTF-8 without its byte order mark. Bytes that are no UTF-8 are found when they are read.
    Raises `Invalid` for broken UTF-16, and for too many lines."""
    encoding = next((name for mark, name in UTF_16 if body.startswith(mark)), None) or _unmarked_utf16(body)
    try:
        text = body.decode(encoding).encode() if encoding else body
    except UnicodeError:
        raise Invalid.field("body", NO_UTF_8) from None
    if line_count(text) > MAX_LINES:
        raise Invalid.field("body", TOO_MANY_LINES)
    return text.removeprefix(MARK)


def line_count(text: bytes) -> int:
    return max(text.count(b"\n"), text.count(b"\r"))


def _unmarked_utf16(body: bytes) -> str | None:
    """Returns the encoding of text whose every second byte is NUL at the beginning, as in ASCII that is UTF-16."""
    even, odd = body[:BEGINNING:2], body[1:BEGINNING:2]
    if len(even) < 2 or len(odd) < 2:
        return None
    if not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if not any(even) and all(odd) else None


def opened(text: bytes, newline: str | None = "", errors: str = "strict") -> TextIOWrapper:
    """Opens text in UTF-8. It is decoded piece by piece, so that it takes no further memory."""
    return TextIOWrapper(BytesIO(text), "utf-8", newline=newline, errors=errors)


def lines(text: bytes) -> Iterator[str]:
    """Yields the lines without their ends. Raises `Invalid` for bytes that are no UTF-8."""
    try:
        for line in opened(text, newline=None):
            yield line.removesuffix("\n")
    except UnicodeDecodeError:
        raise not_utf8(text) from None


def not_utf8(text: bytes) -> Invalid:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return Invalid.field(f"line {line}", NO_UTF_8)
    return Invalid.field("body", NO_UTF_8)
