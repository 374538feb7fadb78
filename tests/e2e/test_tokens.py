"""API tokens of a real server: on any worker, after a restart, on the command line, and never in the log."""

import asyncio
import signal
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Server

ME = "/api/users/me"
ACCOUNT = {"email": "ann@example.com", "password": "correct horse"}


async def call(server: Server, method: str, path: str, bearer: str | None = None, body: Any = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=30) as client:
        return await client.request(method, path, json=body)


@pytest.fixture
async def ann(server: Server) -> str:
    await asyncio.to_thread(server.start, "--workers", "2")
    session = (await call(server, "POST", "/api/auth/signup", body=ACCOUNT)).json()
    return str(session["token"])


@pytest.mark.long
async def test_programs_come_with_tokens_of_their_own(server: Server, ann: str) -> None:
    reader, writer, unused = [
        (await call(server, "POST", f"{ME}/tokens", ann, {"name": name, "scopes": scopes})).json()
        for name, scopes in (
            ("Display", ["tasks:read"]),
            ("Script", ["tasks:read", "tasks:write"]),
            ("Lost", ["tasks:read"]),
        )
    ]
    assert (await call(server, "DELETE", f"{ME}/tokens/{unused['id']}", ann)).status_code == 200

    adding = [call(server, "POST", f"{ME}/tasks", writer["token"], {"title": f"task {number}"}) for number in range(8)]
    assert {answer.status_code for answer in await asyncio.gather(*adding)} == {201}
    refused = await call(server, "POST", f"{ME}/chat", reader["token"], {"message": "Add a task to buy milk"})
    assert (refused.status_code, refused.json()["detail"]["code"]) == (403, "INSUFFICIENT_SCOPE")
    assert (await call(server, "GET", f"{ME}/tasks", unused["token"])).status_code == 401

    said = await asyncio.to_thread(
        server.run, "chat", "list my tasks", "--server", server.url, "--token", writer["token"]
    )
    assert "8 tasks" in said.stdout
    log = server.output()
    server.end(signal.SIGKILL)
    await asyncio.to_thread(server.start)

    events = (await call(server, "GET", f"{ME}/events", reader["token"])).json()["events"]
    assert [event["actor"]["name"] for event in events] == ["Script"] * 8
    shown = (await call(server, "GET", f"{ME}/tokens", ann)).json()["tokens"]
    assert [token["name"] for token in shown] == ["Display", "Script"]
    assert all(token["last_used_at"] for token in shown)
    assert "tt_" not in log + server.output()
