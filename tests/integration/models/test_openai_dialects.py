"""A provider that refuses something by its name is asked once more in another form, and from then on in that form."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from adapters.language_models.openai.dialects import MAX_FORMS, UNSIGNED
from adapters.language_models.openai.openai_chat import OpenAIChat
from adapters.language_models.openai.provider_fields import NOT_EMPTY
from application.ports import Part, Prompt, TextDelta, ToolDefinition
from domain.chat.messages import Answer, Message, ProviderData, ToolCall, ToolResult, UserMessage
from domain.errors import ModelUnavailable
from tests.servers.model_server import Json, ModelServer, Play, Received, Wire, finished, refusing, said, streaming

TOOL = ToolDefinition("add_task", "Add.", {"type": "object"})
ANSWER = streaming(said("Hello"), finished("stop"))
CALL = ToolCall("c", "add_task", "{}")
Refuses = Callable[[Json], str | None]


@asynccontextmanager
async def talking_to(server: ModelServer) -> AsyncIterator[OpenAIChat]:
    model = OpenAIChat("tiny", None, server.url, timeout_seconds=5, retries=0, max_output_tokens=100)
    try:
        yield model
    finally:
        await model.close()


async def answered(model: OpenAIChat, *before: Message) -> Sequence[Part]:
    prompt = Prompt("Help.", [*before, UserMessage("Add milk")], [TOOL])
    return [part async for part in model.answer(prompt) if isinstance(part, TextDelta)]


def picky(refuses: Refuses, status: int = 400) -> Play:
    """Answers only what it has nothing against."""

    async def play(wire: Wire, received: Received) -> None:
        words = refuses(received.body)
        await (ANSWER if words is None else refusing(status, words))(wire, received)

    return play


def without(*names: str, words: str = "Unsupported parameter: '{}'") -> Refuses:
    return lambda body: next((words.format(name) for name in names if name in body), None)


DIALECTS: dict[str, Refuses] = {
    "Databricks": without("stream_options", words='{{"error_code":"BAD_REQUEST","message":"{}"}}'),
    "Azure wants the other limit": without(
        "max_tokens", words='{{"error": {{"message": "Use \'max_completion_tokens\' instead.", "param": "{}"}}}}'
    ),
    "no limit at all": without("max_tokens", "max_completion_tokens"),
    "one after another": without("stream_options", "max_tokens"),
    "both at once": lambda body: (
        '{"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"},'
        ' {"loc": ["body", "max_tokens"]}]}'
        if {"stream_options", "max_tokens"} & set(body)
        else None
    ),
    "a list of errors": without("stream_options", words='[{{"error": {{"code": 400, "message": "Unknown name {}"}}}}]'),
    "no parallel calls": lambda body: None if "parallel_tool_calls" in body else "parallel_tool_calls: false",
    "temperature must be 1": lambda body: None if body.get("temperature") == 1 else "only 1 is allowed for temperature",
    "no strict tools": lambda body: (
        None if body["tools"][0]["function"].get("strict") is False else "tools.0.custom.strict: no"
    ),
}


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("refuses", DIALECTS.values(), ids=DIALECTS)
async def test_what_is_refused_by_name_is_said_otherwise_and_remembered(refuses: Refuses, status: int) -> None:
    async with ModelServer(picky(refuses, status)) as server, talking_to(server) as model:
        assert await answered(model) == [TextDelta("Hello")]
        tries = len(server.received)
        assert 1 < tries <= MAX_FORMS
        assert await answered(model) == [TextDelta("Hello")]
        assert len(server.received) == tries + 1


@pytest.mark.parametrize("words", ["Bad request", "", "the context is too long", "max_tokens_per_minute"])
async def test_what_names_nothing_of_ours_is_refused_at_once(words: str) -> None:
    async with ModelServer(refusing(400, words)) as server, talking_to(server) as model:
        with pytest.raises(ModelUnavailable):
            await answered(model)
        assert len(server.received) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 413])
async def test_other_refusals_are_no_dialect(status: int) -> None:
    async with ModelServer(refusing(status, "stream_options max_tokens")) as server, talking_to(server) as model:
        with pytest.raises(ModelUnavailable):
            await answered(model)
        assert len(server.received) == 1


async def test_tries_end_and_what_did_not_help_is_not_remembered() -> None:
    every = "stream_options, max_tokens, reasoning_content, thought_signature, parallel_tool_calls, strict, temperature"
    async with ModelServer(refusing(400, every)) as server, talking_to(server) as model:
        with pytest.raises(ModelUnavailable):
            await answered(model)
        assert len(server.received) <= MAX_FORMS + 1
        server.play = ANSWER
        assert await answered(model) == [TextDelta("Hello")]
        assert {"stream_options", "max_tokens"} <= server.received[-1].body.keys()


async def test_a_provider_that_changes_its_mind_is_followed() -> None:
    async with ModelServer(picky(without("max_tokens"))) as server, talking_to(server) as model:
        await answered(model)
        server.play = picky(without("max_completion_tokens"))
        assert await answered(model) == [TextDelta("Hello")]
        server.play = picky(without("max_tokens"))
        assert await answered(model) == [TextDelta("Hello")]


def tool_turn(provider_data: ProviderData | None = None) -> list[Message]:
    return [UserMessage("Hi"), Answer("", (CALL,), provider_data), ToolResult("c", "add_task", {"message": "Added"})]


def assistant(body: Json) -> Json:
    found: Json = next(message for message in body["messages"] if message["role"] == "assistant")
    return found


async def test_reasoning_that_was_never_given_is_made_up_for() -> None:
    """As Kimi says it of a turn that another model made."""

    def refuses(body: Json) -> str | None:
        missing = "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2"
        return None if assistant(body).get("reasoning_content") else missing

    async with ModelServer(picky(refuses)) as server, talking_to(server) as model:
        assert await answered(model, *tool_turn()) == [TextDelta("Hello")]
        assert assistant(server.received[-1].body)["reasoning_content"] == NOT_EMPTY


async def test_reasoning_that_a_provider_gives_and_refuses_is_kept_from_it() -> None:
    def refuses(body: Json) -> str | None:
        return "property 'messages.2.assistant.reasoning_content' is unsupported" if own in str(body) else None

    own = "Thought"
    async with ModelServer(picky(refuses)) as server, talking_to(server) as model:
        given = ProviderData(model.source, {"message": {"reasoning_content": own}})
        assert await answered(model, *tool_turn(given)) == [TextDelta("Hello")]
        assert "reasoning_content" not in assistant(server.received[-1].body)


async def test_a_call_that_gemini_did_not_sign_is_sent_as_such() -> None:
    def refuses(body: Json) -> str | None:
        signature = assistant(body)["tool_calls"][0].get("extra_content", {}).get("google", {}).get("thought_signature")
        return None if signature == UNSIGNED else "Function call `add_task` is missing a `thought_signature`"

    async with ModelServer(picky(refuses)) as server, talking_to(server) as model:
        assert await answered(model, *tool_turn()) == [TextDelta("Hello")]
        assert len(server.received) == 2


async def test_calls_that_were_made_at_once_are_told_one_by_one_to_a_provider_that_knows_no_others() -> None:
    def refuses(body: Json) -> str | None:
        several = any(len(message.get("tool_calls", ())) > 1 for message in body["messages"])
        return "Multiple tool calls are not supported." if several else None

    calls = (CALL, ToolCall("d", "add_task", "{}"))
    results = [ToolResult(call.id, call.name, {"message": call.id}) for call in calls]
    async with ModelServer(picky(refuses)) as server, talking_to(server) as model:
        assert await answered(model, UserMessage("Hi"), Answer("", calls), *results) == [TextDelta("Hello")]
        sent = server.received[-1].body["messages"]
    assert [message["role"] for message in sent] == ["system", "user", *["assistant", "tool"] * 2, "user"]
    assert [call["id"] for message in sent for call in message.get("tool_calls", ())] == [
        message["tool_call_id"] for message in sent if message["role"] == "tool"
    ]
