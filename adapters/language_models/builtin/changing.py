"""Requests that change tasks, carried out to the text that tells of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from adapters.language_models.builtin import replies
from adapters.language_models.builtin.finding import ask_which, targets
from adapters.language_models.builtin.requests import (
    Act,
    Add,
    Describe,
    Every,
    Numbers,
    Pronoun,
    Rename,
    Undo,
    Verb,
    Words,
)
from adapters.language_models.builtin.scene import Acting, Call, Scene, Seens
from adapters.language_models.builtin.seen import Outcome
from adapters.language_models.builtin.sentence import one_line

ADDED_MOST = 25
_SEE_LIST = " Say “show my tasks” to see your list."


def add(request: Add, scene: Scene) -> Acting:
    if len(request.drafts) > ADDED_MOST:
        return f"That's more than {ADDED_MOST} tasks at once, so I added none. Please give me fewer at a time."
    calls = [
        Call("add_task", {"title": draft.title} | ({"description": draft.description} if draft.description else {}))
        for draft in request.drafts
    ]
    outcomes = yield from scene.call(calls)
    added = [task for each in outcomes if (task := each.task())]
    if len(added) == 1:
        told = replies.one_of(replies.ADDED, scene.said + added[0].named).format(replies.described(added[0]))
    else:
        told = f"Added {len(added)} tasks:\n{replies.lines(added)}" if added else ""
    return _with_failures(told, outcomes)


def act(request: Act, scene: Scene) -> Acting:
    chosen = yield from targets(scene, request)
    is_vague = isinstance(request.task, Every) or (isinstance(request.task, Pronoun) and len(chosen) > 1)
    if request.verb is Verb.DELETE and is_vague:
        scene.offer(replace(request, task=Numbers(tuple(task.id for task in chosen))))
        scene.show(chosen)
        count = "this task" if len(chosen) == 1 else f"these {len(chosen)} tasks"
        return f"That would delete {count}:\n{replies.lines(chosen)}\nShall I? Say yes or no."
    outcomes = yield from scene.call(_call(request.verb, task.id) for task in chosen)
    done = [task for each in outcomes if (task := each.task())]
    if len(done) == 1:
        told = replies.one_of(replies.ACTED[request.verb], scene.said + done[0].named).format(done[0].named)
    else:
        told = f"{replies.ACTED_ON_SEVERAL[request.verb]} {len(done)} tasks:\n{replies.lines(done)}" if done else ""
    return _with_failures(told, outcomes, _SEE_LIST)


def _call(verb: Verb, task_id: int) -> Call:
    if verb is Verb.REOPEN:
        return Call("update_task", {"task_id": task_id, "completed": False})
    return Call(f"{verb}_task", {"task_id": task_id})


def rename(request: Rename, scene: Scene) -> Acting:
    if request.others:
        tasks = yield from scene.tasks()
        exact = next(((Words(old), new) for old, new in request.others if _is_title(old, tasks)), None)
        request = Rename(*exact) if exact and exact[1] else replace(request, others=())
    return (yield from _change(request, scene, {"title": request.title}))


def _is_title(text: str, tasks: Seens) -> bool:
    return any(task.title.casefold() == text.strip().casefold() for task in tasks)


def describe(request: Describe, scene: Scene) -> Acting:
    if not request.more:
        return (yield from _change(request, scene, {"description": request.note}))
    (target, *others) = yield from targets(scene, request)
    if others:
        raise ask_which(scene, request, (target, *others))
    before = next((task.description for task in (yield from scene.tasks()) if task.id == target.id), None)
    note = f"{before}\n{request.note}" if before else request.note
    return (yield from _change(Describe(Numbers((target.id,)), note), scene, {"description": note}))


def _change(request: Rename | Describe, scene: Scene, values: dict[str, Any]) -> Acting:
    chosen = yield from targets(scene, request)
    if len(chosen) > 1:
        raise ask_which(scene, request, chosen)
    outcomes = yield from scene.call([Call("update_task", {"task_id": chosen[0].id, **values})])
    changed = [replies.described(task) for each in outcomes if (task := each.task())]
    told = replies.one_of(replies.RENAMED, scene.said).format(changed[0]) if changed else ""
    return _with_failures(told, outcomes, _SEE_LIST)


def undo(_: Undo, scene: Scene) -> Acting:
    (outcome,) = yield from scene.call([Call("undo_last_changes", {})])
    page = outcome.page()
    if page is None:
        return one_line(outcome.message) or replies.UNCERTAIN
    return replies.undone(page.tasks, scene.said)


def _with_failures(told: str, outcomes: Sequence[Outcome], hint: str = "") -> str:
    failed: Iterable[str] = dict.fromkeys(each.message for each in outcomes if not each.success)
    sorry = [f"Sorry, that didn't work: {_readable(message)}{hint}" for message in failed]
    return "\n".join(filter(None, [told, *sorry])) or replies.UNCERTAIN


def _readable(message: str) -> str:
    """A refusal names the field as programs do: "title: must be …"."""
    field, colon, rule = message.partition(": ")
    return f"the {field} {rule}." if colon and field in ("title", "description") else message
