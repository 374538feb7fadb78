"""Separates a model's thoughts from its answer if both come as one text."""

import re

TAGS = ("<think>", "<thinking>", "<thought>")
_OPENING = re.compile(r"\s*<(think|thinking|thought)>", re.IGNORECASE)


class ThoughtFilter:
    """Splits a text into answer and thoughts. Only a tag before the first word of the answer opens a thought."""

    def __init__(self) -> None:
        self._held = ""
        self._closing = ""
        self._is_answering = False
        self._has_thought = False

    def take(self, text: str) -> tuple[str, str]:
        """Holds back the end of the text as long as it may be the beginning of a tag."""
        if self._is_answering:
            return text, ""
        self._held = (self._held + text).removeprefix("\ufeff")
        thoughts = ""
        while self._opens() or self._closing:
            thought, is_over = self._thought()
            thoughts += thought
            if not is_over:
                return "", thoughts
        return ("" if self._may_open() else self._answer()), thoughts

    def rest(self) -> tuple[str, str]:
        """Returns what was held back at the end of the text. A thought without an end tag is a thought."""
        held, self._held = self._held, ""
        return ("", held) if self._closing else (held, "")

    def _opens(self) -> bool:
        if self._closing or not (tag := _OPENING.match(self._held)):
            return False
        self._closing, self._held, self._has_thought = f"</{tag[1]}>", self._held[tag.end() :], True
        return True

    def _thought(self) -> tuple[str, bool]:
        thought, closing, after = self._held.partition(self._closing)
        if closing:
            self._closing, self._held = "", after
            return thought, True
        kept = _half(thought, self._closing)
        self._held = thought[len(thought) - kept :]
        return thought[: len(thought) - kept], False

    def _may_open(self) -> bool:
        begun = self._held.lstrip().lower()
        return any(tag.startswith(begun) for tag in TAGS)

    def _answer(self) -> str:
        self._is_answering = True
        held, self._held = self._held, ""
        return held.lstrip() if self._has_thought else held


def _half(text: str, tag: str) -> int:
    """Returns how many characters at the end of the text may begin the tag."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
