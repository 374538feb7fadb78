"""Fits the prompt into the context window of a model: instructions, tools, summary, earlier turns and the current one.

All of it stays within a budget of tokens. What does not fit is shortened for the model and stays complete in the
database. A model that is a program gets no instructions, its own turn complete, and the earlier turns that fit
completely.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import json

from application.chat.model.instructions import MAX_LENGTH
from application.chat.model.shortening import BYTES_PER_TOKEN, shorten_turn, truncate_middle
from application.ports import LanguageModel, Prompt, ToolDefinition
from application.tools.results import short_form
from domain.chat.messages import Message, ToolResult, UserMessage, tokens_of
from domain.chat.turn import Turn

MIN_KEPT_TURNS = 3
"""The newest earlier turns, which are shown regardless of their size."""
SHARE = 4
"""The earlier turns get at least a quarter of the room, and each of the `MIN_KEPT_TURNS` at least a quarter of that."""


MAX_RESULT_TOKENS = 700
"""The longest result of an earlier turn that a program reads: that of one or two tasks."""
MIN_ROOM = 1_000
"""Tokens that remain for the conversation, however many the instructions and tools use."""


@dataclass(frozen=True, slots=True)
class PriorTurns:
    """The turns before the current one, newest first, as messages of `tokens` in total. If `is_full`,
    `History.condense` is to be called."""

    summary: str
    turns: Sequence[Sequence[Message]]
    tokens: int
    is_full: bool


class ContextWindow:
    """`budget` is in tokens. `room` is what the instructions and tools leave of it."""

    def __init__(self, model: LanguageModel, definitions: Sequence[ToolDefinition], budget: int) -> None:
        self._model = model
        self._definitions = definitions
        self._fixed = json.encode(definitions).decode()
        left = budget - tokens_of([UserMessage("x" * MAX_LENGTH + self._fixed)])
        self.room = budget if model.is_program else max(left, MIN_ROOM)

    def sent(self, prompt: Prompt) -> list[Message]:
        """Returns all that a model reads of a prompt, instructions and tools too, to estimate what it used."""
        fixed = "" if self._model.is_program else prompt.instructions + self._fixed
        return [UserMessage(fixed), UserMessage(prompt.summary), *prompt.messages]

    def shown(self, turn: Turn) -> list[Message]:
        """Returns the turn as the model reads it: results of tools in their short form, but for a program."""
        return [each if self._model.is_program else _shown(each) for each in turn.messages()]

    def shown_before(self, turn: Turn) -> list[Message]:
        """Returns an earlier turn as the model reads it. A program gets no long results, since it has stored what it
        needs of a list with its answer."""
        return [_without_list(each) if self._model.is_program else _shown(each) for each in turn.messages()]

    def prompt(self, turn: Turn, prior: PriorTurns, instructions: str) -> Prompt:
        summary = truncate_middle(prior.summary, self.room // SHARE * BYTES_PER_TOKEN)
        room = self.room - tokens_of([UserMessage(summary)])
        return Prompt(instructions, self._messages(turn, prior, room), self._definitions, summary)

    def _messages(self, turn: Turn, prior: PriorTurns, room: int) -> list[Message]:
        own = self.shown(turn)
        earlier: Sequence[Sequence[Message]]
        if self._model.is_program:
            earlier = fit_turns(prior.turns, room - tokens_of(own[:1]), least=0)
        else:
            own, earlier = _together(own, prior, room)
        return [*(message for messages in earlier[::-1] for message in messages), *own]


def _shown(message: Message) -> Message:
    return replace(message, output=short_form(message.output)) if isinstance(message, ToolResult) else message


def _without_list(message: Message) -> Message:
    if not isinstance(message, ToolResult) or tokens_of([message]) <= MAX_RESULT_TOKENS:
        return message
    return replace(message, output={**message.output, "data": None})


def _together(own: list[Message], prior: PriorTurns, room: int) -> tuple[list[Message], Sequence[Sequence[Message]]]:
    if (size := tokens_of(own)) + prior.tokens <= room:
        return own, prior.turns
    allowed = room - min(prior.tokens, room // SHARE)
    own = shorten_turn(own, allowed) if size > allowed else own
    return own, fit_turns(prior.turns, room - tokens_of(own))


def fit_turns(turns: Sequence[Sequence[Message]], budget: int, least: int = MIN_KEPT_TURNS) -> list[Sequence[Message]]:
    """Takes the turns newest first. The `least` newest are shortened if they do not fit."""
    kept: list[Sequence[Message]] = []
    share = budget // SHARE
    for place, messages in enumerate(turns):
        allowed = budget - share * max(min(least, len(turns)) - place - 1, 0)
        if (size := tokens_of(messages)) > allowed and place < least:
            messages = shorten_turn(messages, allowed)
            size = tokens_of(messages)
        if size > budget:
            break
        kept.append(messages)
        budget -= size
    return kept
