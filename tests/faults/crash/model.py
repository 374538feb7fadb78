"""A language model that adds a task per message, slowly enough to be interrupted, and knows where a turn is."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec

BOUNDARIES = ("asked", "calling", "called", "told", "answering", "answered")
SHUT = b"data: [DONE]\n\n"


class Model:
    """Adds a task per message, then says so, slowly; at some boundaries it has its caller's server killed."""

    def __init__(self, kill: Callable[[], None], share: float) -> None:
        self.kill, self.share = kill, share
        self.kills: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            request = msgspec.json.decode(await reader.readexactly(length))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
            await self._answer(request["messages"][-1], writer)
            writer.write(SHUT)
            await writer.drain()
        writer.close()

    async def _answer(self, last: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if last["role"] == "tool":
            await self._perhaps("told")
            for word in ["I", "have", "put", "that", "on", "your", "list,", "as", "you", "said."]:
                await self._send(writer, {"content": f"{word} "})
                await self._perhaps("answering", 0.1)
            await self._send(writer, {}, "stop")
            self._soon("answered")
        else:
            await self._perhaps("asked")
            call = {"name": "add_task", "arguments": msgspec.json.encode({"title": last["content"]}).decode()}
            await self._send(writer, {"tool_calls": [{"index": 0, "id": "c", "function": call}]})
            await self._perhaps("calling")
            await self._send(writer, {}, "tool_calls")
            self._soon("called")

    async def _send(self, writer: asyncio.StreamWriter, delta: dict[str, Any], finish: str | None = None) -> None:
        chunk = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        writer.write(b"data: " + msgspec.json.encode(chunk) + b"\n\n")
        await writer.drain()
        await asyncio.sleep(0.01)

    async def _perhaps(self, boundary: str, share: float = 1.0) -> None:
        if random.random() < self.share * share:
            self.kills[boundary] += 1
            self.kill()
            await asyncio.sleep(0.05)

    def _soon(self, boundary: str) -> None:
        """Somewhere in the milliseconds in which the server stores what it was told."""
        if random.random() < self.share:
            self.kills[boundary] += 1
            asyncio.get_running_loop().call_later(random.uniform(0, 0.02), self.kill)


@asynccontextmanager
async def modelled(model: Model) -> AsyncIterator[str]:
    """Its address."""
    listener = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    finally:
        listener.close()
