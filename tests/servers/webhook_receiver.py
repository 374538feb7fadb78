"""Somebody's server on loopback that is sent events: real sockets, whatever it answers."""

import asyncio
import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Delivery:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["tasktalk-delivery"]

    @property
    def event(self) -> Any:
        return json.loads(self.body)

    def is_signed(self, secret: str) -> bool:
        """As docs/webhooks.md tells receivers to look."""
        time, signature = (part.split("=")[1] for part in self.headers["tasktalk-signature"].split(","))
        expected = hmac.new(secret.encode(), f"{time}.".encode() + self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, signature)


class Receiver:
    """Gives each delivery the next of `answers`, then 204 to all: a status, None for silence, or what is to be sent."""

    def __init__(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.answers: list[int | bytes | None] = []
        self.deliveries: list[Delivery] = []
        self._tls, self._host = tls, host
        self._came = asyncio.Condition()
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._host, 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http{'s' if self._tls else ''}://{self._host}:{self.port}/hook"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def received(self, number: int, seconds: float = 30) -> list[Delivery]:
        """The first so many, as soon as they have come."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(lambda: len(self.deliveries) >= number)
        return self.deliveries[:number]

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-1])}
            body = await reader.readexactly(int(headers["content-length"]))
            answer = await self._keep(Delivery(head[0].split()[1], headers, body))
            if answer is not None:
                writer.write(answer if isinstance(answer, bytes) else reply(answer))
                await writer.drain()
            await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def _keep(self, delivery: Delivery) -> int | bytes | None:
        async with self._came:
            self.deliveries.append(delivery)
            self._came.notify_all()
        return self.answers.pop(0) if self.answers else 204


def reply(status: int, body: str = "", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in ({"Content-Length": str(len(body))} | headers).items()]
    return "\r\n".join([*lines, "", body]).encode()
