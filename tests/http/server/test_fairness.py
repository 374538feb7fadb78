"""What one user may take of the places, through the whole application: others are served all the same."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any, Self

import msgspec
import pytest
from litestar.types import Receive, Scope, Send

from adapters.http.server import concurrency_limits
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.admission import Admission, kinds
from adapters.http.server.clients import Clients
from adapters.http.server.concurrency_limits import ConcurrencyLimits
from application.ports import TextDelta, Usage
from application.tasks.import_export import EXPORT_PAGE, ImportExport
from application.tasks.imports.reading import read_file
from tests.fakes import FakeStore
from tests.http.conftest import Api
from tests.http.shared_app import working_on

EXPORT, IMPORT, TASKS, CHAT = (f"/api/users/me/{name}" for name in ("export", "import", "tasks", "chat"))
EXPORTS = (EXPORT, "/api/auth/me/export", "/api/users/me/conversations/default/export")


class World:
    """Two users' places of each kind; one user may have half of them, and nine may wait."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.limits = ConcurrencyLimits.sized(9, 50, requests=2, uploads=4, turns=2, streams=2, exports=4)
        self.app = Admission(working_on(api), self.limits, kinds(api.app), Clients(TrustedProxies()))
        self.bob: dict[str, str] = {}

    async def status(self, who: dict[str, str], method: str, path: str, body: bytes = b"") -> int:
        async with Asked(self, who, method, path) as asked:
            asked.give(body)
            return await asked.status()

    async def everybody_is_served(self) -> None:
        for who in (self.bob, self.api.headers):
            assert await self.status(who, "GET", TASKS) == 200

    def are_free(self) -> bool:
        limits = self.limits
        return not any(each._held for each in (limits.requests, limits.uploads, limits.turns, limits.exports))


class Asked:
    """A request whose body arrives as it is given, and whose answer is taken piece by piece as it is `read`."""

    def __init__(self, world: World, who: dict[str, str], method: str, path: str) -> None:
        self._given: asyncio.Queue[Any] = asyncio.Queue()
        self._answer: asyncio.Queue[Any] = asyncio.Queue(1)
        self._head: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        headers = [(b"host", b"localhost"), *((name.lower().encode(), value.encode()) for name, value in who.items())]
        sent = [(b"transfer-encoding", b"chunked"), (b"content-type", b"application/json")]
        headers += sent if method == "POST" else []
        self._scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": headers,
            "client": ("203.0.113.1", 1),
            "server": ("test", 80),
            "scheme": "http",
            "root_path": "",
            "http_version": "1.1",
            "state": {},
        }
        self._app: Callable[[Scope, Receive, Send], Any] = world.app

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._app(self._scope, self._given.get, self._send))  # type: ignore[arg-type]
        return self

    async def __aexit__(self, *_: object) -> None:
        """The client leaves."""
        self._task.cancel()
        await asyncio.wait({self._task})

    def give(self, body: bytes, *, more: bool = False) -> None:
        self._given.put_nowait({"type": "http.request", "body": body, "more_body": more})

    async def status(self) -> int:
        async with asyncio.timeout(5):
            return await self._head

    async def read(self) -> bytes:
        body = bytearray()
        while message := await self._answer.get():
            body += message["body"]
            if not message["more_body"]:
                await self._task
                return bytes(body)
        return bytes(body)

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._head.set_result(message["status"])
        else:
            await self._answer.put(message)
            if not message["more_body"]:
                self._given.put_nowait({"type": "http.disconnect"})


@pytest.fixture
async def world(api: Api) -> AsyncIterator[World]:
    world = World(api)
    world.bob = await api.sign_up("bob")
    api.model.answers = [[TextDelta("Hello."), Usage(5, 5)]]
    await api("POST", CHAT, json={"message": "hello"})
    tasks = [{"title": "x" * 200, "description": "y" * 1_000}] * (2 * EXPORT_PAGE + 1)
    assert (await api("POST", IMPORT, json={"tasks": tasks})).status_code == 200
    yield world
    assert world.are_free()


