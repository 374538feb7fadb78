"""Reads that something is done, as a request or as news, and that it is not."""

import re

from adapters.language_models.builtin.reading.intents.heard import IT, THEM, Heard, Match, Reader
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import regex, words_of

_DOUBT, _TIME, _UNDONE = regex("doubt"), regex("time of deed"), regex("undone")
_SEVERAL = re.compile(r"\b(?:both|all|them|everything|they|they're|those|these)\b", re.IGNORECASE)
_IT_IS_NOT = regex("it is not")
_NO_DEEDS, _NO_PASSIVES = words_of("words", "no deeds"), words_of("words", "no passives")
_BEFORE_TO = frozenset({"got", "had", "needed", "wanted", "used", "forgot"})


def act(op: str, *, told: bool = False) -> Reader:
    """Returns a reader for what does something to the task that is named."""

    def reader(heard: Heard, match: Match) -> Request | None:
        if told and _DOUBT.search(heard.text[:400]):
            return None
        groups = match.groupdict()
        task = groups.get("task") or ""
        ref = heard.ref(_TIME.sub("", task) if told else task)
        if ref.words and groups.get("more") and " and " not in ref.words:
            ref = Ref(words=f"{ref.words} {groups['more']}")
        return heard.request(op, ref, told=told)

    return reader


def _deed(verb: str = "", *, passive: bool = False) -> Reader:
    """Returns a reader for news of a deed, whose verb is in the sentence if none is given here."""
    no_deeds = _NO_PASSIVES if passive else _NO_DEEDS

    def reader(heard: Heard, match: Match) -> Request | None:
        given = match.groupdict()
        did, rest = (given.get("verb") or verb).lower(), _TIME.sub("", given.get("rest") or given.get("task") or "")
        is_none = did in no_deeds or (rest.startswith("to ") and did in _BEFORE_TO)
        if is_none or _DOUBT.search(heard.text[:400]):
            return None
        ref = heard.ref(rest)
        is_pointed = not ref.words and (not ref.ids or passive or "task" in rest)
        words = ref.words if passive else rest
        return heard.request("complete", ref if is_pointed else Ref(words=f"{did} {words}".strip()), told=True)

    return reader


def _finish_all(heard: Heard, _: Match) -> Request | None:
    if re.fullmatch(r"(?:got|have) it", heard.text, re.IGNORECASE):
        return None
    return heard.request("complete", THEM if _SEVERAL.search(heard.text) else IT, told=True)


def _not_done(heard: Heard, _: Match) -> Request:
    if heard.talk.did == "complete" and _IT_IS_NOT.fullmatch(heard.text):
        return heard.request("undo")
    return heard.request("talk", Ref(words=_UNDONE.sub("", heard.text)), topic="not done")


def _topic(topic: str) -> Reader:
    return lambda heard, _: heard.request("talk", topic=topic)


READERS: dict[str, Reader] = {
    "complete": act("complete"),
    "told": act("complete", told=True),
    "deed did": act("complete", told=True),
    "passive": _deed(passive=True),
    "deed": _deed(),
    "deed back": _deed("returned"),
    "deed made": _deed(),
    "deed been": _deed("called"),
    "deed front": _deed(),
    "finish all": _finish_all,
    "reopen": act("reopen"),
    "undo of": act("reopen"),
    "restore": act("restore"),
    "undo": lambda heard, _: heard.request("undo"),
    "redo": lambda heard, _: heard.request("undo", topic="redo"),
    "delete": act("delete"),
    "delete done": lambda heard, _: heard.request("delete", Ref(every=True, status="completed")),
    "keep": _topic("keep"),
    "new list": _topic("new list"),
    "empty trash": _topic("empty trash"),
    "not done": _not_done,
}
