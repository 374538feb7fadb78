"""Splits texts into the words by which search finds them. The searched text and the words of a search are split alike.
A word is a run of letters, digits and their marks. In scripts without spaces, and for signs such as emoji, each
character is a word. A phrase says which of those characters follow each other."""

import re
from unicodedata import category

from domain.tasks.words.names import without_accents, without_case
from domain.text import CharacterTable

MAX_TEXT_LENGTH = 32_000
"""Twice the length of a description, since folding can make a whole word of one character. The rest is not searched."""
MAX_WORD_LENGTH = 100
"""In code points. Only the beginning of a longer word is stored and searched for."""
_ALONE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3005-\u3007\u3040-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua9e0-\ua9ff\uaa60-\uaadf\uac00-\ud7a3\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U0001f3fb-\U0001f3ff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Tai, kana, bopomofo, Han, Yi and Hangul, and the five skin tones."""
_ASCII_WORD = re.compile("[0-9a-z]+")


def words_of(text: str, *, with_accents: bool = False) -> list[str]:
    """Returns the words in their order, without case and normal form, and without accents unless `with_accents`."""
    return [word for phrase in phrases_of(text, with_accents=with_accents) for word in phrase]


def phrases_of(text: str, *, with_accents: bool = False) -> list[list[str]]:
    """Returns lists of words. The words of one list follow each other with nothing between them, as Chinese characters
    do."""
    folded = (without_case(text) if with_accents else without_accents(text))[:MAX_TEXT_LENGTH]
    if folded.isascii():
        return [[word[:MAX_WORD_LENGTH]] for word in _ASCII_WORD.findall(folded)]
    return [_words(run) for run in folded.translate(_WORDS_ONLY).split()]


def _words(run: str) -> list[str]:
    apart = run if run.isascii() else run.translate(_APART)
    return [word[:MAX_WORD_LENGTH] for word in apart.split()]


def _is_alone(character: str) -> bool:
    kind = category(character)
    return kind == "So" or (kind[0] in "LNMS" and _ALONE.match(character) is not None)


def _is_in_words(character: str) -> bool:
    return category(character)[0] in "LNM" or _is_alone(character)


_WORDS_ONLY = CharacterTable(lambda each: each if _is_in_words(each) else " ")
_APART = CharacterTable(lambda each: f" {each} " if _is_alone(each) else each)
