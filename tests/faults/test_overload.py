"""More clients than can be served, and clients that never finish their requests."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.faults.tools.postgres import through
from tests.faults.tools.proxy import Proxy
from tests.faults.tools.servers import ServerProcess, serving

pytestmark = pytest.mark.long

AT_ONCE = 120
LATENCY_SECONDS = 0.03
HALF_OPEN = 500
TASKS = "/api/users/me/tasks"
PARTS = (
    b"GET /api/users/me/tasks HTTP/1.1\r\nHost: x\r\nX-Slow",
    b"POST /api/users/me/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
    b"POST /api/users/me/import HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    b"",
)


@pytest.fixture(scope="module")
async def server(proxy: Proxy) -> AsyncIterator[ServerProcess]:
    async with serving(through(proxy.port), POOL_SIZE="2", REQUESTS_WAITING="4", TURNS_AT_ONCE="2") as server:
        await server.answers("/health/ready")
        yield server


@pytest.fixture
async def ann(server: ServerProcess) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=server.url, timeout=30, limits=limits) as client:
        form = {"email": f"{time.monotonic_ns()}@example.com", "password": "correct horse"}
        session = (await client.post("/api/auth/signup", json=form)).json()
        client.headers["Authorization"] = f"Bearer {session['token']}"
        yield client


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", TASKS, None), ("POST", TASKS, {"title": "x"}), ("POST", "/api/users/me/chat", {"message": "hello"})],
)
async def test_the_surplus_is_shed_and_probes_are_answered(
    ann: httpx.AsyncClient, proxy: Proxy, method: str, path: str, body: object
) -> None:
    proxy.latency = LATENCY_SECONDS  # else it answers as fast as one client can ask
    asking = [ann.request(method, path, json=body) for _ in range(AT_ONCE)]
    *answers, live, ready = await asyncio.gather(*asking, ann.get("/health/live"), ann.get("/health/ready"))
    await proxy.heal()
    shed = [each for each in answers if each.status_code == 503]
    served = [each for each in answers if each.is_success]
    taken = [each for each in answers if each.status_code == 409]
    assert shed
    assert served
    assert len(shed) + len(served) + len(taken) == AT_ONCE
    assert {(each.headers["retry-after"], each.json()["detail"]["code"]) for each in shed} == {
        ("1", "SERVICE_UNAVAILABLE")
    }
    assert all(each.headers["x-request-id"] == each.json()["detail"]["request_id"] for each in shed)
    assert (live.status_code, ready.status_code) == (200, 200)
    assert (await ann.get(TASKS)).status_code == 200


async def test_half_open_sockets_and_slow_bodies_take_nobodys_place(
    server: ServerProcess, ann: httpx.AsyncClient
) -> None:
    before = server.descriptors()
    writers = []
    for number in range(HALF_OPEN):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(PARTS[number % len(PARTS)])
        writers.append(writer)
    began = time.monotonic()
    for _ in range(10):
        assert (await ann.post(TASKS, json={"title": "x"})).status_code == 201
        assert (await ann.get(TASKS)).status_code == 200
    assert time.monotonic() - began < 5
    assert server.descriptors() >= before + HALF_OPEN
    for writer in writers:
        writer.close()
    async with asyncio.timeout(20):
        while server.descriptors() > before + 2:
            assert (await ann.get("/health/live")).status_code == 200
