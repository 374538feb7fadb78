"""What every language model keeps to, whoever speaks behind it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import msgspec
import pytest

from adapters.language_models.builtin import BuiltinAssistant
from adapters.language_models.openai.openai_chat import OpenAIChat
from application.ports import Finished, LanguageModel, Part, Prompt, TextDelta, ToolDefinition, Usage
from application.tools.fields import AddTask
from application.tools.results import ToolOutput
from application.tools.schemas import parameters
from application.tools.table import TOOLS
from domain.chat.messages import Answer, Message, ProviderData, ToolCall, ToolResult, UserMessage
from domain.tasks.task import Task
from tests.servers.model_server import ModelServer, Received, Wire, called, finished, said, streaming, used

INSTRUCTIONS = "You help the user keep their to-do list. Today is Monday, 2026-11-23 (UTC)."
DEFINITIONS = [ToolDefinition(tool.name, tool.description, parameters(tool.arguments)) for tool in TOOLS]
NOW = datetime(2026, 11, 23, tzinfo=UTC)
MILK = Task(user_id="u", id=1, title="Buy milk", created_at=NOW, updated_at=NOW, revision=1)
ADDED = msgspec.to_builtins(ToolOutput(True, "Added task 1: Buy milk", MILK))
REFUSED = msgspec.to_builtins(ToolOutput(False, "title: must be at most 500 characters"))


async def scripted(wire: Wire, received: Received) -> None:
    """A small model: text and a call in pieces for a user, text alone after a tool."""
    last = received.body["messages"][-1]
    if last["role"] == "tool":
        return await streaming(said("That "), said("is all."), finished("stop"), used(20, 4, 8))(wire, received)
    if "(add_task: " in last["content"]:
        return await streaming(said(last["content"]), finished("stop"))(wire, received)
    arguments = msgspec.json.encode({"title": last["content"].rpartition(": ")[2]}).decode()
    pieces = [called(0, piece) for piece in arguments]
    start = called(0, "", "add_task", "call_1")
    return await streaming(said("I "), said("add it."), start, *pieces, finished("tool_calls"))(wire, received)


@asynccontextmanager
async def openai_chat() -> AsyncIterator[LanguageModel]:
    async with ModelServer(scripted) as server:
        model = OpenAIChat("tiny", None, server.url, timeout_seconds=5, retries=0, max_output_tokens=100)
        try:
            yield model
        finally:
            await model.close()


@asynccontextmanager
async def builtin() -> AsyncIterator[LanguageModel]:
    yield BuiltinAssistant()


@pytest.fixture(params=[openai_chat, builtin], ids=lambda start: start.__name__)
async def model(request: pytest.FixtureRequest) -> AsyncIterator[LanguageModel]:
    start: Callable[[], AbstractAsyncContextManager[LanguageModel]] = request.param
    async with start() as started:
        yield started


async def answered(model: LanguageModel, *messages: Message) -> Sequence[Part]:
    return [part async for part in model.answer(Prompt(INSTRUCTIONS, messages, DEFINITIONS))]


def text(parts: Sequence[Part]) -> str:
    return "".join(part.text for part in parts if isinstance(part, TextDelta))


def calls(parts: Sequence[Part]) -> list[ToolCall]:
    return [part for part in parts if isinstance(part, ToolCall)]


def added(parts: Sequence[Part]) -> AddTask:
    (call,) = calls(parts)
    assert call.name == "add_task"
    return msgspec.json.decode(call.arguments, type=AddTask)


def after_a_tool(output: dict[str, object]) -> list[Message]:
    call = ToolCall("turn-0-0", "add_task", '{"title":"Buy milk"}')
    return [UserMessage("Add a task: Buy milk"), Answer("", (call,)), ToolResult(call.id, call.name, output)]


async def test_a_model_has_a_name(model: LanguageModel) -> None:
    assert model.name


async def test_a_request_to_add_a_task_is_one_call_of_add_task(model: LanguageModel) -> None:
    assert added(await answered(model, UserMessage("Add a task: Buy milk"))).title.lower() == "buy milk"


async def test_a_title_keeps_its_letters_whatever_their_script(model: LanguageModel) -> None:
    assert added(await answered(model, UserMessage("Add a task: 買牛奶 🥛"))).title == "買牛奶 🥛"


@pytest.mark.parametrize("output", [ADDED, REFUSED], ids=["done", "refused"])
async def test_after_a_tool_result_it_answers_in_text(model: LanguageModel, output: dict[str, object]) -> None:
    parts = await answered(model, *after_a_tool(output))
    assert text(parts).strip()
    assert not calls(parts)


async def test_text_comes_before_calls_then_usage_and_how_it_ended(model: LanguageModel) -> None:
    order = [TextDelta, ToolCall, ProviderData, Usage, Finished]
    for messages in ([UserMessage("Add a task: Buy milk")], after_a_tool(ADDED)):
        kinds = [order.index(type(part)) for part in await answered(model, *messages)]
        assert kinds == sorted(kinds)
        assert kinds.count(order.index(Usage)) <= 1
        assert kinds.count(order.index(Finished)) == 1


async def test_a_later_message_is_read_in_the_light_of_whole_turns(model: LanguageModel) -> None:
    history = [*after_a_tool(ADDED), Answer("Added it.")]
    assert added(await answered(model, *history, UserMessage("Add a task: Bake bread"))).title.lower() == "bake bread"


async def test_answers_asked_for_at_once_do_not_mix(model: LanguageModel) -> None:
    titles = [f"water plant {number}" for number in range(10)]
    answers = await asyncio.gather(*(answered(model, UserMessage(f"Add a task: {title}")) for title in titles))
    assert [added(parts).title.lower() for parts in answers] == titles


async def test_a_summary_is_text_and_tells_what_was_done(model: LanguageModel) -> None:
    told = [*after_a_tool(ADDED), Answer("Added it."), *after_a_tool(REFUSED)]
    parts = [part async for part in model.summarize("Added task 7: Water plants", told, 400)]
    assert not calls(parts)
    assert "Added task 7: Water plants" in text(parts)
    assert "Added task 1: Buy milk" in text(parts)


async def test_an_answer_left_early_does_not_disturb_the_next(model: LanguageModel) -> None:
    async for _ in model.answer(Prompt(INSTRUCTIONS, [UserMessage("Add a task: Buy milk")], DEFINITIONS)):
        break
    assert text(await answered(model, *after_a_tool(ADDED))).strip()
