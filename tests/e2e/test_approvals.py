"""A question of the assistant outlives its server, and is answered by another device on another server."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.e2e.conftest import Server

ACCOUNT = {"email": "ann@example.com", "password": "correct horse battery"}


async def called(client: httpx.AsyncClient, method: str, path: str, **body: Any) -> Any:
    answer = await client.request(method, path, json=body or None)
    assert answer.is_success, answer.text
    return answer.json()


@asynccontextmanager
async def device(server: Server, path: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        client.headers["Authorization"] = f"Bearer {(await called(client, 'POST', path, **ACCOUNT))['token']}"
        yield client


async def titles(client: httpx.AsyncClient) -> list[str]:
    return [task["title"] for task in (await called(client, "GET", "/api/users/me/tasks"))["tasks"]]


async def test_a_question_is_answered_from_another_device_after_a_kill(server: Server) -> None:
    await asyncio.to_thread(server.start)
    async with device(server, "/api/auth/signup") as laptop:
        await called(laptop, "POST", "/api/users/me/chat", message="add milk, eggs and bread")
        asked = await called(laptop, "POST", "/api/users/me/chat", message="delete everything")
        assert asked["state"] == "awaiting_approval"
        assert len(await titles(laptop)) == 3
    await asyncio.to_thread(server.end, signal.SIGKILL)
    await asyncio.to_thread(server.start, "--workers", "2")
    async with device(server, "/api/auth/signin") as phone:
        messages = (await called(phone, "GET", "/api/users/me/conversations/default/messages"))["messages"]
        assert messages[-1]["approval"] == asked["approval"]
        path = f"/api/users/me/chat/approvals/{asked['approval']['id']}"
        answers = await asyncio.gather(*(phone.post(path, json={"approved": True}) for _ in range(5)))
        assert {answer.status_code for answer in answers} <= {200, 409}
        assert {answer.json()["message_id"] for answer in answers if answer.status_code == 200} == {asked["message_id"]}
        assert await titles(phone) == []
        assert "Undone" in (await called(phone, "POST", "/api/users/me/chat", message="undo that"))["response"]
        assert sorted(await titles(phone)) == ["Bread", "Eggs", "Milk"]
