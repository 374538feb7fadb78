"""A database that is frozen, unreachable or silent while a server is asked for everything."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from statistics import median
from typing import Any

import httpx
import pytest

from tests.faults.tools.postgres import Postgres, through
from tests.faults.tools.proxy import Proxy
from tests.faults.tools.servers import ServerProcess, serving

pytestmark = pytest.mark.long

ANSWER_SECONDS, READY_SECONDS, LIVE_SECONDS, RECOVERY_SECONDS = 5.0, 1.0, 0.1, 5.0
BUSY = 0.5
"""What a machine with other work may add to an answer, in seconds."""
MCP = {"Accept": "application/json, text/event-stream"}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_tasks", "arguments": {}}}
REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "list": ("GET", "/api/users/me/tasks", {}),
    "get": ("GET", "/api/tasks/1", {}),
    "create": ("POST", "/api/users/me/tasks", {"json": {"title": "x"}, "headers": {"Idempotency-Key": "k"}}),
    "change": ("PATCH", "/api/tasks/1", {"json": {"title": "y"}}),
    "complete": ("PATCH", "/api/tasks/1/complete", {}),
    "delete": ("DELETE", "/api/tasks/1", {}),
    "batch": ("POST", "/api/users/me/tasks/batch", {"json": {"operations": [{"op": "delete", "id": 1}]}}),
    "undo": ("POST", "/api/users/me/events/1/undo", {}),
    "import": ("POST", "/api/users/me/import", {"json": {"tasks": [{"title": "x"}]}}),
    "export": ("GET", "/api/auth/me/export", {}),
    "chat": ("POST", "/api/users/me/chat", {"json": {"message": "show my tasks"}}),
    "streamed chat": (
        "POST",
        "/api/users/me/chat",
        {"json": {"message": "hi"}, "headers": {"Accept": "text/event-stream"}},
    ),
    "conversations": ("GET", "/api/users/me/conversations", {}),
    "changes": ("GET", "/api/users/me/events/stream?after=0", {}),
    "sign in": ("POST", "/api/auth/signin", {"json": {"email": "ann@example.com", "password": "correct horse"}}),
    "tool": ("POST", "/mcp", {"json": CALL, "headers": MCP}),
}
Fault = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture(scope="module")
async def server(postgres: Postgres, proxy: Proxy) -> AsyncIterator[ServerProcess]:
    async with serving(through(proxy.port)) as server:
        await server.answers("/health/ready")
        yield server


@pytest.fixture(scope="module")
async def ann(server: ServerProcess) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        form = {"email": "ann@example.com", "password": "correct horse"}
        session = (await client.post("/api/auth/signup", json=form)).json()
        client.headers["Authorization"] = f"Bearer {session['token']}"
        for number in range(3):
            await client.post("/api/users/me/tasks", json={"title": f"task {number}"})
        yield client


@pytest.fixture(params=["frozen", "black_hole", "refused"])
def fault(request: pytest.FixtureRequest, postgres: Postgres, proxy: Proxy) -> Fault:
    @asynccontextmanager
    async def lasting() -> AsyncIterator[None]:
        {"frozen": postgres.freeze, "black_hole": proxy.black_hole, "refused": proxy.refuse}[request.param]()
        try:
            yield
        finally:
            postgres.thaw()
            await proxy.heal()

    return lasting


async def timed(asking: Awaitable[httpx.Response]) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    answer = await asking
    return answer, time.monotonic() - began


async def ask_everything(client: httpx.AsyncClient) -> dict[str, tuple[httpx.Response, float]]:
    asked = [timed(client.request(method, path, **options)) for method, path, options in REQUESTS.values()]
    return dict(zip(REQUESTS, await asyncio.gather(*asked), strict=True))


async def test_every_request_is_refused_in_time_and_the_server_lives_and_recovers(
    server: ServerProcess, ann: httpx.AsyncClient, fault: Fault
) -> None:
    await ann.get("/api/tasks/1")
    async with fault():
        asking = asyncio.create_task(ask_everything(ann))
        lives = [await timed(ann.get("/health/live")) for _ in range(20)]
        refused, seconds = await timed(ann.get("/health/ready"))
        answers = await asking
        again = await ask_everything(ann)
    assert {answer.status_code for answer, _ in lives} == {200}
    assert median(took for _, took in lives) < LIVE_SECONDS
    assert refused.status_code == 503
    assert seconds < READY_SECONDS + BUSY
    for name, (answer, took) in [*answers.items(), *again.items()]:
        print(name, answer.status_code, round(took, 2))
    for name, (answer, took) in [*answers.items(), *again.items()]:
        assert answer.status_code == 503, name
        assert int(answer.headers["retry-after"]) >= 1, name
        assert answer.json()["detail"]["code"] == "SERVICE_UNAVAILABLE", name
        assert took < ANSWER_SECONDS + BUSY, name
    await server.answers("/health/ready", seconds=RECOVERY_SECONDS)
    assert (await ann.get("/api/users/me/tasks")).status_code == 200
