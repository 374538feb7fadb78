"""Lists what was done, one line for each deed. The assistant knows no more than this of turns that it is no longer
shown."""

from collections.abc import Iterator, Sequence

from adapters.language_models.builtin.acting.replies import shortened
from adapters.language_models.builtin.acting.seen import outcome
from domain.chat.conversation import Message, ToolResult

_MAX_DEED_LENGTH = 300
"""The number of characters. Otherwise, one line with many tasks could leave no place for the others."""


def digest(summary: str, messages: Sequence[Message], longest: int) -> str:
    """Returns the newest lines, as many as fit."""
    kept: list[str] = []
    for line in [*_deeds(messages)][::-1] + summary.splitlines()[::-1]:
        longest -= len(line) + 1
        if longest < 0:
            break
        kept.append(line)
    return "\n".join(kept[::-1])


def _deeds(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        if isinstance(message, ToolResult) and message.name != "list_tasks" and outcome(message.output).tasks():
            yield shortened(outcome(message.output).message, _MAX_DEED_LENGTH)
