import asyncio
from typing import Any

from litestar.types import HTTPScope, Receive, ReceiveMessage

BODY_SECONDS = 10.0
SLOWEST_BYTES = 65_536
"""Bytes per second. Each byte that arrives extends the deadline, so slow lines work, but no client can hold a request
for ever."""
SMALL_BYTES = 65_536
"""Larger bodies are not kept in memory for a request that is not admitted yet."""


class BodyBuffer:
    """`is_whole` says that the body has arrived, `is_read` that all of it has been handed on."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._ends_at = self._loop.time() + BODY_SECONDS
        self._is_late = False
        self._arrived: list[ReceiveMessage] = []
        self.is_whole = False

    @property
    def is_read(self) -> bool:
        return self.is_whole and not self._arrived

    async def wait(self) -> bool:
        """Waits until the whole body has arrived, or more than is buffered. Returns False if it is too slow."""
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
        """Returns the buffered messages, then the following ones. A body that is too slow counts as a disconnect."""
        if self._arrived:
            return self._arrived.pop()
        if self.is_whole:
            return await self._receive()
        try:
            return await self._next()
        except TimeoutError:
            return {"type": "http.disconnect"}

    async def _next(self) -> ReceiveMessage:
        message = await self._received_in_time()
        self._ends_at += _size(message) / SLOWEST_BYTES
        self.is_whole = not message.get("more_body", False)
        return message

    async def _received_in_time(self) -> ReceiveMessage:
        """Raises `TimeoutError`. `asyncio.timeout_at` does the same with three to four times the instructions,
        which is 2 % of what it takes to create a task."""
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"
        cancelled = task.cancelling()
        patience = self._loop.call_at(self._ends_at, self._give_up, task)
        try:
            return await self._receive()
        except asyncio.CancelledError:
            if self._is_late and task.uncancel() <= cancelled:  # nobody else has cancelled it too
                raise TimeoutError from None
            raise
        finally:
            patience.cancel()

    def _give_up(self, task: "asyncio.Task[Any]") -> None:
        self._is_late = True
        task.cancel()


def _size(message: ReceiveMessage) -> int:
    return len(message.get("body", b""))  # type: ignore[arg-type]


def has_body(scope: HTTPScope) -> bool:
    headers = scope["headers"]
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)
