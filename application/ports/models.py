from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from application.tasks.date_words import DateContext
from domain.chat.messages import Message, ProviderData, ToolCall


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model gets. `summary` is the summary of the conversation before `messages`. `dates` is the user's time
    and place, and `lists` are the names of their lists, for a model that reads no instructions."""

    instructions: str
    messages: Sequence[Message]
    tools: Sequence[ToolDefinition] = ()
    summary: str = ""
    dates: DateContext | None = None
    lists: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ThoughtDelta:
    """A part of what a model thinks before it answers. It is no part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that the provider counted. `cached_tokens` are a part of `prompt_tokens`."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer. `reason` is None if the provider gives none that is known."""

    reason: FinishReason | None


Part = TextDelta | ThoughtDelta | ToolCall | ProviderData | Usage | Finished


class LanguageModel(Protocol):
    is_program: bool = False
    """Whether the model is a program of this project. It reads prompts of any size, and its duplicate calls are
    intended.
    """

    @property
    def name(self) -> str: ...

    def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        """Yields text and thoughts as they arrive, then complete tool calls, then provider data, then usage if known,
        and `Finished` last. The ids of tool calls are not relied on. Without `Finished`, the stream was cut off. Raises
        `ModelUnavailable`, `ModelTimeout` or `ModelFailed`, without the provider's own words."""

    def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        """Yields a new summary, then the usage. It covers the old summary and the messages, in at most about `longest`
        characters. Raises the same errors as `answer`."""
