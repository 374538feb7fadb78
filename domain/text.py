import re
from collections.abc import Callable
from unicodedata import category

from domain.errors import Invalid

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt."""
_BLANKS = "\u2800\U0001d159"
"""The braille pattern without dots and the null note head look like spaces, but their category is symbol."""
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"})
"""Controls, spaces, and marks, which are visible only on the letter before them. Symbols that are newer than Python's
tables have another category.
"""


class CharacterTable(dict[int, str]):
    """Says for `str.translate` what each character becomes. It works that out once, for as many as it keeps."""

    MAX_KEPT = 4_096

    def __init__(self, becomes: Callable[[str], str]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str:
        if len(self) >= self.MAX_KEPT:
            self.clear()
        self[code] = self._becomes(chr(code))
        return self[code]


def clean(field: str, value: str, *, longest: int, shortest: int = 0) -> str:
    """Returns `value` without surrounding white space. Raises `Invalid` if it has not `shortest` to `longest` code
    points. NUL and lone surrogates are refused, since neither PostgreSQL text nor UTF-8 can hold them. A text that may
    not be empty must have a visible character."""
    value = value.strip()
    if UNSTORABLE.search(value):
        raise Invalid.field(field, "must not contain NUL characters or lone surrogates")
    if len(value) < shortest:
        raise Invalid.field(field, "must not be empty" if shortest == 1 else f"must be at least {shortest} characters")
    if len(value) > longest:
        raise Invalid.field(field, f"must be at most {longest} characters")
    if shortest and not is_visible(value):
        raise Invalid.field(field, "must have something visible in it: a letter, a digit or a sign")
    return value


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def is_visible(value: str) -> bool:
    return any(map(_shows, value))


def _shows(character: str) -> bool:
    is_unseen = category(character) in _UNSEEN_CATEGORIES or character in _BLANKS
    return not is_unseen and not IGNORABLE.match(character)
