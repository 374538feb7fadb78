"""Splits the text of a filter into words and signs, from left to right, as its parser asks for them."""

import re
from typing import NoReturn

from domain.errors import FilterError

MAX_FOUND_LENGTH = 40
COMMA_EXPECTED = '| for "or", or quotes around a text with a comma in it'
COMMA_EXAMPLE = '#Work | #"Home, garden"'
ONLY_ESCAPES = "In quotes, a backslash stands before a quote or another backslash"
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r'[^\s&|(),:!"#@]*')
_BARE = re.compile(r"[^&|(),]*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\["\\])*')
_ESCAPE = re.compile(r"\\(.)")


class Scanner:
    """Scans a text. `at` is its position, in code points."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def next_at(self) -> int:
        self._matched(_SPACE)
        return self.at

    def is_at_end(self) -> bool:
        return self.next_at() == len(self.text)

    def takes(self, sign: str) -> bool:
        found = self.text.startswith(sign, self.next_at())
        self.at += len(sign) * found
        return found

    def word(self) -> str:
        """Skips the next word and returns it in lower case. Returns "" if a sign or the end is next."""
        self.next_at()
        found = self._matched(_WORD)
        return found.lower() if found.isascii() else found

    def value(self, expected: str, example: str) -> str:
        """Skips a text, with or without quotes, and returns it trimmed. Raises `FilterError` if there is none."""
        begin = self.next_at()
        found = self._quoted() if self.text.startswith('"', begin) else self._matched(_BARE)
        if not found.strip():
            self.fail(begin, expected, example)
        return found.strip()

    def fail(self, at: int, expected: str, example: str, problem: str = "") -> NoReturn:
        """Without `problem`, the message says that something else stands where `expected` should stand."""
        if not problem and self.text.startswith(",", at):
            expected, example, problem = COMMA_EXPECTED, COMMA_EXAMPLE, "A comma joins no terms"
        problem = problem or self._found(at)
        place = f"at character {at + 1}" if at < len(self.text) else "at the end"
        raise FilterError(f"{problem} ({place}). Expected {expected}. Example: {example}", at, expected, example)

    def _quoted(self) -> str:
        begin = self.at
        self._matched(_QUOTED)
        if self.at == len(self.text):
            self.fail(self.at, 'a closing "', '#"Home stuff"', f"The quote at character {begin + 1} is not closed")
        if self.text[self.at] == "\\":
            self.fail(self.at, r"\" or \\", r'search: "a 5\" disk"', ONLY_ESCAPES)
        self.at += 1
        return _ESCAPE.sub(r"\1", self.text[begin + 1 : self.at - 1])

    def _found(self, at: int) -> str:
        if at == len(self.text):
            return "The filter ends too early" if self.text.strip() else "The filter is empty"
        word = _WORD.match(self.text, at)
        found = (word and word[0]) or self.text[at]
        shown = found if len(found) <= MAX_FOUND_LENGTH else f"{found[:MAX_FOUND_LENGTH]}…"
        return f"“{shown}” is not understood here"

    def _matched(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        assert match is not None, "each pattern matches the empty text, or is known to begin here"
        self.at = match.end()
        return match[0]
