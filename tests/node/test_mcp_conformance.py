"""The official conformance suite of MCP (npm's `@modelcontextprotocol/conformance`) against `/mcp`, in both revisions.

`npm install` in this folder once, or `NODE_MODULES=/path/to/node_modules`: nothing is downloaded here.
`conformance.yaml` lists what does not apply to a server that has tools only, and why.
"""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml

from adapters.http.app import create_app
from adapters.http.server.outer_middleware import OuterMiddleware
from tests.http.conftest import Api
from tests.mcp.conftest import LEGACY, MODERN
from tests.node.modules import MODULES

HERE = Path(__file__).parent
SUITE = MODULES / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
NOT_OURS = HERE / "conformance.yaml"
MIN_NODE_VERSION = 22
MAX_SECONDS = 300


def node_version() -> int:
    node = shutil.which("node")
    return int(subprocess.check_output([node, "--version"], text=True)[1:].partition(".")[0]) if node else 0


pytestmark = [
    pytest.mark.skipif(node_version() < MIN_NODE_VERSION, reason=f"Node {MIN_NODE_VERSION} or newer is not installed"),
    pytest.mark.skipif(not SUITE.exists(), reason="the conformance suite is not in tests/node or in NODE_MODULES"),
    pytest.mark.timeout(2 * MAX_SECONDS),
]


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """The suite can send no token, so whoever comes here is taken for Ann."""
    api = Api()
    token = (await api.sign_up("ann"))["Authorization"].encode()
    edge: Any = OuterMiddleware(create_app(api.services, api.authenticator, mcp=api.mcp))

    async def as_ann(scope: Any, receive: Any, send: Any) -> None:
        named = [*scope.get("headers", ()), (b"authorization", token)]
        await edge({**scope, "headers": named} if scope["type"] == "http" else scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(as_ann, port=0, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it in no other way
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
    server.should_exit = True
    await serving


@pytest.mark.parametrize("chosen", [f"--requirements={MODERN}", f"--spec-version={LEGACY}"])
async def test_whatever_applies_to_a_server_of_tools_is_passed(url: str, chosen: str, tmp_path: Path) -> None:
    not_ours = yaml.load(NOT_OURS.read_text(), yaml.BaseLoader)
    baseline = tmp_path / "baseline.yaml"
    baseline.write_text(yaml.dump({"server": not_ours["both"] + list(not_ours[chosen.partition("=")[2]])}))
    command = ["node", str(SUITE), "server", "--url", url, chosen, "--expected-failures", str(baseline)]
    suite = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = await asyncio.wait_for(suite.communicate(), MAX_SECONDS)
    said = output.decode()
    assert suite.returncode == 0, said
    assert int(re.findall(r"Total: (\d+) passed", said)[0]) > 30
