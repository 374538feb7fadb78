"""Compares names: "Büro", "buro" and "BÜRO" are the same name of a list or a tag.

Case and normal form are removed as by Unicode's `NFKC_Casefold` (UAX #44): `ß` becomes `ss`, `ς` becomes `σ`, and `ﬁ`
becomes `fi`. Accents are removed too: marks above, below and on letters, and the optional points of Hebrew and Arabic.
Marks that make another letter or syllable stay: the dots of `が`, the vowels of Devanagari, the tones of Thai.
"""

from unicodedata import category, combining, normalize

from domain.text import IGNORABLE, CharacterTable

ACCENTS = frozenset((1, *range(10, 37), *range(200, 241)))
"""Canonical combining classes: overlays, Semitic points, and marks around a letter (UAX #44, table 15)."""
LETTERS = {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
"""Letters with a stroke, and others that Unicode does not take apart, as keyboards without them spell them."""


def same_name_key(text: str) -> str:
    """Returns a key. Two names are the same if their keys are equal. Several spaces between words count as one."""
    words = without_accents(text).split() or without_case(text).split()
    return " ".join(words)


def without_case(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = normalize("NFKC", normalize("NFKD", text).casefold())
    return normalize("NFKC", IGNORABLE.sub("", folded).casefold())


def without_accents(text: str) -> str:
    """Removes case too, but accents first: a Greek vowel with an iota below it becomes two letters by case folding."""
    if text.isascii():
        return text.lower()
    return normalize("NFC", _unmarked(without_case(_unmarked(text)))).translate(_PLAIN_LETTERS)


def _is_accent(character: str) -> bool:
    return combining(character) in ACCENTS or category(character) == "Me"


_WITHOUT_ACCENTS = CharacterTable(lambda each: "" if _is_accent(each) else each)
_PLAIN_LETTERS = CharacterTable(lambda each: LETTERS.get(each, each))


def _unmarked(text: str) -> str:
    return normalize("NFKD", text).translate(_WITHOUT_ACCENTS)
