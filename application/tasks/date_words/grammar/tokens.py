"""Splits a text into words, numbers and signs. A text in quotes becomes one sign without a meaning, and so does the
rest of a long text."""

import re
from typing import NamedTuple

from application.tasks.date_words.grammar.vocabulary import SPELLINGS

QUOTED, UNREAD = "\0", "\1"
MAX_READ = 1_000
"""Characters of a text that are read, twice what a title may have: it bounds what a hostile text costs."""
_TOKEN = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?(?:\[[^\s\]]*\])?)?"  # 2026-12-24, 2026-12-24T09:00
    r"|\d{1,4}/\d{1,2}(?:/\d{1,4})?"  # 12/24, 24/12/2026, 2026/12/24
    r"|\d{1,2}\.\d{1,2}(?:\.(?:\d{4}|\d\d)?)?(?!\d)"  # 3.12, 24.12., 24.12.2026
    r"|\d{1,2}:\d\d(?!\d)"
    r"|\d{1,2}h\d\d(?![^\W_])"  # 14h30
    r"|(?:2(?:day|moro|morrow|mrw|nite|night)|b4)\b"
    r"|\d+(?:st|nd|rd|th)\b"
    r"|\d+"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*"
    r"|\S",
    re.IGNORECASE,
)
_QUOTES = re.compile(
    r'"[^"]*"|“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|`[^`]*`'
    r"|(?<!\w)'(?:[^']|'(?=\w)){1,200}'(?!\w)|(?<!\w)‘(?:[^‘’]|’(?=\w)){1,200}’(?!\w)"
)
"""Each way of quoting ends before it would begin again, or is short, so that a search from every mark stays fast."""


class Token(NamedTuple):
    """`word` is in lower case; `start` and `end` count code points."""

    word: str
    start: int
    end: int
    is_capital: bool

    @property
    def key(self) -> str:
        """Returns the key of the token in the tables of phrases. All numbers have the same key."""
        return "0" if "0" <= self.word[0] <= "9" else self.word


def tokenized(text: str) -> list[Token]:
    tokens: list[Token] = []
    at, last = 0, _end_of_reading(text)
    for start, end in quoted_spans(text):
        if start >= last:
            break
        tokens += _tokens(text, at, start)
        tokens.append(Token(QUOTED, start, end, is_capital=False))
        at = end
    tokens += _tokens(text, at, last)
    if max(at, last) < len(text):
        tokens.append(Token(UNREAD, max(at, last), len(text), is_capital=False))
    return tokens


def _end_of_reading(text: str) -> int:
    if len(text) <= MAX_READ:
        return len(text)
    space = text.rfind(" ", 0, MAX_READ + 1)
    return space if space > 0 else MAX_READ


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Returns the spans of quoted text. A quotation mark without a closing one is read as any other sign."""
    return [match.span() for match in _QUOTES.finditer(text)]


def _tokens(text: str, start: int, end: int) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text, start, end):
        word = match[0].lower().replace("’", "'")
        found.append(Token(SPELLINGS.get(word, word), match.start(), match.end(), match[0][0].isupper()))
    return found
