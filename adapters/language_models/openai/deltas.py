import json
import re
from collections.abc import Iterator
from typing import Any

from adapters.language_models.openai.call_assembly import KNOWN, Piece

INDEX = re.compile("[0-9]{1,9}")


def pieces_of(delta: dict[str, Any]) -> Iterator[Piece]:
    calls = delta.get("tool_calls") or []
    for call in calls if isinstance(calls, list) else [calls]:
        if isinstance(call, dict):
            yield _piece(call)
    if not calls and isinstance(old := delta.get("function_call"), dict):
        yield _piece({"function": old})


def _piece(call: dict[str, Any]) -> Piece:
    function = call.get("function")
    function = function if isinstance(function, dict) else call
    own = {name: value for name, value in call.items() if name not in KNOWN and value is not None}
    return Piece(
        _index(call.get("index")),
        string(call.get("id")),
        string(function.get("name")),
        _arguments(function.get("arguments")),
        own,
    )


def _index(value: object) -> int | None:
    """Returns the index as a number. Some servers send it as a text."""
    return int(value) if isinstance(value, int | str) and INDEX.fullmatch(str(value)) else None


def _arguments(value: object) -> str:
    """Returns the JSON text of the arguments. Some servers send them as an object."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def texts_of(content: object) -> tuple[str, str]:
    """Returns the answer and the thoughts in a content, which is a text or a list of typed parts."""
    if isinstance(content, str):
        return content, ""
    if isinstance(content, dict):
        inner = "".join(map(string, (content.get("text"), content.get("refusal"))))
        if "think" in (kind := string(content.get("type"))) or "reason" in kind:
            nested = (content.get(name) for name in ("thinking", "summary", "reasoning", "content"))
            return "", inner + "".join("".join(texts_of(each)) for each in nested)
        return inner, ""
    parts = [texts_of(part) for part in content] if isinstance(content, list) else []
    return "".join(text for text, _ in parts), "".join(thought for _, thought in parts)


def string(value: object) -> str:
    return value if isinstance(value, str) else ""
