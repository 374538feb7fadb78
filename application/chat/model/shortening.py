"""Shortens messages that do not fit the context of a model. The stored messages stay complete."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from msgspec import json

from application.validation import DECODE_ERRORS
from domain.chat.messages import Answer, Message, ToolCall, ToolResult, UserMessage, tokens_of

BYTES_PER_TOKEN = 3
OVERHEAD_TOKENS = 20
"""The tokens of a message without its text, as `tokens_of` counts them."""
MIN_TEXT_BYTES = 40
MAX_TEXT_BYTES = 200
"""The bytes to which each text of a tool result is cut, before list entries are left out."""
GAP = " […left out here to save room…] "
PARTLY = (
    "{message} (You are shown a part of this, to save room: long texts are cut{lists}. "
    "Call again for less at once, one task or the next page, to see the rest.)"
)
LISTS = ", and of each list only the first {entries} are here"
NO_DATA = " (Left out here to save room. Call again for less at once to see it.)"


def shorten_turn(messages: Sequence[Message], budget: int) -> list[Message]:
    """Returns the messages of one turn in about `budget` tokens. The longest are cut to a common length, the user's
    message last. If that does not suffice, the oldest tool calls are left out with their results."""
    question, *rest = messages
    question = shorten_message(question, budget // 2)
    left = budget - tokens_of([question])
    sizes = [tokens_of([message]) for message in rest]
    most = common_limit(sizes, left)
    cut = [
        shorten_message(message, most) if size > most else message for message, size in zip(rest, sizes, strict=True)
    ]
    return [question, *(cut if tokens_of(cut) <= left else _newest(cut, left))]


def common_limit(sizes: Sequence[int], budget: int) -> int:
    """Returns the length to which the longest must be cut so that all fit the budget."""
    for place, size in enumerate(ordered := sorted(sizes)):
        if size * (len(ordered) - place) > budget:
            return max(budget, 0) // (len(ordered) - place)
        budget -= size
    return max(sizes, default=0)


def shorten_message(message: Message, tokens: int) -> Message:
    most = max((tokens - OVERHEAD_TOKENS) * BYTES_PER_TOKEN, MIN_TEXT_BYTES)
    match message:
        case UserMessage(text):
            return UserMessage(truncate_middle(text, most))
        case Answer(text, calls):
            each = most // (len(calls) + 1)
            return replace(
                message, text=truncate_middle(text, each), calls=tuple(_shortened_call(call, each) for call in calls)
            )
        case ToolResult(_, _, output):
            return replace(message, output=_result(output, most))


def _newest(messages: Sequence[Message], budget: int) -> list[Message]:
    answers = [message for message in messages if isinstance(message, Answer)]
    calls = {call.id: tokens_of([Answer(calls=(call,))]) for answer in answers for call in answer.calls}
    budget -= tokens_of([replace(answer, calls=()) for answer in answers])
    kept: set[str] = set()
    for message in reversed(messages):
        if isinstance(message, ToolResult):
            budget -= tokens_of([message]) + calls[message.call_id]
            if budget < 0:
                break
            kept.add(message.call_id)
    rest = (_of(message, kept) for message in messages)
    return [message for message in rest if message is not None]


def _of(message: Message, kept: set[str]) -> Message | None:
    """Returns None if nothing is kept. Provider data belongs to all calls of an answer, so it is dropped if one is
    missing."""
    match message:
        case ToolResult(call_id):
            return message if call_id in kept else None
        case Answer(_, calls) if not kept.issuperset(call.id for call in calls):
            left = tuple(call for call in calls if call.id in kept)
            return replace(message, calls=left, provider_data=None) if left else None
    return message


def _result(output: dict[str, Any], most: int) -> dict[str, Any]:
    """Returns the first list entries that fit, with long texts cut, or no data if not even one fits."""
    message, whole = truncate_middle(str(output.get("message", "")), MAX_TEXT_BYTES), _entries(output)
    entries, longest = whole, max(MAX_TEXT_BYTES, most // (2 * whole))
    while entries:
        lists = LISTS.format(entries=entries) if entries < whole else ""
        data = _pruned(output.get("data"), entries, longest)
        cut = {**output, "message": PARTLY.format(message=message, lists=lists), "data": data}
        size = len(json.encode(cut))
        if size <= most:
            return cut
        entries = min(entries - 1, entries * most // size)
    text = truncate_middle(message, max(most - len(NO_DATA), MIN_TEXT_BYTES))
    return {"success": output.get("success"), "message": text + NO_DATA * (most > 3 * len(NO_DATA)), "data": None}


def _entries(value: Any) -> int:
    match value:
        case dict():
            return max(map(_entries, value.values()), default=1)
        case list():
            return max(len(value), *map(_entries, value), 1)
    return 1


def _pruned(value: Any, entries: int, longest: int) -> Any:
    match value:
        case str():
            return truncate_middle(value, longest)
        case dict():
            return {name: _pruned(each, entries, longest) for name, each in value.items()}
        case list():
            return [_pruned(each, entries, longest) for each in value[:entries]]
    return value


def _shortened_call(call: ToolCall, most: int) -> ToolCall:
    """Returns the call with arguments that are still JSON: their texts are cut, or all are left out."""
    if len(call.arguments.encode()) <= most:
        return call
    try:
        text = json.encode(_pruned(json.decode(call.arguments), 1, MAX_TEXT_BYTES)).decode()
    except DECODE_ERRORS:
        return replace(call, arguments="{}")
    return replace(call, arguments=text if len(text) <= most else "{}")


def truncate_middle(text: str, most: int) -> str:
    whole = text.encode()
    if len(whole) <= most:
        return text
    half = max(most - len(GAP.encode()), 0) // 2
    return whole[:half].decode(errors="ignore") + GAP + whole[len(whole) - half :].decode(errors="ignore")
