"""A turn is a message of the user with the steps that the assistant took to answer it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from domain.chat.approval import ApprovalDecision, ApprovalRequest
from domain.chat.messages import INTERRUPTED, Answer, Message, ToolCall, ToolResult, UserMessage, tokens_of

MAX_COMMENT_LENGTH = 1000
MAX_CLIENT_ID_LENGTH = 200
Step = Answer | ToolResult | ApprovalRequest | ApprovalDecision
Feedback = Literal["up", "down"]


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
        lapsed = self.lease_until is None or self.lease_until <= now
        return self.state is TurnState.FAILED or (self.state is TurnState.RUNNING and lapsed)

    def pending_calls(self) -> list[ToolCall]:
        results = {step.call_id for step in self.steps if isinstance(step, ToolResult)}
        return [call for answer in self.answers() for call in answer.calls if call.id not in results]

    def approval_of(self, call: ToolCall) -> ApprovalRequest | None:
        return next((each for each in self.approvals() if call.id in each.call_ids), None)

    def awaited(self) -> ApprovalRequest | None:
        return self.approvals()[-1] if self.state is TurnState.AWAITING_APPROVAL else None

    def approvals(self) -> list[ApprovalRequest]:
        return [step for step in self.steps if isinstance(step, ApprovalRequest)]

    def decision_on(self, request: ApprovalRequest) -> ApprovalDecision | None:
        decisions = [step for step in self.steps if isinstance(step, ApprovalDecision)]
        return next((each for each in reversed(decisions) if each.approval_id == request.id), None)

    def was_just_decided(self) -> bool:
        return bool(self.steps) and isinstance(self.steps[-1], ApprovalDecision)

    def steps_since_decision(self) -> Sequence[Step]:
        decided = [number for number, step in enumerate(self.steps, 1) if isinstance(step, ApprovalDecision)]
        return self.steps[decided[-1] if decided else 0 :]

    def calls_made(self) -> int:
        return sum(isinstance(step, ToolResult) for step in self.steps)

    def tool_steps(self) -> list[Step]:
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
    date: date
    model: str | None
    turns: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    model_milliseconds: int


def state_after(step: Step) -> TurnState:
    return TurnState.AWAITING_APPROVAL if isinstance(step, ApprovalRequest) else TurnState.DONE


def within_budget(turns: Iterable[Turn], budget: int) -> list[Turn]:
    """Returns the first turns that together fit `budget` tokens. Turns are kept or dropped whole."""
    kept: list[Turn] = []
    for turn in turns:
        budget -= turn.tokens()
        if budget < 0:
            break
        kept.append(turn)
    return kept


def _cut_off(call: ToolCall) -> ToolResult:
    return ToolResult(call.id, call.name, INTERRUPTED)
