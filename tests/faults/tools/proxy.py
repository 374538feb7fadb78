"""A TCP proxy that misbehaves as networks do."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CHUNK = 65_536
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: closing sends RST instead of FIN."""


class Proxy:
    """In front of a Unix socket, which is how the embedded PostgreSQL listens."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.latency = 0.0
        """Seconds that each chunk is kept, in each direction."""

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def black_hole(self) -> None:
        """Nothing gets through and nothing is closed. What was sent meanwhile arrives after `heal`, as TCP has it."""
        self._open.clear()

    def refuse(self) -> None:
        """Nobody listens any more, and who was connected is not."""
        assert self._server
        self._server.close()
        self._server = None
        self.cut()

    async def heal(self) -> None:
        self.latency = 0.0
        self._open.set()
        if self._server is None:
            await self.listen()

    def cut(self) -> None:
        """Ends all connections in order (FIN)."""
        for writer in self._writers:
            writer.close()

    def reset(self) -> None:
        """Ends all connections at once (RST)."""
        for writer in self._writers:
            connection = writer.get_extra_info("socket")
            if connection.family != socket.AF_UNIX:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            writer.transport.abort()

    def close(self) -> None:
        if self._server:
            self.refuse()
        self._open.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answers, questions = await asyncio.open_unix_connection(self._upstream)
        except OSError:
            writer.close()
            return
        both = {writer, questions}
        self._writers |= both
        await asyncio.gather(self._pump(reader, questions), self._pump(answers, writer))
        self._writers -= both

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await asyncio.sleep(self.latency)
                await self._open.wait()
                writer.write(chunk)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def proxied(upstream: str) -> AsyncIterator[Proxy]:
    proxy = Proxy(upstream)
    await proxy.listen()
    try:
        yield proxy
    finally:
        proxy.close()
