"""Reads what makes sense only after something was said about a task, and clauses that no pattern reads."""

import re

from msgspec.structs import replace

from adapters.language_models.builtin.reading.intents.heard import IT, THEM, Heard, Match, Reader
from adapters.language_models.builtin.reading.parts.items import bullets, items_of
from adapters.language_models.builtin.reading.parts.qualifiers import telling
from adapters.language_models.builtin.reading.parts.slots import KNOWN_LISTS, date_in, list_name
from adapters.language_models.builtin.reading.words.stems import CHORES, SAYING_NOTHING, words
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import IRREGULAR, phrases, words_of

_SORRY, _SEVERAL, _MEANT_LEAD, _MEANT_TAIL = map(phrases, ("sorry", "several", "meant lead", "meant tail"))
_EMPTY = words_of("words", "beside a value") | SAYING_NOTHING - words_of("words", "no value")
_NO_AGAIN, _NO_CORRECTION = words_of("words", "no again"), words_of("words", "no correction")
_NOT_OTHER, _WILL_DO, _REMARKING, _SPAN, _HALF = map(
    phrases, ("not another", "will do", "remarking", "span alone", "half meant")
)
NO_PAST = words_of("words", "no past")
_NO_TITLE_HAS = words_of("words", "no title has")
_CLOCK = re.compile(r"\d ?[ap]m|\d:\d", re.IGNORECASE)
_HOUR_ALONE = re.compile(r"(?:[1-9]|1\d|2[0-3])(?::[0-5]\d)?")
_MAX_WORDS = 8


def value_alone(heard: Heard) -> Request | None:
    """Reads "friday" and "low, I meant low", for what was spoken of."""
    unsorry = _WILL_DO.sub("", _NOT_OTHER.sub("", _SORRY.sub("", heard.whole)))
    first, _, rest = unsorry.partition(", ")
    because = [first] if unsorry != heard.whole or _REMARKING.match(rest) else []
    for said in (heard.whole, heard.text, _SORRY.sub("", heard.text), unsorry, *because):
        if request := _value(heard, said.strip(" ,.!?")):
            return request
    hours = (said for said in (unsorry, heard.text) if said != heard.whole and _HOUR_ALONE.fullmatch(said))
    hour = next(hours, None) if heard.talk.did in ("add", "update") else None
    return _value(heard, f"at {hour}") if hour else None


def _value(heard: Heard, said: str) -> Request | None:
    if (half := _HALF.search(said)) and heard.talk.did in ("add", "update"):
        part = {"am": "morning", "pm": "afternoon"}.get(half["day"].lower(), half["day"].lower())
        alone = date_in(f"in the {part}", heard.context).get("due", "")
        return heard.request("update", IT, fields={"half": half["day"].lower(), "due": alone})
    several = _SEVERAL.search(said)
    ref, said = (THEM, said[several.end() :].strip()) if several else (IT, said)
    slots = heard.values(said)
    if slots.says_something and set(words(_SORRY.sub("", slots.rest + " "))) <= _EMPTY:
        is_question = heard.clause.is_question and not heard.talk.did
        if slots.shift and (slots.shift.days or slots.shift.minutes) and _SPAN.match(said):
            return heard.request("update", ref, fields={"span": slots.shift.days * 24 * 60 + slots.shift.minutes})
        return None if is_question else heard.request("update", ref, fields=slots.fields, shift=slots.shift)
    name = said.lower().removeprefix("the ").removeprefix("my ").removesuffix(" list")
    if name in KNOWN_LISTS and heard.talk.did == "add":
        return heard.request("update", ref, fields={"list": list_name(name)})
    return None


def _again(heard: Heard, match: Match) -> Request | None:
    """Reads the same once more, for something else."""
    what = match["what"]
    if (
        heard.clause.is_question
        or heard.values(what).says_something
        or not _may_name(what, _NO_AGAIN, _MAX_WORDS - 2)
        or _CLOCK.search(what)
        or _is_news(what)
    ):
        return None
    return heard.request("again", heard.ref(what), items=tuple(items_of(what, heard.context, several=True)))


def _is_news(what: str) -> bool:
    """Returns whether it begins with a deed, as in "called mom too"."""
    first = words(what)[0]
    return first in IRREGULAR or (first.endswith("ed") and first not in NO_PAST)


def _correct(heard: Heard, match: Match) -> Request | None:
    right = _MEANT_TAIL.sub("", _MEANT_LEAD.sub("", match["right"].strip()).strip())
    is_value = heard.values(right).says_something and set(words(heard.values(right).rest)) <= _EMPTY
    if is_value or not _may_name(right, _NO_CORRECTION, _MAX_WORDS) or _is_remark(heard, right):
        return None
    ref = replace(heard.ref(right), but=match.groupdict().get("wrong") or "")
    return heard.request("correct", ref, items=tuple(items_of(right, heard.context)))


def _is_remark(heard: Heard, right: str) -> bool:
    """Returns whether it can't be the right title of what was added: "no wait, they have some"."""
    return heard.talk.did == "add" and not _NO_TITLE_HAS.isdisjoint(words(right))


def _may_name(text: str, no_first: frozenset[str], most: int) -> bool:
    said = words(text)
    return 0 < len(said) <= most and said[0] not in no_first


def bare_request(heard: Heard) -> Request:
    """Reads a task to add, or one that is there and gets new values."""
    if bullets(heard.text):
        return heard.request("add", items=tuple(items_of(heard.text, heard.context)), topic="need")
    slots = heard.values(heard.text)
    if heard.clause.is_question and not slots.says_something and telling(heard.text):
        return heard.request("find", Ref(words=" ".join(telling(heard.text))), topic="list")
    items = tuple(items_of(heard.text, heard.context))
    topic = "chore" if words(heard.text)[:1] and words(heard.text)[0] in CHORES else ""
    return Request(
        "bare", heard.ref(slots.rest), items, slots.fields, (), slots.shift, topic, heard.text, asked=heard.clause.asked
    )


def _copy(heard: Heard, match: Match) -> Request | None:
    is_known = heard.talk.did in ("add", "update", "complete")
    date = date_in(match["when"], heard.context) if is_known else {}
    return heard.request("copy", IT, fields=date) if date else None


def _but_day(heard: Heard, match: Match) -> Request | None:
    """Reads "not on sundays", of a task that repeats."""
    return heard.request("update", IT, fields={"not on": match["day"][:2].upper()}) if heard.talk.has_focus else None


READERS: dict[str, Reader] = {"again": _again, "but day": _but_day, "correct": _correct, "copy": _copy}
