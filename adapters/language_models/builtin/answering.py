"""Reads what the user says while a question is open. Anything but an answer closes it."""

import re

from msgspec.structs import replace

from adapters.language_models.builtin.acting.memory import Question
from adapters.language_models.builtin.reading.intents.following import value_alone
from adapters.language_models.builtin.reading.intents.heard import Heard, Talk
from adapters.language_models.builtin.reading.parts.items import items_of
from adapters.language_models.builtin.reading.parts.references import reference
from adapters.language_models.builtin.reading.reading import SURE, read
from adapters.language_models.builtin.reading.words.talk import talk_topic
from adapters.language_models.builtin.reading.words.text import Clause, bare, unquoted
from adapters.language_models.builtin.requests import Fields, Ref, Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext

_LEAD, _ALL, _YES_AND, _THAT_ONE = map(phrases, ("lead", "all of them", "yes and", "that one"))
_PARTS = re.compile(r", (?:and )?| and ", re.IGNORECASE)
ONLY_OF_A_TASK = {"span", "half", "not on", "add reminders"}
"""What changes a task that is there, and can't be given to a new one."""
_BUT_TITLES = 57
"""A message with a larger weight is a new request, and no answer to "What shall I write down?"."""


def answer_to(question: Question, text: str, context: DateContext) -> Request | None:
    """Returns what the answer asks for, or None if it is no answer."""
    plain = text.strip(" .!")
    topic = talk_topic(plain) or talk_topic(bare(Clause(plain)).text)
    if question.kind == "confirm":
        is_yes = topic == "yes" and "?" not in text
        return _confirmed(question) if is_yes else None if topic else _with_values(question, plain, context)
    if topic or "?" in text:
        return None
    reading = read(Clause(text), context)
    is_request = reading.weight >= SURE and reading.request.op != question.request.op
    if question.kind in ("which", "target"):
        return None if is_request else _chosen(question, plain, context)
    if question.kind == "when" or (
        reading.weight >= _BUT_TITLES and reading.request.op not in ("complete", "put", "bare")
    ):
        return None
    if question.kind == "rename":
        return _for_ids(question, question.candidates, fields={"title": unquoted(text.strip())})
    items = items_of(text, context)
    return Request("add", items=tuple(items), said=text) if items else None


def _with_values(question: Question, text: str, context: DateContext) -> Request | None:
    """Reads "yes, for tomorrow" and "it's for work" as the values of the task that was offered."""
    if question.request.op != "add" or len(question.request.items) != 1:
        return None
    said = _THAT_ONE.sub("", _YES_AND.sub("", text)).strip(" ,")
    values: Fields = {}
    for part in _PARTS.split(said) if said else ():
        request = value_alone(Heard(part, Clause(part), part, context, Talk(has_focus=True, did="add")))
        if not request or request.shift or request.fields.keys() & ONLY_OF_A_TASK:
            return None
        values |= request.fields
    return replace(question.request, items=(question.request.items[0] | values,), said=text) if values else None


def _confirmed(question: Question) -> Request:
    return _for_ids(question, question.candidates) if question.candidates else question.request


def _chosen(question: Question, text: str, context: DateContext) -> Request | None:
    """Reads which task is meant: of the candidates, by number, place or further words."""
    lead = _LEAD.search(text)
    said = text[lead.end() :].strip(" :,") if lead else text
    choices = question.candidates
    if choices and _ALL.search(said):
        return _for_ids(question, choices)
    ref = reference(said, context) if choices else reference(bare(Clause(said)).text, context)
    if not choices:
        return None if ref.is_empty() else replace(question.request, ref=ref)
    if ref.ids and set(ref.ids) <= set(choices):
        return _for_ids(question, ref.ids)
    places = ref.places or tuple(number - 1 for number in ref.ids)
    if places and all(-len(choices) <= place < len(choices) for place in places):
        return _for_ids(question, tuple(choices[place] for place in places))
    return replace(question.request, ref=Ref(words=f"{question.request.ref.words} {ref.words}")) if ref.words else None


def _for_ids(question: Question, ids: tuple[int, ...], **more: Fields) -> Request:
    return replace(question.request, op="confirmed", topic=question.request.op, ref=Ref(ids=ids), **more)
