"""Decides what a clause asks for: every row of the patterns that matches is a reading, and the best one counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace as changed

from adapters.language_models.builtin.reading.intents import adding, changing, finishing, following, putting, questions
from adapters.language_models.builtin.reading.intents.following import bare_request, value_alone
from adapters.language_models.builtin.reading.intents.heard import Heard, Talk
from adapters.language_models.builtin.reading.words.talk import help_topic, talk_topic
from adapters.language_models.builtin.reading.words.text import Clause, bare
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import compiled, phrases, table
from application.tasks.date_words import DateContext


class Row(NamedTuple):
    section: str
    intent: str
    weight: str
    example: str
    pattern: str


ROWS = tuple(Row(section, *row.split(" · ")) for section, rows in table("patterns").items() for row in rows)
PATTERNS = tuple((row, int(row.weight), compiled(row.pattern)) for row in ROWS)
_INTENTS = (adding, putting, finishing, changing, following, questions)
READERS = {name: reader for each in _INTENTS for name, reader in each.READERS.items()}
HELP, TALK, VALUE, SHOWN, SURE, BARE = 85, 80, 64, 63, 50, 20
"""Weights beside those of the patterns. From `SURE` on, a clause is a request by itself, but a listing without a verb,
such as "work list", only from `SHOWN` on."""
_AND_THEN, _SO_THAT, _MAY_I = map(phrases, ("and then", "so that", "may i"))
_LEVELS = {"high": "p1", "medium": "p2", "low": "p3", None: "p4"}
_SPACES = re.compile(r"[^\S\n]+")


NO_TALK = Talk()


@dataclass(frozen=True, slots=True)
class Reading:
    weight: int
    request: Request


@lru_cache(maxsize=100)
def read(clause: Clause, context: DateContext, talk: Talk = NO_TALK) -> Reading:
    """Returns the best reading of one clause, which is asked for several times while a message is split."""
    whole, stripped = _SPACES.sub(" ", clause.text).strip(" ,;\n"), bare(clause)
    if (without_reason := _SO_THAT.sub("", stripped.text)) != stripped.text:
        stripped = bare(replace(stripped, text=without_reason))
    for text in (whole, stripped.text):
        if (topic := help_topic(text)) is not None:
            return Reading(HELP, Request("talk", topic=f"help {topic}", said=whole))
        if topic := talk_topic(text):
            return Reading(TALK, Request("talk", topic=topic, said=text))
    heard = Heard(stripped.text, stripped, whole, context, talk)
    return max(readings(heard), key=lambda reading: reading.weight)


def readings(heard: Heard) -> list[Reading]:
    found = [*_valued(heard), *_matching(heard)]
    if asked := questions.question(heard):
        found.append(Reading(*asked))
    if heard.clause.is_question:
        found = _asked_only(found)
    else:
        found = [Reading(each.weight, in_doubt(each.request, heard.whole)) for each in found]
    return found or [Reading(BARE, bare_request(heard))]


def _valued(heard: Heard) -> list[Reading]:
    """Returns the new value of what was spoken of. After a question for tasks, "and medium" asks for more of them."""
    request = value_alone(heard) if heard.talk.has_focus else None
    is_more = heard.talk.looked and (heard.clause.is_question or _AND_THEN.search(heard.whole))
    if request and is_more and request.fields.keys() == {"priority"}:
        wanted = Ref(every=True, filters=(_LEVELS[request.fields["priority"]],))
        return [Reading(VALUE, heard.request("list", wanted, topic="list"))]
    if request and is_more and request.fields.keys() == {"due"}:
        return []
    return [Reading(VALUE, request)] if request else []


def _matching(heard: Heard) -> Iterator[Reading]:
    whole = heard.whole.strip(" .!?")
    for row, weight, pattern in PATTERNS:
        if row.section == "following" and not heard.talk.did:
            continue
        match = pattern.fullmatch(whole if row.section == "following" else heard.text)
        if match and (request := READERS[row.intent](heard, match)):
            yield Reading(weight, request)


def _asked_only(found: list[Reading]) -> list[Reading]:
    """A command in the form of a question, such as "delete task 3?", only shows the task. Adding does no harm."""
    for ops in (("list", "find", "talk", "names"), ("add",)):
        if harmless := [each for each in found if each.request.op in ops]:
            return harmless
    return [Reading(each.weight, Request("find", each.request.ref, topic="state")) for each in found[:1]]


def in_doubt(request: Request, said: str) -> Request:
    """Returns the request, or a question for it: who asks whether they may delete or finish a task is asked back."""
    is_doubtful = request.op in ("delete", "complete") and _MAY_I.search(said)
    return changed(request, op="ask", topic=request.op) if is_doubtful else request
