"""What a provider gives with a step goes back to it through restarts and later turns: to it alone, and shown to nobody.

Over real sockets: the model's server refuses a tool turn without it, as Gemini, DeepSeek and Kimi do.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from adapters.http.server.outer_middleware import OuterMiddleware
from adapters.postgres.driver.database import Database
from bootstrap.asgi import build
from bootstrap.configuration.settings import load
from tests.servers.model_providers import ADD, LONG_ID, MILK, calls, end, piece, says
from tests.servers.model_server import Json, ModelServer, Play, Received, Wire, finished, refusing, said, streaming

pytestmark = pytest.mark.long

ME = "/api/users/me"
SECRET = "what-only-the-provider-may-see"
FORM = {"email": "ann@example.com", "password": "correct horse battery"}
Environ = dict[str, str]

SIGNED = {"google": {"thought_signature": SECRET}}
GIVEN: dict[str, tuple[list[Json], Json]] = {
    "Gemini's signature": (
        [calls(piece(MILK, ADD, "a", index=0, extra_content=SIGNED))],
        {"tool_calls": [{"extra_content": SIGNED}]},
    ),
    "DeepSeek's reasoning": (
        [says(reasoning_content=SECRET[:9]), says(reasoning_content=SECRET[9:]), calls(piece(MILK, ADD, "a", index=0))],
        {"reasoning_content": SECRET},
    ),
    "vLLM's reasoning": (
        [says(reasoning=SECRET), calls(piece(MILK, ADD, "a", index=0))],
        {"reasoning": SECRET},
    ),
    "OpenRouter's details": (
        [says(reasoning_details=[{"type": "reasoning.encrypted", "data": SECRET}]), calls(piece(MILK, ADD))],
        {"reasoning_details": [{"type": "reasoning.encrypted", "data": SECRET}]},
    ),
    "LiteLLM's id": ([calls(piece(MILK, ADD, LONG_ID + SECRET))], {"tool_calls": [{"id": LONG_ID + SECRET}]}),
    "signature and reasoning": (
        [says(reasoning_content=SECRET), calls(piece(MILK, ADD, "a", extra_content=SIGNED))],
        {"reasoning_content": SECRET, "tool_calls": [{"extra_content": SIGNED}]},
    ),
}


def strict(given: list[Json], wanted: Json, at_last: Play) -> Play:
    """Calls the tool once, and answers a request that shows the call only if what it gave is in it."""

    async def play(wire: Wire, received: Received) -> None:
        made = [message for message in received.body["messages"] if "tool_calls" in message]
        is_whole = all(holds(message, wanted) for message in made)
        later = at_last if is_whole else refusing(400, "what I gave you is missing")
        await (later if made else streaming(*given, end("tool_calls")))(wire, received)

    return play


def holds(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(holds(value.get(name), each) for name, each in wanted.items())
    if isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(holds, value, wanted))
    return bool(value == wanted)


ANSWER = streaming(said("Added."), finished("stop"))


@pytest.fixture
def environ(database_url: str, database: Database) -> Environ:
    """`database` has emptied the tables."""
    return {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48), "OPENAI_API_KEY": "sk"}


@asynccontextmanager
async def started(environ: Environ, way_in: str, **settings: str) -> AsyncIterator[httpx.AsyncClient]:
    """A server process of its own, as far as it matters here: nothing is kept from one to the next."""
    app = build(load(environ | settings))
    transport = httpx.ASGITransport(OuterMiddleware(app))  # type: ignore[arg-type]
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        session = (await client.post(f"/api/auth/{way_in}", json=FORM)).json()
        client.headers["Authorization"] = f"Bearer {session['token']}"
        yield client


@pytest.mark.parametrize(("given", "wanted"), GIVEN.values(), ids=GIVEN)
async def test_what_a_provider_gave_comes_back_after_a_restart_and_in_later_turns(
    given: list[Json], wanted: Json, environ: Environ
) -> None:
    async with ModelServer(strict(given, wanted, refusing(401))) as model:
        environ["OPENAI_BASE_URL"] = model.url
        async with started(environ, "signup") as client:
            failed = await client.post(f"{ME}/chat", json={"message": "add milk"})
            assert failed.status_code == 503
        model.play = strict(given, wanted, ANSWER)
        async with started(environ, "login") as client:
            turn_id = failed.json()["detail"]["turn_id"]
            resumed = await client.post(f"{ME}/turns/{turn_id}/resume")
            assert (resumed.status_code, resumed.json()["response"]) == (200, "Added.")
        async with started(environ, "login") as client:
            later = await client.post(f"{ME}/chat", json={"message": "thanks"})
            assert (later.status_code, later.json()["response"]) == (200, "Added.")
            assert SECRET not in failed.text + resumed.text + later.text + await all_that_is_shown(client)
            assert len((await client.get(f"{ME}/tasks")).json()["tasks"]) == 1


async def all_that_is_shown(client: httpx.AsyncClient) -> str:
    paths = (f"{ME}/conversations/default/messages", f"{ME}/conversations/default/export", "/api/auth/me/export")
    answers = [await client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    stream = await client.post(f"{ME}/chat", json={"message": "and?"}, headers={"Accept": "text/event-stream"})
    return "".join(answer.text for answer in [*answers, stream])


@pytest.mark.parametrize("is_same_provider", [True, False])
async def test_another_model_or_provider_never_sees_it(is_same_provider: bool, environ: Environ) -> None:
    given, wanted = GIVEN["signature and reasoning"]
    async with ModelServer(strict(given, wanted, ANSWER)) as model, ModelServer(ANSWER) as elsewhere:
        async with started(environ, "signup", OPENAI_BASE_URL=model.url, OPENAI_MODEL="one") as client:
            assert (await client.post(f"{ME}/chat", json={"message": "add milk"})).status_code == 200
        assert SECRET in str(model.received[-1].body)
        model.play = ANSWER
        asked, name = (model, "two") if is_same_provider else (elsewhere, "one")
        async with started(environ, "login", OPENAI_BASE_URL=asked.url, OPENAI_MODEL=name) as client:
            assert (await client.post(f"{ME}/chat", json={"message": "thanks"})).status_code == 200
        assert SECRET not in str(asked.received[-1].body)
