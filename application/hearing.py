"""Listening to a model: its parts become an answer, its text a draft to show meanwhile, its usage numbers."""

import time
from dataclasses import replace

from application.ports import Part, TextDelta, Usage
from domain.conversation import Answer, ToolCall, Turn

DRAFT_SECONDS = 0.05
"""How long text may wait for its row: what a watcher of a turn may be behind."""


class Hearing:
    """Puts an answer together. Its calls get ids of our own: some models leave theirs out or use one twice."""

    def __init__(self, call_prefix: str) -> None:
        self._call_prefix = call_prefix
        self._text: list[str] = []
        self._calls: list[ToolCall] = []
        self._unshown = ""
        self._usage = Usage(0, 0)
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

    def counted(self, turn: Turn, model: str) -> Turn:
        """The turn with the tokens and the time of this answer added."""
        return replace(
            turn,
            model=model,
            prompt_tokens=turn.prompt_tokens + self._usage.prompt_tokens,
            completion_tokens=turn.completion_tokens + self._usage.completion_tokens,
            cached_tokens=turn.cached_tokens + self._usage.cached_tokens,
            model_milliseconds=turn.model_milliseconds + round((time.monotonic() - self._began_at) * 1000),
        )
