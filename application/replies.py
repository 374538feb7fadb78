"""What a finished turn answers a client that does not stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from domain.conversation import Answer, ToolResult, Turn


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
    results = {step.call_id: step.output for step in turn.steps if isinstance(step, ToolResult)}
    answers = turn.answers() or [Answer()]
    calls = [call for answer in answers for call in answer.calls if call.id in results]
    uses = [ToolUse(call.name, readable(call.arguments), results[call.id]) for call in calls]
    return Reply(answers[-1].text, uses, turn.conversation_id, turn.id, replayed)


def readable(arguments: str) -> Any:
    """The arguments as JSON values; as the text itself where the model wrote no JSON."""
    try:
        return msgspec.json.decode(arguments or "{}")
    except (msgspec.MsgspecError, RecursionError):
        return arguments
