"""Makes words comparable."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from adapters.language_models.builtin.tables import IRREGULAR, table, words_of
from domain.tasks.words.names import without_accents

CHORES = words_of("words", "chores")
SAYING_NOTHING = words_of("words", "saying nothing")
_WORD = re.compile(r"\w+(?:'\w+)?")
_VOWEL = re.compile(r"[aeiouy]")
SIMILAR = 0.75
MAX_READ = 1_000
"""The number of characters that are compared: twice the length of the longest title."""


def words(text: str) -> list[str]:
    return _WORD.findall(without_accents(text[:MAX_READ]))


def stems(text: str) -> list[str]:
    """Returns the stems of the words with a meaning, each once. If none has one, as in "To do", returns all stems."""
    every = words(text)
    telling = [word for word in every if word.removesuffix("'s") not in SAYING_NOTHING]
    return list(dict.fromkeys(map(stem, telling or every)))


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Returns the beginning of the word that its forms share. This is rough, but both sides of a comparison are cut
    alike."""
    word = word.removesuffix("'s")
    word = _without_ending(IRREGULAR.get(word, word))
    if len(word) > 3:
        word = word.rstrip("e") or word
    if len(word) > 2 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") else word


def _without_ending(word: str) -> str:
    for ending, replacement in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", "")):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 1 and _VOWEL.search(rest):
            return rest + replacement
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural else word


_BY_LETTERS = {"".join(sorted(chore)): chore for chore in CHORES if len(chore) > 3}


def with_verb_right(title: str) -> str:
    """Returns "take the bins out" for "tkae the bins out"."""
    first, space, rest = title.partition(" ")
    meant = _BY_LETTERS.get("".join(sorted(first)), first)
    return f"{meant}{space}{rest}" if first not in CHORES and _is_swapped(first, meant) else title


CHORE_STEMS = frozenset(map(stem, CHORES))
_GROUPS = [frozenset(map(stem, line.split())) for line in table("words")["same meaning"]]
SAME_MEANING = {
    word: frozenset().union(*(group for group in _GROUPS if word in group)) for word in frozenset().union(*_GROUPS)
}


@lru_cache(maxsize=10_000)
def is_alike(word: str, other: str) -> bool:
    """Returns whether one word may be a misspelling of the other. The first letters must be equal."""
    if word[:1] != other[:1] or min(len(word), len(other)) < 3:
        return word == other
    is_close = min(len(word), len(other)) >= 5 and SequenceMatcher(None, word, other, autojunk=False).ratio() >= SIMILAR
    return is_close or _is_swapped(word, other)


def _is_swapped(word: str, other: str) -> bool:
    """Returns whether two letters that stand side by side are exchanged, as in "bkie"."""
    differing = [place for place, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]]
    return len(word) == len(other) and sorted(word) == sorted(other) and len(differing) == 2
