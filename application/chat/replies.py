"""The reply of a finished turn for a client that does not stream."""

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
    """`replayed` is True if an earlier request already had this reply."""

    response: str
    tool_calls: Sequence[ToolUse]
    conversation_id: str
    message_id: str
    replayed: bool = False


def reply_of(turn: Turn, *, replayed: bool = False) -> Reply:
    """Returns the reply. The text says so if the turn was stopped before anything was said."""
    text = reply_text(turn) or (STOPPED if turn.state is TurnState.STOPPED else "")
    return Reply(text, tool_uses(turn), turn.conversation_id, turn.id, replayed)


def failure_of(turn: Turn) -> Unavailable:
    """Returns the error of a failed turn, which may be resumed."""
    refusal = Unavailable(turn.error or CUT_SHORT)
    refusal.turn_id = turn.id
    return refusal


def reply_text(turn: Turn) -> str:
    """Returns all that the assistant said, before and after its tools ran."""
    return "\n\n".join(answer.text for answer in turn.answers() if is_visible(answer.text))


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
