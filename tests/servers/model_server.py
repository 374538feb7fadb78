"""A model's server on loopback that misbehaves on demand: real sockets, so resets, silence and drips are real too."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

PROVIDER_WORDS = "internal-words-of-the-provider"
"""In every refusal and fault of this server: no user and no log may see them."""
DRIP_SECONDS = 0.02

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    path: str
    headers: dict[str, str]
    body: Json


class Wire:
    """One connection, from the server's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def received(self) -> Received | None:
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-1])}
            body = await self._reader.readexactly(int(headers["content-length"]))
        except asyncio.IncompleteReadError:
            return None
        return Received(head[0].split()[1], headers, json.loads(body))

    async def reply(self, status: int, body: str, **headers: str) -> None:
        lines = {"content-type": "application/json", "content-length": str(len(body.encode()))}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        await self.write(head(status, lines) + body.encode())

    async def start(self) -> None:
        await self.write(head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"}))

    async def event(self, data: Json | str) -> None:
        line = f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()
        await self.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def silence(self) -> None:
        """Until the client gives up and hangs up."""
        await self._reader.read()

    def reset(self) -> None:
        """RST and not FIN, as a crashed server or a middlebox sends it."""
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self._writer.transport.abort()


def head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {PROVIDER_WORDS}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


Play = Callable[[Wire, Received], Awaitable[None]]


class ModelServer:
    """Plays `play` for each request. `received` are the requests in the order they came.

    Until it is `listening` connections are refused; its address is its own all the same.
    """

    def __init__(self, play: Play, *, listening: bool = True) -> None:
        self.play = play
        self._listening = listening
        self.received: list[Received] = []
        self._answers: set[asyncio.Future[None]] = set()
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, start_serving=self._listening)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def listen(self) -> None:
        await self._server.start_serving()

    async def no_answer_runs(self) -> bool:
        """Whether within a second every answer is over: played to its end, or given up by the client."""
        return await _over(self._answers)

    async def no_connection_is_open(self) -> bool:
        return await _over(self._connections)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(Wire(reader, writer)))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, wire: Wire) -> None:
        try:
            while (received := await wire.received()) is not None:
                self.received.append(received)
                await self._answer(wire, received)
        except ConnectionError:
            pass
        finally:
            wire.close()

    async def _answer(self, wire: Wire, received: Received) -> None:
        answer = asyncio.ensure_future(self.play(wire, received))
        self._answers.add(answer)
        try:
            await answer
        finally:
            self._answers.discard(answer)


async def _over(tasks: set[Any]) -> bool:
    return not tasks or not (await asyncio.wait(set(tasks), timeout=1))[1]


def said(text: str) -> Json:
    return _chunk({"content": text})


def called(index: int | None, arguments: str, name: str | None = None, call_id: str | None = None) -> Json:
    """A piece of a tool call: only the first brings name and id."""
    function = {"name": name, "arguments": arguments}
    return _chunk({"tool_calls": [{"index": index, "id": call_id, "function": function}]})


def finished(reason: str) -> Json:
    return _chunk({}, reason)


def used(prompt: int, completion: int, cached: int) -> Json:
    counts = {"prompt_tokens": prompt, "completion_tokens": completion}
    return {"choices": [], "usage": counts | {"prompt_tokens_details": {"cached_tokens": cached}}}


def _chunk(delta: Json, finish_reason: str | None = None) -> Json:
    return {"id": "c", "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}], "usage": None}


def streaming(*chunks: Json | str) -> Play:
    async def play(wire: Wire, received: Received) -> None:
        await wire.start()
        for chunk in (*chunks, "[DONE]"):
            await wire.event(chunk)
        await wire.write(b"0\r\n\r\n")

    return play


def refusing(status: int, body: str | None = None, **headers: str) -> Play:
    """By default with an error as OpenAI writes it, and as indiscreet as some are: with the key that was sent."""

    async def play(wire: Wire, received: Received) -> None:
        error = {"error": {"message": f"{PROVIDER_WORDS}: {received.headers['authorization']}"}}
        await wire.reply(status, json.dumps(error) if body is None else body, **headers)

    return play
