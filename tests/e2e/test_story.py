import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Server

PASSWORD = "correct horse battery"


class User:
    def __init__(self, client: httpx.AsyncClient, name: str) -> None:
        self.form = {"email": f"{name}@example.com", "password": PASSWORD}
        self.client = client

    async def enter(self, path: str) -> dict[str, Any]:
        session: dict[str, Any] = await self.call("POST", f"/api/auth/{path}", json=self.form)
        self.client.headers["Authorization"] = f"Bearer {session['token']}"
        user: dict[str, Any] = session["user"]
        return user

    async def call(self, method: str, path: str, **options: Any) -> Any:
        answer = await self.client.request(method, path, **options)
        assert answer.is_success, answer.text
        return answer.json()

    async def say(self, message: str) -> dict[str, Any]:
        reply: dict[str, Any] = await self.call("POST", "/api/users/me/chat", json={"message": message})
        return reply

    async def titles(self, status: str = "all") -> list[str]:
        page = await self.call("GET", "/api/users/me/tasks", params={"status": status})
        return [task["title"] for task in page["tasks"]]


Users = Callable[[str], Awaitable[User]]


@pytest.fixture
async def user(server: Server) -> AsyncIterator[Users]:
    """Somebody at the server that runs now; their connections are closed after the test."""
    async with AsyncExitStack() as stack:

        async def enter(name: str) -> User:
            return User(await stack.enter_async_context(httpx.AsyncClient(base_url=server.url, timeout=30)), name)

        yield enter


@pytest.mark.parametrize("workers", ["2", pytest.param("4", marks=pytest.mark.long)])
async def test_two_users_some_workers_a_chat_and_a_restart_in_between(
    server: Server, user: Users, workers: str
) -> None:
    await asyncio.to_thread(server.start, "--workers", workers)
    assert "built in" in server.output()
    ann, bob = await user("ann"), await user("bob")
    ann_account, bob_account = await asyncio.gather(ann.enter("signup"), bob.enter("register"))

    added = await asyncio.gather(
        *(
            each.call("POST", "/api/users/me/tasks", json={"title": f"Task {number}"})
            for each in (ann, bob)
            for number in range(10)
        )
    )
    assert sorted(task["id"] for task in added) == sorted([*range(1, 11)] * 2)

    reply = await ann.say("Add a task to buy groceries")
    assert [call["tool_name"] for call in reply["tool_calls"]] == ["add_task"]
    assert reply["tool_calls"][0]["result"]["data"]["id"] == 11
    assert (await ann.titles())[0] == "Buy groceries"
    assert "Buy groceries" not in await bob.titles()

    foreign = await bob.client.get(f"/api/users/{ann_account['id']}/tasks")
    assert foreign.status_code == 403
    assert (await bob.client.get("/api/tasks/11")).status_code == 404
    assert bob_account["id"] not in (await ann.client.get("/api/users/me/tasks")).text

    assert server.end(signal.SIGTERM) == []
    await asyncio.to_thread(server.start, "--workers", "2")
    ann, bob = await user("ann"), await user("bob")
    assert await ann.enter("signin") == ann_account
    reply = await ann.say("it is done")
    assert "complete_task" in [call["tool_name"] for call in reply["tool_calls"]]
    assert await ann.titles("completed") == ["Buy groceries"]

    statuses = [(await ann.client.post("/api/users/me/chat", json={"message": "hello"})).status_code for _ in range(19)]
    assert statuses == [200] * 18 + [429], "20 a minute, over the restart and whatever worker answers"
    await bob.enter("login")
    assert (await bob.say("hello"))["response"]


@pytest.mark.long
async def test_what_was_acknowledged_survives_kill_9(server: Server, user: Users) -> None:
    await asyncio.to_thread(server.start, "--workers", "2")
    ann = await user("ann")
    await ann.enter("signup")
    assert (await ann.client.head("/health")).status_code == 200
    await ann.say("remind me to call mom tomorrow")
    left = server.end(signal.SIGKILL)
    assert {each.name() for each in left} <= {"postgres"}, "no worker outlives its supervisor"
    await asyncio.to_thread(server.start)
    ann = await user("ann")
    await ann.enter("signin")
    assert await ann.titles() == ["Call mom"]
    assert server.end(signal.SIGINT) == []
