"""Corrects typing errors in the words that steer a sentence, such as "delte task 3" or "shwo my taks"."""

from collections.abc import Iterator
from difflib import get_close_matches

_FIRST = (
    "add delete remove complete finish finished show list rename change update remind reopen mark clear cancel create"
    " undelete"
)
_LATER = "task tasks pending completed done everything what what's help hello"
_VERBS = _FIRST.split()
_STEERING = _VERBS + _LATER.split()
_ALIKE = 0.75
_MIN_WORD_LENGTH, _MAX_WORD_LENGTH = 3, 12
_MAX_WORDS = 8


def respelled(text: str) -> Iterator[tuple[str, bool]]:
    """Yields corrected texts to be read again, and whether all words but the first are as the user wrote them."""
    first, _, rest = text.partition(" ")
    corrected = _corrected(first, _VERBS)
    if corrected != first:
        yield f"{corrected} {rest}", True
    every = text.split(" ")
    if len(every) <= _MAX_WORDS:
        whole = " ".join(_corrected(word, _STEERING) for word in every)
        if whole != text:
            yield whole, False


def _corrected(word: str, vocabulary: list[str]) -> str:
    if not _MIN_WORD_LENGTH <= len(word) <= _MAX_WORD_LENGTH:
        return word
    alike = get_close_matches(word.lower(), vocabulary, n=1, cutoff=_ALIKE)
    return alike[0] if alike else word
