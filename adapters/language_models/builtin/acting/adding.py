"""Adds tasks, and returns what came of it."""

import re
from collections.abc import Generator, Sequence

from msgspec.structs import replace

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.changes import as_given
from adapters.language_models.builtin.acting.changing import made
from adapters.language_models.builtin.acting.lookup.finding import targets
from adapters.language_models.builtin.acting.lookup.matching import look_for
from adapters.language_models.builtin.acting.lookup.pointing import by_ids
from adapters.language_models.builtin.acting.lookup.searching import candidates
from adapters.language_models.builtin.acting.lookup.seen import Outcome
from adapters.language_models.builtin.acting.scene import Acting, Round, Scene
from adapters.language_models.builtin.reading.parts.items import MAX_ITEMS
from adapters.language_models.builtin.reading.parts.slots import SAME_LIST
from adapters.language_models.builtin.reading.words.stems import CHORE_STEMS, stem
from adapters.language_models.builtin.requests import Fields, Ref, Request
from application.tasks.date_words import DateContext, find_date

_RING = re.compile(r"\b(?:remind|reminder|reminded|(?:an|the) alarm|let me forget|ask me|ping me)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"(?<=\w )(?:it|them)\b(?! \w+ed\b)")
MOST_WORDS = 3


def add(request: Request, scene: Scene) -> Acting:
    if not request.items:
        scene.ask("title", request)
        return replies.ADD_WHAT
    if len(request.items) > MAX_ITEMS:
        return f"That's more than {MAX_ITEMS} tasks at once, so I added none. Say them in several messages."
    rings = bool(_RING.search(request.said))
    request = yield from _with_object(request, scene)
    items = [_ringing(_in_same_list(_on_same_day(item, request, scene), scene), rings=rings) for item in request.items]
    changes = [{"action": "add"} | as_given(item) for item in items]
    shared = {"list": items[0]["list"]} if "list" in items[0] else {}
    done = yield from made(scene, "add", changes, shared)
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


def _on_same_day(item: Fields, request: Request, scene: Scene) -> Fields:
    """Returns the task on the day of the one before it in the message, if only its hour was said."""
    follows = scene.done_now and scene.did and scene.did.op == "add"
    return on_day(item, scene.day if follows else "", request.said, scene.context)


def on_day(item: Fields, day: str, said: str, context: DateContext) -> Fields:
    """Returns the task on `day`, if there is one and what was said has an hour but no day."""
    found = find_date(said, context) if day and "due" in item else None
    return item | {"due": day + item["due"][10:]} if found and found.is_hour_alone else item


def _ringing(item: Fields, *, rings: bool) -> Fields:
    """Returns the task with a reminder at its due time, if one was asked for."""
    return {"reminders": ["at due time"]} | item if rings and "due" in item else item


def _when_it_rings(scene: Scene) -> str:
    added = [scene.known[number] for number in scene.focus if number in scene.known]
    return replies.when_it_rings(added, scene.context)


def _in_same_list(item: Fields, scene: Scene) -> Fields:
    if item.get("list") != SAME_LIST:
        return item
    return {name: value for name, value in item.items() if name != "list"} | (
        {"list": scene.listed} if scene.listed else {}
    )


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
    return (yield from made(scene, "update", changes, {}))


def copy(request: Request, scene: Scene) -> Acting:
    """Adds what was spoken of once more, for another day: "and the same on tuesday"."""
    (task, *_) = yield from by_ids(scene, scene.focus)
    due = request.fields["due"]
    hour = task.due[10:] if task.due and len(due) == len("2026-12-01") else ""
    fields = {name: getattr(task, name) for name in ("title", "list", "priority") if getattr(task, name)}
    items = (fields | request.fields | {"due": due + hour} | ({"tags": list(task.tags)} if task.tags else {}),)
    return (yield from add(replace(request, op="add", items=items, fields={}), scene))
