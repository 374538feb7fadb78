"""What is made of each habit of the providers, however the network cuts the stream."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from adapters.language_models.openai.chat_completions import AnswerAccumulator
from adapters.language_models.openai.event_stream import MAX_LINE_LENGTH, EventStream, MalformedAnswer
from application.ports import Finished, Part, TextDelta, ThoughtDelta, Usage
from application.validation import DECODE_ERRORS
from domain.chat.messages import ProviderData, ToolCall
from tests.servers.model_providers import ADD, HABITS, MILK, TOOLS, Habit, Made, piece, says, sse


def read(body: bytes, size: int) -> list[Part]:
    events, reading = EventStream(), AnswerAccumulator("here", TOOLS)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    parts = [part for piece in pieces for value in events.feed(piece) for part in reading.take(value)]
    parts += [part for value in events.end() for part in reading.take(value)]
    return parts + list(reading.rest(is_done=events.is_done))


def made(parts: list[Part]) -> Made:
    usage = next((part for part in parts if isinstance(part, Usage)), None)
    finished = [part for part in parts if isinstance(part, Finished)]
    return Made(
        text="".join(part.text for part in parts if isinstance(part, TextDelta)),
        calls=tuple((part.name, part.arguments) for part in parts if isinstance(part, ToolCall)),
        finish=finished[0].reason if finished else None,
        is_finished=bool(finished),
        has_thoughts=any(isinstance(part, ThoughtDelta) for part in parts),
        own=next((part.data for part in parts if isinstance(part, ProviderData)), {}),
        usage=(usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens) if usage else None,
    )


@pytest.mark.parametrize("size", [1, 7, 1_000_000])
@pytest.mark.parametrize("habit", HABITS, ids=str)
def test_what_a_provider_sends_is_understood(habit: Habit, size: int) -> None:
    if habit.made is None:
        with pytest.raises(MalformedAnswer):
            read(habit.body, size)
    else:
        parts = read(habit.body, size)
        assert normal(made(parts)) == normal(habit.made)


def normal(told: Made) -> Made:
    """Arguments that were sent as an object are written without blanks."""
    calls = tuple((name, arguments.replace(" ", "")) for name, arguments in told.calls)
    return Made(told.text, calls, told.finish, told.is_finished, told.has_thoughts, told.own, told.usage)


def test_the_table_speaks_of_all_that_we_name() -> None:
    named = {
        "OpenAI",
        "Gemini",
        "DeepSeek",
        "Kimi",
        "Azure",
        "Databricks",
        "Ollama",
        "vLLM",
        "llama.cpp",
        "LiteLLM",
        "Mistral",
    }
    assert named <= {habit.provider for habit in HABITS}
    assert len({str(habit) for habit in HABITS}) == len(HABITS)


ODD: list[Any] = [
    None,
    True,
    -1,
    0,
    2**70,
    1.5,
    1e999,
    "",
    "\0",
    "\ud83d",
    "9" * 5000,
    [],
    {},
    [None],
    {"text": None},
    [[]] * 3,
]


def with_odd_values(value: Any, odd: Any) -> Iterator[Any]:
    """The value with each of its inner values replaced by the odd one, one at a time."""
    yield odd
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        for changed in with_odd_values(inner, odd):
            copy = value.copy()
            copy[key] = changed
            yield copy


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:20])
def test_a_value_of_any_other_kind_anywhere_is_an_answer_or_none(odd: Any) -> None:
    whole = says(
        "stop",
        content=[
            {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
            {"type": "text", "text": "Hello"},
        ],
        reasoning_content="Hm.",
        reasoning_details=[{"type": "reasoning.text", "text": "Hm.", "index": 0}],
        extra_content={"google": {"thought_signature": "s"}},
        tool_calls=[piece(MILK, ADD, "a", index=0, extra_content={"google": {}})],
        function_call={"name": ADD, "arguments": MILK},
    )
    whole["usage"] = {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}}
    for changed in with_odd_values(whole, odd):
        with suppress(MalformedAnswer, *DECODE_ERRORS):
            parts = read(sse(json.dumps(changed), says(content="!")), 1_000_000)
            assert msgspec.json.encode(parts)


def test_a_number_of_thousands_of_digits_is_no_answer() -> None:
    with pytest.raises(MalformedAnswer):
        read(b'data: {"usage": ' + b"9" * 5000 + b"}\n\n", 100)


def test_a_line_without_end_is_given_up() -> None:
    events = EventStream()
    with pytest.raises(MalformedAnswer):
        for _ in range(MAX_LINE_LENGTH):
            assert not list(events.feed(b"data"))
