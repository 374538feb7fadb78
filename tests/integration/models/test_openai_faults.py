"""What becomes of everything that can go wrong between us and a model's server."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import httpx2
import pytest

from adapters.language_models.openai.openai_chat import OpenAIChat
from application.ports import Finished, Part, Prompt, TextDelta
from bootstrap.logs import QUIET
from domain.chat.messages import ToolCall, UserMessage
from domain.errors import ModelTimeout, ModelUnavailable, Unavailable
from tests.servers.model_faults import KINDS, VARIANTS, Fault, dripping
from tests.servers.model_server import (
    PROVIDER_WORDS,
    ModelServer,
    Play,
    Received,
    Wire,
    called,
    finished,
    refusing,
    said,
    streaming,
)

KEY = "sk-secret-of-this-test"
LIMIT_SECONDS = 5.0
SHORT_SECONDS = 0.3
RETRIES = 1
PROMPT = Prompt("Help.", [UserMessage("Add milk")])


@asynccontextmanager
async def talking_to(url: str, seconds: float = LIMIT_SECONDS) -> AsyncIterator[OpenAIChat]:
    model = OpenAIChat("tiny", KEY, url, timeout_seconds=seconds, retries=RETRIES, max_output_tokens=100)
    try:
        yield model
    finally:
        await model.close()


async def answered(model: OpenAIChat) -> Sequence[Part]:
    return [part async for part in model.answer(PROMPT) if not isinstance(part, Finished)]


@pytest.mark.parametrize("fault", [*KINDS, *VARIANTS], ids=lambda fault: fault.name)
async def test_a_fault_becomes_a_refusal_in_our_own_words(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    for library in QUIET:
        caplog.set_level(logging.WARNING, library)
    caplog.set_level(logging.DEBUG)
    seconds = LIMIT_SECONDS if fault.ends else SHORT_SECONDS
    async with ModelServer(fault.play, listening=fault.listening) as server:
        async with talking_to(server.url, seconds) as model, asyncio.timeout(seconds + 2):
            with pytest.raises(Unavailable) as raised:
                await answered(model)
            assert await server.no_answer_runs()
        assert await server.no_connection_is_open()
        assert type(raised.value) is fault.refusal
        assert raised.value.retry_after == fault.retry_after
        assert len(server.received) == fault.requests(RETRIES)
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert raised.value.__suppress_context__
        for secret in (KEY, server.url, PROVIDER_WORDS):
            assert secret not in caplog.text + raised.value.message


async def test_a_second_try_that_works_is_an_answer() -> None:
    tries = iter([refusing(500), streaming(said("Hello"), finished("stop"))])
    async with ModelServer(lambda wire, received: next(tries)(wire, received)) as server:
        async with talking_to(server.url) as model:
            assert await answered(model) == [TextDelta("Hello")]
        assert len(server.received) == 2


async def finished_and_silent(wire: Wire, received: Received) -> None:
    await wire.start()
    await wire.event(said("Hello"))
    await wire.event(finished("stop"))
    await wire.silence()


async def finished_and_reset(wire: Wire, received: Received) -> None:
    await wire.start()
    await wire.event(said("Hello"))
    await wire.event(finished("stop"))
    wire.reset()


async def done_and_silent(wire: Wire, received: Received) -> None:
    await wire.start()
    await wire.event(said("Hello"))
    await wire.event("[DONE]")
    await wire.silence()


@pytest.mark.parametrize("play", [finished_and_silent, finished_and_reset, done_and_silent])
async def test_an_answer_that_its_model_ended_is_whole_whatever_becomes_of_the_stream(play: Play) -> None:
    async with ModelServer(play) as server:
        async with talking_to(server.url, SHORT_SECONDS) as model:
            *said_parts, end = [part async for part in model.answer(PROMPT)]
        assert said_parts == [TextDelta("Hello")]
        assert isinstance(end, Finished)
        assert await server.no_answer_runs()


async def test_a_stream_that_just_ends_is_not_told_as_finished() -> None:
    async def play(wire: Wire, received: Received) -> None:
        await wire.start()
        await wire.event(said("Hel"))
        await wire.write(b"0\r\n\r\n")

    async with ModelServer(play) as server, talking_to(server.url) as model:
        assert [part async for part in model.answer(PROMPT)] == [TextDelta("Hel")]


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
    async with ModelServer(dripping) as server, talking_to(server.url) as model:
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
        await dripping(wire, received)

    async with ModelServer(play) as server, talking_to(server.url, seconds=0.05) as model:
        async with aclosing(model.answer(PROMPT)) as parts:
            await anext(parts)
            await dripped.wait()
            with pytest.raises(ModelTimeout):
                _ = [part async for part in parts]
        assert await server.no_answer_runs()
