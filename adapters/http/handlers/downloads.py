from collections.abc import AsyncIterator

from litestar.response import Stream

from adapters.http.server.concurrency_limits import LIMIT, RequestKind

EXPORT = {LIMIT: RequestKind.EXPORTS}
PART_BYTES = 65_536
"""A client that takes no part within half a minute is disconnected: see `internals/uvicorn_protocol.py`."""


def download(content: AsyncIterator[bytes], name: str) -> Stream:
    """Returns a JSON file. `content` reads the database page by page, at the pace of the client."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return Stream(in_parts(content), media_type="application/json", headers=headers)


async def in_parts(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yields the same bytes in parts of one size: small pieces are joined and large ones are split."""
    kept = bytearray()
    async for piece in pieces:
        kept += piece
        while len(kept) >= PART_BYTES:
            yield bytes(kept[:PART_BYTES])
            del kept[:PART_BYTES]
    if kept:
        yield bytes(kept)
