"""Connections over real sockets: readers that take nothing, and a server that ends."""

import asyncio
import socket
from asyncio import StreamReader
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from litestar.types import ASGIApp, Receive, Scope, Send

from adapters.http.internals.uvicorn_protocol import BoundedHttp
from adapters.http.server.outer_middleware import OuterMiddleware

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Endless:
    """Sends without end, as fast as it is taken, to a client that is there; `given_up` when that was ended."""

    def __init__(self) -> None:
        self.given_up = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            left = asyncio.create_task(self._left(receive))
            while not left.done():
                await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
                await asyncio.sleep(0)
        finally:
            self.given_up.set()

    async def _left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


class Impatient(BoundedHttp):
    stalled_seconds = 0.3


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    config = uvicorn.Config(app, port=0, http=Impatient, log_config=None, lifespan="off", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield server, listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def test_a_reader_that_takes_nothing_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    endless = Endless()
    async with served(OuterMiddleware(endless)) as (server, port), asyncio.timeout(10):
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await endless.given_up.wait()
            while server.server_state.connections:  # noqa: ASYNC110
                await asyncio.sleep(0)
    assert "Traceback" not in caplog.text


async def test_a_head_of_an_endless_answer_ends_and_its_connection_serves_the_next_request() -> None:
    async with served(OuterMiddleware(Endless())) as (_, port), asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()


class Slow:
    """Begins its answer when asked, and ends it when `gone_on` is set."""

    def __init__(self) -> None:
        self.gone_on = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await self.gone_on.wait()
        await send({"type": "http.response.body", "body": b"ok", "more_body": False})


async def head(reader: StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n\r\n")).lower()


async def ended(server: uvicorn.Server) -> None:
    server.should_exit = True
    while server.servers[0].is_serving():  # noqa: ASYNC110
        await asyncio.sleep(0)


async def test_a_server_that_ends_answers_what_comes_on_a_connection_kept_alive_and_closes_it() -> None:
    app = Slow()
    app.gone_on.set()
    async with served(app) as (server, port), asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)
        assert b"connection: close" not in await head(reader)
        assert await reader.readexactly(2) == b"ok"
        await ended(server)
        writer.write(GET)
        answer = await head(reader)
        assert b" 200 " in answer
        assert b"connection: close" in answer
        assert await reader.read() == b"ok"
        writer.close()


async def test_a_connection_whose_answer_had_begun_takes_one_more_request() -> None:
    app = Slow()
    async with served(app) as (server, port), asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)
        await head(reader)
        await ended(server)
        app.gone_on.set()
        assert await reader.readexactly(2) == b"ok"
        writer.write(GET)
        assert b"connection: close" in await head(reader)
        writer.close()


async def test_a_server_that_ends_does_not_wait_long_for_connections_on_which_nothing_comes() -> None:
    async with served(Slow()) as (server, port), asyncio.timeout(10):
        connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        while len(server.server_state.connections) < len(connections):  # noqa: ASYNC110 - uvicorn tells it in no other way
            await asyncio.sleep(0.01)
        await ended(server)
        assert [await reader.read() for reader, _ in connections] == [b""] * 3
        for _, writer in connections:
            writer.close()
