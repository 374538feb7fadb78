"""Finds the tasks that a request is for."""

import re

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.lookup.matching import (
    AND,
    Tasks,
    each_of_several,
    look_for,
    matches,
    states_of,
)
from adapters.language_models.builtin.acting.lookup.pointing import ask_which, by_ids, in_place, numbered, spoken_of
from adapters.language_models.builtin.acting.lookup.searching import candidates
from adapters.language_models.builtin.acting.scene import Answered, Call, Finding, NothingFound, Scene
from adapters.language_models.builtin.reading.parts.qualifiers import quoted_name
from adapters.language_models.builtin.reading.words.stems import stems
from adapters.language_models.builtin.requests import Ref, Request

_EVERY = {"complete": "pending", "reopen": "completed", "restore": "trashed", "delete": "all", "find": "all"}


def targets(scene: Scene, request: Request) -> Finding:
    """Returns the tasks, at least one. Raises `Answered` if the user must read something first."""
    tasks = yield from _pointed_at(scene, request)
    if request.ref.but:
        tasks = yield from _shown_with(scene, request, tasks)
        left_out = _left_out(request, tasks)
        tasks = tuple(task for task in tasks if task not in left_out)
    if not tasks:
        raise Answered(replies.for_op("nothing for", request.op))
    return tasks


def _shown_with(scene: Scene, request: Request, tasks: Tasks) -> Finding:
    """Returns the tasks of the list that was shown last, if "everything except …" leaves out one of these."""
    ref = request.ref
    shown = yield from by_ids(scene, scene.shown)
    is_open = ref.every and not ref.filters and not ref.group and not ref.status
    if is_open and matches(ref.but, shown).sure:
        return tuple(task for task in tasks if task.id in scene.shown)
    return tasks


def _pointed_at(scene: Scene, request: Request) -> Finding:
    ref = request.ref
    if ref.ids:
        return (yield from numbered(scene, request, ref.ids))
    if ref.places:
        return (yield from in_place(scene, request))
    if ref.pronoun:
        return (yield from spoken_of(scene, request))
    if ref.group and request.is_news:
        said = set(stems(request.said))
        pool = yield from candidates(scene, request, request.said)
        if called_so := tuple(task for task in pool if not task.completed and set(stems(task.title)) <= said):
            return called_so
    if ref.every:
        return (yield from every(scene, request))
    if ref.words:
        return (yield from named(scene, request))
    scene.ask("target", request)
    raise Answered(replies.for_op("which task", request.op))


def every(scene: Scene, request: Request) -> Finding:
    """Returns all tasks that fit the filters of the request."""
    ref = request.ref
    status = ref.status or ("pending" if ref.but or "no date" in ref.filters else _EVERY.get(request.op, "pending"))
    for given in filters_of(ref):
        if ref.group:
            (first,) = yield from scene.call([Call("list_tasks", {"status": status, **given, "limit": 1})])
        if not ref.group or first.tasks():
            return (yield from scene.every(status=status, **given))
    raise NothingFound(f"I found nothing for “{ref.group}”, so I changed nothing. {replies.SEE_LIST}")


def filters_of(ref: Ref) -> list[dict[str, str]]:
    """Returns what to give to `list_tasks`. The name of a group may stand for a list, a tag or words."""
    name = ref.group.replace('"', "")
    single = quoted_name(name)
    terms = [f"#{single}", f"@{single}", *([f"search: {name}"] if re.fullmatch(r"[\w' -]+", name) else [])]
    if " " in name:
        terms = [f"({' | '.join(f'#{quoted_name(word)}' for word in name.split())})", *terms]
    joined = (" & ".join(filter(None, [*ref.filters, term])) for term in (terms if ref.group else [""]))
    return [{"filter": each} if each else {} for each in joined]


def _left_out(request: Request, tasks: Tasks) -> Tasks:
    but = request.ref.but
    ids = {int(each) for each in re.findall(r"\d+", but)}
    if ids & {task.id for task in tasks}:
        return tuple(task for task in tasks if task.id in ids)
    if each := each_of_several(but, tasks):
        return each
    whole = tuple(task for task in matches(but, tasks).sure if not AND.search(but) or AND.search(task.title))
    if whole:
        return whole
    raise Answered(f"I don't see “{but}” among them, so I changed nothing. {replies.SEE_LIST}")


def named(scene: Scene, request: Request) -> Finding:
    ref = request.ref
    pool = yield from candidates(scene, request, ref.words)
    found = look_for(request, pool)
    if len(found) == 1 or (found and AND.search(ref.words) and len(found) > 1):
        return found
    if len(found) > 1:
        raise ask_which(scene, request, found)
    gone = matches(ref.words, (yield from scene.trash())).sure if request.op == "delete" else ()
    if gone and set(stems(ref.words)) <= set(stems(gone[0].title)):
        raise Answered(f"{gone[0].named} is in the trash already.")
    raise _not_found(scene, request, pool)


def _not_found(scene: Scene, request: Request, pool: Tasks) -> Answered:
    text = request.ref.words
    states = states_of(request)
    elsewhere = matches(text, [task for task in pool if task.status not in states], is_report=request.is_news).sure
    if elsewhere and request.op in replies.ALREADY:
        scene.focus = tuple(task.id for task in elsewhere)
        return Answered(f"{' and '.join(task.named for task in elsewhere[:3])}: {replies.ALREADY[request.op]}.")
    near = matches(text, [task for task in pool if task.status in states], is_report=request.is_news).near
    if len(near) == 1:
        scene.ask("confirm", request, near)
        scene.focus = (near[0].id,)
        return NothingFound(f"I found no task “{text}”. Did you mean {near[0].named}? Say yes and I'll do it.")
    if near:
        return ask_which(scene, request, near)
    if request.is_news:
        return NothingFound(replies.NOT_OURS)
    return NothingFound(
        f"I found no {replies.for_op('kinds', request.op)} for “{text}”, so I changed nothing. {replies.SEE_LIST}"
    )
