"""From the words for a task to the task; where that can't be said for sure, to a question about it."""

import re
from dataclasses import replace

from adapters.language_models.builtin.matching import Matches, matches
from adapters.language_models.builtin.replies import ASKED_ABOUT_MOST, lines, shortened
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
from adapters.language_models.builtin.scene import Answered, Finding, Scene, Seens, Which
from adapters.language_models.builtin.seen import Seen
from adapters.language_models.builtin.words import stems, tells_something
from domain.task import Status

_STATUS_BEFORE = {Verb.COMPLETE: Status.PENDING, Verb.REOPEN: Status.COMPLETED, Verb.DELETE: Status.ALL}
_AND = re.compile(r",? and |, ?| & ")


def targets(scene: Scene, request: Targeted) -> Finding:
    """The tasks the request is for, at least one. Raises `Answered` with the question where that is open."""
    match request.task:
        case Numbers(ids):
            return _numbered(ids)
        case Pronoun(plural):
            return (yield from _spoken_of(scene, request, plural))
        case Ordinal(place):
            return (yield from _in_place(scene, request, place))
        case Extreme(newest):
            tasks = yield from _candidates(scene, request)
            return ((max if newest else min)(tasks, key=lambda task: task.id),)
        case Every():
            return (yield from every(scene, request, request.task))
        case Words():
            return (yield from _named(scene, request, request.task))


def of_status(tasks: Seens, status: Status) -> Seens:
    return tuple(task for task in tasks if status is Status.ALL or task.completed == (status is Status.COMPLETED))


def status_before(request: Targeted) -> Status:
    return _STATUS_BEFORE[request.verb] if isinstance(request, Act) else Status.ALL


def every(scene: Scene, request: Targeted, which: Every) -> Finding:
    tasks = yield from scene.tasks()
    chosen = of_status(of_status(tasks, which.status or Status.ALL), status_before(request))
    if which.words:
        chosen = matches(which.words, chosen).sure
    if not chosen:
        raise Answered("There is no such task on your list, so I changed nothing.")
    return chosen


def ask_which(scene: Scene, request: Targeted, candidates: Seens) -> Answered:
    scene.question = Which(request, candidates)
    scene.show(candidates)
    return Answered(f"Which one do you mean?\n{lines(candidates, ASKED_ABOUT_MOST)}")


def _numbered(ids: tuple[int, ...]) -> Seens:
    if 0 in ids:
        raise Answered("Task numbers start at 1. Say “show my tasks” to see yours.")
    return tuple(Seen(number, "") for number in ids)


def _spoken_of(scene: Scene, request: Targeted, plural: bool) -> Finding:
    spoken_of = (scene.focus if len(scene.focus) > 1 else scene.shown or scene.focus) if plural else scene.focus
    if spoken_of and (plural or len(spoken_of) == 1):
        return spoken_of
    raise ask_which(scene, request, spoken_of or (yield from _candidates(scene, request)))


def _in_place(scene: Scene, request: Targeted, place: int) -> Finding:
    shown = scene.shown
    if not shown:
        raise ask_which(scene, request, (yield from _candidates(scene, request)))
    if place >= len(shown):
        raise Answered(f"The list I showed has only {len(shown)}. Tell me the task's number instead.")
    return (shown[place],)


def _candidates(scene: Scene, request: Targeted) -> Finding:
    tasks = of_status((yield from scene.tasks()), status_before(request))
    if not tasks:
        raise Answered("There is no task for that on your list, so I changed nothing.")
    return tasks


def _named(scene: Scene, request: Targeted, words: Words) -> Finding:
    if not tells_something(words.text) and not re.search(r"\w", words.text):
        raise ask_which(scene, request, (yield from _candidates(scene, request)))
    tasks = yield from scene.tasks()
    fitting = of_status(tasks, status_before(request))
    found = matches(words.text, fitting, told=isinstance(request, Act) and request.verb is Verb.COMPLETE)
    if len(found.sure) > 1:
        raise ask_which(scene, request, found.sure)
    if found.sure:
        return _unless_it_names_a_task(scene, request, words, found.sure)
    several = _each_of_several(words.text, fitting) if isinstance(request, Act) else ()
    if several:
        return several
    raise _not_found(scene, request, words, found, matches(words.text, tasks).sure)


def _unless_it_names_a_task(scene: Scene, request: Targeted, words: Words, tasks: Seens) -> Seens:
    """ "Throw out the trash" may be the task itself, not the wish to delete it."""
    if isinstance(request, Act) and request.verb is Verb.DELETE and request.said and not words.named:
        if set(stems(request.said)) <= set(stems(tasks[0].title)):
            scene.offer(replace(request, task=Numbers((tasks[0].id,)), said=""))
            raise Answered(f"Do you want me to delete {tasks[0].named} from your list?")
    return tasks


def _each_of_several(text: str, tasks: Seens) -> Seens:
    parts = [part for part in _AND.split(text[:400]) if part.strip()]
    found = [matches(part, tasks).sure for part in parts] if len(parts) > 1 else []
    return tuple(each[0] for each in found) if all(len(each) == 1 for each in found) else ()


def _not_found(scene: Scene, request: Targeted, words: Words, found: Matches, elsewhere: Seens) -> Answered:
    if elsewhere and isinstance(request, Act):
        scene.focus = elsewhere
        state = "already done" if request.verb is Verb.COMPLETE else "still to do anyway"
        return Answered(f"{' and '.join(task.named for task in elsewhere)}: {state}.")
    if len(found.near) == 1:
        scene.offer(replace(request, task=Numbers((found.near[0].id,))))
        scene.focus = found.near
        return Answered(f"Did you mean {found.near[0].named}? Say yes and I'll do it.")
    if found.near:
        return ask_which(scene, request, found.near)
    return Answered(_nothing_like(scene, request, words))


def _nothing_like(scene: Scene, request: Targeted, words: Words) -> str:
    told = isinstance(request, Act) and request.statement
    text = f"I found no {'pending ' if told else ''}task for “{shortened(words.text)}”, so I changed nothing."
    hint = "Say “show my tasks” to see them with their numbers."
    if not scene.sees_all:
        hint = "I only looked through the newest ones: tell me its number if you know it."
    return f"{text} {hint}"
