"""Carries out requests that change a task if it exists, and add it if it does not: "put the kettle on my list"."""

from collections.abc import Iterable

from msgspec.structs import replace

from adapters.language_models.builtin.acting import changing, looking, replies
from adapters.language_models.builtin.acting.finding import candidates, look_for
from adapters.language_models.builtin.acting.matching import matches
from adapters.language_models.builtin.acting.scene import Acting, Scene
from adapters.language_models.builtin.acting.seen import Seen
from adapters.language_models.builtin.requests import Ref, Request


def put(request: Request, scene: Scene) -> Acting:
    ref, has_value = request.ref, bool(request.fields or request.shift)
    if not ref.words or ref.every:
        return (yield from _pointed_at(request, scene, has_value=has_value))
    pool = yield from candidates(scene, request, ref.words)
    found = look_for(replace(request, op="put"), pool)
    if found and has_value:
        return (yield from changing.act(replace(request, op="update"), scene))
    if request.asked and not found:
        return replies.UNCLEAR
    is_fact = request.topic == "fact" and not found
    if has_value or is_fact or (request.topic == "chore" and not _has_same_title(request, pool)):
        return (yield from changing.add(replace(request, op="add"), scene))
    if found:
        return (yield from looking.find(replace(request, op="find", topic="list"), scene))
    return _offered(request, scene)


def _pointed_at(request: Request, scene: Scene, *, has_value: bool) -> Acting:
    is_empty = request.ref.is_empty()
    if has_value and (scene.focus or not is_empty):
        ref = Ref(pronoun="it") if is_empty else request.ref
        return (yield from changing.act(replace(request, op="update", ref=ref), scene))
    if is_empty:
        return replies.UNCLEAR
    return (yield from looking.find(replace(request, op="find", topic="state"), scene))


def _has_same_title(request: Request, pool: Iterable[Seen]) -> bool:
    pending = [task for task in pool if not task.completed]
    return bool(request.items and matches(request.items[0]["title"], pending).sure)


def _offered(request: Request, scene: Scene) -> str:
    if request.asked or not request.items:
        return replies.UNCLEAR
    titles = ", ".join(f"“{replies.shortened(item['title'])}”" for item in request.items)
    scene.ask("confirm", replace(request, op="add"))
    return f"Shall I add {titles}? Say yes, or tell me what to do."
