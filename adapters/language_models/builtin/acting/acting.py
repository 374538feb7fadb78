"""Carries out a request: with tools, or with an answer alone."""

from collections.abc import Callable
from typing import Any

from adapters.language_models.builtin.acting import changing, looking
from adapters.language_models.builtin.acting.scene import Acting, Answered, Scene, Title, Which
from adapters.language_models.builtin.reading.references import reference
from adapters.language_models.builtin.requests import (
    UNSAID,
    Act,
    Add,
    Describe,
    Find,
    Listing,
    Offer,
    Remark,
    Rename,
    Request,
    Undo,
    Unsure,
)
from adapters.language_models.builtin.talking import replies, talk
from domain.tasks.fields import MAX_TITLE_LENGTH


def carry_out(request: Request, scene: Scene) -> Acting:
    try:
        if isinstance(request, (Remark, Offer, Unsure)):
            return _SPEAKING[type(request)](request, scene)
        return (yield from _ACTING[type(request)](request, scene))
    except Answered as answer:
        return answer.text


def _offer(request: Offer, scene: Scene) -> str:
    scene.offer(Add((request.draft,)))
    return f"Shall I add “{replies.shortened(request.draft.title, MAX_TITLE_LENGTH)}” to your list?"


def _unsure(request: Unsure, scene: Scene) -> str:
    scene.offer(request.request)
    return f"Do you want me to do that: “{replies.shortened(request.said)}”? Say yes and I will."


def _remark(request: Remark, scene: Scene) -> str:
    if request.topic in _TOPICS:
        return _TOPICS[request.topic](request, scene)
    return replies.one_of(talk.TALK.get(request.topic, talk.TALK["unclear"]), scene.said)


def _add_what(_: Remark, scene: Scene) -> str:
    scene.question = Title()
    return "What should the new task say?"


def _rename_what(request: Remark, scene: Scene) -> str:
    task = reference(request.about)
    if task == UNSAID:
        return "Which task, and what should it say? For example: “rename task 3 to buy oat milk”."
    scene.question = Title(task)
    return "What should it say instead?"


def _yes_or_no(_: Remark, scene: Scene) -> str:
    scene.question = scene.before.question
    return "Please say yes or no, or tell me something else to do."


def _which_again(_: Remark, scene: Scene) -> str:
    scene.question = scene.before.question
    candidates = scene.question.candidates if isinstance(scene.question, Which) else ()
    listed = replies.lines(candidates, replies.MAX_ASKED_ABOUT)
    return f"I can't tell which one you mean. Please say its number:\n{listed}"


_TOPICS: dict[str, Callable[[Remark, Scene], str]] = {
    "add what": _add_what,
    "rename what": _rename_what,
    "yes or no": _yes_or_no,
    "which again": _which_again,
    "how to": lambda request, _: talk.how_to(request.about),
}
_SPEAKING: dict[type[Any], Callable[[Any, Scene], str]] = {Remark: _remark, Offer: _offer, Unsure: _unsure}
_ACTING: dict[type[Any], Callable[[Any, Scene], Acting]] = {
    Add: changing.add,
    Act: changing.act,
    Rename: changing.rename,
    Describe: changing.describe,
    Undo: changing.undo,
    Listing: looking.listing,
    Find: looking.find,
}
