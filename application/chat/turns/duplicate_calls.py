"""Duplicate writes: some models send a call twice under two ids, and some forget that they made a call. A write that
succeeded in this turn is not repeated at once. The model gets a hint, and can repeat the call in a later answer if that
is intended. If the user's own words ask for several, every call runs."""

import re
from typing import Any

from msgspec import json

from application.tools.results import ToolOutput
from application.validation import DECODE_ERRORS
from domain.chat.messages import ToolCall, ToolResult
from domain.chat.turn import Turn

HINT = (
    "Not done again: this turn did the very same already. Where the user wants it once more, call again in your next "
    "answer; where not, tell them what is done."
)
SEVERAL = re.compile(
    r"\b(?:times|twice|thrice|fois|veces|volte|vezes|keer|gånger|razy|kez|раза?)\b|\d ?[x×]|[x×] ?\d"
    r"|(?:zwei|drei|vier|fünf|sechs|\d) ?mal\b|[二两兩三四五六七八九十\d] ?[次回遍번]",
    re.IGNORECASE,
)
"""Words for "times" in a user's message. In other languages the hint asks the model."""


def duplicate_hint(turn: Turn, call: ToolCall) -> ToolOutput | None:
    """Returns the hint that replaces the result of a duplicate write, or None if the call is to run."""
    same = {each.id for answer in turn.answers() for each in answer.calls if _is_same(each, call)} - {call.id}
    results = [step for step in turn.steps if isinstance(step, ToolResult) and step.call_id in same]
    done = sum(bool(result.output.get("success")) and not is_hint(result) for result in results)
    if not done or SEVERAL.search(turn.message):
        return None
    together = {each.id for answer in turn.answers() if call in answer.calls for each in answer.calls}
    refused_before = sum(is_hint(result) and result.call_id not in together for result in results)
    return None if refused_before >= done else ToolOutput(True, HINT)


def is_hint(result: ToolResult) -> bool:
    return result.output.get("message") == HINT


def _is_same(one: ToolCall, other: ToolCall) -> bool:
    return one.name == other.name and _read(one.arguments) == _read(other.arguments)


def _read(arguments: str) -> Any:
    try:
        return json.decode(arguments or "{}")
    except DECODE_ERRORS:
        return arguments
