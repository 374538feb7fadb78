"""Finds the tasks that the user's words mean. If that is not clear, asks a question."""

import re
from dataclasses import replace

from adapters.language_models.builtin.acting.fitting import fitting, known, of_status, verb_of
from adapters.language_models.builtin.acting.scene import Answered, Finding, Scene, SeenTasks, Which
from adapters.language_models.builtin.acting.seen import Seen
from adapters.language_models.builtin.reading.matching import Matches, matches
from adapters.language_models.builtin.requests import (
    Act,
    Every,
    Extreme,
    Numbers,
    Ordinal,
    Pronoun,
    Targeted,
    Verb,
    Words,
)
from adapters.language_models.builtin.tables.words import stems, tells_something
from adapters.language_models.builtin.talking.replies import (
    ALREADY,
    MAX_ASKED_ABOUT,
    NOTHING_FOR,
    NOTHING_LIKE,
    lines,
    shortened,
)
from domain.tasks.task import Status

_DELETES = re.compile(r"(?:delete|del|remove|erase|get rid of|cancel|drop|scrap|take)\b", re.IGNORECASE)
"""Other verbs of deleting are common in titles too ("clear the table", "kill the weeds"), so the user is asked."""
_AND = re.compile(r",? and |, ?| & ")


def targets(scene: Scene, request: Targeted) -> Finding:
    """Returns the tasks that the request is for, at least one. Raises `Answered` with a question if that is unclear."""
    match request.task:
        case Numbers(ids):
            return (yield from _numbered(scene, request, ids))
        case Pronoun():
            return (yield from _spoken_of(scene, request, request.task))
        case Ordinal(places):
            return (yield from _in_place(scene, request, places))
        case Extreme(newest):
            tasks = yield from _candidates(scene, request)
            return ((max if newest else min)(tasks, key=_age),)
        case Every():
            return (yield from every(scene, request, request.task))
        case Words():
            return (yield from _named(scene, request, request.task))


def every(scene: Scene, request: Targeted, which: Every) -> Finding:
    """Returns all tasks that are meant. "Restore everything" means those in the trash, unless the trash is empty."""
    tasks = fitting((yield from known(scene, request)), request)
    chosen = of_status(tasks, which.status or Status.ALL)
    chosen = of_status(chosen, Status.TRASHED) or chosen
    if which.words:
        chosen = matches(which.words, chosen).sure
    if not chosen:
        raise Answered(_nothing_for(request) if not which.words else "There is no such task on your list.")
    return chosen


def ask_which(scene: Scene, request: Targeted, candidates: SeenTasks) -> Answered:
    scene.question = Which(request, candidates)
    scene.show(candidates)
    return Answered(f"Which one do you mean?\n{lines(candidates, MAX_ASKED_ABOUT)}")


def _age(task: Seen) -> tuple[float, int]:
    """Returns the key that sorts tasks from the oldest to the newest. In the trash, the time of the deletion counts."""
    return (task.deleted_at.timestamp() if task.deleted_at else 0, task.id)


def _numbered(scene: Scene, request: Targeted, ids: tuple[int, ...]) -> Finding:
    if 0 in ids:
        raise Answered("Task numbers start at 1. Say “show my tasks” to see yours.")
    if verb_of(request) is Verb.RESTORE:
        trashed = {task.id for task in (yield from scene.trash())}
        if scene.sees_all and (missing := [number for number in ids if number not in trashed]):
            raise Answered(f"Task {missing[0]} is not in the trash, so I changed nothing.")
    return tuple(Seen(number, "") for number in ids)


def _spoken_of(scene: Scene, request: Targeted, pronoun: Pronoun) -> Finding:
    several = scene.focus if len(scene.focus) > 1 else scene.shown
    spoken_of = (several or scene.focus) if pronoun.plural else scene.focus
    if verb_of(request) is Verb.RESTORE:
        spoken_of = fitting(spoken_of, request)
    expected = pronoun.count or (len(spoken_of) if pronoun.plural else 1)
    if spoken_of and len(spoken_of) == expected:
        return spoken_of
    may_be = fitting(spoken_of, request) or spoken_of
    raise ask_which(scene, request, may_be or (yield from _candidates(scene, request)))


