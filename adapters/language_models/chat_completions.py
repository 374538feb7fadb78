"""The wire format of streamed Chat Completions: what is sent, and how chunks become parts.

Nothing that comes in is trusted: `openai` builds its objects without validation, so chunks are converted here.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from adapters.language_models.summaries import instructions
from application.ports import Finished, FinishReason, Part, Prompt, ToolDefinition, Usage
from application.validation import DECODE_ERRORS
from domain.conversation import Answer, ToolCall, ToolResult, UserMessage

MODEL_OUTPUT_LONGEST = 100_000
"""Characters of one answer, text and tool calls together: some servers ignore the limit that is sent."""
FINISH_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
CUT_OFF = (None, "length", "content_filter")
"""Finish reasons of an answer that its model did not end itself."""


class NoAnswer(Exception):
    """The stream held something that is no answer; its text is ours and safe to log."""


class _Function(Struct):
    name: str | None = None
    arguments: str | None = None


class _CallDelta(Struct):
    index: int | None = None
    id: str | None = None
    function: _Function | None = None


class _Delta(Struct):
    """`content` is a list where a model shows its thoughts apart from its text."""

    content: str | list[Any] | None = None
    refusal: str | None = None
    tool_calls: list[_CallDelta] | None = None


class _Choice(Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _CachedTokens(Struct):
    cached_tokens: int | None = None


class _Usage(Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _CachedTokens | None = None


class _Chunk(Struct):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None


@dataclass(slots=True)
class _Call:
    id: str
    name: str = ""
    arguments: str = ""


class Reading:
    """What a stream has said so far. Raises `NoAnswer` and what `msgspec.convert` raises."""

    def __init__(self) -> None:
        self._said = 0
        self._finish: str | None = None
        self._usage: _Usage | None = None
        self._calls: list[_Call] = []
        self._open: dict[int | None, _Call] = {}

    def take(self, data: object) -> str:
        """The text of one chunk; its pieces of tool calls are kept until `rest`."""
        chunk = msgspec.convert(data, _Chunk)
        self._usage = chunk.usage or self._usage
        text = ""
        for choice in (chunk.choices or [])[:1]:
            self._finish = choice.finish_reason or self._finish
            text = self._take(choice.delta or _Delta())
        return text

    def rest(self) -> Iterator[Part]:
        """What is known only at the end of the stream: whole tool calls, then usage."""
        self._check()
        for call in self._calls:
            yield ToolCall(call.id, _storable(call.name), _storable(call.arguments))
        if self._usage:
            cached = self._usage.prompt_tokens_details or _CachedTokens()
            yield Usage(self._usage.prompt_tokens or 0, self._usage.completion_tokens or 0, cached.cached_tokens or 0)
        if self._finish:
            yield Finished(FINISH_REASONS.get(self._finish))

    def _take(self, delta: _Delta) -> str:
        for piece in delta.tool_calls or []:
            self._take_piece(piece)
        text = (delta.content if isinstance(delta.content, str) else None) or delta.refusal or ""
        self._count(len(text))
        return _storable(text)

    def _take_piece(self, piece: _CallDelta) -> None:
        function = piece.function or _Function()
        name, arguments = function.name or "", function.arguments or ""
        call = self._call(piece, starts=bool(name))
        call.name = call.name or name
        call.arguments += arguments
        self._count(1 + len(name) + len(arguments))

    def _call(self, piece: _CallDelta, *, starts: bool) -> _Call:
        """Pieces belong together by index. Ollama gives every call the index 0, so a name with another id starts anew
        (ollama/ollama#15457); older vLLM sends another id with every piece, so an id alone does not."""
        call = self._open.get(piece.index)
        if call is None or (starts and piece.id and piece.id != call.id):
            call = self._open[piece.index] = _Call(piece.id or "")
            self._calls.append(call)
        return call

    def _count(self, characters: int) -> None:
        self._said += characters
        if self._said > MODEL_OUTPUT_LONGEST:
            raise NoAnswer("the answer does not end")

    def _check(self) -> None:
        """A whole call with bad arguments passes: the toolbox tells the model, which then mends it."""
        cut_off = self._finish in CUT_OFF
        if cut_off and not self._said:
            raise NoAnswer("there is nothing in the answer")
        if cut_off and not all(_is_object(call.arguments) for call in self._calls):
            raise NoAnswer("a tool call was cut off")
        if not all(call.name for call in self._calls):
            raise NoAnswer("a tool call has no name")


def messages(prompt: Prompt) -> Iterator[dict[str, Any]]:
    """Calls are numbered anew: OpenAI takes ids of at most 40 characters, Mistral only of 9 letters and digits."""
    ids: defaultdict[str, str] = defaultdict(lambda: f"call{len(ids):05}")
    yield {"role": "system", "content": instructions(prompt)}
    for message in prompt.messages:
        match message:
            case UserMessage(text):
                yield {"role": "user", "content": text}
            case Answer(text, ()):
                yield {"role": "assistant", "content": text}
            case Answer(text, calls):
                sent = [_sent(call, ids[call.id]) for call in calls]
                yield {"role": "assistant", "content": text or None, "tool_calls": sent}
            case ToolResult(call_id, _, output):
                yield {"role": "tool", "tool_call_id": ids[call_id], "content": msgspec.json.encode(output).decode()}


def tool(definition: ToolDefinition) -> dict[str, Any]:
    function = {"name": definition.name, "description": definition.description, "parameters": definition.parameters}
    return {"type": "function", "function": function}


def _sent(call: ToolCall, call_id: str) -> dict[str, Any]:
    """Servers refuse names and arguments that break the rules, and with them every later turn of a conversation."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "_", call.name)[:64] or "unnamed"
    arguments = call.arguments if _is_object(call.arguments) else "{}"
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def _is_object(arguments: str) -> bool:
    try:
        msgspec.json.decode(arguments, type=dict)
    except DECODE_ERRORS:
        return False
    return True


def _storable(text: str) -> str:
    """PostgreSQL and UTF-8 can hold neither NUL nor lone surrogates, and JSON may bring both."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()
