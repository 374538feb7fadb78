"""Carries out requests that change tasks, and returns the text that describes the change."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from adapters.language_models.builtin.acting.finding import ask_which, targets
from adapters.language_models.builtin.acting.fitting import fitting
from adapters.language_models.builtin.acting.scene import Acting, Call, Scene, SeenTasks
from adapters.language_models.builtin.acting.seen import Outcome, Seen
from adapters.language_models.builtin.reading.sentence import one_line
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
from adapters.language_models.builtin.talking import replies

MAX_ADDED = 25
_SEE_LIST = " Say “show my tasks” to see your list."


def add(request: Add, scene: Scene) -> Acting:
    if len(request.drafts) > MAX_ADDED:
        return f"That's more than {MAX_ADDED} tasks at once, so I added none. Please give me fewer at a time."
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
    if _is_of_the_last_change(request, scene):
        return (yield from undo(Undo(), scene))
    chosen = yield from targets(scene, request)
    is_vague = isinstance(request.task, Every) or (isinstance(request.task, Pronoun) and len(chosen) > 1)
    if request.verb is Verb.DELETE and is_vague:
        scene.offer(replace(request, task=Numbers(tuple(task.id for task in chosen))))
        scene.show(chosen)
        count = "this task" if len(chosen) == 1 else f"these {len(chosen)} tasks"
        return f"That would delete {count}:\n{replies.lines(chosen)}\nShall I? Say yes or no."
    trashed = (yield from scene.trash()) if request.verb is Verb.PUT_BACK else ()
    verbs = [_verb(request.verb, task.id, trashed) for task in chosen]
    outcomes = yield from scene.call(_call(verb, task.id) for verb, task in zip(verbs, chosen, strict=True))
    told = [_acted(verb, _done(verb, verbs, outcomes), scene.said) for verb in dict.fromkeys(verbs)]
    return _with_failures("\n".join(filter(None, told)), outcomes, _SEE_LIST)


def _is_of_the_last_change(request: Act, scene: Scene) -> bool:
    """Returns whether "put it back" means undoing the last change: "it" is neither completed nor in the trash."""
    is_it = request.verb is Verb.PUT_BACK and isinstance(request.task, Pronoun)
    return is_it and bool(scene.focus) and not fitting(scene.focus, request)


def _verb(verb: Verb, task_id: int, trashed: SeenTasks) -> Verb:
    if verb is not Verb.PUT_BACK:
        return verb
    return Verb.RESTORE if any(task.id == task_id for task in trashed) else Verb.REOPEN


def _done(verb: Verb, verbs: Sequence[Verb], outcomes: Sequence[Outcome]) -> list[Seen]:
    return [task for each, gave in zip(verbs, outcomes, strict=True) if each is verb and (task := gave.task())]


def _acted(verb: Verb, done: Sequence[Seen], said: str) -> str:
    if len(done) == 1:
        return replies.one_of(replies.ACTED[verb], said + done[0].named).format(done[0].named)
    return f"{replies.ACTED_ON_SEVERAL[verb]} {len(done)} tasks:\n{replies.lines(done)}" if done else ""


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


def _is_title(text: str, tasks: SeenTasks) -> bool:
    return any(task.title.casefold() == text.strip().casefold() for task in tasks)


def describe(request: Describe, scene: Scene) -> Acting:
    if not request.more:
        values = {"description": request.note} if request.note else {"clear": ["description"]}
        return (yield from _change(request, scene, values))
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
    """Makes a sentence of a refusal that begins with the name of a field, such as "title: must be …"."""
    field, colon, rule = message.partition(": ")
    return f"the {field} {rule}." if colon and field in ("title", "description") else message
