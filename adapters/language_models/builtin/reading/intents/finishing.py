"""Reads that something is done, as a request or as news, that it is not, and that it is to be deleted."""

from msgspec.structs import replace

from adapters.language_models.builtin.reading.intents.heard import IT, THEM, Heard, Match, Reader, given
from adapters.language_models.builtin.reading.parts.items import items_of
from adapters.language_models.builtin.reading.parts.slots import KNOWN_LISTS, date_in, list_name
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrases, words_of
from application.tasks.date_words import find_date

_DOUBT, _TIME, _UNDONE, _IT_IS_NOT = map(phrases, ("doubt", "time of deed", "undone", "it is not"))
_REMARK, _OTHERS, _AHEAD = map(phrases, ("remark", "others", "ahead"))
_FOR_ME, _ON_MY_BEHALF, _REACHING = map(phrases, ("for me", "on my behalf", "reaching"))
_SHOPPING, _FINISHED = phrases("the shopping"), phrases("finished")
_NO_DEEDS, _NO_PASSIVES = words_of("words", "no deeds"), words_of("words", "no passives")
_BEFORE_TO = words_of("words", "no deeds before to")
_CANCELLED = ("cancelled", "canceled")
_IT_WAS_NOT = {"delete": phrases("not to delete"), "complete": phrases("not to finish")}


def _told(verb: str = "", *, no_deeds: frozenset[str] = _NO_DEEDS) -> Reader:
    """Returns a reader for news of a deed, whose verb is in the sentence if none is given here."""

    def reader(heard: Heard, match: Match) -> Request | None:
        parts = match.groupdict()
        did = (parts.get("verb") or verb).lower()
        said = _TIME.sub("", _REMARK.sub("", parts.get("rest") or parts.get("task") or ""))
        if _DOUBT.search(heard.text[:400]) or did in no_deeds or (did in _BEFORE_TO and said.startswith("to ")):
            return None
        ref = _of_list(heard.ref(said)) if _FINISHED.search(heard.text) else heard.ref(said)
        if ref.words:
            more = parts.get("more") or "" if " and " not in ref.words else ""
            ref = Ref(words=f"{did} {said if 'rest' in parts else ref.words} {more}".strip())
        elif did and ref.ids and "rest" in parts and "task" not in said:
            ref = Ref(words=f"{did} {said}")
        return heard.request("complete", ref, is_news=True, topic="cancelled" if did in _CANCELLED else "")

    return reader


def _of_list(ref: Ref) -> Ref:
    """Returns all tasks of a list for its name: "shopping all done"."""
    name = ref.words.lower()
    name = "shopping" if _SHOPPING.search(name) else name
    return Ref(every=True, group=name) if name in KNOWN_LISTS else ref


def _complete(heard: Heard, match: Match) -> Request | None:
    """Reads "finished the report yesterday"."""
    request = given("complete")(heard, match)
    return replace(request, ref=heard.ref(_TIME.sub("", match["task"]))) if request and request.ref.words else request


def _keep(heard: Heard, _: Match) -> Request:
    if heard.talk.did in _IT_WAS_NOT and _IT_WAS_NOT[heard.talk.did].search(heard.text):
        return heard.request("undo")
    return heard.request("talk", topic="keep")


def _told_now(heard: Heard, match: Match) -> Request | None:
    """Reads "I finish the report", as many say that they have, but not of a time ahead."""
    found = find_date(heard.text, heard.context)
    is_today = found and found.due == heard.context.today.isoformat()
    is_ahead = _AHEAD.search(heard.text) or (found and not is_today)
    return None if is_ahead else _told()(heard, match)


def _undo(heard: Heard, match: Match) -> Request | None:
    """Reads "put it back": what was done, or what is in the trash, if that was looked at last."""
    is_from_trash = "back" in heard.text and (
        heard.talk.looked == "trashed" or not heard.talk.did or (heard.text == "bring back" and heard.talk.did == "add")
    )
    return given("restore" if is_from_trash else "undo")(heard, match)


def _not_done(heard: Heard, _: Match) -> Request:
    if heard.talk.did == "complete" and _IT_IS_NOT.search(heard.text):
        return heard.request("undo")
    ref = Ref() if _OTHERS.search(heard.text) else Ref(words=_UNDONE.sub("", heard.text))
    return heard.request("talk", ref, topic="not done")


def _reopen_named(heard: Heard, match: Match) -> Request | None:
    ref = heard.ref(match["task"])
    return heard.request("reopen", ref) if ref.words else None


def _reopen_to(heard: Heard, match: Match) -> Request | None:
    """Reads "put it back for tonight", after it was taken for done."""
    date = date_in(match["when"], heard.context) if heard.talk.did == "complete" else {}
    return heard.request("reopen", IT, fields=date) if date else None


def _cannot(heard: Heard, _: Match) -> Request | None:
    """Reads "can you order stamps for me"."""
    is_asked = heard.clause.polite and (_FOR_ME.search(heard.whole) or _REACHING.search(heard.text))
    if not is_asked and not _ON_MY_BEHALF.search(heard.text):
        return None
    return heard.request("offer", items=tuple(items_of(heard.text, heard.context, whole=True)))


READERS: dict[str, Reader] = {
    **{op: given(op) for op in ("reopen", "restore", "delete")},
    "undo": _undo,
    "complete": _complete,
    "redo": given("undo", topic="redo"),
    "complete them": given("complete", THEM),
    "told": _told(),
    "told now": _told_now,
    "told it": given("complete", is_news=True),
    "told them": given("complete", THEM, is_news=True),
    "told returned": _told("returned"),
    "told called": _told("called"),
    "passive": _told(no_deeds=_NO_PASSIVES),
    "delete all": given("delete", Ref(every=True)),
    "delete list": lambda heard, match: heard.request("delete", Ref(every=True, group=match["list"].lower())),
    "delete done": given("delete", Ref(every=True, status="completed")),
    "new list": lambda heard, match: heard.request(
        "talk", topic="new list", fields={"list": list_name(match["list"])} if match["list"] else {}
    ),
    "empty trash": given("talk", topic="empty trash"),
    "keep": _keep,
    "reopen named": _reopen_named,
    "reopen to": _reopen_to,
    "not done": _not_done,
    "aside": given("talk", topic="fine"),
    "cannot": _cannot,
    "off": given("ask", topic="delete"),
    "share": given("talk", topic="do it"),
}
