"""What a user sees of a model's faults: the real application on PostgreSQL, asked for JSON and for a stream.

Each fault but a server that is not there strikes after the turn has added a task. It is told, nothing leaks, and the
turn goes on from there once the model is mended.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.http.errors import STATUS
from adapters.http.server.outer_middleware import OuterMiddleware
from adapters.postgres.driver.database import Database
from bootstrap import logs
from bootstrap.asgi import build
from bootstrap.configuration.settings import load
from domain.chat.messages import MAX_TOKENS_PER_ANSWER
from tests.servers.model_faults import KINDS, Fault
from tests.servers.model_server import (
    PROVIDER_WORDS,
    ModelServer,
    Play,
    Received,
    Wire,
    called,
    finished,
    said,
    streaming,
    used,
)
from tests.ui_stream import Read, parsed

pytestmark = pytest.mark.long

ME = "/api/users/me"
CHAT = f"{ME}/chat"
STREAM = {"Accept": "text/event-stream"}
WISH = "Add milk"
KEPT = "Your message is kept"
KEY = "sk-secret-of-this-test"
RETRIES = 2
SECONDS, SHORTEST_SECONDS = 20, 1
"""For the model's answer. Only what has to use them up gets the shortest that may be set."""
MARGIN_SECONDS = 5

Environ = dict[str, str]


