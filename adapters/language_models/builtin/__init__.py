"""A language model that needs no key and no network. It understands everyday sentences about tasks.

It is deterministic and keeps no state between calls: what a conversation is about is stored with its answers, so any
server may continue any turn.
"""

import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from adapters.language_models.builtin.acting.lookup.seen import outcome
from adapters.language_models.builtin.acting.memory import SOURCE, as_data
from adapters.language_models.builtin.acting.replies import shortened
from adapters.language_models.builtin.dialogue import next_move
from application.ports import Finished, LanguageModel, Part, Prompt, TextDelta, Usage
from application.tasks.date_words import DateContext
from domain.chat.messages import Answer, Message, ProviderData, ToolCall, ToolResult, UserMessage

_WORD = re.compile(r"\s*\S+")
_CHARACTERS_PER_TOKEN = 4
_MAX_DEED_LENGTH = 300
"""The number of characters. Otherwise, one line with many tasks could leave no place for the others."""


class BuiltinAssistant(LanguageModel):
    is_program = True

    @property
    def name(self) -> str:
        return "builtin"

    async def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        yield TextDelta(digest(summary, messages, longest))
        yield Usage(_tokens(map(_text, messages)), 0)
        yield Finished("stop")

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        context = prompt.dates or DateContext(datetime.now(UTC).astimezone(ZoneInfo("Etc/UTC")))
        move, memory = next_move(prompt.messages, context, prompt.lists)
        parts: list[TextDelta] | list[ToolCall]
        if isinstance(move, str):
            parts = [TextDelta(word) for word in _WORD.findall(move)]
        else:
            parts = [
                ToolCall(f"call-{place}", call.name, msgspec.json.encode(call.arguments).decode())
                for place, call in enumerate(move, 1)
            ]
        for part in parts:
            yield part
        yield ProviderData(SOURCE, as_data(memory))
        yield Usage(_tokens(map(_text, prompt.messages)), _tokens(map(str, parts)))
        yield Finished("stop" if isinstance(move, str) else "tool_calls")


def digest(summary: str, messages: Sequence[Message], longest: int) -> str:
    """Lists what was done, one line for each deed, as many of the newest as fit. The assistant knows no more than this
    of turns that it is no longer shown."""
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


def _text(message: Message) -> str:
    match message:
        case UserMessage(text):
            return text
        case Answer(text, calls):
            return text + "".join(call.arguments for call in calls)
        case ToolResult():
            return str(message.output)


def _tokens(texts: Iterable[str]) -> int:
    """Estimates how many tokens the texts would be for a real model."""
    return sum(map(len, texts)) // _CHARACTERS_PER_TOKEN
