"""Language models."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from domain.chat.conversation import Message, ProviderData, ToolCall


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool as a model sees it; `parameters` is a JSON Schema."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """`summary` is of what was said before the `messages`."""

    instructions: str
    messages: Sequence[Message]
    tools: Sequence[ToolDefinition] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ThoughtDelta:
    """What a model thinks before it answers. It is no part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; `cached_tokens` are part of `prompt_tokens`."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]


@dataclass(frozen=True, slots=True)
class Finished:
    """How an answer ended, as its provider calls it; `None` where the provider gives no reason that we know."""

    reason: FinishReason | None


Part = TextDelta | ThoughtDelta | ToolCall | ProviderData | Usage | Finished


class LanguageModel(Protocol):
    is_program: bool = False
    """A program of ours, and not a neural network: it reads prompts of any size, and means every call that it makes."""

    @property
    def name(self) -> str: ...

    def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        """Yields text and thoughts as they come, then whole tool calls (their ids are not relied on), then what the
        provider wants back, then usage if known, and `Finished` last. Without `Finished` the stream broke off.

        Raises `ModelUnavailable`, `ModelTimeout` or `ModelFailed`; nothing of the provider's own words is in them.
        """

    def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        """What the old summary and the messages say together, for later prompts: about `longest` characters at most.

        Text and usage, and the same faults as `answer`.
        """
