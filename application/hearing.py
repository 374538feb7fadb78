"""Listening to a model: its parts become an answer, its text a draft to show meanwhile, its usage numbers."""

import time
from collections.abc import Iterable
from dataclasses import replace

from application.ports import Part, TextDelta, Usage
from domain.conversation import Answer, Message, ToolCall, Turn, tokens_of

DRAFT_SECONDS = 0.05
"""How long text may wait for its row: what a watcher of a turn may be behind."""


class Hearing:
    """Puts an answer together. Its calls get ids of our own: some models leave theirs out or use one twice.

    Where a model does not tell what an answer to `asked` used, it is estimated.
    """

    def __init__(self, call_prefix: str, asked: Iterable[Message]) -> None:
        self._call_prefix = call_prefix
        self._asked = asked
        self._text: list[str] = []
        self._calls: list[ToolCall] = []
        self._unshown = ""
        self._usage: Usage | None = None
        self._began_at = time.monotonic()

    def take(self, part: Part) -> None:
        if isinstance(part, TextDelta):
            self._text.append(part.text)
            self._unshown += part.text
        elif isinstance(part, ToolCall):
            self._calls.append(replace(part, id=f"{self._call_prefix}-{len(self._calls)}"))
        else:
            self._usage = part

    def unshown(self) -> str:
        """The text since this was last asked."""
        text, self._unshown = self._unshown, ""
        return text

    def answer(self) -> Answer:
        return Answer("".join(self._text), tuple(self._calls))

    def is_silent(self) -> bool:
        return not (self._text or self._calls or self._usage)

    def counted(self, turn: Turn, model: str) -> Turn:
        """The turn with the tokens and the time of this answer added."""
        used = self._usage or Usage(tokens_of(self._asked), tokens_of([self.answer()]))
        return replace(
            turn,
            model=model,
            prompt_tokens=turn.prompt_tokens + used.prompt_tokens,
            completion_tokens=turn.completion_tokens + used.completion_tokens,
            cached_tokens=turn.cached_tokens + used.cached_tokens,
            model_milliseconds=turn.model_milliseconds + round((time.monotonic() - self._began_at) * 1000),
        )
