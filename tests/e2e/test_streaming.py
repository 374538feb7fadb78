"""Streams over real sockets, from two server processes, with a model that goes on talking until it is told to stop."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.conftest import Server, new_server
from tests.servers.model_server import DRIP_SECONDS, ModelServer, Received, Wire, finished, said
from tests.ui_stream import Chunk, Read, chunk_of

CHAT = "/api/users/me/chat"
STREAM = {"Accept": "text/event-stream"}


class Talker(ModelServer):
    """Counts up, until `enough` is set."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.enough = asyncio.Event()

    async def _talk(self, wire: Wire, received: Received) -> None:
        await wire.start()
        number = 0
        while not self.enough.is_set():
            await wire.event(said(f"{number} "))
            number += 1
            await asyncio.sleep(DRIP_SECONDS)
        for chunk in (said("end."), finished("stop"), "[DONE]"):
            await wire.event(chunk)
        await wire.write(b"0\r\n\r\n")


class Watcher:
    """One reader of one stream, on a connection of its own; `chunks` are those that have come so far."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.chunks: list[Chunk] = []
        self._lines = answer.aiter_lines()

    @property
    def deltas(self) -> int:
        return sum("delta" in chunk for chunk in self.chunks)

    async def hear(self, deltas: int) -> None:
        async with asyncio.timeout(10):
            while self.deltas < deltas:
                self._take(await anext(self._lines))

    async def read(self) -> Read:
        async with asyncio.timeout(10):
            async for line in self._lines:
                self._take(line)
        return Read(self.chunks)

    def _take(self, line: str) -> None:
        if chunk := chunk_of(line):
            self.chunks.append(chunk)


class Ann:
    def __init__(self, server: Server, token: str) -> None:
        self.url, self.headers = server.url, {"Authorization": f"Bearer {token}"}

    @asynccontextmanager
    async def stream(self, method: str, path: str, **options: Any) -> AsyncIterator[Watcher]:
        """On a new connection, so that any of the processes may serve it."""
        async with (
            httpx.AsyncClient(base_url=self.url, timeout=30) as client,
            client.stream(method, path, headers=self.headers | STREAM, **options) as answer,
        ):
            yield Watcher(answer)

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as client:
            return await client.request(method, path, headers=self.headers, **options)


@pytest.fixture(scope="module")
async def talker() -> AsyncIterator[Talker]:
    async with Talker() as talker:
        yield talker


@pytest.fixture
def model(talker: Talker) -> Talker:
    talker.enough.clear()
    return talker


@pytest.fixture(scope="module")
async def two_workers(talker: Talker) -> AsyncIterator[Server]:
    with new_server() as server:
        await asyncio.to_thread(server.start, "--workers", "2", OPENAI_BASE_URL=talker.url)
        yield server


@pytest.fixture
async def ann(two_workers: Server) -> Ann:
    """A new user for each test."""
    form = {"email": f"{uuid4().hex}@example.com", "password": "correct horse battery"}
    async with httpx.AsyncClient(base_url=two_workers.url, timeout=30) as client:
        session = await client.post("/api/auth/signup", json=form)
    return Ann(two_workers, session.json()["token"])


async def test_text_comes_as_it_is_said_and_whoever_joins_later_is_told_all_of_it(ann: Ann, model: Talker) -> None:
    async with ann.stream("POST", CHAT, json={"message": "count"}) as first:
        await first.hear(deltas=3)
        assert not model.enough.is_set()
        async with (
            ann.stream("GET", f"{CHAT}/default/stream") as second,
            ann.stream("GET", f"{CHAT}/default/stream") as third,
            ann.stream("GET", f"{CHAT}/default/stream") as leaves,
        ):
            await leaves.hear(deltas=1)
            await leaves.answer.aclose()
            await third.hear(deltas=2)
            model.enough.set()
            reads = await asyncio.gather(first.read(), second.read(), third.read())
    stored = await ann.call("POST", f"/api/users/me/turns/{reads[0].id}/resume")
    assert {read.text for read in reads} == {stored.json()["response"]}
    assert {read.id for read in reads} == {stored.json()["message_id"]}
    numbers = [str(number) for number in range(len(reads[0].text.split()) - 1)]
    assert reads[0].text.split() == [*numbers, "end."]
    assert reads[0].ending["type"] == "finish"
    assert (await ann.call("GET", f"{CHAT}/default/stream")).status_code == 204


async def test_a_reader_that_leaves_does_not_stop_the_turn(ann: Ann, model: Talker) -> None:
    async with ann.stream("POST", CHAT, json={"message": "count"}) as leaves:
        await leaves.hear(deltas=1)
    async with ann.stream("GET", f"{CHAT}/default/stream") as later:
        await later.hear(deltas=leaves.deltas + 2)
        model.enough.set()
        read = await later.read()
    assert read.text.endswith(" end.")
    assert read.ending["type"] == "finish"


async def test_a_stop_ends_every_stream_and_the_models_answer_within_a_second(ann: Ann, model: Talker) -> None:
    async with ann.stream("POST", CHAT, json={"message": "count"}) as first:
        await first.hear(deltas=2)
        async with ann.stream("GET", f"{CHAT}/default/stream") as second:
            began = time.monotonic()
            answer = await ann.call("POST", f"{CHAT}/default/stop", json={"turn_id": first.chunks[0]["messageId"]})
            assert answer.json()["stopped"] is True
            reads = await asyncio.gather(first.read(), second.read())
            assert time.monotonic() - began < 1
    assert await model.no_answer_runs()
    assert [read.ending["type"] for read in reads] == ["abort", "abort"]
    assert reads[0].text == reads[1].text

    model.enough.set()
    reply = await ann.call("POST", CHAT, json={"message": "and now?"})
    assert reply.json()["response"] == "end."
    messages = [(each["role"], each["content"]) for each in model.received[-1].body["messages"][1:]]
    assert messages == [("user", "count"), ("assistant", reads[0].text), ("user", "and now?")]
