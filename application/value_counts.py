"""Counts the values in a text before it is parsed: 10 MB of `{},` would become 250 MB of objects. Malformed text is
left to the parser."""

CHUNK_BYTES = 262_144
"""One chunk takes a millisecond, during which no other thread runs."""
STRING_ESCAPES = (b"\\\\", b'\\"')
"""JSON's escapes that would hide the end of a string."""


def json_exceeds(text: bytes, most: int) -> bool:
    """Returns whether the text has more than about `most` values. It counts commas, since a comma stands before each
    value but the first of a container."""
    return _separators_exceed(text, b",", most, STRING_ESCAPES)


def table_exceeds(text: bytes, delimiter: str, most: int) -> bool:
    return _separators_exceed(text, delimiter.encode(), most, ())


def _separators_exceed(text: bytes, separator: bytes, most: int, escapes: tuple[bytes, ...]) -> bool:
    """Counts the separators outside of quotes, and stops above `most`."""
    start = found = is_quoted = 0
    while start < len(text) and found <= most:
        chunk = text[start : start + CHUNK_BYTES]
        if escapes and _ends_in_escape(chunk):
            chunk += text[start + len(chunk) : start + len(chunk) + 1]
        start += len(chunk)
        for escape in escapes:
            chunk = chunk.replace(escape, b"")
        parts = chunk.split(b'"')
        found += b"".join(parts[is_quoted::2]).count(separator)
        is_quoted = (is_quoted + len(parts) - 1) % 2
    return found > most


def _ends_in_escape(chunk: bytes) -> bool:
    return (len(chunk) - len(chunk.rstrip(b"\\"))) % 2 == 1
