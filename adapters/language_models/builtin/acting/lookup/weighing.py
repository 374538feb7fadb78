"""Weighs a clause that no pattern reads for sure: which tasks do its words name, and what do they say of them?"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from adapters.language_models.builtin.acting.lookup.matching import NOUNS, Tasks
from adapters.language_models.builtin.acting.lookup.searching import candidates
from adapters.language_models.builtin.acting.lookup.seen import Seen
from adapters.language_models.builtin.acting.scene import Scene
from adapters.language_models.builtin.reading.intents.heard import Heard
from adapters.language_models.builtin.reading.parts.items import begins_as_chore, items_of
from adapters.language_models.builtin.reading.parts.slots import Slots
from adapters.language_models.builtin.reading.reading import in_doubt
from adapters.language_models.builtin.reading.words.stems import CHORE_STEMS, SAME_MEANING, stem, stems, words
from adapters.language_models.builtin.reading.words.text import Clause, bare
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrase, phrases, table, words_of
from domain.tasks.task import Status

_SIGNS = {name: [phrase(line) for line in lines] for name, lines in table("signs").items() if name != "small words"}
_SMALL = frozenset(map(stem, words_of("signs", "small words")))
_NUMBER = phrases("further number")
_NO_CHORE = ("make ", "remind ")
_ALL, _POINTING, _CORRECTING, _UNTIL = map(phrases, ("every one", "those", "correcting", "not before"))
_ASKED = frozenset({"delete", "reopen", "restore", "update", "complete"})
_BACK = {"complete": "reopen", "delete": "restore"}
_FIELDS_BESIDE = {"delete": {"due"}, "complete": {"due"}, "find": {"list"}}
"""What may be said of a task beside what is done with it: "cancel the gym for tonight"."""
Weighing = Generator[Any, Any, Request | None]


@dataclass(frozen=True, slots=True)
class _Named:
    """`left` is how many words say something else than which task and what is done with it. `verbs` are those of
    chores that are not in the titles."""

    tasks: Tasks
    left: int
    verbs: int


def weighed(request: Request, clause: Clause, scene: Scene) -> Weighing:
    """Returns what the clause asks for, of tasks that it names or of those that were spoken of. Returns None if its
    words are of something new."""
    stripped = bare(clause)
    if stripped.is_question or request.ref.every or _NUMBER.search(clause.text.rstrip(" .!")):
        return None
    slots = Heard(stripped.text, stripped, clause.text, scene.context, scene.talk).values(stripped.text)
    pool = yield from candidates(scene, request, slots.rest)
    op = _op(request, stripped.text, slots, scene.context.today)
    if op in ("restore", "undo") and scene.did and scene.did.op == "delete":
        pool = (*pool, *(yield from scene.trash()))
    meant = _of_what_was_done(op, slots, pool, scene) or _of_the_open(op, request, slots, pool, scene)
    return meant and in_doubt(meant, clause.text)


def as_a_task(request: Request, clause: Clause, scene: Scene) -> Request | None:
    """Returns the request to add what begins like a command but is a task by itself, if no other is meant: "cancel
    the newspaper"."""
    text = bare(clause).text
    if request.is_news or not begins_as_chore(text) or text.lower().startswith(_NO_CHORE):
        return None
    items = tuple(items_of(text, scene.context))
    is_dated = any("due" in item for item in items)
    return Request(
        "add" if is_dated else "offer", items=items, topic="" if is_dated else "no such task", said=request.said
    )


def _op(request: Request, text: str, slots: Slots, today: date) -> str:
    """Returns what the words say of a task: what was asked for, else what they tell."""
    signs = {name for name, lines in _SIGNS.items() if any(line.search(text) for line in lines)}
    if request.op in _ASKED and not request.is_news and not (request.op == "complete" and "undo" in signs):
        return request.op
    if request.op == "put":
        is_planned = request.topic == "chore" and "due" in request.items[0] and "undo" not in signs
        return "undo" if "n't" in text else "update" if is_planned else ""
    if request.op == "add":
        return next((op for op in ("restore", "reopen") if op in signs), "update" if slots.says_something else "find")
    if "undo" in signs and slots.says_something and _UNTIL.search(text):
        return "update"
    is_value = slots.says_something and not ("complete" in signs and _is_past(slots, today))
    ops = ("restore", "delete", "undo", "reopen", *(["update"] if is_value else []))
    return next((op for op in (*ops, "complete") if op in signs or op == "update"), "")


