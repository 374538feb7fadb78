"""JSON that is written a piece at a time, as it is read from the database."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from msgspec.json import encode

Pieces = AsyncIterator[bytes]


async def json_object(members: Mapping[str, Any]) -> Pieces:
    """Yields the JSON of `members`. A value may be an iterator of JSON pieces, which is read when its turn comes."""
    start = b"{"
    for name, value in members.items():
        yield start + encode(name) + b":"
        if isinstance(value, AsyncIterator):
            async for piece in value:
                yield piece
        else:
            yield encode(value)
        start = b","
    yield b"{}" if start == b"{" else b"}"


async def json_array(pages: AsyncIterator[Sequence[Any]]) -> Pieces:
    separator = b"["
    async for page in pages:
        if page:
            yield separator + b",".join(map(encode, page))
            separator = b","
    yield b"[]" if separator == b"[" else b"]"


async def json_array_of(elements: AsyncIterator[Pieces]) -> Pieces:
    """Yields one JSON array. Each element comes in several pieces."""
    separator = b"["
    async for element in elements:
        yield separator
        async for piece in element:
            yield piece
        separator = b","
    yield b"[]" if separator == b"[" else b"]"
