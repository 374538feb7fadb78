"""The body of a request, waited for before the request takes anybody's place."""

import asyncio

from litestar.types import HTTPScope, Receive, ReceiveMessage

BODY_SECONDS = 10.0
SLOWEST_BYTES = 65_536
"""A second: what has arrived gives the rest more time. A slow line can send much, and nobody can drip for ever."""
SMALL_BYTES = 65_536
"""What goes beyond is not kept in memory for a request that is not let in yet."""


class BodyBuffer:
    """`is_whole` says that all of the body has arrived, `is_read` that all of it has been handed on."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ends_at = asyncio.get_running_loop().time() + BODY_SECONDS
        self._arrived: list[ReceiveMessage] = []
        self.is_whole = False

    @property
    def is_read(self) -> bool:
        return self.is_whole and not self._arrived

    async def wait(self) -> bool:
        """Until all of it is here, or more than is kept. Returns False where it is too slow."""
        size = 0
        try:
            while not self.is_whole and size <= SMALL_BYTES:
                self._arrived.append(await self._next())
                size += _size(self._arrived[-1])
        except TimeoutError:
            return False
        self._arrived.reverse()
        return True

    async def receive(self) -> ReceiveMessage:
        """What arrived before, then the rest. A rest that is too slow is that of a client that has left."""
        if self._arrived:
            return self._arrived.pop()
        if self.is_whole:
            return await self._receive()
        try:
            return await self._next()
        except TimeoutError:
            return {"type": "http.disconnect"}

    async def _next(self) -> ReceiveMessage:
        async with asyncio.timeout_at(self._ends_at):
            message = await self._receive()
        self._ends_at += _size(message) / SLOWEST_BYTES
        self.is_whole = not message.get("more_body", False)
        return message


def _size(message: ReceiveMessage) -> int:
    return len(message.get("body", b""))  # type: ignore[arg-type]


def has_body(scope: HTTPScope) -> bool:
    headers = scope["headers"]
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)
