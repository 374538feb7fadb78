"""How well a task answers a search. PostgreSQL computes the same from the weights of words."""

from collections.abc import Sequence
from functools import lru_cache

from domain.tasks.task import Task
from domain.tasks.words.search_text import phrases_of, words_of

Phrases = tuple[tuple[str, ...], ...]
IN_TITLE, AS_WRITTEN_IN_TITLE, AS_WRITTEN = 4, 2, 1
"""What it counts that all words are in the title, that they are there with the accents that were searched for, and that
they are in the title or the description with these accents."""


@lru_cache(256)
def phrases(text: str, *, with_accents: bool = False) -> Phrases:
    return tuple(tuple(phrase) for phrase in phrases_of(text, with_accents=with_accents))


def is_found(task: Task, text: str) -> bool:
    return _are_in(phrases(text), words_of(task.title), words_of(task.description or ""))


def rank_of(task: Task, text: str) -> int:
    title, description = task.title, task.description or ""
    written = phrases(text, with_accents=True)
    as_written = [words_of(each, with_accents=True) for each in (title, description)]
    return (
        IN_TITLE * _are_in(phrases(text), words_of(title))
        + AS_WRITTEN_IN_TITLE * _are_in(written, as_written[0])
        + AS_WRITTEN * _are_in(written, *as_written)
    )


def _are_in(wanted: Phrases, *texts: Sequence[str]) -> bool:
    """Returns whether each phrase is in one of the texts. Of the last word, the beginning is enough."""
    last = len(wanted) - 1
    return all(
        any(_is_in(phrase, text, is_open=place == last) for text in texts) for place, phrase in enumerate(wanted)
    )


def _is_in(phrase: Sequence[str], text: Sequence[str], *, is_open: bool) -> bool:
    starts = range(len(text) - len(phrase) + 1)
    return any(_is_at(phrase, text[start : start + len(phrase)], is_open=is_open) for start in starts)


def _is_at(phrase: Sequence[str], there: Sequence[str], *, is_open: bool) -> bool:
    *before, last = phrase
    *found, end = there
    return before == list(found) and (end.startswith(last) if is_open else end == last)
