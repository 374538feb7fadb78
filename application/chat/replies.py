"""What a finished turn answers a client that does not stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from application.chat.turns.ends import CUT_SHORT
from domain.chat.conversation import ToolResult, Turn, TurnState
from domain.errors import Unavailable
from domain.text import is_visible

STOPPED = "I was stopped before I could answer. What I had done until then stays done."


@dataclass(frozen=True, slots=True)
class ToolUse:
    tool_name: str
    parameters: Any
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """`replayed`: an earlier request had it already."""

    response: str
    tool_calls: Sequence[ToolUse]
    conversation_id: str
    message_id: str
    replayed: bool = False


def reply_of(turn: Turn, *, replayed: bool = False) -> Reply:
    """A turn that was stopped before anything was said says so."""
    text = reply_text(turn) or (STOPPED if turn.state is TurnState.STOPPED else "")
    return Reply(text, tool_uses(turn), turn.conversation_id, turn.id, replayed)


def failure_of(turn: Turn) -> Unavailable:
    """What a turn that failed is answered with; it may be resumed."""
    refusal = Unavailable(turn.error or CUT_SHORT)
    refusal.turn_id = turn.id
    return refusal


def reply_text(turn: Turn) -> str:
    """All that the assistant said, in order: before its tools ran, and after."""
    return "\n\n".join(answer.text for answer in turn.answers() if is_visible(answer.text))


def tool_uses(turn: Turn) -> list[ToolUse]:
    results = {step.call_id: step.output for step in turn.steps if isinstance(step, ToolResult)}
    calls = [call for answer in turn.answers() for call in answer.calls if call.id in results]
    return [ToolUse(call.name, parsed_arguments(call.arguments), results[call.id]) for call in calls]


def parsed_arguments(arguments: str) -> Any:
    """The arguments as JSON values; as the text itself where the model wrote no JSON."""
    try:
        return msgspec.json.decode(arguments or "{}")
    except (msgspec.MsgspecError, RecursionError):
        return arguments
