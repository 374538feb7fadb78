"""Carries out requests that change tasks, and returns what came of it."""

import re
from collections.abc import Generator, Sequence

from msgspec.structs import replace

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.changes import Change, as_given, changes_of
from adapters.language_models.builtin.acting.finding import by_ids, candidates, targets
from adapters.language_models.builtin.acting.matching import look_for
from adapters.language_models.builtin.acting.scene import Acting, Call, Round, Scene
from adapters.language_models.builtin.acting.seen import Outcome, Seen
from adapters.language_models.builtin.reading.parts.items import MAX_ITEMS
from adapters.language_models.builtin.reading.parts.slots import SAME_LIST, title_of
from adapters.language_models.builtin.reading.words.stems import CHORE_STEMS, stem
from adapters.language_models.builtin.requests import Fields, Ref, Request
from domain.tasks.task import Status

_RING = re.compile(r"\b(?:remind|reminder|reminded|(?:an|the) alarm|let me forget|ask me|ping me)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"(?<=\w )(?:it|them)\b(?! \w+ed\b)")
MAX_IN_A_BATCH, MOST_WORDS = 100, 3
_TOOLS = {
    "add": "add_task", "complete": "complete_task", "delete": "delete_task", "restore": "restore_task",
    "update": "update_task", "reschedule": "reschedule_task",
}  # fmt: skip
_PAST = {"complete": Status.COMPLETED, "reopen": Status.PENDING, "restore": Status.PENDING}


def add(request: Request, scene: Scene) -> Acting:
    if not request.items:
        scene.ask("title", request)
        return replies.ADD_WHAT
    if len(request.items) > MAX_ITEMS:
        return f"That's more than {MAX_ITEMS} tasks at once, so I added none. Say them in several messages."
    rings = bool(_RING.search(request.said))
    request = yield from _with_object(request, scene)
    items = [_ringing(_in_same_list(item, scene), rings=rings) for item in request.items]
    changes = [{"action": "add"} | as_given(item) for item in items]
    shared = {"list": items[0]["list"]} if "list" in items[0] else {}
    done = yield from _changed(scene, "add", changes, shared)
    return done + (_when_it_rings(scene) if rings and scene.did and scene.did.op == "add" else "")


def _with_object(request: Request, scene: Scene) -> Generator[Round, Sequence[Outcome], Request]:
    """Returns "collect the photos" for "collect them", of the task that was spoken of."""
    title = request.items[0].get("title", "")
    if len(request.items) > 1 or len(scene.focus) != 1 or not _PRONOUN.search(title):
        return request
    (task,) = yield from by_ids(scene, scene.focus)
    verb, _, rest = task.title.partition(" ")
    thing = rest if rest and stem(verb.lower()) in CHORE_STEMS else task.title[:1].lower() + task.title[1:]
    named = _PRONOUN.sub(lambda _: thing, title, count=1) if len(thing.split()) <= MOST_WORDS else title
    return replace(request, items=(request.items[0] | {"title": named},))


def add_below(request: Request, scene: Scene) -> Acting:
    """Adds subtasks to the task that is named."""
    (task, *_) = yield from targets(scene, request)
    items = tuple(item | {"parent_id": task.id} for item in request.items)
    return (yield from add(replace(request, items=items, ref=Ref()), scene)) + f"\nPart of {task.named}."


def swap(request: Request, scene: Scene) -> Acting:
    """Gives each of two tasks the due date of the other, or adds what was said if they are not there."""
    found = look_for(request, (yield from candidates(scene, request, request.ref.words)))
    if len(found) != 2:
        return (yield from add(request, scene))
    one, other = found
    if not one.due or not other.due:
        return f"{(other if one.due else one).named} has no date, so there is nothing to swap."
    changes = [
        {"action": "reschedule", "task_id": each.id, "due": due} for each, due in ((one, other.due), (other, one.due))
    ]
    return (yield from _changed(scene, "update", changes, {}))


def _ringing(item: Fields, *, rings: bool) -> Fields:
    """Returns the task with a reminder at its due time, if one was asked for."""
    return {"reminders": ["at due time"]} | item if rings and "due" in item else item


def _when_it_rings(scene: Scene) -> str:
    added = [scene.known[number] for number in scene.focus if number in scene.known]
    return replies.WILL_RING if any(task.reminders for task in added) else replies.WHEN_TO_RING


def _in_same_list(item: Fields, scene: Scene) -> Fields:
    if item.get("list") != SAME_LIST:
        return item
    return {name: value for name, value in item.items() if name != "list"} | (
        {"list": scene.listed} if scene.listed else {}
    )


def act(request: Request, scene: Scene) -> Acting:
    """Completes, reopens, deletes, restores or updates the tasks that are meant."""
    if request.ref.is_empty() and scene.focus and (scene.did or len(scene.focus) == 1):
        request = replace(request, ref=Ref(pronoun="it"))
    if request.topic in ("rename", "when") and not request.fields:
        return (yield from _ask_for_value(request, scene))
    tasks = yield from targets(scene, request)
    if request.topic == "cancelled" and not any("cancel" in task.title.lower() for task in tasks):
        scene.ask("confirm", replace(request, op="delete"), tasks)
        return replies.CANCELLED.format(" and ".join(task.named for task in tasks))
    if request.fields.get("reminders") != ["at due time"]:
        return (yield from act_on(request, scene, tasks))
    if not all(task.due for task in tasks):
        return replies.NO_DUE.format(tasks[0].named)
    return (yield from act_on(request, scene, tasks)) + replies.WILL_RING


def act_on(request: Request, scene: Scene, tasks: Sequence[Seen]) -> Acting:
    """Does it to these tasks."""
    op = "reopen" if request.op == "restore" and all(task.status is Status.COMPLETED for task in tasks) else request.op
    if done := _already(op, tasks):
        return done
    if op == "complete":
        tasks = [task for task in tasks if task.id not in scene.finished]
        scene.finished.update(task.id for task in tasks)
    changes = [change for task in tasks for change in changes_of(op, request, scene, task)]
    return (yield from _changed(scene, op, changes, request.fields)) if changes else ""


def _already(op: str, tasks: Sequence[Seen]) -> str:
    known = [task for task in tasks if task.title]
    if len(known) == len(tasks) and op in _PAST and all(task.status is _PAST[op] for task in known):
        return f"{' and '.join(task.named for task in known[:5])}: {replies.ALREADY[op]}."
    return ""


def _ask_for_value(request: Request, scene: Scene) -> Acting:
    tasks = yield from targets(scene, request)
    scene.focus = tuple(task.id for task in tasks)
    scene.ask(request.topic, request, tasks)
    name = tasks[0].named if len(tasks) == 1 else f"these {len(tasks)} tasks"
    return (replies.NEW_NAME if request.topic == "rename" else replies.WHEN).format(name)


def calls_of(changes: Sequence[Change]) -> list[Call]:
    """Returns one call of the tool itself for a single change, and batches for several."""
    if len(changes) == 1:
        change = dict(changes[0])
        return [Call(_TOOLS[change.pop("action")], change)]
    batches = (changes[at : at + MAX_IN_A_BATCH] for at in range(0, len(changes), MAX_IN_A_BATCH))
    return [Call("change_tasks", {"changes": list(batch)}) for batch in batches]


def _changed(scene: Scene, op: str, changes: Sequence[Change], fields: Fields) -> Acting:
    """Makes the changes, and tells what the tools gave."""
    outcomes = yield from scene.call(calls_of(changes))
    each = [one for outcome in outcomes for one in outcome.each()]
    done = _tasks_in([one for one in each if one.success])
    refused = [one.message for one in each if not one.success]
    if done:
        scene.have_done(op, done, fields)
    told = replies.acted(op, done, scene.context, scene.said) if done else ""
    return "\n".join(filter(None, [told, *(_not_done(message) for message in dict.fromkeys(refused))]))


def _not_done(message: str) -> str:
    return replies.UNAPPROVED.get(message) or f"Not done: {message}"


def _tasks_in(outcomes: Sequence[Outcome]) -> list[Seen]:
    latest = {task.id: task for outcome in outcomes for task in outcome.tasks()}
    return list(latest.values())


def undo(request: Request, scene: Scene) -> Acting:
    if not scene.did and request.said and request.topic != "redo" and "undo" not in request.said.lower():
        return "I haven't changed anything that I could take back."
    (outcome,) = yield from scene.call([Call("undo_last_changes", {})])
    if not outcome.success:
        return outcome.message
    tasks = outcome.tasks()
    scene.focus = tuple(task.id for task in tasks)
    scene.did = replace(scene.did, op="undo") if scene.did else None
    return replies.undone(tasks, scene.context)


def correct(request: Request, scene: Scene) -> Acting:
    """Takes back what was done last, and does it to the task that was meant."""
    did = scene.did
    if did is None or did.op == "undo":
        return (yield from act(replace(request, op="complete"), scene)) if did is None else replies.NOT_DONE
    if did.op == "add" or (did.op == "update" and "title" in did.fields):
        tasks = yield from by_ids(scene, did.ids)
        fields = dict(request.items[0]) if request.items else {}
        if "title" in fields and len(tasks) == 1:
            fields["title"] = _put_right(tasks[0].title, request.ref, fields["title"])
        return (yield from act_on(Request("update", fields=fields, said=request.said), scene, tasks))
    meant = replace(request, op=did.op, fields=did.fields, ref=replace(request.ref, but=""))
    tasks = yield from targets(scene, meant)
    yield from scene.call([Call("undo_last_changes", {})])
    tasks = tuple(scene.known.get(task.id, task) for task in tasks)
    return (yield from act_on(meant, scene, tasks))


def copy(request: Request, scene: Scene) -> Acting:
    """Adds what was spoken of once more, for another day: "and the same on tuesday"."""
    (task, *_) = yield from by_ids(scene, scene.focus)
    due = request.fields["due"]
    hour = task.due[10:] if task.due and len(due) == len("2026-12-01") else ""
    fields = {name: getattr(task, name) for name in ("title", "list", "priority") if getattr(task, name)}
    items = (fields | request.fields | {"due": due + hour} | ({"tags": list(task.tags)} if task.tags else {}),)
    return (yield from add(replace(request, op="add", items=items, fields={}), scene))


def _put_right(title: str, ref: Ref, new: str) -> str:
    """Returns the title with the right words, or number, in place of the wrong ones, or else the new title."""
    numbers = re.findall(r"\d+", title) if new.isdigit() else []
    wrong, right = (numbers[0], new) if len(numbers) == 1 else (ref.but, ref.words)
    found = re.compile(rf"\b{re.escape(wrong)}\b", re.IGNORECASE)
    return title_of(found.sub(right, title)) if wrong and found.search(title) else new


def again(request: Request, scene: Scene) -> Acting:
    """Does once more what was done last, for something else."""
    did = scene.did
    if did is None or did.op in ("add", "undo"):
        shared = did.fields if did and did.op == "add" else {}
        return (yield from add(replace(request, op="add", items=tuple(shared | item for item in request.items)), scene))
    done = yield from act(replace(request, op=did.op, fields=did.fields, told=did.op == "complete"), scene)
    if scene.did and scene.did is not did:
        scene.did = replace(scene.did, ids=(*did.ids, *scene.did.ids))
        scene.focus = scene.did.ids
    return done
