"""The words that search finds a text by. Those of a text and those of what is looked for are made alike.

A word is a run of letters, digits and their marks. Scripts that do not part words by spaces, and signs such as emoji,
give a word for each character; that the characters follow each other is what a phrase says.
"""

import re
from unicodedata import category

from domain.tasks.names import without_accents, without_case
from domain.text import CharacterTable

MAX_TEXT_LENGTH = 32_000
"""Twice what a description may have, since there are characters that stand for whole words. More is not looked at."""
MAX_WORD_LENGTH = 100
"""In code points. Of a longer word, only its beginning is kept, and looked for."""
_ALONE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3005-\u3007\u3040-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua9e0-\ua9ff\uaa60-\uaadf\uac00-\ud7a3\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U0001f3fb-\U0001f3ff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Tai, kana, bopomofo, Han, Yi and Hangul, and the five skin tones."""
_ASCII_WORD = re.compile("[0-9a-z]+")


def words_of(text: str, *, with_accents: bool = False) -> list[str]:
    """Returns the words in their order, blind to case and normal form, and to accents unless `with_accents`."""
    return [word for phrase in phrases_of(text, with_accents=with_accents) for word in phrase]


def phrases_of(text: str, *, with_accents: bool = False) -> list[list[str]]:
    """Returns the words, in lists of those that follow each other with nothing between them."""
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
