"""Finds the tasks that a few words mean, and says how sure that is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from adapters.language_models.builtin.acting.lookup.seen import Seen
from adapters.language_models.builtin.reading.words.stems import (
    CHORE_STEMS,
    SAME_MEANING,
    SAYING_NOTHING,
    is_alike,
    stem,
    stems,
    words,
)
from adapters.language_models.builtin.requests import Request
from adapters.language_models.builtin.tables import pairs
from domain.tasks.task import Status

AND = re.compile(r"\s*(?:,|;|\band\b|&|\+|\bplus\b|\bas well as\b)\s*", re.IGNORECASE)
Tasks = tuple[Seen, ...]
_STATES: dict[str, tuple[Status, ...]] = {
    "complete": (Status.PENDING,),
    "reopen": (Status.COMPLETED,),
    "restore": (Status.TRASHED, Status.COMPLETED),
    "put": (Status.PENDING,),
}
NOUNS = pairs("references", "nouns")
_LIVE = (Status.PENDING, Status.COMPLETED)
_MAX_WORDS = 12
_MAX_NEAR = 5
_MAX_PARTS = 30
_VERB_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Matches:
    """`sure` are the tasks that are meant. If there are none, `near` may be meant, and the user must be asked."""

    sure: tuple[Seen, ...] = ()
    near: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fit:
    """How much of what was said is in the title, and how much of the title was said, from 0 to 1. `exact` is whether
    each word that was found was spelled right."""

    task: Seen
    said: float
    title: float
    exact: float


def matches(text: str, tasks: Sequence[Seen], *, is_report: bool = False) -> Matches:
    """Returns the tasks that have all words, if there are any, else those that have some of them.

    A report such as "I finished buying groceries at the market" may have words that the title lacks.
    """
    text = NOUNS.get(" ".join(word for word in words(text) if word not in SAYING_NOTHING), text)
    same = tuple(task for task in tasks if words(task.title) == words(text))
    if same and words(text):
        return Matches(same)
    wanted = stems(text)[:_MAX_WORDS]
    fits = [fit for task in tasks if (fit := _fit(wanted, task))] if wanted else []
    whole = [fit for fit in fits if fit.said >= 0.99]
    if is_report and not whole:
        whole = [fit for fit in fits if fit.said >= 0.5 and fit.title >= 0.99] or [
            fit for fit in fits if fit.said >= 0.66
        ]
    if whole:
        return Matches(_best(whole))
    near = sorted((fit for fit in fits if fit.said >= 0.5), key=lambda fit: -(fit.said * 2 + fit.title + fit.exact))
    return Matches(near=tuple(fit.task for fit in near[:_MAX_NEAR]))


def each_of_several(text: str, tasks: Sequence[Seen], *, is_report: bool = False) -> tuple[Seen, ...]:
    """Returns the tasks that "milk, eggs and bread" names, or () if one of them is not found, or not for sure."""
    parts = [part for part in AND.split(text[:400]) if part.strip()]
    if not 2 <= len(parts) <= _MAX_PARTS:
        return ()
    found = [
        sure for part in parts for sure in _each_word(part, tasks) or [matches(part, tasks, is_report=is_report).sure]
    ]
    return tuple(dict.fromkeys(each[0] for each in found)) if all(len(each) == 1 for each in found) else ()


def _each_word(part: str, tasks: Sequence[Seen]) -> list[tuple[Seen, ...]]:
    """Returns a task for each word of "milk eggs", as it is dictated, or [] if they are not of different ones."""
    found = [matches(word, tasks).sure for word in words(part) if stem(word) not in CHORE_STEMS]
    is_each = len(set(found)) == len(words(part)) > 1 and all(len(each) == 1 for each in found)
    return found if is_each and not matches(part, tasks).sure else []


def states_of(request: Request) -> tuple[Status, ...]:
    """Returns the states that a task may have for this request, the likeliest first."""
    return _STATES.get(request.op, _LIVE)


def look_for(request: Request, pool: Tasks) -> Tasks:
    """Returns the tasks of the first state in which the words are found: all that they may mean."""
    text, is_report = request.ref.words, request.is_news
    for state in states_of(request):
        tasks = tuple(task for task in pool if task.status is state)
        whole = matches(text, tasks).sure
        several = each_of_several(text, tasks, is_report=is_report)
        found = several if len(several) > 1 else whole if len(whole) == 1 else ()
        sure = found or matches(text, tasks, is_report=is_report).sure
        if sure and (found or len(sure) == 1 or not AND.search(text)):
            return sure
    return ()


def spoken_of(request: Request, pool: Tasks) -> Tasks:
    """Returns the tasks that a question or a remark is about, or those that it may be about."""
    live = tuple(task for task in pool if task.status in _LIVE)
    found = look_for(request, live) or look_for(replace(request, is_news=True), live)
    return found or matches(request.ref.words, live).near


def named_in(remark: str, pool: Tasks) -> Tasks:
    """Returns the open tasks of which a remark says a word, as in "the flights are her business now"."""
    said = set(stems(remark))
    open_tasks = (task for task in pool if task.status is Status.PENDING)
    return tuple(task for task in open_tasks if said & set(stems(task.title)) - CHORE_STEMS)


def _best(fits: Sequence[_Fit]) -> tuple[Seen, ...]:
    """Returns the tasks that fit best. Titles that are spelled right count before misspelt ones."""
    exact = max(fit.exact for fit in fits)
    fits = [fit for fit in fits if fit.exact == exact]
    top = max(fit.title for fit in fits)
    if top >= 0.99:
        fits = [fit for fit in fits if fit.title == top]
    return tuple(fit.task for fit in fits)


def _fit(wanted: Sequence[str], task: Seen) -> _Fit | None:
    title = stems(task.title)
    elsewhere = {*title, *(stem for name in (*task.tags, task.list or "") for stem in stems(name))}
    found = {word: _closeness(word, elsewhere) for word in wanted}
    nouns = [word for word in wanted if word not in CHORE_STEMS]
    if (nouns and not any(found[word] for word in nouns)) or (not nouns and 1 not in found.values()):
        return None
    weights = {word: 1 if word in nouns or not nouns else _VERB_WEIGHT for word in wanted}
    verbs_found = [word for word in wanted if word not in nouns]
    total = sum(weights.values())
    said = sum(weights[word] for word in wanted if found[word])
    if not said:
        return None
    if nouns and verbs_found and all(found[word] for word in nouns):
        said = (
            max(said, total - _VERB_WEIGHT * sum(not found[word] for word in verbs_found))
            if not _is_own_verb(verbs_found, title)
            else total
        )
    exact = min((found[word] for word in wanted if found[word]), default=0)
    return _Fit(task, said / total, _said_of(title, wanted), exact)


def _is_own_verb(verbs: Iterable[str], title: Sequence[str]) -> bool:
    """Returns whether the title has no verb that contradicts those that were said: "fixed the bike" is not "Sell the
    bike", but "got milk" may be "Milk"."""
    own = [word for word in title if word in CHORE_STEMS]
    return not own or any(_closeness(verb, own) for verb in verbs)


def _said_of(title: Sequence[str], wanted: Sequence[str]) -> float:
    weights = [(1.0 if word not in CHORE_STEMS else _VERB_WEIGHT, word) for word in title]
    total = sum(weight for weight, _ in weights) or 1
    return sum(weight for weight, word in weights if _closeness(word, wanted)) / total


def _closeness(word: str, others: Iterable[str]) -> float:
    """Returns 1 for the same word, less for another word for the same, for a beginning and for a misspelling."""
    others = set(others)
    if word in others:
        return 1
    if not SAME_MEANING.get(word, frozenset()).isdisjoint(others):
        return 0.9
    if len(word) >= 4 and any(other.startswith(word) for other in others):
        return 0.8
    return 0.7 if any(is_alike(word, other) for other in others) else 0