def _is_past(slots: Slots, today: date) -> bool:
    """Returns whether no more than a day is said, which is not ahead: "went to the gym this morning"."""
    return not slots.shift and slots.fields.keys() <= {"due"} and slots.fields.get("due", "")[:10] <= f"{today}"


def _of_what_was_done(op: str, slots: Slots, pool: Tasks, scene: Scene) -> Request | None:
    """Takes back a part of what was done last: "not the bread", after milk and bread were ticked off."""
    did = scene.did
    if did is None or did.op not in _BACK or op not in ("undo", "restore", "reopen", "find"):
        return None
    found = _named(slots.rest, tuple(task for task in pool if task.id in did.ids))
    if found and found.tasks:
        return Request(_BACK[did.op], Ref(ids=tuple(task.id for task in found.tasks)), said=scene.said)
    return Request("undo", said=scene.said) if found and op == "undo" and not found.left else None


def _of_the_open(op: str, request: Request, slots: Slots, pool: Tasks, scene: Scene) -> Request | None:
    status = {"restore": Status.TRASHED, "reopen": Status.COMPLETED}.get(op, Status.PENDING)
    found = _named(slots.rest, tuple(task for task in pool if task.status is status))
    is_of_focus = scene.focus and (request.op != "add" or _POINTING.search(slots.rest))
    if not op or found is None or not (found.tasks or (is_of_focus and not found.verbs)):
        return None
    is_loose = op in ("complete", "delete", "restore") if found.tasks else bool(_CORRECTING.search(scene.said))
    if found.left > is_loose:
        return None
    if op == "undo":
        return Request("talk", Ref(words=slots.rest), topic="not done", said=request.said)
    if op == "complete" and not _is_past(slots, scene.context.today):
        return None
    if (op == "update") != slots.says_something and not slots.fields.keys() <= _FIELDS_BESIDE.get(op, set()):
        return None
    if (found.verbs and op in ("update", "find")) or (op == "delete" and _ALL.search(slots.rest)):
        return None
    if op == "complete" and not found.tasks and not scene.finished.isdisjoint(scene.focus):
        return None
    rings = {"reminders": ["at due time"]} if request.topic == "remind" and "due" in slots.fields else {}
    values = {"fields": slots.fields | rings, "shift": slots.shift} if op == "update" else {"topic": "list"}
    ref = Ref(ids=tuple(task.id for task in found.tasks)) if found.tasks else Ref(pronoun="it")
    return Request(op, ref, said=request.said, **values)


def _named(text: str, pool: Tasks) -> _Named | None:
    """Returns the tasks whose titles have the words. Returns None if it is not clear which task a word names."""
    titles = [(task, stems(task.title)) for task in pool]
    named: list[Seen] = []
    left = 0
    verbs: set[str] = set()
    said = words(text)
    nouns = {stem(noun) for article, noun in pairwise(said) if article in ("the", "my", "our")}
    for word in stems(text):
        having = [task for task, title in titles if _has(title, NOUNS.get(word, word))]
        if word in CHORE_STEMS and not (word in nouns and having):
            verbs |= {word} - _SMALL
            continue
        chosen = [task for task in having if task in named] or having
        if len(chosen) > 1:
            return None
        left += not having and word not in _SMALL and not word.endswith("n't")
        named += [task for task in chosen if task not in named]
    own = [word for task in named for word in stems(task.title)]
    return _Named(tuple(named), left, sum(not _has(own, verb) for verb in verbs))


def _has(title: Sequence[str], word: str) -> bool:
    return word in title or not SAME_MEANING.get(word, frozenset()).isdisjoint(title)
