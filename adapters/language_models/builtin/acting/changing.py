"""Carries out requests that change tasks, and returns what came of it."""

from collections.abc import Sequence

from msgspec.structs import replace

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.changes import Change, changes_of
from adapters.language_models.builtin.acting.lookup.finding import targets
from adapters.language_models.builtin.acting.lookup.seen import Outcome, Seen
from adapters.language_models.builtin.acting.scene import Acting, Call, Scene
from adapters.language_models.builtin.reading.parts.slots import DAY_BEFORE
from adapters.language_models.builtin.requests import Fields, Ref, Request, Shift
from adapters.language_models.builtin.tables import phrases
from domain.tasks.task import Status

MAX_IN_A_BATCH = 100
_A_DAY_BEFORE = (["a day before"], ["1 day before"])
_OFF = phrases("off the list")
_TOOLS = {
    "add": "add_task", "complete": "complete_task", "delete": "delete_task", "restore": "restore_task",
    "update": "update_task", "reschedule": "reschedule_task",
}  # fmt: skip
_PAST = {"complete": Status.COMPLETED, "reopen": Status.PENDING, "restore": Status.PENDING}


def act(request: Request, scene: Scene) -> Acting:
    """Completes, reopens, deletes, restores or updates the tasks that are meant."""
    if request.ref.is_empty() and scene.focus and (scene.did or len(scene.focus) == 1):
        request = replace(request, ref=Ref(pronoun="it"))
    if request.topic in ("rename", "when") and not request.fields:
        return (yield from _ask_for_value(request, scene))
    request = _of_what_was_set(request, scene)
    tasks = yield from targets(scene, request)
    if request.topic == "cancelled" and not any("cancel" in task.title.lower() for task in tasks):
        scene.ask("confirm", replace(request, op="delete"), tasks)
        return replies.CANCELLED.format(" and ".join(task.named for task in tasks))
    if request.fields.get("reminders") != ["at due time"]:
        return (yield from act_on(request, scene, tasks))
    if not all(task.due for task in tasks):
        return replies.NO_DUE.format(tasks[0].named)
    done = yield from act_on(request, scene, tasks)
    return done + replies.when_it_rings([scene.known.get(task.id, task) for task in tasks], scene.context)


def _of_what_was_set(request: Request, scene: Scene) -> Request:
    """Returns "8pm" as the hour of the reminder that was set last, and "1 hour" as how long before it rings, or as how
    long the task takes if none was set."""
    did, hour = scene.did.fields if scene.did else {}, request.fields.get("due", "")
    if "span" in request.fields:
        minutes = request.fields["span"]
        if scene.asked and scene.asked.kind == "when":
            return replace(request, fields={}, shift=Shift(minutes=minutes))
        is_reminder = any(each.endswith("before") for each in did.get("reminders", ()))
        span = {"reminders": [f"{minutes} minutes before"]} if is_reminder else {"estimate": f"{minutes} minutes"}
        return replace(request, fields=span)
    if "half" in request.fields and did.get("reminders") in _A_DAY_BEFORE:
        return replace(request, fields={"reminders": [f"{DAY_BEFORE}{hour[11:16]}"]})
    if request.fields.keys() != {"due"} or not hour.startswith("at "):
        return request
    if did.get("reminders") in _A_DAY_BEFORE:
        return replace(request, fields={"reminders": [f"{DAY_BEFORE}{hour[3:]}"]})
    return replace(request, fields={"remind": f"{did['remind'][:10]}T{hour[3:]}"}) if "remind" in did else request


def ask(request: Request, scene: Scene) -> Acting:
    """Asks whether to do it, and does it after a yes."""
    meant = replace(request, op=request.topic, topic="")
    tasks = yield from targets(scene, meant)
    scene.ask("confirm", meant, tasks)
    return replies.SHALL_I[meant.op].format(" and ".join(task.named for task in tasks))


def act_on(request: Request, scene: Scene, tasks: Sequence[Seen]) -> Acting:
    """Does it to these tasks."""
    op = "reopen" if request.op == "restore" and all(task.status is Status.COMPLETED for task in tasks) else request.op
    if "title" in request.fields and len(tasks) > 1:
        return replies.ONE_NAME
    if op == "delete" and _OFF.search(request.said) and {task.id for task in tasks} <= scene.finished:
        return ""
    if (done := _already(op, tasks, scene)) is not None:
        return done
    if op == "complete":
        tasks = [task for task in tasks if task.id not in scene.finished]
        scene.finished.update(task.id for task in tasks)
    changes = [change for task in tasks for change in changes_of(op, request, scene, task)]
    return (yield from made(scene, op, changes, request.fields)) if changes else ""


def _already(op: str, tasks: Sequence[Seen], scene: Scene) -> str | None:
    """Returns what to say if it is done already: nothing, if this message has done it."""
    if op in _PAST and {task.id for task in tasks} <= scene.done_now.keys():
        return ""
    known = [task for task in tasks if task.title]
    if len(known) == len(tasks) and op in _PAST and all(task.status is _PAST[op] for task in known):
        return f"{' and '.join(task.named for task in known[:5])}: {replies.ALREADY[op]}."
    return None


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


def made(scene: Scene, op: str, changes: Sequence[Change], fields: Fields) -> Acting:
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
