"""Conversations. A conversation has turns, and a turn is a message of the user with the steps that the assistant took
to answer it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from json import JSONEncoder
from typing import Any, Literal

from domain.chat.approval import ApprovalDecision, ApprovalRequest
from domain.errors import Invalid
from domain.text import clean

DEFAULT_CONVERSATION = "default"
MAX_MESSAGE_LENGTH = 5000
MAX_CONVERSATION_TITLE_LENGTH = 200
MAX_GENERATED_TITLE_LENGTH = 60
"""The longest title that is made from the first message."""
MAX_COMMENT_LENGTH = 1000
MAX_CLIENT_ID_LENGTH = 200
MAX_TOKENS_PER_ANSWER = 20_000_000
"""More tokens than any model reads or writes for one answer."""
CutOff = Literal["length", "content_filter"]
CONVERSATION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_json = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
INTERRUPTED = {"success": False, "message": "This call was cut off before it ran.", "data": None}


@dataclass(frozen=True, slots=True)
class UserMessage:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call of the model. `arguments` is the text exactly as the model wrote it, which may not be JSON."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ProviderData:
    """Data that a provider sent with an answer and wants back unchanged, such as thought signatures.

    It is never shown, and is sent back to its `source` only, which names a provider and a model.
    """

    source: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the model with text, tool calls or both. `cut_off` is the reason if the text is not complete."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    provider_data: ProviderData | None = None
    cut_off: CutOff | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of a tool. `output` is `{success, message, data}` as plain JSON values."""

    call_id: str
    name: str
    output: dict[str, Any]


Step = Answer | ToolResult | ApprovalRequest | ApprovalDecision
Feedback = Literal["up", "down"]
Message = UserMessage | Answer | ToolResult


class TurnState(StrEnum):
    """The state of a turn. A failed turn can be resumed, and so can a running one whose lease has expired. One that
    awaits an approval runs on after the user's decision. The other states are final.
    """

    RUNNING = "running"
    AWAITING_APPROVAL = "awaiting_approval"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`updated_at` is the time of the last message. A new title does not change it.

    `summary` replaces the turns up to number `summarized_until` for the model.
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
    """`id` is also the id of the assistant's message. `number` counts the turns of one conversation from 1.

    The holder of the `lease` may write to the turn until `lease_until`, and renews the lease in time. `draft` is the
    text so far of the answer that the model is giving. `client_message_id` is the client's own id of the user's
    message. A `hidden` turn is deleted or replaced, and only its usage counts. Tokens and milliseconds are sums over
    all answers, as far as the provider of `model` reports them.
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
        """Returns whether the turn may be resumed, because it failed or its server did not renew the lease."""
        lapsed = self.lease_until is None or self.lease_until <= now
        return self.state is TurnState.FAILED or (self.state is TurnState.RUNNING and lapsed)

    def pending_calls(self) -> list[ToolCall]:
        """Returns the tool calls that have no result yet."""
        results = {step.call_id for step in self.steps if isinstance(step, ToolResult)}
        return [call for answer in self.answers() for call in answer.calls if call.id not in results]

    def approval_of(self, call: ToolCall) -> ApprovalRequest | None:
        """Returns the request that covers the call."""
        return next((each for each in self.approvals() if call.id in each.call_ids), None)

    def awaited(self) -> ApprovalRequest | None:
        """Returns the request that the turn awaits an answer to, or None if it awaits none."""
        return self.approvals()[-1] if self.state is TurnState.AWAITING_APPROVAL else None

    def approvals(self) -> list[ApprovalRequest]:
        return [step for step in self.steps if isinstance(step, ApprovalRequest)]

    def decision_on(self, request: ApprovalRequest) -> ApprovalDecision | None:
        """Returns the last decision on the request, or None while the user was not heard."""
        decisions = [step for step in self.steps if isinstance(step, ApprovalDecision)]
        return next((each for each in reversed(decisions) if each.approval_id == request.id), None)

    def was_just_decided(self) -> bool:
        return bool(self.steps) and isinstance(self.steps[-1], ApprovalDecision)

    def steps_since_decision(self) -> Sequence[Step]:
        """Returns the steps after the user's last decision, or all steps if there was none."""
        decided = [number for number, step in enumerate(self.steps, 1) if isinstance(step, ApprovalDecision)]
        return self.steps[decided[-1] if decided else 0 :]

    def calls_made(self) -> int:
        return sum(isinstance(step, ToolResult) for step in self.steps)

    def tool_steps(self) -> list[Step]:
        """Returns the calls of tools with their results."""
        kept = (step for step in self.steps if isinstance(step, Answer | ToolResult))
        return [step for step in kept if isinstance(step, ToolResult) or step.calls]

    def answers(self) -> list[Answer]:
        return [step for step in self.steps if isinstance(step, Answer)]

    def messages(self) -> Iterator[Message]:
        """Yields the turn as a model reads it. A call without a result gets one that says that it was cut off."""
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
    """The usage of one model by a user on one day (UTC)."""

    date: date
    model: str | None
    turns: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    model_milliseconds: int


def state_after(step: Step) -> TurnState:
    """Returns the state of a turn that this step ends, or holds up."""
    return TurnState.AWAITING_APPROVAL if isinstance(step, ApprovalRequest) else TurnState.DONE


def clean_title(text: str) -> str:
    return clean("title", text, longest=MAX_CONVERSATION_TITLE_LENGTH, shortest=1)


def title_from(message: str) -> str:
    """Returns the first words of the message, as many as fit. A single word that is too long is cut."""
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
    """Returns the first turns that together fit `budget` tokens. Turns are kept or dropped whole."""
    kept: list[Turn] = []
    for turn in turns:
        budget -= turn.tokens()
        if budget < 0:
            break
        kept.append(turn)
    return kept


def bounded_tokens(told: int) -> int:
    """Returns the number, or the nearest one between 0 and `MAX_TOKENS_PER_ANSWER`. Some providers report numbers
    outside of these bounds."""
    return min(max(told, 0), MAX_TOKENS_PER_ANSWER)


def tokens_of(messages: Iterable[Message]) -> int:
    """Returns an estimate: about four characters of English, or three bytes of other text, are one token."""
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
