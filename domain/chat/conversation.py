"""A conversation is turns; a turn is what the user said and the steps the assistant took to answer it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from json import JSONEncoder
from typing import Any, Literal

from domain.errors import Invalid
from domain.text import clean

DEFAULT_CONVERSATION = "default"
MAX_MESSAGE_LENGTH = 5000
MAX_CONVERSATION_TITLE_LENGTH = 200
MAX_GENERATED_TITLE_LENGTH = 60
"""Of a title that is made from the first message."""
MAX_COMMENT_LENGTH = 1000
MAX_CLIENT_ID_LENGTH = 200
MAX_TOKENS_PER_ANSWER = 20_000_000
"""Tokens that one answer can have used: more than any model takes or gives."""
CutOff = Literal["length", "content_filter"]
CONVERSATION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_json = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
INTERRUPTED = {"success": False, "message": "This call was cut off before it ran.", "data": None}


@dataclass(frozen=True, slots=True)
class UserMessage:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """`arguments` is the JSON text exactly as the model wrote it: it may be anything."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ProviderData:
    """What a provider gave with an answer and wants back with it, unchanged: thought signatures, reasoning.

    It is shown to nobody, and given back to its `source` only, which names a provider and a model.
    """

    source: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the model: text, tool calls, or both. `cut_off` says why its text ended before its end."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    provider_data: ProviderData | None = None
    cut_off: CutOff | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave back: `output` is `{success, message, data}` as plain JSON values."""

    call_id: str
    name: str
    output: dict[str, Any]


Step = Answer | ToolResult
Feedback = Literal["up", "down"]
Message = UserMessage | Answer | ToolResult


class TurnState(StrEnum):
    """A failed turn can be resumed, and a running one whose lease has lapsed; the others are over."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`updated_at` is its newest activity: a message, not another title.

    `summary` tells a model what was said in the turns up to number `summarized_until`, which it is no longer shown.
    """

    user_id: str
    id: str
    title: str | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    summary: str = ""
    summarized_until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`id` also names the assistant's message; `number` counts the turns of one conversation from 1.

    Who holds the `lease` may write to the turn until `lease_until`, and renews it meanwhile. `draft` is what the model
    has said of the answer it is giving now. `client_message_id` is how the client that sent the message calls it. A
    `hidden` turn is deleted or replaced: only its usage still counts. Tokens and time are of all its answers so far, as
    far as the `model`'s provider tells them.
    """

    user_id: str
    conversation_id: str
    id: str
    number: int = 0
    message: str
    client_message_id: str | None = None
    state: TurnState = TurnState.RUNNING
    created_at: datetime
    lease: str | None = None
    lease_until: datetime | None = None
    stop_requested: bool = False
    draft: str = ""
    error: str | None = None
    hidden: bool = False
    feedback: Feedback | None = None
    feedback_comment: str | None = None
    model: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    model_milliseconds: int = 0
    steps: tuple[Step, ...] = ()

    def is_shown_in(self, conversation_id: str) -> bool:
        return self.conversation_id == conversation_id and not self.hidden

    def is_resumable(self, now: datetime) -> bool:
        """Nobody works on it: it failed, or its server did not renew the lease."""
        lapsed = self.lease_until is None or self.lease_until <= now
        return self.state is TurnState.FAILED or (self.state is TurnState.RUNNING and lapsed)

    def pending_calls(self) -> list[ToolCall]:
        """What the model asked for and has no result of yet."""
        results = {step.call_id for step in self.steps if isinstance(step, ToolResult)}
        return [call for answer in self.answers() for call in answer.calls if call.id not in results]

    def calls_made(self) -> int:
        return sum(isinstance(step, ToolResult) for step in self.steps)

    def tool_steps(self) -> list[Step]:
        """The steps without what was only said."""
        return [step for step in self.steps if not (isinstance(step, Answer) and not step.calls)]

    def answers(self) -> list[Answer]:
        return [step for step in self.steps if isinstance(step, Answer)]

    def messages(self) -> Iterator[Message]:
        """The turn as a model reads it: a call that never got its result gets one that says so."""
        yield UserMessage(self.message)
        results = {step.call_id: step for step in self.steps if isinstance(step, ToolResult)}
        for step in self.steps:
            if isinstance(step, Answer):
                yield step
                yield from (results.get(call.id) or _cut_off(call) for call in step.calls)

    def tokens(self) -> int:
        return tokens_of(self.messages())


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUsage:
    """What one model did for a user on one day (UTC)."""

    date: date
    model: str | None
    turns: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    model_milliseconds: int


def clean_title(text: str) -> str:
    return clean("title", text, longest=MAX_CONVERSATION_TITLE_LENGTH, shortest=1)


def title_from(message: str) -> str:
    """Its first words, as many as fit; a word that is longer than a title is cut."""
    text = " ".join(message.split())
    if len(text) <= MAX_GENERATED_TITLE_LENGTH:
        return text
    return text[: MAX_GENERATED_TITLE_LENGTH + 1].rpartition(" ")[0] or text[:MAX_GENERATED_TITLE_LENGTH]


def clean_message(text: str) -> str:
    return clean("message", text, longest=MAX_MESSAGE_LENGTH, shortest=1)


def check_conversation_id(text: str) -> str:
    if not CONVERSATION_ID.fullmatch(text):
        raise Invalid.field("conversation_id", "must be 1 to 64 of A–Z, a–z, 0–9, _ and -")
    return text


def within_budget(turns: Iterable[Turn], budget: int) -> list[Turn]:
    """The first of them that together stay within `budget` tokens; turns are kept or dropped whole."""
    kept: list[Turn] = []
    for turn in turns:
        budget -= turn.tokens()
        if budget < 0:
            break
        kept.append(turn)
    return kept


def bounded_tokens(told: int) -> int:
    """What a provider tells may be below 0 or beyond what any column holds."""
    return min(max(told, 0), MAX_TOKENS_PER_ANSWER)


def tokens_of(messages: Iterable[Message]) -> int:
    """An estimate: models count about four characters of English, or three bytes of other text, as one."""
    return sum(map(_weight, messages)) // 3


def _cut_off(call: ToolCall) -> ToolResult:
    return ToolResult(call.id, call.name, INTERRUPTED)


def _weight(message: Message) -> int:
    match message:
        case UserMessage(text):
            return len(text.encode()) + 12
        case Answer(text, calls, provider_data):
            own = len(_json(provider_data.data).encode()) if provider_data else 0
            return len(text.encode()) + sum(len(call.arguments.encode()) + 60 for call in calls) + own + 12
        case ToolResult(_, _, output):
            return len(_json(output).encode()) + 60