def _in_place(scene: Scene, request: Targeted, places: tuple[int, ...]) -> Finding:
    shown = scene.shown
    if not shown:
        raise ask_which(scene, request, (yield from _candidates(scene, request)))
    if not all(-len(shown) <= place < len(shown) for place in places):
        raise Answered(f"The list I showed has only {len(shown)}. Tell me the task's number instead.")
    return tuple(shown[place] for place in places)


def _candidates(scene: Scene, request: Targeted) -> Finding:
    tasks = fitting((yield from known(scene, request)), request)
    if not tasks:
        raise Answered(_nothing_for(request))
    return tasks


def _nothing_for(request: Targeted) -> str:
    return NOTHING_FOR[verb_of(request) or Verb.DELETE]


def _named(scene: Scene, request: Targeted, words: Words) -> Finding:
    if not tells_something(words.text) and not re.search(r"\w", words.text):
        raise ask_which(scene, request, (yield from _candidates(scene, request)))
    tasks = yield from known(scene, request)
    candidates = fitting(tasks, request)
    is_report = verb_of(request) is Verb.COMPLETE
    found = matches(words.text, candidates, is_report=is_report)
    if len(found.sure) > 1:
        raise ask_which(scene, request, found.sure)
    if found.sure:
        return _unless_it_names_a_task(scene, request, words, found.sure)
    several = _each_of_several(words.text, candidates) if isinstance(request, Act) else ()
    if several:
        return several
    raise _not_found(scene, request, words, found, matches(words.text, tasks, is_report=is_report).sure)


def _unless_it_names_a_task(scene: Scene, request: Targeted, words: Words, tasks: SeenTasks) -> SeenTasks:
    """Returns the tasks, unless the whole sentence may be the title of one: "throw out the trash". Then the user is
    asked."""
    said = request.said if isinstance(request, Act) and request.verb is Verb.DELETE and not words.named else ""
    if not said or (_DELETES.match(said) and not set(stems(said)) <= set(stems(tasks[0].title))):
        return tasks
    scene.offer(replace(request, task=Numbers((tasks[0].id,))))
    raise Answered(f"Do you want me to delete {tasks[0].named} from your list?")


def _each_of_several(text: str, tasks: SeenTasks) -> SeenTasks:
    parts = [part for part in _AND.split(text[:400]) if part.strip()]
    found = [matches(part, tasks).sure for part in parts] if len(parts) > 1 else []
    return tuple(each[0] for each in found) if all(len(each) == 1 for each in found) else ()


def _not_found(scene: Scene, request: Targeted, words: Words, found: Matches, elsewhere: SeenTasks) -> Answered:
    if elsewhere and isinstance(request, Act):
        scene.focus = elsewhere
        return Answered(f"{' and '.join(task.named for task in elsewhere)}: {ALREADY[request.verb]}.")
    if len(found.near) == 1:
        scene.offer(replace(request, task=Numbers((found.near[0].id,))))
        scene.focus = found.near
        return Answered(f"Did you mean {found.near[0].named}? Say yes and I'll do it.")
    if found.near:
        return ask_which(scene, request, found.near)
    return Answered(_nothing_like(scene, request, words))


def _nothing_like(scene: Scene, request: Targeted, words: Words) -> str:
    what, hint = NOTHING_LIKE.get(verb_of(request), NOTHING_LIKE[None])
    what = "pending task" if isinstance(request, Act) and request.statement else what
    if not scene.sees_all:
        hint = "I only looked through the newest ones: tell me its number if you know it."
    return f"I found no {what} for “{shortened(words.text)}”, so I changed nothing. {hint}"
