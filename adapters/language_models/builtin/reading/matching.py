"""Finds the tasks that a few words mean, and says how sure that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from adapters.language_models.builtin.acting.seen import Seen
from adapters.language_models.builtin.reading.sentence import one_line
from adapters.language_models.builtin.tables.words import CHORE_STEMS, stems

_ALIKE = 0.75
_LENGTHS_APART = 2
_MAX_WORDS_COMPARED = 8
_MAX_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Matches:
    """The tasks that match. `sure` are meant by the words. If there are none, `near` may be meant, and the user must be
    asked."""

    sure: tuple[Seen, ...] = ()
    near: tuple[Seen, ...] = ()


def matches(text: str, tasks: Sequence[Seen], *, is_report: bool = False) -> Matches:
    """Returns the tasks with this title. If there are none, those with the same words; then those with all of these
    words and others.

    With `is_report`, the text is a report, such as "I finished buying groceries at the market". Then tasks that lack a
    few of its words match too.
    """
    wanted = stems(text)
    if not wanted:
        return Matches(_titled(text, tasks))
    stemmed = [(task, stems(task.title)) for task in tasks]
    if sure := _titled(text, tasks) or _pick((t, set(s) == set(wanted)) for t, s in stemmed):
        return Matches(sure)
    if sure := _pick((task, set(wanted) <= set(title)) for task, title in stemmed):
        return Matches(sure)
    within = [(task, title) for task, title in stemmed if title and set(title) <= set(wanted)]
    if is_report and (sure := _pick((task, len(title) > 1 and wanted[0] in title) for task, title in within)):
        return Matches(sure)
    near = tuple(task for task, _ in within) or _alike(wanted, stemmed)
    return Matches(near=near[:_MAX_SUGGESTED])


def _titled(text: str, tasks: Iterable[Seen]) -> tuple[Seen, ...]:
    wanted = one_line(text).casefold()
    return tuple(task for task in tasks if one_line(task.title).casefold() == wanted)


def _pick(judged: Iterable[tuple[Seen, bool]]) -> tuple[Seen, ...]:
    return tuple(task for task, is_match in judged if is_match)


def _alike(wanted: list[str], stemmed: Sequence[tuple[Seen, list[str]]]) -> tuple[Seen, ...]:
    """Returns the tasks that share most words with the text. Common verbs are left out: "I bought a car" is not about
    "Buy milk"."""
    telling = [word for word in wanted if word not in CHORE_STEMS][:_MAX_WORDS_COMPARED]
    scored = [(_share(telling, title), task) for task, title in stemmed]
    best = max((score for score, _ in scored), default=0)
    return tuple(task for score, task in scored if score == best and score * 2 >= len(telling) > 0)


def _share(wanted: list[str], title: list[str]) -> int:
    return sum(any(_is_alike(word, other) for other in title) for word in wanted)


def _is_alike(word: str, other: str) -> bool:
    """Returns whether one word may be a misspelling of the other. The first letters must be equal, because errors there
    are rare and comparing words is slow."""
    if word == other:
        return True
    if word[0] != other[0] or min(len(word), len(other)) < 4 or abs(len(word) - len(other)) > _LENGTHS_APART:
        return False
    return SequenceMatcher(None, word, other).ratio() >= _ALIKE
