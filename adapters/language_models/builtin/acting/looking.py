"""Carries out requests that only show or name tasks, and returns the text to show."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.lookup.finding import filters_of, targets
from adapters.language_models.builtin.acting.lookup.matching import look_for, matches, spoken_of
from adapters.language_models.builtin.acting.lookup.pointing import by_ids
from adapters.language_models.builtin.acting.lookup.searching import candidates
from adapters.language_models.builtin.acting.lookup.seen import Page, Seen
from adapters.language_models.builtin.acting.scene import Acting, Call, Finding, Scene
from adapters.language_models.builtin.reading.words.stems import words
from adapters.language_models.builtin.requests import Ref, Request
from domain.tasks.task import Status

_DAY = re.compile(r"(?:due|completed): (\d{4}-\d\d-\d\d)")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_SMALL = re.compile(r"^(?:due |for |on |in |at |from |the )+", re.IGNORECASE)
SHOWN = {"next": 5, "one": 1}


def listing(request: Request, scene: Scene) -> Acting:
    ref = request.ref
    status = ref.status or "pending"
    sort = "-completed" if status == "completed" else "due,-created"
    limit = SHOWN.get(request.topic, replies.MAX_SHOWN)
    page: Page | None = None
    for given in filters_of(ref):
        asked = {"status": status, "sort": sort, "limit": limit} | given
        (found,) = yield from scene.call([Call("list_tasks", asked)])
        page = found.page()
        if page and (page.tasks or ref.group.casefold() in map(str.casefold, scene.lists)):
            break
        refusal = found.plainly
    if page is None:
        return f"I couldn't find that: {refusal}"
    spoken_of = scene.focus if scene.did and scene.did.ids == scene.focus else ()
    scene.show(page.tasks)
    scene.focus = spoken_of if len(spoken_of) == 1 and spoken_of[0] in scene.shown else scene.focus
    scene.looked, scene.day = status, _day_of(ref.filters) or scene.day
    lists = {task.list for task in page.tasks}
    scene.listed = (lists.pop() or "") if len(lists) == 1 else ""
    said = _ISO.sub(lambda day: replies.day_words(day[0], scene.context), _SMALL.sub("", request.said))
    about = f" for “{said}”" if (ref.filters or ref.group) and said else ""
    if not page.tasks:
        return f"{replies.NONE[status]}{about}." if about else replies.EMPTY[status]
    if request.topic in SHOWN:
        return f"I'd begin here:\n{replies.lines(page.tasks, scene.context)}"
    return f"{_heading(page, status, about)}\n{replies.lines(page.tasks, scene.context)}"


def _day_of(filters: Sequence[str]) -> str:
    """Returns the only day that was asked for, or ""."""
    days = [found[1] for each in filters if (found := _DAY.fullmatch(each))]
    return days[0] if len(days) == 1 else ""


def _heading(page: Page, status: str, about: str) -> str:
    kind = {"completed": "You have done", "trashed": "The trash has"}.get(status, "You have")
    count = f"{page.total} {'task' if page.total == 1 else 'tasks'}{' to do' if status == 'pending' else ''}"
    more = f". Here are {len(page.tasks)} of them" if page.total > len(page.tasks) else ""
    return f"{kind} {count}{about}{more}:"


def names(request: Request, scene: Scene) -> Acting:
    """Answers which lists or tags there are, as far as the tasks that were changed last or are due next tell."""
    tasks = yield from scene.recent()
    found = {task.list for task in tasks} if request.topic == "lists" else {tag for task in tasks for tag in task.tags}
    said = ", ".join(sorted(each for each in found if each))
    return f"Your tasks have these {request.topic}: {said}." if said else f"Your tasks have no {request.topic} yet."


def find(request: Request, scene: Scene) -> Acting:
    """Answers a question about one task, or about those that have the words."""
    ref = request.ref
    if not ref.words:
        chosen = yield from targets(scene, replace(request, op="find"))
        chosen = yield from by_ids(scene, tuple(task.id for task in chosen))
        if not all(task.title for task in chosen):
            return f"I don't see a task {chosen[0].id}. {replies.SEE_LIST}"
    else:
        chosen = spoken_of(request, (yield from candidates(scene, request, ref.words)))
        chosen = chosen or matches(ref.words, (yield from scene.trash())).sure
    if not chosen and (about := _about(ref, scene)):
        said = request.fields.get("about") or about.group
        return (yield from listing(replace(request, op="list", ref=about, topic="list", said=said), scene))
    if not chosen:
        return f"I found no task about “{ref.words}”. {replies.SEE_LIST}"
    scene.show(chosen)
    if len(chosen) > 1:
        pending = sum(task.status is Status.PENDING for task in chosen)
        return f"I found {len(chosen)}, {pending} still to do:\n{replies.lines(chosen, scene.context)}"
    return _state(chosen[0], request.topic, scene)


def _about(ref: Ref, scene: Scene) -> Ref | None:
    """Returns what else is asked for, beside words that no task has: a day, a state, or a list that there is."""
    lists = {each.lower() for task in scene.known.values() for each in (task.list, *task.tags) if each}
    group = next((word for word in words(ref.words) if word in lists), "")
    return Ref(every=True, filters=ref.filters, status=ref.status, group=group) if group or ref.filters else None


def _state(task: Seen, topic: str, scene: Scene) -> str:
    context = scene.context
    if task.deleted_at:
        return f"{task.named} is in the trash. Say “restore {task.id}” if you want it back."
    if task.completed:
        day = f", {replies.day_words(task.completed_at[:10], context)}" if task.completed_at else ""
        return f"Yes, done{day}: {replies.described(task, context)}."
    if topic == "when" and not task.due:
        return f"{task.named} has no date yet."
    if topic == "when" and task.due:
        is_past = task.due[:10] < context.today.isoformat()
        ahead = (date.fromisoformat(task.due[:10]) - context.today).days
        away = f", {ahead} days from now" if ahead > 1 else ""
        return f"{task.named} {'was' if is_past else 'is'} due {replies.day_words(task.due, context)}{away}."
    is_it = "Not yet: " if topic == "state" else ""
    return f"{is_it}{replies.described(task, context)} is still to do."


def speak_of(request: Request, scene: Scene) -> Finding:
    """Remembers the task that was spoken of, so that "move it to tomorrow" may follow. Returns it if it is taken for
    done and surely is the one that is meant."""
    pool = yield from candidates(scene, request, request.ref.words)
    if scene.did and scene.did.op == "delete":
        yield from scene.trash()
        deleted = yield from by_ids(scene, scene.did.ids)
        named = matches(request.ref.words, deleted)
        scene.focus = tuple(task.id for task in named.sure or named.near) or scene.focus
    found, sure = spoken_of(request, pool), look_for(request, pool)
    scene.focus = (found[0].id,) if len(found) == 1 else scene.focus
    return sure if len(sure) == 1 and sure[0].completed else ()
