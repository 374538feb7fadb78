"""Two browsers' worth of clients and an assistant, on two server processes."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.conftest import Server

EVENTS = "/api/users/me/events"
TASKS = "/api/users/me/tasks"


class Browser:
    """Keeps its list right by sync and feed alone; each request is on a new connection, so on either process."""

    def __init__(self, server: Server, token: str) -> None:
        self.url, self.headers = server.url, {"Authorization": f"Bearer {token}"}
        self.tasks: dict[int, str] = {}
        self.last_id = 0

    async def call(self, method: str, path: str, **options: Any) -> Any:
        async with httpx.AsyncClient(base_url=self.url, timeout=30, headers=self.headers) as client:
            answer = await client.request(method, path, **options)
        answer.raise_for_status()
        return answer.json()

    async def load(self) -> None:
        """The feed goes on from the newest change there is; what happens meanwhile is told twice, which is harmless."""
        newest = await self.call("GET", f"{EVENTS}?order=newest&limit=1")
        self.last_id = newest["events"][0]["revision"] if newest["events"] else 0
        delta = await self.call("GET", "/api/users/me/sync")
        self.tasks = {task["id"]: task["title"] for task in delta["tasks"]}

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[AsyncIterator[str]]:
        headers = self.headers | {"Last-Event-ID": str(self.last_id)}
        async with (
            httpx.AsyncClient(base_url=self.url, timeout=30) as client,
            client.stream("GET", f"{EVENTS}/stream", headers=headers) as answer,
        ):
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield answer.aiter_lines()

    async def take(self, lines: AsyncIterator[str], until: int) -> None:
        """Up to the change with that revision, each exactly once and in order."""
        async with asyncio.timeout(10):
            while self.last_id < until:
                line = await anext(lines)
                if line.startswith("data: "):
                    self._fold(json.loads(line.removeprefix("data: ")))

    def _fold(self, event: dict[str, Any]) -> None:
        assert event["revision"] == self.last_id + 1
        self.last_id = event["revision"]
        if event["after"] is None or event["after"]["deleted_at"]:
            self.tasks.pop(event["task_id"], None)
        else:
            self.tasks[event["task_id"]] = event["after"]["title"]


async def signed_up(server: Server) -> str:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        form = {"email": f"{uuid4().hex}@example.com", "password": "correct horse battery"}
        token: str = (await client.post("/api/auth/signup", json=form)).json()["token"]
    return token


async def test_two_browsers_and_an_assistant_that_undoes_its_own_turn(two_workers: Server) -> None:
    token = await signed_up(two_workers)
    one, two = Browser(two_workers, token), Browser(two_workers, token)
    await one.load()
    await two.load()
    async with one.watching() as here, two.watching() as there:
        await one.call("POST", TASKS, json={"title": "Call mom"})
        await two.call("POST", TASKS, json={"title": "Pay the rent"})
        await one.call("POST", "/api/users/me/chat", json={"message": "delete task 1"})
        began = time.monotonic()
        await asyncio.gather(one.take(here, until=3), two.take(there, until=3))
        assert time.monotonic() - began < 1
        assert one.tasks == two.tasks == {2: "Pay the rent"}

    undone = await two.call("POST", "/api/users/me/chat", json={"message": "undo that"})
    assert [call["result"]["success"] for call in undone["tool_calls"]] == [True]
    await two.call("PATCH", f"{TASKS}/2", json={"title": "Pay the rent today"})
    async with one.watching() as here, two.watching() as there:
        await asyncio.gather(one.take(here, until=5), two.take(there, until=5))
    assert one.tasks == two.tasks == {1: "Call mom", 2: "Pay the rent today"}
    listed = await one.call("GET", TASKS)
    assert {task["id"]: task["title"] for task in listed["tasks"]} == one.tasks
