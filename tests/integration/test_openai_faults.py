"""What becomes of everything that can go wrong between us and a model's server."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import httpx2
import pytest

from adapters.language_models.openai_chat import AWAY, OpenAIChat
from application.ports import Part, Prompt, TextDelta
from bootstrap.logs import QUIET
from domain.conversation import ToolCall, UserMessage
from domain.errors import ModelFailed, ModelTimeout, ModelUnavailable, Unavailable
from tests import model_server
from tests.model_server import ModelServer, Play, Received, Wire, called, finished, refusing, said, streaming

WORDS = model_server.PROVIDER_WORDS
KEY = "sk-secret-of-this-test"
LIMIT_SECONDS = 5.0
SHORT_SECONDS = 0.3
RETRIES = 1
HTML = f"<html>\n{WORDS}\n\n</html>"
PROMPT = Prompt("Help.", [UserMessage("Add milk")])


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    play: Play
    refusal: type[Unavailable]
    requests: int = 1
    retry_after: int = 1
    seconds: float = LIMIT_SECONDS


FAULTS = [
    Fault("a reset before the answer", model_server.reset_before_the_answer, ModelUnavailable, requests=2),
    Fault("a reset in the answer", model_server.reset_in_the_answer, ModelFailed),
    Fault("a reset in the refusal", model_server.reset_in_the_refusal, ModelUnavailable),
    Fault("silence", model_server.black_hole, ModelTimeout, seconds=SHORT_SECONDS),
    Fault("a dripping answer", model_server.dripping, ModelTimeout, seconds=SHORT_SECONDS),
    Fault("an endless answer", model_server.endless, ModelFailed),
    Fault("a bad key", refusing(401), ModelUnavailable, retry_after=60),
    Fault("a forbidden model", refusing(403), ModelUnavailable, retry_after=60),
    Fault("an unknown model", refusing(404), ModelUnavailable, retry_after=60),
    Fault("a refused request", refusing(400), ModelUnavailable, retry_after=60),
    Fault("too many requests", refusing(429), ModelUnavailable, requests=2),
    Fault("too many requests, for now", refusing(429, retry_after="0"), ModelUnavailable, requests=2),
    Fault("too many for 20 s", refusing(429, retry_after="20"), ModelUnavailable, retry_after=20),
    Fault("too many for an hour", refusing(429, retry_after="3600"), ModelUnavailable, retry_after=60),
    Fault("too many for ever", refusing(429, retry_after="inf"), ModelUnavailable, retry_after=60),
    Fault(
        "too many until a date",
        refusing(429, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
        ModelUnavailable,
        retry_after=60,
    ),
    Fault("too many for nonsense", refusing(429, retry_after="soon"), ModelUnavailable, requests=2),
    Fault("an internal error", refusing(500), ModelUnavailable, requests=2),
    Fault("an overload for 7 s", refusing(503, retry_after="7"), ModelUnavailable, retry_after=7),
    Fault("HTML with 200", refusing(200, HTML, content_type="text/html"), ModelFailed),
    Fault("an answer that is no stream", refusing(200, '{"choices": []}'), ModelFailed),
    Fault("no events", streaming(), ModelFailed),
    Fault("broken JSON", streaming(said("Hel"), '{"choices": ['), ModelFailed),
    Fault("JSON too deep", streaming("[" * 100_000), ModelFailed),
    Fault("no choices", streaming({"choices": []}), ModelFailed),
    Fault("null choices", streaming({"choices": None}), ModelFailed),
    Fault("choices of another type", streaming({"choices": WORDS}), ModelFailed),
    Fault("a chunk of another type", streaming(f'"{WORDS}"'), ModelFailed),
    Fault("nothing said but thoughts", streaming(finished("length")), ModelFailed),
    Fault("a filtered answer", streaming(finished("content_filter")), ModelFailed),
    Fault("arguments over the limit", streaming(called(0, '{"a', "add_task"), finished("length")), ModelFailed),
    Fault("arguments that just end", streaming(called(0, '{"a', "add_task")), ModelFailed),
    Fault("arguments that never come", streaming(called(0, "", "add_task")), ModelFailed),
    Fault("a call without a name", streaming(called(0, "{}"), finished("tool_calls")), ModelFailed),
    Fault("an error in the answer", streaming(said("Hel"), {"error": {"message": WORDS}}), ModelFailed),
]


@asynccontextmanager
async def talking_to(url: str, seconds: float = LIMIT_SECONDS) -> AsyncIterator[OpenAIChat]:
    model = OpenAIChat("tiny", KEY, url, timeout_seconds=seconds, retries=RETRIES, max_output_tokens=100)
    try:
        yield model
    finally:
        await model.close()


async def answered(model: OpenAIChat) -> Sequence[Part]:
    return [part async for part in model.answer(PROMPT)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_becomes_a_refusal_in_our_own_words(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for library in QUIET:
        caplog.set_level(logging.WARNING, library)
    async with ModelServer(fault.play) as server:
        async with talking_to(server.url, fault.seconds) as model, asyncio.timeout(fault.seconds + 2):
            with pytest.raises(Unavailable) as raised:
                await answered(model)
            assert await server.no_answer_runs()
        assert await server.no_connection_is_open()
        assert type(raised.value) is fault.refusal
        assert raised.value.retry_after == fault.retry_after
        assert len(server.received) == fault.requests
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert raised.value.__suppress_context__
        for secret in (KEY, server.url, WORDS):
            assert secret not in caplog.text + raised.value.message


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with talking_to(f"http://127.0.0.1:{port}/v1") as model:
        with pytest.raises(ModelUnavailable, match=AWAY):
            await answered(model)


async def test_a_second_try_that_works_is_an_answer() -> None:
    tries = iter([refusing(500), streaming(said("Hello"), finished("stop"))])
    async with ModelServer(lambda wire, received: next(tries)(wire, received)) as server:
        async with talking_to(server.url) as model:
            assert await answered(model) == [TextDelta("Hello")]
        assert len(server.received) == 2


async def test_whole_calls_are_passed_on_however_wrong_they_are() -> None:
    calls = streaming(called(0, "{nonsense", "no_such_tool", "a"), finished("tool_calls"))
    async with ModelServer(calls) as server, talking_to(server.url) as model:
        assert await answered(model) == [ToolCall("a", "no_such_tool", "{nonsense")]


@pytest.mark.parametrize(("host", "limit"), [("api.openai.com", "max_completion_tokens"), ("ollama", "max_tokens")])
async def test_each_server_is_sent_the_limit_it_knows_and_some_key(host: str, limit: str) -> None:
    def refused(request: httpx2.Request) -> httpx2.Response:
        assert json.loads(request.content)[limit] == 100
        assert request.headers["authorization"] == "Bearer no-key"
        return httpx2.Response(404)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(refused)) as client:
        with pytest.raises(ModelUnavailable):
            await answered(OpenAIChat("tiny", None, f"https://{host}/v1", 1, 0, 100, client))


async def test_one_connection_serves_many_answers() -> None:
    connections = set()

    async def play(wire: Wire, received: Received) -> None:
        connections.add(wire)
        await streaming(said("Hello"), finished("stop"))(wire, received)

    async with ModelServer(play) as server, talking_to(server.url) as model:
        assert await answered(model) == await answered(model) == [TextDelta("Hello")]
    assert len(connections) == 1


async def test_leaving_early_hangs_up() -> None:
    async with ModelServer(model_server.dripping) as server, talking_to(server.url) as model:
        async with aclosing(model.answer(PROMPT)) as parts:
            assert await anext(parts) == TextDelta(".")
        assert await server.no_answer_runs()


async def test_cancelling_hangs_up() -> None:
    asked = asyncio.Event()

    async def play(wire: Wire, received: Received) -> None:
        asked.set()
        await wire.silence()

    async with ModelServer(play) as server, talking_to(server.url) as model:
        asking = asyncio.create_task(answered(model))
        await asked.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await server.no_answer_runs()


async def test_the_wall_clock_never_cancels_whoever_reads_the_answer() -> None:
    dripped = asyncio.Event()

    async def play(wire: Wire, received: Received) -> None:
        asyncio.get_running_loop().call_later(0.1, dripped.set)
        await model_server.dripping(wire, received)

    async with ModelServer(play) as server, talking_to(server.url, seconds=0.05) as model:
        async with aclosing(model.answer(PROMPT)) as parts:
            await anext(parts)
            await dripped.wait()
            with pytest.raises(ModelTimeout):
                _ = [part async for part in parts]
        assert await server.no_answer_runs()
