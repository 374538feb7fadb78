"""Reads what the user says while a question is open. Anything but an answer closes it."""

import re

from msgspec.structs import replace

from adapters.language_models.builtin.acting.memory import Question
from adapters.language_models.builtin.reading.intents.heard import Heard
from adapters.language_models.builtin.reading.parts.items import items_of
from adapters.language_models.builtin.reading.parts.references import reference
from adapters.language_models.builtin.reading.reading import read
from adapters.language_models.builtin.reading.words.talk import talk_topic
from adapters.language_models.builtin.reading.words.text import Clause, bare, unquoted
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext

_LEAD = phrases("lead")
_ALL = re.compile(r"(?:all|both|the two|everything|them|the lot)(?: of them| of those)?", re.IGNORECASE)
_BUT_TITLES = 57
"""A message with a larger weight is a new request, and no answer to "What shall I write down?"."""


def answer_to(question: Question, text: str, context: DateContext) -> Request | None:
    """Returns what the answer asks for, or None if it is no answer."""
    plain = text.strip(" .!")
    topic = talk_topic(plain) or talk_topic(bare(Clause(plain)).text)
    if question.kind == "confirm":
        return _confirmed(question) if topic == "yes" and "?" not in text else None
    if topic or "?" in text:
        return None
    if question.kind == "which":
        return _chosen(question, plain, context)
    reading = read(Clause(text), context)
    request = reading.request
    if question.kind == "target":
        return _targeted(question, plain, context) if reading.weight < 50 or request.op == question.request.op else None
    if question.kind == "when":
        return _timed(question, plain, context)
    if reading.weight >= _BUT_TITLES and request.op not in ("complete", "put", "bare"):
        return None
    if question.kind == "rename":
        return Request(
            "confirmed",
            Ref(ids=question.candidates),
            topic="update",
            fields={"title": unquoted(text.strip())},
            said=text,
        )
    items = items_of(text, context)
    return Request("add", items=tuple(items), said=text) if items else None


def _confirmed(question: Question) -> Request:
    if not question.candidates:
        return question.request
    return replace(question.request, op="confirmed", topic=question.request.op, ref=Ref(ids=question.candidates))


def _chosen(question: Question, text: str, context: DateContext) -> Request | None:
    lead = _LEAD.search(text)
    said = text[lead.end() :].strip(" :,") if lead else text
    if _ALL.fullmatch(said):
        return _for_ids(question, question.candidates)
    ref = reference(said, context)
    if ref.ids and set(ref.ids) <= set(question.candidates):
        return _for_ids(question, ref.ids)
    if len(ref.ids) == 1 and 0 < ref.ids[0] <= len(question.candidates):
        return _for_ids(question, (question.candidates[ref.ids[0] - 1],))
    if ref.places and all(-len(question.candidates) <= place < len(question.candidates) for place in ref.places):
        return _for_ids(question, tuple(question.candidates[place] for place in ref.places))
    if not ref.words or read(Clause(text), context).weight >= 50:
        return None
    return replace(question.request, ref=Ref(words=f"{question.request.ref.words} {ref.words}"))


def _for_ids(question: Question, ids: tuple[int, ...]) -> Request:
    return replace(question.request, op="confirmed", topic=question.request.op, ref=Ref(ids=ids))


def _targeted(question: Question, text: str, context: DateContext) -> Request | None:
    ref = reference(bare(Clause(text)).text, context)
    return replace(question.request, ref=ref) if not ref.is_empty() else None


def _timed(question: Question, text: str, context: DateContext) -> Request | None:
    slots = Heard(text, Clause(text), text, context).values(text)
    if not slots.says_something or len(slots.rest.split()) > 2:
        return None
    ref = Ref(ids=question.candidates)
    return Request("confirmed", ref, topic="update", fields=slots.fields, shift=slots.shift, said=text)
