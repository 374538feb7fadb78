"""Streams of data: what a user takes along as a file."""

from collections.abc import AsyncIterator

from litestar.response import Stream

from adapters.http.server.concurrency_limits import LIMIT, Kind

EXPORT = {LIMIT: Kind.EXPORTS}
PART_BYTES = 65_536
"""A reader that takes no such part within half a minute is cut off (`adapters/http/internals/uvicorn_protocol.py`)."""


def download(content: AsyncIterator[bytes], name: str) -> Stream:
    """A JSON file. What `content` reads from the database is read page by page, as the reader takes it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return Stream(in_parts(content), media_type="application/json", headers=headers)


async def in_parts(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes: many small pieces are sent together, and large ones apart."""
    kept = bytearray()
    async for piece in pieces:
        kept += piece
        while len(kept) >= PART_BYTES:
            yield bytes(kept[:PART_BYTES])
            del kept[:PART_BYTES]
    if kept:
        yield bytes(kept)
