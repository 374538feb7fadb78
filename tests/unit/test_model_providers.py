"""What is made of each habit of the providers, however the network cuts the stream."""

import pytest

from adapters.language_models.chat_completions import Reading
from adapters.language_models.event_stream import EventStream, NoAnswer
from application.ports import Finished, Part, TextDelta, ThoughtDelta, Usage
from domain.conversation import ProviderData, ToolCall
from tests.model_providers import HABITS, TOOLS, Habit, Made


def read(body: bytes, size: int) -> list[Part]:
    events, reading = EventStream(), Reading("here", TOOLS)
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
        with pytest.raises(NoAnswer):
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
