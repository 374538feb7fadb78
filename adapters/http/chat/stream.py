"""A turn as a stream of events, from its beginning, for any number of readers on any server. What is sent follows only
from the turn's rows, so a reader that comes late or reconnects gets the same events."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from litestar.response import Stream

from adapters.http.chat.bodies import EVENT_STREAM
from adapters.http.chat.chunk_encoder import ChunkEncoder
from adapters.http.chat.ui_chunks import DONE, HEADERS, PING, framed
from adapters.http.handlers.idempotency import replay_headers
from domain.chat.turn import Turn
from domain.errors import Refusal

PING_SECONDS = 14.0
"""A turn is read once a second, so a silence ends within 15 seconds."""
Snapshots = AsyncGenerator[Turn, None]


def streamed(snapshots: Snapshots, *, replayed: bool = False, since_decision: bool = False) -> Stream:
    """Streams the turn from its beginning, or since the user's last decision in it, for clients that show what was
    before."""
    chunks = frames(snapshots, since_decision=since_decision)
    return Stream(chunks, status_code=200, media_type=EVENT_STREAM, headers=HEADERS | replay_headers(replayed))


async def frames(
    snapshots: Snapshots, clock: Callable[[], float] = time.monotonic, *, since_decision: bool = False
) -> AsyncGenerator[bytes, None]:
    """Yields the chunks of a turn until it ends or asks for an approval. An error is sent as a chunk, because the HTTP
    status has been sent already."""
    encoder, sent_at = ChunkEncoder(since_decision=since_decision), clock()
    async with aclosing(snapshots):
        try:
            async for turn in snapshots:
                frame = framed(encoder.chunks(turn)) or (PING if clock() - sent_at >= PING_SECONDS else b"")
                if frame:
                    yield frame
                    sent_at = clock()
            yield framed(encoder.end())
        except Refusal as refusal:
            yield framed(encoder.end(refusal.message))
    yield DONE
