"""Data that a provider sends with an answer and wants back. They are stored as they came, for the same provider and
model.

Gemini answers 400 to a call without its `thought_signature` (livekit/agents#4767), DeepSeek and Kimi to a tool turn
without its `reasoning_content` (MoonshotAI/kimi-cli#2141). LiteLLM writes signatures into the ids of calls
(BerriAI/litellm#16895).
"""

import json
from typing import Any

from adapters.language_models.openai.call_assembly import Call
from domain.chat.messages import Answer

REASONING = ("reasoning_content", "reasoning")
LISTS = ("reasoning_details", "thinking_blocks")
OBJECTS = ("extra_content", "provider_specific_fields")
GROWING = ("text", "thinking", "summary")
"""Fields of a block that come in parts."""
MAX_ORDINARY_ID_LENGTH = 40
"""Characters of a call's id at OpenAI. A longer id contains data that its provider wants back."""
NOT_EMPTY = "."
"""Stands for missing reasoning if some is required. An empty text would be refused."""


class ProviderFields:
    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._blocks: dict[str, list[dict[str, Any]]] = {}
        self._objects: dict[str, dict[str, Any]] = {}
        self.size = 0
        """Characters of what is kept, without the texts."""

    def take(self, delta: dict[str, Any]) -> str:
        """Keeps the provider's own fields of the delta, and returns the thoughts in it."""
        for name in LISTS:
            if isinstance(blocks := delta.get(name), list):
                _merge(self._blocks.setdefault(name, []), self._sized(blocks))
        for name in OBJECTS:
            if isinstance(value := delta.get(name), dict):
                self._objects.setdefault(name, {}).update(self._sized(value))
        texts = {name: text for name in REASONING if isinstance(text := delta.get(name), str)}
        for name, text in texts.items():
            self._texts.setdefault(name, []).append(text)
        return max(texts.values(), key=len, default="")

    def data(self, calls: list[Call]) -> dict[str, Any]:
        message: dict[str, Any] = {name: "".join(parts) for name, parts in self._texts.items()}
        message = {name: text for name, text in message.items() if text or calls}
        message |= {name: value for name, value in {**self._blocks, **self._objects}.items() if value}
        own = [call.own | ({"id": call.id} if len(call.id) > MAX_ORDINARY_ID_LENGTH else {}) for call in calls]
        kept = ({"message": message} if message else {}) | ({"calls": own} if any(own) else {})
        stored: dict[str, Any] = _storable_values(kept)
        return stored

    def _sized(self, value: Any) -> Any:
        self.size += len(json.dumps(value))
        return value


def fields_for(answer: Answer, source: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Returns the fields of the message and of each call that this source sent with the answer."""
    data = answer.provider_data
    if data is None or data.source != source:
        return {}, [{} for _ in answer.calls]
    own = data.data.get("calls") or [{} for _ in answer.calls]
    return data.data.get("message", {}), own


def with_reasoning(messages: list[dict[str, Any]], name: str | None = None) -> list[dict[str, Any]]:
    """Adds reasoning to answers with tool calls if one of the messages has any, or in any case if `name` is given."""
    found = name or next((each for each in REASONING for message in messages if message.get(each)), None)
    if found is None:
        return messages
    return [_with_reasoning(message, found) if "tool_calls" in message else message for message in messages]


def _with_reasoning(message: dict[str, Any], name: str) -> dict[str, Any]:
    return message if any(message.get(each) for each in REASONING) else {**message, name: NOT_EMPTY}


def storable(text: str) -> str:
    """Replaces NUL and lone surrogates, which JSON may contain and PostgreSQL can't store."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _storable_values(value: Any) -> Any:
    """Converts numbers of more than 64 bits to texts too, since they can't be stored."""
    if isinstance(value, int) and abs(value) >= 2**63:
        return str(value)
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable_values(each) for each in value]
    if isinstance(value, dict):
        return {storable(name): _storable_values(each) for name, each in value.items()}
    return value


def _merge(kept: list[dict[str, Any]], blocks: list[Any]) -> None:
    """Joins the pieces of a block, which follow each other. A signature ends the block."""
    for block in blocks:
        if not isinstance(block, dict):
            continue
        if kept and not kept[-1].get("signature") and _key(kept[-1]) == _key(block):
            kept[-1] = kept[-1] | _grown(kept[-1], block)
        else:
            kept.append(block)


def _key(block: dict[str, Any]) -> tuple[Any, Any]:
    return block.get("type"), block.get("index")


def _grown(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    grown = {name: (old.get(name) or "") + new[name] for name in GROWING if isinstance(new.get(name), str)}
    return {name: value for name, value in new.items() if value is not None} | grown
