"""What was done, a line a deed: all that this assistant can tell of turns it is no longer shown."""

from collections.abc import Iterator, Sequence

from adapters.language_models.builtin.seen import outcome
from adapters.language_models.builtin.sentence import one_line
from domain.conversation import Message, ToolResult


def digest(summary: str, messages: Sequence[Message], longest: int) -> str:
    """The newest deeds, as many as fit."""
    kept: list[str] = []
    for line in [*_deeds(messages)][::-1] + summary.splitlines()[::-1]:
        longest -= len(line) + 1
        if longest < 0:
            break
        kept.append(line)
    return "\n".join(kept[::-1])


def _deeds(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        if isinstance(message, ToolResult) and outcome(message.output).task():
            yield one_line(outcome(message.output).message)
