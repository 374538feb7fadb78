"""Changes a task if it is there, and adds it or offers that if it is not."""

import re
from collections.abc import Iterable

from msgspec.structs import replace as changed

from adapters.language_models.builtin.acting import looking, replies
from adapters.language_models.builtin.acting.adding import add
from adapters.language_models.builtin.acting.changing import act
from adapters.language_models.builtin.acting.lookup.matching import look_for, matches
from adapters.language_models.builtin.acting.lookup.searching import candidates
from adapters.language_models.builtin.acting.lookup.seen import Seen
from adapters.language_models.builtin.acting.scene import Acting, Scene
from adapters.language_models.builtin.reading.words.stems import CHORE_STEMS, stems, words
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrases, words_of

_ADD = re.compile(r"(?:\w+ )?add\b", re.IGNORECASE)
_TOLD, _OF_THE_WORLD = phrases("only told"), phrases("of the world")
_NO_TITLE_HAS = words_of("words", "no title has")


def put(request: Request, scene: Scene) -> Acting:
    """Changes a task if it exists, and adds it if it does not: "put the kettle on my list"."""
    ref, has_value = request.ref, _has_value(request)
    if not ref.words or ref.every:
        return (yield from _pointed_at(request, scene, has_value=has_value))
    pool = yield from candidates(scene, request, ref.words)
    found = look_for(changed(request, op="put"), pool)
    if found and has_value and not _is_other(request, pool):
        return (yield from act(changed(request, op="update"), scene))
    if request.asked and not found:
        return replies.UNCLEAR
    is_fact = request.topic == "fact" and not found
    if is_fact and matches(ref.words, (yield from scene.trash())).sure:
        return (yield from looking.find(changed(request, op="find", topic="state"), scene))
    if has_value or is_fact or (request.topic == "chore" and not _has_same_title(request, pool)):
        return (yield from add(changed(request, op="add"), scene))
    if found:
        return (yield from looking.find(changed(request, op="find", topic="list"), scene))
    if not scene.beside.isdisjoint({"add", "bare"}) and _NO_TITLE_HAS.isdisjoint(words(request.said)):
        return (yield from add(changed(request, op="add"), scene))
    return "" if scene.beside - {"add", "bare", "offer", "talk"} else _offered(request, scene)


def _has_value(request: Request) -> bool:
    """Returns whether a new value is said. The date of "they're shut on wednesday" is none."""
    if request.op == "bare" and _OF_THE_WORLD.match(request.said):
        return False
    return bool(request.fields or request.shift or any("due" in each for each in request.items))


def _is_other(request: Request, pool: Iterable[Seen]) -> bool:
    """Returns whether a task of its own is added to a list: "add renew passport to Trip", beside passport photos."""
    return bool("list" in request.fields and _ADD.match(request.said)) and not _has_same_title(request, pool)


def _pointed_at(request: Request, scene: Scene, *, has_value: bool) -> Acting:
    is_empty = request.ref.is_empty()
    if has_value and (scene.focus or not is_empty):
        ref = Ref(pronoun="it") if is_empty else request.ref
        return (yield from act(changed(request, op="update", ref=ref), scene))
    if is_empty:
        return replies.UNCLEAR
    return (yield from looking.find(changed(request, op="find", topic="state"), scene))


def _has_same_title(request: Request, pool: Iterable[Seen]) -> bool:
    """Returns whether a task that is to do says no more than this one: "renew passport" is not "Passport photos"."""
    title = request.items[0]["title"] if request.items else ""
    sure = matches(title, [task for task in pool if not task.completed]).sure
    said = set(stems(title))
    return any(said <= CHORE_STEMS or set(stems(task.title)) - CHORE_STEMS <= said for task in sure)


def offer_instead(request: Request, scene: Scene) -> Acting:
    """Says that this is beyond the list, or not on it, and offers a task for it."""
    yield from ()
    return f"{replies.CANNOT[request.topic or 'do it']} {_offered(request, scene)}"


def _offered(request: Request, scene: Scene) -> str:
    if request.asked or not request.items:
        return replies.UNCLEAR
    if request.op == "bare" and _TOLD.match(request.said):
        return replies.TOLD
    titles = ", ".join(f"“{replies.shortened(item['title'])}”" for item in request.items)
    scene.ask("confirm", changed(request, op="add"))
    return f"Shall I add {titles}? Say yes, or tell me what to do."
