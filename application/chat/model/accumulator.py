import time
from collections.abc import Iterable
from dataclasses import replace

from application.ports import Finished, FinishReason, Part, TextDelta, ThoughtDelta, Usage
from domain.chat.messages import Answer, Message, ProviderData, ToolCall, bounded_tokens, tokens_of
from domain.chat.turn import Turn

DRAFT_SECONDS = 0.05
"""Seconds between writes of the streamed text, which is how far the viewers of a turn may be behind."""


class Accumulator:
    """Tool calls get ids of our own, because some models omit or repeat theirs. `asked` is what the prompt consists of.
    The tokens are estimated from it if the model reports no usage."""

    def __init__(self, call_prefix: str, asked: Iterable[Message]) -> None:
        self._call_prefix = call_prefix
        self._asked = asked
        self._text: list[str] = []
        self._calls: list[ToolCall] = []
        self._provider_data: ProviderData | None = None
        self._unshown = ""
        self._usage: Usage | None = None
        self._finished: Finished | None = None
        self._began_at = time.monotonic()
        self.has_thoughts = False
        """Whether the model has sent thoughts. Thoughts alone are no answer."""

    def add(self, part: Part) -> None:
        match part:
            case TextDelta(text):
                self._text.append(text)
                self._unshown += text
            case ToolCall():
                self._calls.append(replace(part, id=f"{self._call_prefix}-{len(self._calls)}"))
            case ThoughtDelta():
                self.has_thoughts = True
            case ProviderData():
                self._provider_data = part
            case Usage():
                self._usage = part
            case Finished():
                self._finished = part

    @property
    def is_finished(self) -> bool:
        """Returns whether the model finished its answer. If not, the stream was cut off."""
        return self._finished is not None

    @property
    def finish_reason(self) -> FinishReason | None:
        return self._finished.reason if self._finished else None

    def take_unshown(self) -> str:
        text, self._unshown = self._unshown, ""
        return text

    def answer(self) -> Answer:
        return Answer("".join(self._text), tuple(self._calls), self._provider_data)

    def is_silent(self) -> bool:
        """Returns whether nothing arrived that costs anything."""
        return not (self._text or self._calls or self._usage or self.has_thoughts)

    def with_usage(self, turn: Turn, model: str) -> Turn:
        used = self._usage or Usage(tokens_of(self._asked), tokens_of([self.answer()]))
        return replace(
            turn,
            model=model,
            prompt_tokens=turn.prompt_tokens + bounded_tokens(used.prompt_tokens),
            completion_tokens=turn.completion_tokens + bounded_tokens(used.completion_tokens),
            cached_tokens=turn.cached_tokens + bounded_tokens(used.cached_tokens),
            model_milliseconds=turn.model_milliseconds + round((time.monotonic() - self._began_at) * 1000),
        )
