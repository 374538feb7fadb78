"""What a model reads and writes: messages, tool calls and their results."""

from collections.abc import Iterable
from dataclasses import dataclass
from json import JSONEncoder
from typing import Any, Literal

MAX_TOKENS_PER_ANSWER = 20_000_000
"""More tokens than any model reads or writes for one answer."""
CutOff = Literal["length", "content_filter"]
INTERRUPTED = {"success": False, "message": "This call was cut off before it ran.", "data": None}
_json = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class UserMessage:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call of the model. `arguments` is the text exactly as the model wrote it, which may not be JSON."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ProviderData:
    """Data that a provider sent with an answer and wants back unchanged, such as thought signatures. It is never shown,
    and is sent back to its `source` only, which names a provider and a model."""

    source: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the model with text, tool calls or both. `cut_off` is the reason if the text is not complete."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    provider_data: ProviderData | None = None
    cut_off: CutOff | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of a tool. `output` is `{success, message, data}` as plain JSON values."""

    call_id: str
    name: str
    output: dict[str, Any]


Message = UserMessage | Answer | ToolResult


def bounded_tokens(told: int) -> int:
    """Some providers report negative or huge numbers."""
    return min(max(told, 0), MAX_TOKENS_PER_ANSWER)


def tokens_of(messages: Iterable[Message]) -> int:
    """Returns an estimate: about four characters of English, or three bytes of other text, are one token."""
    return sum(map(_weight, messages)) // 3


def _weight(message: Message) -> int:
    match message:
        case UserMessage(text):
            return len(text.encode()) + 12
        case Answer(text, calls, provider_data):
            own = len(_json(provider_data.data).encode()) if provider_data else 0
            return len(text.encode()) + sum(len(call.arguments.encode()) + 60 for call in calls) + own + 12
        case ToolResult(_, _, output):
            return len(_json(output).encode()) + 60
