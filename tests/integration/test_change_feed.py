"""A feed over what goes wrong beneath it: connections that are cut, and readers that take nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import pytest
import uvicorn
from litestar.types import Receive, Scope, Send
from sqlalchemy import text

from adapters.http.edge import Edge
from adapters.postgres.account_repository import PostgresAccounts
from adapters.postgres.database import Database
from adapters.postgres.event_log import PostgresEventLog
from adapters.postgres.task_repository import PostgresTasks
from adapters.postgres.wakeups import PostgresWakeups
from application.change_log import ChangeLog
from application.tasks import TaskDraft, Tasks
from domain.account import Caller
from domain.errors import Unavailable
from domain.task import Event
from tests.conftest import administer
from tests.fakes import FakeClock, user

ANN = Caller("ann")
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"


async def test_nothing_is_missed_when_all_connections_are_cut(database: Database, database_url: str) -> None:
    wakeups = PostgresWakeups(database, database_url)
    repository, log = PostgresTasks(database, wakeups), PostgresEventLog(database)
    tasks, changes = Tasks(repository, database, FakeClock()), ChangeLog(log, repository, wakeups)
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    try:
        async with asyncio.timeout(20), aclosing(changes.follow(ANN, None)) as feed:
            seen = list(await anext(feed))
            for title in ("before", "while", "after"):
                await add(tasks, title)
                seen += await next_events(feed)
                [(name,)] = await database.read(text("SELECT current_database()"))
                await administer(database_url, CUT.format(name))
    finally:
        await wakeups.close()
    assert [event.after.title for event in seen if event.after] == ["before", "while", "after"]


async def add(tasks: Tasks, title: str) -> None:
    """As clients do: again, where the database was away."""
    while True:
        try:
            await tasks.add(ANN, TaskDraft(title))
        except Unavailable:
            continue
        return


async def next_events(feed: AsyncIterator[Sequence[Event]]) -> Sequence[Event]:
    while not (events := await anext(feed)):
        pass
    return events


class Endless:
    """Sends without end, as fast as it is taken; `given_up` when that was ended for it."""

    def __init__(self) -> None:
        self.given_up = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while True:
                await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
        finally:
            self.given_up.set()


@asynccontextmanager
async def served(app: Edge) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
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
    async with served(Edge(endless, stalled_seconds=0.3)) as (server, port), asyncio.timeout(10):
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await endless.given_up.wait()
            while server.server_state.connections:  # noqa: ASYNC110
                await asyncio.sleep(0)
    assert "Traceback" not in caplog.text


async def test_a_head_of_an_endless_answer_ends_and_its_connection_serves_the_next_request() -> None:
    async with served(Edge(Endless())) as (_, port), asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()
