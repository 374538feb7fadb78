"""Converts the chunks of streamed Chat Completions to parts. Providers differ in the form of their chunks and may send
anything, so each field is read by its type."""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from adapters.language_models.openai.call_assembly import Call, Calls, is_object, unwrapped
from adapters.language_models.openai.deltas import pieces_of, string, texts_of
from adapters.language_models.openai.event_stream import MalformedAnswer
from adapters.language_models.openai.provider_fields import ProviderFields, storable
from adapters.language_models.openai.thoughts import ThoughtFilter
from adapters.language_models.openai.usage_numbers import usage_of
from application.ports import Finished, FinishReason, Part, TextDelta, ThoughtDelta, Usage
from domain.chat.messages import ProviderData, ToolCall

MAX_OUTPUT_LENGTH = 100_000
"""Characters of one answer, with text and tool calls. Some servers ignore the limit in the request."""
MAX_THOUGHTS_LENGTH = 400_000
"""Characters of thoughts and of other data that a provider wants back."""
FINISH_REASONS: dict[str, FinishReason] = {
    **dict.fromkeys(("stop", "eos", "eos_token", "end_turn", "stop_sequence"), "stop"),
    **dict.fromkeys(("length", "max_tokens", "max_output_tokens", "model_length"), "length"),
    **dict.fromkeys(("tool_calls", "tool_call", "tool_use", "function_call"), "tool_calls"),
    **dict.fromkeys(("content_filter", "safety", "recitation", "sensitive", "prohibited_content"), "content_filter"),
}
BROKEN_OFF = ("error", "abort", "network_error", "insufficient_system_resource")
"""Finish reasons of answers that their provider could not finish."""
CUT_OFF = (None, "length", "content_filter")
"""Finish reasons of answers that the model did not finish itself."""


class _Choice(Struct):
    delta: Any = None
    message: Any = None
    finish_reason: Any = None
    usage: Any = None
    error: Any = None


class _Chunk(Struct):
    choices: list[_Choice | None] | None = None
    usage: Any = None
    error: Any = None


class AnswerAccumulator:
    """Accumulates a stream. Raises `MalformedAnswer`, and what `msgspec.convert` raises. `source` names the provider
    and its model. `tools` are the names of the tools in the request."""

    def __init__(self, source: str = "", tools: Collection[str] = ()) -> None:
        self._source = source
        self._said = self._thought = 0
        self._finish: str | None = None
        self._usage: dict[str, Any] = {}
        self._calls = Calls(tools)
        self._own = ProviderFields()
        self._thoughts = ThoughtFilter()
        self._has_deltas = False

    @property
    def is_finished(self) -> bool:
        return bool(self._finish)

    def take(self, data: object) -> Iterator[Part]:
        """Yields the text and the thoughts of one chunk. Pieces of tool calls are kept until `rest`."""
        chunk = msgspec.convert(data, _Chunk)
        choice = (chunk.choices or [None])[0] or _Choice()
        if chunk.error or choice.error:
            raise MalformedAnswer("the provider reported an error")
        self._usage = _object(chunk.usage) or _object(choice.usage) or self._usage
        self._finish = string(choice.finish_reason) or self._finish
        yield from self._take(self._delta_of(choice))

    def rest(self, *, is_done: bool = False) -> Iterator[Part]:
        """Yields what is known only at the end: whole tool calls, the provider's own data, the usage, and how the
        answer ended. `is_done` says that the server marked the end of the stream. The usage is yielded even if
        `MalformedAnswer` is raised."""
        yield from self._parts(*self._thoughts.rest())
        calls = self._calls.all()
        reason = self._reason(bool(calls))
        try:
            self._check(calls, reason)
        except MalformedAnswer:
            yield from self._used()
            raise
        for call in calls:
            yield ToolCall(storable(call.id), storable(call.name), storable(unwrapped(call.arguments)))
        if own := self._own.data(calls):
            yield ProviderData(self._source, own)
        yield from self._used()
        if (is_done or self._finish) and self._finish not in BROKEN_OFF:
            yield Finished(reason)

    def _used(self) -> Iterator[Usage]:
        if used := usage_of(self._usage):
            yield Usage(*used)

    def _delta_of(self, choice: _Choice) -> dict[str, Any]:
        """Returns the delta of the chunk. Some servers send a whole `message` instead of deltas, or after them."""
        delta, message = _object(choice.delta), _object(choice.message)
        self._has_deltas |= _says_something(delta)
        return message if _says_something(message) and not self._has_deltas else delta

    def _take(self, delta: dict[str, Any]) -> Iterator[Part]:
        pieces = list(pieces_of(delta))
        self._count(sum(piece.size() for piece in pieces))
        self._thought += sum(piece.own_size() for piece in pieces)
        self._calls.take(pieces)
        thoughts = self._own.take(delta)
        text, more_thoughts = texts_of(delta.get("content"))
        text += string(delta.get("refusal"))
        answer, inline = self._thoughts.take(text) if text else ("", "")
        yield from self._parts(answer, thoughts + more_thoughts + inline)

    def _parts(self, text: str, thoughts: str) -> Iterator[Part]:
        self._count(len(text))
        self._thought += len(thoughts)
        if self._thought + self._own.size > MAX_THOUGHTS_LENGTH:
            raise MalformedAnswer("the answer does not end")
        if thoughts:
            yield ThoughtDelta(storable(thoughts))
        if text:
            yield TextDelta(storable(text))

    def _count(self, characters: int) -> None:
        self._said += characters
        if self._said > MAX_OUTPUT_LENGTH:
            raise MalformedAnswer("the answer does not end")

    def _reason(self, has_calls: bool) -> FinishReason | None:
        finish = (self._finish or "").lower()
        reason = FINISH_REASONS.get(finish) or ("content_filter" if finish.startswith("content_filter") else None)
        return "tool_calls" if has_calls and reason == "stop" else reason

    def _check(self, calls: list[Call], reason: FinishReason | None) -> None:
        """Accepts a whole call with wrong arguments: the toolbox reports these to the model, which can correct them."""
        cut_off = reason in CUT_OFF
        if not (self._said or self._thought or (self._finish and self._finish not in BROKEN_OFF)):
            raise MalformedAnswer("there is nothing in the answer")
        if cut_off and not all(is_object(unwrapped(call.arguments)) for call in calls):
            raise MalformedAnswer("a tool call was cut off")
        if not all(call.name for call in calls):
            raise MalformedAnswer("a tool call has no name")


def _says_something(delta: dict[str, Any]) -> bool:
    return any(delta.get(name) for name in ("content", "tool_calls", "function_call"))


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
