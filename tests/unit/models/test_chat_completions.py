"""What a model's server is sent, and what is read from its chunks."""

from collections.abc import Sequence

import pytest

from adapters.language_models.openai.chat_completions import MAX_OUTPUT_LENGTH, AnswerAccumulator
from adapters.language_models.openai.chat_request import messages, tool
from adapters.language_models.openai.event_stream import MalformedAnswer
from application.ports import Part, Prompt, TextDelta, ToolDefinition, Usage
from domain.chat.messages import Answer, Message, ToolCall, ToolResult, UserMessage
from tests.servers.model_server import Json, called, finished, said, used


def read(*chunks: Json) -> tuple[str, Sequence[Part]]:
    reading = AnswerAccumulator()
    parts = [part for chunk in chunks for part in reading.take(chunk)] + list(reading.rest())
    text = "".join(part.text for part in parts if isinstance(part, TextDelta))
    return text, [part for part in parts if isinstance(part, ToolCall | Usage)]


def sent(*history: Message) -> list[Json]:
    return list(messages(Prompt("Help.", history)))[1:]


def test_text_comes_as_it_is_said_and_usage_at_the_end() -> None:
    assert read(said("Hel"), said("lo"), finished("stop"), used(9, 2, 4)) == ("Hello", [Usage(9, 2, 4)])


def test_usage_may_be_missing_or_empty() -> None:
    assert read(said("Hi"), finished("stop")) == ("Hi", [])
    assert read(said("Hi"), finished("stop"), {"usage": {"prompt_tokens": 3}}) == ("Hi", [Usage(3, 0, 0)])


def test_pieces_of_interleaved_calls_belong_together_by_index() -> None:
    chunks = [called(0, "", "add_task", "a"), called(1, "", "list_tasks", "b"), called(0, "{"), called(1, "{}")]
    assert read(*chunks, called(0, "}"), finished("tool_calls"))[1] == [
        ToolCall("a", "add_task", "{}"),
        ToolCall("b", "list_tasks", "{}"),
    ]


@pytest.mark.parametrize("index", [0, None])
def test_whole_calls_with_one_index_are_told_apart_by_id(index: int | None) -> None:
    chunks = [called(index, "{}", "add_task", "a"), called(index, "{}", "add_task", "b"), finished("tool_calls")]
    assert [part.id for part in read(*chunks)[1] if isinstance(part, ToolCall)] == ["a", "b"]


def test_a_call_goes_on_though_each_piece_has_an_id_of_its_own() -> None:
    chunks = [called(0, "{", "add_task", "a"), called(0, "}", None, "b"), finished("tool_calls")]
    assert read(*chunks)[1] == [ToolCall("a", "add_task", "{}")]


def test_a_call_needs_no_id_and_no_arguments() -> None:
    assert read(called(0, "", "list_tasks"), finished("stop"))[1] == [ToolCall("", "list_tasks", "")]


def test_a_whole_call_counts_though_the_limit_was_reached_after_it() -> None:
    assert read(called(0, "{}", "list_tasks"), finished("length"))[1] == [ToolCall("", "list_tasks", "{}")]


def test_thoughts_apart_from_the_text_are_left_out() -> None:
    thoughts = {"choices": [{"delta": {"content": [{"type": "thinking"}], "tool_calls": None}}]}
    assert read(thoughts, said("Hi"), finished("stop")) == ("Hi", [])


def test_what_no_database_can_hold_is_replaced() -> None:
    text, parts = read(said("a\0b\ud800c"), called(0, "\0", "x\ud800"), finished("stop"))
    assert text == "a\ufffdb?c"
    assert parts == [ToolCall("", "x?", "\ufffd")]


@pytest.mark.long
def test_endless_calls_are_cut_off() -> None:
    reading = AnswerAccumulator()
    for index in range(MAX_OUTPUT_LENGTH):
        list(reading.take(called(index, "")))
    with pytest.raises(MalformedAnswer):
        list(reading.take(called(0, "")))


def test_text_is_sent_as_text() -> None:
    assert list(messages(Prompt("Help.", [UserMessage("Hi"), Answer("Hello")]))) == [
        {"role": "system", "content": "Help."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
    ]


def test_calls_and_results_are_sent_under_short_ids() -> None:
    calls = (ToolCall("x" * 80, "add_task", '{"title":"Milk"}'), ToolCall("y" * 80, "list_tasks", ""))
    results = [ToolResult(call.id, call.name, {"message": "né"}) for call in calls]
    answer, first, second = sent(Answer("", calls), *results)
    assert answer["content"] is None
    assert [call["id"] for call in answer["tool_calls"]] == ["call00000", "call00001"]
    assert first == {"role": "tool", "tool_call_id": "call00000", "content": '{"message":"né"}'}
    assert second["tool_call_id"] == "call00001"


@pytest.mark.parametrize("arguments", ["", "{nonsense", "[]", "3", "[" * 100_000])
def test_nonsense_a_model_once_wrote_is_not_sent_back_to_it(arguments: str) -> None:
    (answer,) = sent(Answer("", (ToolCall("a", "add a task!" * 20, arguments),)))
    assert answer["tool_calls"][0]["function"] == {"name": ("add_a_task_" * 20)[:64], "arguments": "{}"}


def test_a_tool_is_sent_as_a_function() -> None:
    definition = ToolDefinition("add_task", "Add.", {"type": "object"})
    function = {"name": "add_task", "description": "Add.", "parameters": {"type": "object"}}
    assert tool(definition) == {"type": "function", "function": function}
