"""The reply of a finished turn for a client that does not stream."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from application.chat.turns.ends import CUT_SHORT
from domain.chat.approval import ApprovalDecision, ApprovalRequest, Decision, PlannedChange
from domain.chat.messages import Answer, ToolResult
from domain.chat.turn import Step, Turn, TurnState
from domain.errors import Unavailable
from domain.text import is_visible

STOPPED = "I was stopped before I could answer. What I had done until then stays done."


@dataclass(frozen=True, slots=True)
class ToolUse:
    tool_name: str
    parameters: Any
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """After `expires_at`, there can be no yes any more."""

    id: str
    state: Literal["pending"] | Decision
    question: str
    expires_at: datetime
    changes: Sequence[PlannedChange]
    total_changes: int


@dataclass(frozen=True, slots=True)
class Reply:
    """`replayed` is True if an earlier request already had this reply. `approval` is what the turn asked for last."""

    response: str
    tool_calls: Sequence[ToolUse]
    conversation_id: str
    message_id: str
    state: TurnState
    approval: ApprovalView | None
    replayed: bool = False


def reply_of(turn: Turn, *, replayed: bool = False) -> Reply:
    """The reply has what was said since the user's last decision."""
    text = _said(turn.steps_since_decision()) or (STOPPED if turn.state is TurnState.STOPPED else "")
    return Reply(text, tool_uses(turn), turn.conversation_id, turn.id, turn.state, approval_view(turn), replayed)


def approval_view(turn: Turn) -> ApprovalView | None:
    if not (requests := turn.approvals()):
        return None
    return approval_view_of(requests[-1], turn.decision_on(requests[-1]))


def approval_view_of(asked: ApprovalRequest, made: ApprovalDecision | None) -> ApprovalView:
    state: Literal["pending"] | Decision = made.decision if made else "pending"
    return ApprovalView(asked.id, state, asked.question, asked.expires_at, asked.changes, asked.total_changes)


def failure_of(turn: Turn) -> Unavailable:
    refusal = Unavailable(turn.error or CUT_SHORT)
    refusal.turn_id = turn.id
    return refusal


def reply_text(turn: Turn) -> str:
    return _said(turn.steps)


def _said(steps: Iterable[Step]) -> str:
    texts = [text for step in steps if (text := _text_of(step)) and is_visible(text)]
    return "\n\n".join(texts)


def _text_of(step: Step) -> str:
    match step:
        case Answer(text=text) | ApprovalRequest(question=text):
            return text
    return ""


def tool_uses(turn: Turn) -> list[ToolUse]:
    results = {step.call_id: step.output for step in turn.steps if isinstance(step, ToolResult)}
    calls = [call for answer in turn.answers() for call in answer.calls if call.id in results]
    return [ToolUse(call.name, parsed_arguments(call.arguments), results[call.id]) for call in calls]


def parsed_arguments(arguments: str) -> Any:
    """Returns the arguments as JSON values, or the text itself if the model did not write JSON."""
    try:
        return msgspec.json.decode(arguments or "{}")
    except (msgspec.MsgspecError, RecursionError):
        return arguments
