"""Clients that nobody here wrote sign in, and the official conformance suite asks our authorization server.

`npm install` in this folder once, or `NODE_MODULES=/path/to/node_modules`: nothing is downloaded here. FastMCP's client
is another Python environment: `FASTMCP_PYTHON=/path/to/python`.
"""

import json
import os
import re
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import Server
from tests.mcp.test_clients import sign_up
from tests.node.test_mcp_conformance import node_version
from tests.node_oauth.programs import running

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("NODE_MODULES", HERE / "node_modules")).resolve()
BIN = MODULES / ".bin"
CONFORMANCE = MODULES / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
FASTMCP = os.environ.get("FASTMCP_PYTHON", "")
NEEDS_NODE = pytest.mark.skipif(
    node_version() < 20 or not (BIN / "mcp-remote").exists(),
    reason="Node 20 and the packages of tests/node_oauth are not installed",
)

NEEDS_NODE_22 = pytest.mark.skipif(node_version() < 22, reason="Node 22 or newer is not installed")

pytestmark = pytest.mark.timeout(200)


@pytest.fixture
def server(two_workers: Server) -> Server:
    return two_workers


def person(server: Server, name: str) -> str:
    sign_up(server, name)
    return f"{name}@example.com"


@NEEDS_NODE
async def test_the_typescript_sdk_signs_in_and_refreshes(server: Server) -> None:
    command = ["node", str(HERE / "client.mjs"), str(MODULES), f"{server.url}/mcp"]
    async with running(command, {}) as program:
        await program.sign_in(server.url, person(server, "typescript"))
        assert await program.ended() == 0, program.said
    said = [json.loads(line) for line in program.said.splitlines() if line.startswith("{")]
    assert said[1:] == [
        {"added": "Buy milk", "scope": "tasks:read tasks:write offline_access"},
        {"listed": 1, "rotated": True},
    ]


@NEEDS_NODE
async def test_mcp_remote_signs_in_and_relays(server: Server, tmp_path: Path) -> None:
    command = [str(BIN / "mcp-remote-client"), f"{server.url}/mcp", "--allow-http"]
    async with running(command, {"MCP_REMOTE_CONFIG_DIR": str(tmp_path)}) as program:
        await program.sign_in(server.url, person(server, "mcp-remote"))
        await program.saying("complete_task")


@NEEDS_NODE
async def test_the_inspector_signs_in_and_lists_tools(server: Server, tmp_path: Path) -> None:
    command = [str(BIN / "mcp-inspector"), "--cli", f"{server.url}/mcp", "--transport", "http"]
    environment = {"HOME": str(tmp_path), "MCP_OAUTH_CALLBACK_URL": "http://127.0.0.1:0/oauth/callback"}
    async with running([*command, "--method", "tools/list"], environment) as program:
        await program.sign_in(server.url, person(server, "inspector"))
        assert await program.ended() == 0, program.said
    assert "complete_task" in program.said


@pytest.mark.skipif(not FASTMCP, reason="FASTMCP_PYTHON names no Python that has fastmcp")
async def test_fastmcps_client_signs_in_and_lists_tools(server: Server, tmp_path: Path) -> None:
    command = [FASTMCP, str(HERE / "fastmcp_client.txt"), f"{server.url}/mcp"]
    async with running(command, {"HOME": str(tmp_path), "FASTMCP_HOME": str(tmp_path)}) as program:
        await program.sign_in(server.url, person(server, "fastmcp"))
        assert await program.ended() == 0, program.said
    assert "complete_task" in program.said


@NEEDS_NODE
@NEEDS_NODE_22
async def test_the_authorization_server_passes_the_conformance_suite(server: Server, tmp_path: Path) -> None:
    email, redirect_uri = person(server, "conformance"), "http://127.0.0.1:43999/callback"
    form = {"client_name": "Conformance", "redirect_uris": [redirect_uri], "token_endpoint_auth_method": "none"}
    async with httpx.AsyncClient(base_url=server.url) as http:
        client_id = (await http.post("/oauth/register", json=form)).json()["client_id"]
    command = ["node", str(CONFORMANCE), "authorization", "--url", server.url, "--client-id", client_id]
    async with running([*command, "--resource", f"{server.url}/mcp", "--port", "43999"], {}) as program:
        await program.sign_in(server.url, email)
        assert await program.ended() == 0, program.said
    assert re.search(r"Total: (\d+) passed, 0 failed", program.said), program.said
