"""MCP over fakes: the endpoint as it is served, and a way to call it with plain JSON in both revisions."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.http.conftest import Api

MODERN, LEGACY = "2026-07-28", "2025-11-25"
REVISIONS = pytest.mark.parametrize("revision", [MODERN, LEGACY])
CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"
META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
    CAPABILITIES: {},
}


class Mcp:
    """Of one user, `ann`."""

    def __init__(self, api: Api, revision: str = MODERN) -> None:
        self.api = api
        self.revision = revision
        self.capabilities: dict[str, Any] = {}

    async def send(self, method: str, params: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        sent = dict(params or {})
        named = {"Mcp-Method": method, **({"Mcp-Name": str(sent["name"])} if "name" in sent else {})}
        if self.revision == MODERN:
            sent["_meta"] = META | {CAPABILITIES: self.capabilities}
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": sent}
        return await self.post(message, None, **(named if self.revision == MODERN else {}), **headers)

    async def post(self, message: Any = None, content: bytes | None = None, **headers: str) -> httpx.Response:
        usual = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": self.revision}
        body = {"json": message} if content is None else {"content": content}
        usual |= {"Content-Type": "application/json"}
        return await self.api("POST", "/mcp", headers={**usual, **_titled(headers)}, **body)

    async def call(self, tool: str, arguments: Any = None, answering: Any = None, /, **headers: str) -> dict[str, Any]:
        params = {"name": tool, "arguments": {} if arguments is None else arguments, **(answering or {})}
        answer = await self.send("tools/call", params, **headers)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result


def _titled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api(public_url="https://tasks.example.com")
    api.headers = await api.sign_up("ann")
    async with api.mcp.running(api.app):
        yield api
    await api.client.aclose()


@pytest.fixture(params=[MODERN, LEGACY])
def mcp(api: Api, request: pytest.FixtureRequest) -> Mcp:
    return Mcp(api, request.param)
