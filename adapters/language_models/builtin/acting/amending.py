"""Does something with what was done last: takes it back, puts it right, or does it once more."""

import re

from msgspec.structs import replace

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.adding import add
from adapters.language_models.builtin.acting.changing import act, act_on
from adapters.language_models.builtin.acting.lookup.finding import targets
from adapters.language_models.builtin.acting.lookup.pointing import by_ids
from adapters.language_models.builtin.acting.scene import Acting, Call, Scene
from adapters.language_models.builtin.reading.parts.slots import title_of
from adapters.language_models.builtin.requests import Ref, Request


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
    done = yield from act(replace(request, op=did.op, fields=did.fields, is_news=did.op == "complete"), scene)
    if scene.did and scene.did is not did:
        scene.did = replace(scene.did, ids=(*did.ids, *scene.did.ids))
        scene.focus = scene.did.ids
    return done
