"""The clients of the SDK, in both modes, over a real socket and over the pipes of `tasktalk mcp`."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.e2e.conftest import TASKTALK, Server, new_server
from tests.mcp.conftest import LEGACY, MODERN

Mode = Literal["auto", "legacy"]
MODES = pytest.mark.parametrize(("mode", "revision"), [("auto", MODERN), ("legacy", LEGACY)])
NEW_MODE_FIRST = pytest.mark.parametrize(
    ("mode", "revision"), [("auto", MODERN), pytest.param("legacy", LEGACY, marks=pytest.mark.long)]
)
"""For what takes seconds."""


@pytest.fixture
def server(two_workers: Server) -> Server:
    return two_workers


def sign_up(server: Server, name: str) -> str:
    form = {"email": f"{name}@example.com", "password": "password1"}
    token: str = httpx.post(f"{server.url}/api/auth/signup", json=form).json()["token"]
    return token


def total(server: Server, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    count: int = httpx.get(f"{server.url}/api/users/me/tasks", headers=headers).json()["total"]
    return count


@asynccontextmanager
async def over_http(server: Server, token: str, mode: Mode, **options: Any) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(f"{server.url}/mcp", http_client=http), mode=mode, **options) as client,
    ):
        yield client


@asynccontextmanager
async def over_pipes(
    server: Server, mode: Mode, errors: Path, *flags: str, **environment: str
) -> AsyncIterator[Client]:
    command = StdioServerParameters(
        command=str(TASKTALK), args=["mcp", *flags], env=server.environment | environment, cwd=server.folder
    )
    with errors.open("w") as log:
        async with Client(stdio_client(command, errlog=log), mode=mode) as client:
            yield client


async def story(client: Client, revision: str) -> dict[str, Any]:
    """Add, complete, list, and a refusal to learn from."""
    assert client.protocol_version == revision
    assert {tool.name for tool in (await client.list_tools()).tools} >= {"add_task", "list_tasks"}
    added = await client.call_tool("add_task", {"title": "Buy milk"})
    assert not added.is_error
    number = added.structured_content["data"]["id"]
    assert (await client.call_tool("complete_task", {"task_id": number})).structured_content["data"]["completed"]
    refused = await client.call_tool("complete_task", {"task_id": number + 1_000})
    assert refused.is_error
    data: dict[str, Any] = (await client.call_tool("list_tasks", {"status": "completed"})).structured_content["data"]
    assert data["tasks"][0]["title"] == "Buy milk"
    return data


@MODES
async def test_a_client_over_http_keeps_its_users_tasks(server: Server, mode: Mode, revision: str) -> None:
    async with over_http(server, sign_up(server, f"ann-{mode}"), mode) as client:
        assert (await story(client, revision))["total"] == 1


@pytest.mark.long
async def test_many_calls_at_once_go_to_any_worker(server: Server) -> None:
    async with over_http(server, sign_up(server, "carl"), "auto") as client:
        results = await asyncio.gather(*(client.call_tool("add_task", {"title": str(n)}) for n in range(20)))
    assert sorted(result.structured_content["data"]["id"] for result in results) == list(range(1, 21))


@NEW_MODE_FIRST
async def test_a_client_over_pipes_is_the_local_user(server: Server, tmp_path: Path, mode: Mode, revision: str) -> None:
    async with over_pipes(server, mode, tmp_path / "log") as client:
        await story(client, revision)
    assert "serving MCP to local" in (tmp_path / "log").read_text()


@pytest.mark.long
async def test_a_client_over_pipes_with_a_token_is_its_user(server: Server, tmp_path: Path) -> None:
    token = sign_up(server, "dora")
    async with over_pipes(server, "auto", tmp_path / "log", TASKTALK_TOKEN=token) as client:
        await story(client, MODERN)
    assert total(server, token) == 1
    assert token not in (tmp_path / "log").read_text()


@pytest.mark.long
@MODES
async def test_a_client_over_pipes_reaches_a_server_elsewhere(
    server: Server, tmp_path: Path, mode: Mode, revision: str
) -> None:
    token = sign_up(server, f"far-{mode}")
    flags = ("--server", server.url)
    async with over_pipes(server, mode, tmp_path / "log", *flags, TASKTALK_TOKEN=token) as client:
        assert (await story(client, revision))["total"] == 1
    assert (tmp_path / "log").read_text() == ""


@pytest.mark.long
@pytest.mark.parametrize(("url", "says"), [("", "Sign in"), ("http://127.0.0.1:1", "can't be reached")])
def test_a_relay_tells_its_client_what_is_wrong(server: Server, url: str, says: str) -> None:
    lines = [{"jsonrpc": "2.0", "id": 7, "method": "ping"}, {"jsonrpc": "2.0", "method": "notifications/x"}]
    given = "nonsense\n" + "".join(json.dumps(line) + "\n" for line in lines)
    ended = server.run("mcp", "--server", url or server.url, given=given)
    (answer,) = map(json.loads, ended.stdout.splitlines())
    assert answer["id"] == 7
    assert says in answer["error"]["message"]
    assert "Traceback" not in ended.stderr


@pytest.mark.long
async def test_a_bad_token_ends_the_command_with_one_line(server: Server) -> None:
    ended = server.run("mcp", "--token", "nonsense")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Sign in" in ended.stderr
    assert "nonsense" not in ended.stderr


@pytest.mark.long
def test_the_command_starts_and_stops_its_own_database_and_writes_nothing_else_to_its_output() -> None:
    with new_server() as alone:
        hello = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": LEGACY,
                "capabilities": {},
                "clientInfo": {"name": "t", "version": "1"},
            },
        }
        ended = alone.run("mcp", given=json.dumps(hello) + "\n", LOG_LEVEL="DEBUG")
        assert ended.returncode == 0, ended.stderr
        (answer,) = map(json.loads, ended.stdout.splitlines())
        assert answer["result"]["protocolVersion"] == LEGACY
        assert answer["result"]["instructions"]
        assert alone.postgres() == []


@pytest.mark.long
async def test_the_log_of_the_server_has_neither_tokens_nor_titles(server: Server) -> None:
    token = sign_up(server, "emil")
    async with over_http(server, token, "legacy") as client:
        await client.call_tool("add_task", {"title": "birthday-secret"})
    assert token not in server.output()
    assert "birthday-secret" not in server.output()
    assert "route=/mcp" in server.output()


@pytest.mark.long
def test_the_server_ends_at_once_though_mcp_was_used() -> None:
    with new_server() as server:
        server.start()
        headers = {
            "Authorization": f"Bearer {sign_up(server, 'ann')}",
            "Accept": "application/json",
            "MCP-Protocol-Version": LEGACY,
        }
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        assert httpx.post(f"{server.url}/mcp", json=message, headers=headers).status_code == 200
        assert server.end(signal.SIGTERM) == []
        assert "Traceback" not in server.output()
