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
from adapters.language_models.builtin.acting.lookup.searching import candidates
from adapters.language_models.builtin.acting.lookup.seen import Seen
from adapters.language_models.builtin.acting.scene import Answered, Call, Finding, NothingFound, Scene
from adapters.language_models.builtin.reading.parts.qualifiers import quoted_name
from adapters.language_models.builtin.requests import Ref, Request
from domain.tasks.task import Status

_EVERY = {"complete": "pending", "reopen": "completed", "restore": "trashed", "delete": "all", "find": "all"}
MAX_CHOICES = 10


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
        return (yield from _numbered(scene, request, ref.ids))
    if ref.places:
        return (yield from _in_place(scene, request))
    if ref.pronoun:
        return (yield from _spoken_of(scene, request))
    if ref.every:
        return (yield from every(scene, request))
    if ref.words:
        return (yield from named(scene, request))
    scene.ask("target", request)
    raise Answered(replies.for_op("which task", request.op))


def by_ids(scene: Scene, ids: tuple[int, ...]) -> Finding:
    """Returns the tasks of these numbers. Of one that was not seen, only the number is known."""
    if not all(number in scene.known for number in ids):
        yield from scene.recent()
    return tuple(scene.known.get(number) or Seen(number, "") for number in ids)


def _numbered(scene: Scene, request: Request, ids: tuple[int, ...]) -> Finding:
    """Returns them as `by_ids` does, and looks in the trash for what is to be restored or was not found."""
    tasks = yield from by_ids(scene, ids)
    if request.op == "restore" or (scene.sees_all and not all(task.title for task in tasks)):
        yield from scene.trash()
        tasks = yield from by_ids(scene, ids)
    return tasks


def _in_place(scene: Scene, request: Request) -> Finding:
    shown = scene.shown
    if not shown and request.ref.places == (-1,):
        tasks = yield from scene.recent()
        return tuple(
            sorted((task for task in tasks if task.status is not Status.TRASHED), key=lambda task: -task.id)[:1]
        )
    if not shown:
        raise Answered("I haven't shown a list yet. Ask “what's due today?” first, or name the task.")
    if not all(-len(shown) <= place < len(shown) for place in request.ref.places):
        raise Answered(f"The list I showed has only {len(shown)}. Tell me the task's number instead.")
    return (yield from by_ids(scene, tuple(shown[place] for place in request.ref.places)))


def _rest(scene: Scene, request: Request) -> Finding:
    """Returns what is left of the list that was shown, or else of the list of the task that was spoken of."""
    if scene.shown and not set(scene.shown) <= set(scene.focus):
        tasks = yield from by_ids(scene, scene.shown)
    else:
        lists = {task.list for task in (yield from by_ids(scene, scene.focus))} - {None}
        if len(lists) != 1:
            scene.ask("target", request)
            raise Answered(replies.for_op("which task", request.op))
        tasks = yield from scene.every(status="pending", filter=f"#{quoted_name(lists.pop() or '')}")
    return tuple(task for task in tasks if task.id not in scene.focus and task.status is Status.PENDING)


def _spoken_of(scene: Scene, request: Request) -> Finding:
    if request.ref.pronoun == "rest":
        return (yield from _rest(scene, request))
    if request.ref.pronoun == "other":
        others = tuple(number for number in scene.shown if number not in scene.focus)
        if len(others) != 1:
            raise Answered("Which other one do you mean? Tell me its number, or words of its title.")
        return (yield from by_ids(scene, others))
    several = scene.focus if len(scene.focus) > 1 else scene.shown
    spoken_of = (several or scene.focus) if request.ref.pronoun == "them" else scene.focus
    if not spoken_of and request.op == "restore" and len(trashed := (yield from scene.trash())) == 1:
        return trashed
    if not spoken_of:
        scene.ask("target", request)
        raise Answered(replies.for_op("which task", request.op))
    tasks = yield from _numbered(scene, request, spoken_of)
    if request.ref.pronoun == "it" and len(tasks) > 1 and not (scene.did and scene.did.ids == spoken_of):
        raise ask_which(scene, request, tasks)
    fitting = tuple(task for task in tasks if request.op != "complete" or task.status is Status.PENDING)
    return fitting or tasks


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
    if request.op == "delete" and (gone := matches(ref.words, (yield from scene.trash())).sure):
        raise Answered(f"{gone[0].named} is in the trash already.")
    raise _not_found(scene, request, pool)


def ask_which(scene: Scene, request: Request, tasks: Tasks) -> Answered:
    scene.ask("which", request, tasks)
    scene.show(tasks)
    return Answered(f"Which one do you mean?\n{replies.lines(tasks, scene.context, MAX_CHOICES)}")


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
