"""Says what each clause of a message is beside the others: a request, more of the one before it, or a remark."""

import re

from msgspec.structs import replace as changed

from adapters.language_models.builtin.acting.adding import on_day
from adapters.language_models.builtin.acting.scene import Scene
from adapters.language_models.builtin.reading.parts.items import begins_as_chore
from adapters.language_models.builtin.reading.reading import read
from adapters.language_models.builtin.reading.words.text import Clause, bare
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrases

_BESIDE_NEWS = {"complete", "find", "list"}
_ASIDE, _OTHERS, _OR_ELSE, _IT_IS_SO = map(phrases, ("aside", "others", "or else", "it is so"))
_NOT_THE, _NOT_REACHED, _ITS_ON = map(phrases, ("not the", "not reached", "it is on"))
_MORE_NAMES = re.compile(r"$|and |(?:the|my|our|a) \w+(?: \w+){0,2}$", re.IGNORECASE)
_MORE_OF_IT, _IN_PLACE, _REMARKING, _OF_ONESELF = map(
    phrases, ("more of it", "place or person", "remarking", "of oneself")
)
MOST_TOLD = 8
"""The number of words in what tells more of a task, such as "for the cello, A and D"."""


def is_clear(request: Request) -> bool:
    if request.op in ("bare", "talk"):
        return request.topic == "chore" or request.topic.startswith("help")
    return request.topic != "fact"


def is_guess(request: Request) -> bool:
    """Returns whether the words may be of a task that is there, though they were read as one to add."""
    return not request.ref.pronoun and (
        request.op in ("bare", "put") or (request.op == "add" and request.topic in ("need", "remind"))
    )


def is_remark(request: Request, scene: Scene) -> bool:
    """Returns whether this only says why: "she's off tomorrow", or "they called me" beside anything but a deed."""
    beside = scene.beside
    if _OR_ELSE.search(request.said) or (_ITS_ON.search(request.said) and _has_day(scene)):
        return True
    if request.topic in ("cancelled", "delete") and not beside.isdisjoint({"delete", "update"}):
        return True
    if request.is_news:
        return bool(beside - _BESIDE_NEWS - {"talk"} and (request.ref.pronoun or _OTHERS.search(request.said)))
    if not beside or not (request.op == "bare" or request.topic == "fact"):
        return False
    is_day = beside.isdisjoint({"add", "bare", "put"}) and "T" not in request.fields.get("due", "")
    is_so = beside <= {"list", "find"} or is_day or "due" not in request.fields
    return bool(_ASIDE.search(request.said) or (is_so and _IT_IS_SO.search(request.said)))


def _has_day(scene: Scene) -> bool:
    """Returns whether a task with a day was added just now: "study for the test tonight, it's on friday"."""
    did = scene.did
    return bool(did and did.op == "add" and scene.done_now and all(scene.known[each].due for each in did.ids))


def more_of_it(request: Request, clause: Clause, scene: Scene) -> Request | None:
    """Returns the change of the task that was added or changed last, if the clause only tells more of it: "they go
    live friday at 9", "for the cello"."""
    text = bare(clause).text
    is_new = scene.did and scene.did.op in ("add", "update") and len(scene.focus) == 1
    if request.op != "bare" or request.asked or not is_new or clause.is_question:
        return None
    if _OF_ONESELF.search(text):
        return None
    if request.fields.keys() == {"due"} and _MORE_OF_IT.match(text):
        return Request("update", Ref(pronoun="it"), fields=request.fields, said=request.said)
    if not request.fields and _IN_PLACE.match(text) and len(text.split()) <= MOST_TOLD:
        return Request("update", Ref(pronoun="it"), fields={"add note": text}, said=request.said)
    return None


def without_remark(request: Request, clause: Clause, scene: Scene) -> Request | None:
    """Returns the same request without what stands behind a comma, if that is a remark: "delete the shopping, doing
    click and collect instead". Of news, it may begin at the first comma, else at the last one."""
    left, _, right = clause.text.partition(", ") if request.is_news else clause.text.rpartition(", ")
    is_loose = bool(request.is_news or request.fields) and not _MORE_NAMES.match(right)
    if not left or begins_as_chore(right) or not (is_loose or _REMARKING.match(right)):
        return None
    shorter = read(Clause(left), scene.context, scene.talk).request
    return shorter if shorter.op == request.op else None


def _takes_back(following: Request, request: Request) -> bool:
    is_corrected = following.op == "correct" and request.op == "undo"
    return is_corrected or bool(request.is_news and _NOT_REACHED.search(following.said))


def with_what_follows(request: Request, waiting: list[Clause], scene: Scene) -> Request:
    """Takes further tasks to add into the same call, and leaves out what says the same twice."""
    while waiting and (request.op in ("add", "delete", "undo", "restore", "reopen", "complete") or request.ref.every):
        following = read(waiting[0], scene.context, scene.talk).request
        if request.ref.every and following.topic == "not done" and _NOT_THE.match(waiting[0].text):
            request = changed(request, ref=changed(request.ref, but=following.ref.words.strip()))
        elif _takes_back(following, request):
            request = following
        elif following.op == request.op != "undo" and following.ref.pronoun == "it":
            pass
        elif (
            request.op not in ("add", "undo")
            or following.op != request.op
            or bool(following.items) != bool(request.items)
        ):
            break
        else:
            day = request.items[-1].get("due", "")[:10] if request.items else ""
            items = (on_day(item, day, following.said, scene.context) for item in following.items)
            request = changed(request, items=(*request.items, *items))
        waiting.pop(0)
    return request
