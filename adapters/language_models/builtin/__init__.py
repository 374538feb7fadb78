"""A language model that needs no key and no network. It understands everyday sentences about tasks.

It is deterministic and keeps no state between calls, so any server may continue any turn.
"""

import re
from collections.abc import AsyncGenerator, Iterable, Sequence

import msgspec

from adapters.language_models.builtin.acting.scene import Round
from adapters.language_models.builtin.talking.dialogue import Ending, next_move
from adapters.language_models.builtin.talking.digest import digest
from application.ports import Finished, LanguageModel, Part, Prompt, TextDelta, Usage
from domain.chat.conversation import Answer, Message, ToolCall, ToolResult, UserMessage

_WORD = re.compile(r"\s*\S+")
_CHARACTERS_PER_TOKEN = 4


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
        parts = _parts(next_move(prompt.messages))
        for part in parts:
            yield part
        yield Usage(_tokens(map(_text, prompt.messages)), _tokens(map(str, parts)))
        yield Finished("tool_calls" if any(isinstance(part, ToolCall) for part in parts) else "stop")


def _parts(move: Round | Ending) -> list[TextDelta] | list[ToolCall]:
    if isinstance(move, Ending):
        return [TextDelta(word) for word in _WORD.findall(move.text)]
    return [
        ToolCall(f"call-{place}", call.name, msgspec.json.encode(call.arguments).decode())
        for place, call in enumerate(move, 1)
    ]


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