@pytest.mark.parametrize("path", EXPORTS[:2])
async def test_exports_that_nobody_reads_hold_no_place_of_a_request(world: World, path: str) -> None:
    async with AsyncExitStack() as stack:
        unread = [
            await stack.enter_async_context(Asked(world, world.api.headers, "GET", path))
            for _ in range(world.limits.exports._each)
        ]
        assert [await each.status() for each in unread] == [200, 200]
        for _ in range(50):
            await asyncio.sleep(0)
        assert not world.limits.requests._held
        await world.everybody_is_served()
        assert await world.status(world.api.headers, "GET", EXPORT) == 429
        assert await world.status(world.bob, "GET", EXPORT) == 200
        tasks = msgspec.json.decode(await unread[0].read())["tasks"]
        assert [task["id"] for task in tasks] == list(range(1, 2 * EXPORT_PAGE + 2))
        assert await world.status(world.api.headers, "GET", EXPORT) == 200, "one of them is over"


@pytest.mark.parametrize("path", EXPORTS)
async def test_an_export_that_is_left_gives_all_places_back(world: World, path: str) -> None:
    for _ in range(5):
        async with Asked(world, world.api.headers, "GET", path) as asked:
            assert await asked.status() == 200
    assert world.are_free()


@pytest.mark.parametrize(("path", "head"), [(IMPORT, b'{"tasks":['), (CHAT, b'{"message":'), (TASKS, b'{"title":')])
async def test_bodies_that_arrive_slowly_hold_no_place_of_a_request_or_a_turn(
    world: World, path: str, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concurrency_limits, "WAIT_SECONDS", 0.01)
    async with AsyncExitStack() as stack:
        slow = [
            await stack.enter_async_context(Asked(world, world.api.headers, "POST", path))
            for _ in range(world.limits.uploads._each + 1)
        ]
        for each in slow:
            each.give(head + b" " * 70_000, more=True)
        assert await slow[-1].status() == 503, "no more than a share of the uploads"
        await world.everybody_is_served()
        assert await world.status(world.bob, "POST", IMPORT, b'{"tasks":[{"title":"a"}]}' + b" " * 70_000) == 200


async def test_a_large_chat_runs_in_a_place_of_the_turns(world: World) -> None:
    held: list[object] = []

    def answer() -> Iterator[TextDelta]:
        held.append((dict(world.limits.uploads._held), list(world.limits.turns._held)))
        yield TextDelta("Hello again.")

    world.api.model.answers = [answer()]
    async with Asked(world, world.api.headers, "POST", CHAT) as asked:
        asked.give(b'{"message":"hello"' + b" " * 70_000, more=True)
        asked.give(b"}")
        status = await asked.status()
        assert status == 200, await asked.read()
    assert held == [({}, ["id-1"])]


async def test_a_large_body_waits_for_no_place_before_its_token_is_looked_at(world: World) -> None:
    async with Asked(world, {"Authorization": "Bearer nonsense"}, "POST", IMPORT) as asked:
        asked.give(b" " * 70_000, more=True)
        assert await asked.status() == 401


