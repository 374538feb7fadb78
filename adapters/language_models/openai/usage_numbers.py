from typing import Any

from domain.chat.messages import MAX_TOKENS_PER_ANSWER


def usage_of(usage: dict[str, Any]) -> tuple[int, int, int] | None:
    """Returns prompt, completion and cached tokens, or None if they are missing or can't be right."""
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if prompt is None and completion is None:
        return None
    counts = _count(prompt), _count(completion)
    if None in counts:
        return None
    return counts[0] or 0, counts[1] or 0, min(_cached(usage), counts[0] or 0)


def _cached(usage: dict[str, Any]) -> int:
    details = usage.get("prompt_tokens_details")
    inner = details.get("cached_tokens") if isinstance(details, dict) else None
    found = (inner, usage.get("prompt_cache_hit_tokens"), usage.get("cached_tokens"))
    return next((count for each in found if each is not None and (count := _count(each)) is not None), 0)


def _count(value: object) -> int | None:
    """Returns 0 for a missing count, and None for what is no count of tokens."""
    if value is None:
        return 0
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= MAX_TOKENS_PER_ANSWER and value == int(value) else None