class Ann:
    """A user of the application; `told` is all that it ever answered her."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.told = ""

    async def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = await self._client.request(method, path, **options)
        self.told += f"{answer.headers}\n{answer.text}\n"
        return answer

    async def sign_up(self) -> None:
        form = {"email": "ann@example.com", "password": "correct horse battery"}
        session = (await self("POST", "/api/auth/signup", json=form)).json()
        self._client.headers["Authorization"] = f"Bearer {session['token']}"

    async def say(self, **headers: str) -> httpx.Response:
        return await self("POST", CHAT, json={"message": WISH}, headers=headers)

    async def messages(self) -> list[tuple[str, str, str]]:
        page = (await self("GET", f"{ME}/conversations/default/messages")).json()
        return [(each["role"], each["state"], each["text"]) for each in page["messages"]]

    async def tasks(self) -> list[str]:
        page = (await self("GET", f"{ME}/tasks")).json()
        return [each["title"] for each in page["tasks"]]


@pytest.fixture
def log(tmp_path: Path, own_logging: None) -> Path:
    """All that the application itself would ever write."""
    logs.configure("DEBUG", json=True, file=tmp_path / "log")
    return tmp_path / "log"


@pytest.fixture
def environ(database_url: str, database: Database) -> Environ:
    """`database` has emptied the tables."""
    return {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48), "OPENAI_API_KEY": KEY}


@asynccontextmanager
async def ann_of(environ: Environ, model: ModelServer, seconds: int = SECONDS) -> AsyncIterator[Ann]:
    app = build(load(environ | {"OPENAI_BASE_URL": model.url, "MODEL_TIMEOUT_SECONDS": str(seconds)}))
    transport = httpx.ASGITransport(OuterMiddleware(app))  # type: ignore[arg-type]
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        ann = Ann(client)
        await ann.sign_up()
        yield ann


def calling(tool: str, arguments: str, then: Play) -> Play:
    """`then` is played once the tool has run."""
    call = streaming(called(0, arguments, tool, "a"), finished("tool_calls"))

    async def play(wire: Wire, received: Received) -> None:
        await (then if has_called(received) else call)(wire, received)

    return play


def has_called(received: Received) -> bool:
    return bool(received.body["messages"][-1]["role"] == "tool")


def adding(then: Play) -> Play:
    return calling("add_task", '{"title": "Milk"}', then)


ANSWER = streaming(said("Added."), finished("stop"))


async def failed_as_json(ann: Ann, fault: Fault) -> str:
    """The id of the turn that has failed."""
    answer = await ann.say()
    error = answer.json()["detail"]
    assert (answer.status_code, error["code"]) == (STATUS[fault.refusal], fault.refusal.code)
    assert answer.headers["Retry-After"] == str(fault.retry_after)
    assert KEPT in error["message"]
    return str(error["turn_id"])


async def failed_as_stream(ann: Ann, fault: Fault) -> str:
    answer = await ann.say(**STREAM)
    read = Read(parsed(answer.text))
    assert (answer.status_code, read.ending["type"]) == (200, "error")
    assert KEPT in read.ending["errorText"]
    return read.id


async def resume(ann: Ann, turn_id: str) -> None:
    resumed = await ann("POST", f"{ME}/turns/{turn_id}/resume")
    assert (resumed.status_code, resumed.json()["response"]) == (200, "Added.")
    assert await ann.messages() == [("user", "done", WISH), ("assistant", "done", "Added.")]
    assert await ann.tasks() == ["Milk"]


Failed = Callable[[Ann, Fault], Awaitable[str]]


@pytest.mark.parametrize("failed", [failed_as_json, failed_as_stream])
@pytest.mark.parametrize("fault", KINDS, ids=lambda fault: fault.name)
async def test_a_fault_is_told_in_time_and_the_turn_goes_on_when_the_model_is_mended(
    fault: Fault, failed: Failed, environ: Environ, log: Path
) -> None:
    seconds = SECONDS if fault.ends else SHORTEST_SECONDS
    async with (
        ModelServer(adding(fault.play), listening=fault.listening) as model,
        ann_of(environ, model, seconds) as ann,
    ):
        async with asyncio.timeout(seconds + MARGIN_SECONDS):
            turn_id = await failed(ann, fault)
        assert await model.no_answer_runs()
        assert sum(map(has_called, model.received)) == fault.requests(RETRIES)
        asked, (role, state, _) = await ann.messages()
        assert (asked, role, state) == (("user", "done", WISH), "assistant", "failed")

        model.play = adding(ANSWER)
        await model.listen()
        await resume(ann, turn_id)
        assert {each.headers["authorization"] for each in model.received} == {f"Bearer {KEY}"}
        assert_no_secret(ann.told, log, model.url)


def assert_no_secret(told: str, log: Path, url: str) -> None:
    logged = log.read_text()
    assert "the model failed" in logged
    assert [secret for secret in (KEY, PROVIDER_WORDS, url) if secret in told + logged] == []


async def test_a_call_of_a_tool_that_does_not_exist_is_told_the_model_and_fails_nothing(environ: Environ) -> None:
    async with ModelServer(calling("no_such_tool", "{}", ANSWER)) as model, ann_of(environ, model) as ann:
        answer = (await ann.say()).json()
        read = Read(parsed((await ann.say(**STREAM)).text))
        assert {state for _, state, _ in await ann.messages()} == {"done"}
    assert [answer["response"], read.text, read.ending["type"]] == ["Added.", "Added.", "finish"]
    (as_json,), (as_stream,) = answer["tool_calls"], read.tools.values()
    assert "There is no such tool" in as_stream["error"]
    assert [as_json["result"]["message"], as_stream["error"]] == [told_of_tool(each) for each in model.received[1::2]]
    assert len(model.received) == 4


def told_of_tool(received: Received) -> str:
    return str(json.loads(received.body["messages"][-1]["content"])["message"])


async def usage_of(ann: Ann) -> tuple[int, int]:
    total = (await ann("GET", f"{ME}/usage")).json()["total"]
    return total["prompt_tokens"], total["completion_tokens"]


async def test_a_call_that_was_cut_off_by_the_limit_is_counted_each_time(environ: Environ) -> None:
    cut_off = streaming(called(0, '{"title": "Mi', "add_task", "a"), finished("length"), used(7_000, 4_000, 0))
    async with ModelServer(cut_off) as model, ann_of(environ, model) as ann:
        failed = await ann.say()
        assert failed.status_code == 502
        assert await usage_of(ann) == (7_000, 4_000)
        await ann("POST", f"{ME}/turns/{failed.json()['detail']['turn_id']}/resume")
        assert await usage_of(ann) == (14_000, 8_000)
        assert await ann.tasks() == []


@pytest.mark.parametrize(
    "told",
    [2**63, 2**64, 10**30, 1e30, -1, -(2**63), 1.5, 17.0, "17", "many", "", None, [17], {}, True],
    ids=str,
)
async def test_no_number_of_usage_breaks_a_turn(told: Any, environ: Environ) -> None:
    strange = {"choices": [], "usage": {"prompt_tokens": told, "completion_tokens": told}}
    play = streaming(said("Added."), finished("stop"), strange)
    async with ModelServer(play) as model, ann_of(environ, model) as ann:
        answer = await ann.say()
        assert (answer.status_code, answer.json()["response"]) == (200, "Added.")
        assert [state for _, state, _ in await ann.messages()] == ["done", "done"]
        assert all(0 <= count <= MAX_TOKENS_PER_ANSWER for count in await usage_of(ann))