async def test_a_file_is_parsed_before_a_unit_of_work_is_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    read, opened = read_file, FakeStore.__call__

    def note_read(*arguments: Any) -> Any:
        order.append("parsed")
        return read(*arguments)

    def note_opened(store: FakeStore) -> Any:
        order.append("opened")
        return opened(store)

    monkeypatch.setattr("adapters.http.api.tasks.import_export.read_file", note_read)
    monkeypatch.setattr(FakeStore, "__call__", note_opened)
    answer = await world.api("POST", IMPORT, json={"tasks": [{"title": "a"}]}, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 200
    assert order[:2] == ["parsed", "opened"]
    assert order.count("parsed") == 1


@pytest.mark.parametrize("path", [IMPORT, TASKS, "/mcp"])
async def test_a_large_body_that_finds_no_place_at_its_end_is_told_so(
    world: World, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concurrency_limits, "WAIT_SECONDS", 0.01)
    requests = world.limits.requests
    for other in ("bob", "cid"):
        assert await requests.acquire(other)
    async with world.api.mcp.running(world.api.app), Asked(world, world.api.headers, "POST", path) as asked:
        asked.give(b" " * 70_000, more=True)
        asked.give(b"{}")
        assert await asked.status() == 503
        assert msgspec.json.decode(await asked.read())["detail"]["code"] == "SERVICE_UNAVAILABLE"
    for other in ("bob", "cid"):
        requests.release(other)


async def test_many_tokens_of_one_user_share_the_users_places(world: World) -> None:
    """Each is new, so their requests come in under the address; then they count for the user."""
    async with AsyncExitStack() as stack:
        form = {"email": "ann@example.com", "password": "password1"}
        tokens = {(await world.api("POST", "/api/auth/signin", json=form)).json()["token"] for _ in range(3)}
        headers = [{"Authorization": f"Bearer {token}"} for token in tokens]
        asked = [await stack.enter_async_context(Asked(world, each, "GET", EXPORT)) for each in headers]
        assert sorted([await each.status() for each in asked]) == [200, 200, 429]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHAT, b'{"id":"a","messages":[' + b'{"role":""},' * 300_000 + b'{"role":"user"}]}'),
        (CHAT, b'{"message":"a","x":[' + b"1," * 1_900_000 + b"1]}"),
        (TASKS, b'{"title":[' + b"[]," * 300_000 + b"[]]}"),
        (f"{TASKS}/batch", b'{"operations":[' + b"{}," * 300_000 + b"{}]}"),
    ],
)
async def test_a_body_of_very_many_values_is_refused_before_anything_is_made_of_it(
    world: World, path: str, body: bytes
) -> None:
    answer = await world.api("POST", path, content=body, headers={"Content-Type": "application/json"})
    detail = answer.json()["detail"]
    assert (answer.status_code, detail["code"]) == (400, "VALIDATION_ERROR")
    assert detail["message"] == "body: must hold at most 150000 values: send less at once"


class Gate:
    """Keeps imports at their unit of work until it is opened, and counts those that have come so far."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.come: list[str] = []
        self.open = asyncio.Event()
        self._next = asyncio.Event()
        done = ImportExport.import_content

        async def held(import_export: ImportExport, caller: Any, content: Any, *, dry_run: bool) -> Any:
            self.come.append(caller.user_id)
            self._next.set()
            await self.open.wait()
            return await done(import_export, caller, content, dry_run=dry_run)

        monkeypatch.setattr(ImportExport, "import_content", held)

    async def comes(self, count: int) -> None:
        while len(self.come) < count:
            self._next.clear()
            await self._next.wait()


async def imports(api: Api, title: str, who: dict[str, str] | None = None) -> int:
    answer = await api("POST", IMPORT, json={"tasks": [{"title": title}]}, headers=who or {})
    return answer.status_code


async def test_imports_of_one_user_come_one_after_another_and_keep_nobody_else_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    first, second = (asyncio.create_task(imports(world.api, title)) for title in "ab")
    await gate.comes(1)
    stranger = asyncio.create_task(imports(world.api, "c", world.bob))
    await gate.comes(2)
    assert len(set(gate.come)) == 2
    gate.open.set()
    assert [*await asyncio.gather(first, second, stranger)] == [200, 200, 200]
    assert len(gate.come) == 3


async def test_an_import_that_waits_too_long_for_the_users_other_one_is_refused_and_may_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concurrency_limits, "WAIT_SECONDS", 0)
    gate = Gate(monkeypatch)
    first = asyncio.create_task(imports(world.api, "a"))
    await gate.comes(1)
    refused = await world.api("POST", IMPORT, json={"tasks": [{"title": "b"}]})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.json()["detail"]["code"] == "TOO_MANY_AT_ONCE"
    gate.open.set()
    assert (await first, await imports(world.api, "b")) == (200, 200)


@pytest.mark.parametrize("body", [b"{", b'{"tasks":[{"title":""}]}'])
async def test_a_refused_import_gives_its_turn_back(world: World, body: bytes) -> None:
    for _ in range(2):
        assert await world.status(world.api.headers, "POST", IMPORT, body) in {400, 415}
    assert await imports(world.api, "a") == 200
