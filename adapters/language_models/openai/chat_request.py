import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.language_models.openai.call_assembly import is_object
from adapters.language_models.openai.provider_fields import fields_for, with_reasoning
from adapters.language_models.summaries import instructions
from application.ports import Prompt, ToolDefinition
from domain.chat.messages import Answer, ToolCall, ToolResult, UserMessage


def messages(prompt: Prompt, source: str = "") -> list[dict[str, Any]]:
    """Returns the messages of the request. An answer may contain fields of its provider's own; they are sent back only
    if the provider is `source`."""
    return with_reasoning([{"role": "system", "content": instructions(prompt)}, *_history(prompt, source)])


def tool(definition: ToolDefinition) -> dict[str, Any]:
    function = {"name": definition.name, "description": definition.description, "parameters": definition.parameters}
    return {"type": "function", "function": function}


def _history(prompt: Prompt, source: str) -> Iterator[dict[str, Any]]:
    ids = _ids(prompt, source)
    for message in prompt.messages:
        match message:
            case UserMessage(text):
                yield {"role": "user", "content": text}
            case Answer(text, ()):
                yield fields_for(message, source)[0] | {"role": "assistant", "content": text}
            case Answer(text, calls):
                fields, own = fields_for(message, source)
                sent = [_sent(call, ids[call.id], each) for call, each in zip(calls, own, strict=False)]
                yield fields | {"role": "assistant", "content": text or None, "tool_calls": sent}
            case ToolResult(call_id, _, output):
                yield {"role": "tool", "tool_call_id": ids[call_id], "content": msgspec.json.encode(output).decode()}


def _ids(prompt: Prompt, source: str) -> dict[str, str]:
    """Numbers the calls anew, since OpenAI accepts ids of at most 40 characters, and Mistral only 9 letters and digits.
    An id that its provider wants back is kept, unless two calls have it."""
    ids: defaultdict[str, str] = defaultdict(lambda: f"call{len(ids):05}")
    answers = (message for message in prompt.messages if isinstance(message, Answer) and message.provider_data)
    own = [
        (call.id, fields["id"])
        for answer in answers
        for call, fields in zip(answer.calls, fields_for(answer, source)[1], strict=False)
        if "id" in fields
    ]
    times = Counter(given for _, given in own)
    ids.update((call_id, given) for call_id, given in own if times[given] == 1)
    return ids


def _sent(call: ToolCall, call_id: str, own: dict[str, Any]) -> dict[str, Any]:
    """Corrects what servers would refuse, as they would refuse every later turn of the conversation too."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "_", call.name)[:64] or "unnamed"
    arguments = call.arguments if is_object(call.arguments) else "{}"
    return own | {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
