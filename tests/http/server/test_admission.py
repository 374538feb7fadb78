"""Before the application: what is let in, what waits, and how the rest is told."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar.config.cors import CORSConfig
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Receive, Scope, Send

from adapters.http.server import body_buffer
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.admission import Admission, kinds
from adapters.http.server.clients import Clients
from adapters.http.server.concurrency_limits import ConcurrencyLimit, ConcurrencyLimits, RequestKind
from adapters.http.server.outer_middleware import OuterMiddleware
from tests.http.shared_app import shared_app

ORIGIN = "https://tasks.example.com"
TASKS = "/api/users/me/tasks"


class Slow:
    """Answers with the body it got, once it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        await self.may.wait()
        start: HTTPResponseStartEvent = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}
        await send(end)

    async def is_asked(self, times: int) -> None:
        async with asyncio.timeout(5):
            while self.asked < times:  # noqa: ASYNC110
                await asyncio.sleep(0)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def client(slow: Slow) -> AsyncIterator[httpx.AsyncClient]:
    """One of each kind at a time; nobody waits."""
    limits = ConcurrencyLimits(*(ConcurrencyLimit(1, 0) for _ in range(5)))
    cors = CORSConfig(allow_origins=[ORIGIN], expose_headers=["Retry-After"])
    app = OuterMiddleware(Admission(slow, limits, kinds(shared_app(ORIGIN)), Clients(TrustedProxies()), cors))
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://tasktalk") as client:
        yield client


async def test_the_surplus_is_told_so_and_may_try_again(client: httpx.AsyncClient, slow: Slow) -> None:
    served = asyncio.create_task(client.get(TASKS))
    await slow.is_asked(1)
    refused = await client.get(TASKS, headers={"X-Request-ID": "mine", "Origin": ORIGIN})
    assert refused.status_code == 503
    detail = refused.json()["detail"]
    assert (detail["code"], detail["request_id"]) == ("SERVICE_UNAVAILABLE", "mine")
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["x-request-id"] == "mine"
    assert refused.headers["access-control-allow-origin"] == ORIGIN
    assert refused.headers["access-control-expose-headers"] == "Retry-After"
    slow.may.set()
    assert (await served).status_code == 200
    assert (await client.get(TASKS)).status_code == 200


async def test_problem_json_is_spoken_too_and_strangers_pages_may_not_read_it(
    client: httpx.AsyncClient, slow: Slow
) -> None:
    served = asyncio.create_task(client.get(TASKS))
    await slow.is_asked(1)
    headers = {"Accept": "application/problem+json", "Origin": "https://evil.example.com"}
    refused = await client.get(TASKS, headers=headers)
    assert refused.json()["code"] == "SERVICE_UNAVAILABLE"
    assert refused.headers["content-type"] == "application/problem+json"
    assert "access-control-allow-origin" not in refused.headers
    slow.may.set()
    await served


async def test_other_kinds_and_probes_are_let_in_all_the_same(client: httpx.AsyncClient, slow: Slow) -> None:
    asked = (
        ("GET", TASKS),
        ("POST", "/api/users/me/chat"),
        ("GET", "/api/users/me/events/stream"),
        ("GET", "/health/live"),
    )
    served = [asyncio.create_task(client.request(method, path)) for method, path in asked]
    await slow.is_asked(4)
    assert (await client.post("/api/users/me/chat")).status_code == 503
    slow.may.set()
    assert {answer.status_code for answer in await asyncio.gather(*served)} == {200}


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 300_000])
async def test_a_body_arrives_whole(client: httpx.AsyncClient, slow: Slow, size: int) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 50_000):
            yield bytes(min(50_000, size - start))

    slow.may.set()
    assert (await client.post(TASKS, content=pieces())).content == bytes(size)
    assert (await client.post(TASKS, content=bytes(size))).content == bytes(size)


async def test_a_slow_line_may_send_much(
    client: httpx.AsyncClient, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_buffer, "BODY_SECONDS", 0.3)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(8):
            await asyncio.sleep(0.1)
            yield bytes(100_000)

    slow.may.set()
    assert len((await client.post(TASKS, content=pieces())).content) == 800_000


@pytest.mark.parametrize("begun", [b"{", bytes(70_000)])
async def test_a_slow_body_takes_nobodys_place_and_ends(
    client: httpx.AsyncClient, slow: Slow, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_buffer, "BODY_SECONDS", 0.2)
    gone = asyncio.Event()
    sent = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield begun
        sent.set()
        await gone.wait()
        yield b""

    slow.may.set()
    dripping = asyncio.create_task(client.post(TASKS, content=body()))
    await sent.wait()
    assert (await client.post(TASKS, content=b"{}")).status_code == 200
    answer = await dripping
    gone.set()
    if len(begun) == 1:
        assert answer.status_code == 408
        assert answer.json()["detail"]["code"] == "REQUEST_TIMEOUT"
        assert answer.headers["connection"] == "close"
    else:
        assert answer.content == begun, "told as if the client had left"


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/health", RequestKind.UNLIMITED),
        ("GET", "/health/ready", RequestKind.UNLIMITED),
        ("GET", "/health/ready/", RequestKind.UNLIMITED),
        ("OPTIONS", "/api/users/me/tasks", RequestKind.UNLIMITED),
        ("GET", "/api/users/me/tasks", RequestKind.REQUESTS),
        ("POST", "/api/users/me/tasks", RequestKind.REQUESTS),
        ("POST", "/mcp", RequestKind.REQUESTS),
        ("POST", "/api/users/me/chat", RequestKind.TURNS),
        ("POST", "//api/users/me/chat/", RequestKind.TURNS),
        ("POST", "/api/users/me/turns/t1/resume", RequestKind.TURNS),
        ("POST", "/api/users/me/conversations/c/messages/m/regenerate", RequestKind.TURNS),
        ("POST", "/api/users/me/chat/default/stop", RequestKind.REQUESTS),
        ("POST", "/api/users/me/webhooks/w1/resume", RequestKind.REQUESTS),
        ("POST", "/api/users/me/anything/resume", RequestKind.REQUESTS),
        ("GET", "/api/users/me/chat", RequestKind.REQUESTS),
        ("GET", "/healthy", RequestKind.REQUESTS),
        ("GET", "/api/users/me/chat/default/stream", RequestKind.STREAMS),
        ("GET", "/api/users/me/events/stream", RequestKind.STREAMS),
        ("GET", "/api/users/me/export", RequestKind.EXPORTS),
        ("GET", "/api/auth/me/export", RequestKind.EXPORTS),
        ("GET", "/api/users/me/conversations/c/export", RequestKind.EXPORTS),
        ("GET", "/api/users/me/conversations/export", RequestKind.REQUESTS),
    ],
)
def test_a_route_says_itself_of_which_kind_it_is(method: str, path: str, kind: RequestKind) -> None:
    scope: HTTPScope = {"method": method, "path": path}  # type: ignore[typeddict-item]
    assert kinds(shared_app(ORIGIN))(scope) is kind
