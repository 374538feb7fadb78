"""Reads changes of a task: its date, priority, list, tags, title and notes."""

import re

from adapters.language_models.builtin.reading.intents.heard import IT, Heard, Match, Reader
from adapters.language_models.builtin.reading.parts.items import items_of
from adapters.language_models.builtin.reading.parts.slots import date_in, edges_off, take_slots, title_of
from adapters.language_models.builtin.reading.words.text import unquoted
from adapters.language_models.builtin.requests import Fields, Request
from adapters.language_models.builtin.tables import regex
from application.tasks.date_words import find_date

_FIRM, _ASKS_WHEN, _OWN_VERB = regex("firm"), regex("asks when"), regex("own verb")
_EVERY = re.compile(r"(?:everything|all|every|each|both|the rest|today's|tomorrow's|the overdue)\b", re.IGNORECASE)
_BEFORE_VALUE = re.compile(r" (?:to|onto|into|by|for|on|in|at|as)(?: be)? ", re.IGNORECASE)
_NO_SUBJECT = re.compile(r"(?:i|we|you|there|it's|what|who|this|one|add|put|remind)\b", re.IGNORECASE)
_MAY, _NOT_OTHER = regex("may"), regex("not another")
_CHANGES_ANY, _ABOUT_FIELD = regex("changes any"), re.compile(r"\b(?:date|priority|due|time|day|list)\b", re.IGNORECASE)
_NOTE_LEAD = regex("note lead")


def move(heard: Heard, match: Match) -> Request | None:
    """Reads "move the dentist to monday", and whatever else gives a task new values."""
    rest = match["rest"]
    if of_all := _move_all(heard, rest):
        return of_all
    slots = heard.values(_NOT_OTHER.sub("", rest))
    ref = heard.ref(slots.rest) if slots.rest else IT
    if not slots.says_something:
        return heard.request("update", ref, topic="when") if _ASKS_WHEN.match(heard.text) else None
    given = {"fields": slots.fields, "shift": slots.shift}
    if _FIRM.match(heard.text) or not ref.words or ref.every:
        return heard.request("update", ref, **given)
    title = heard.text if _OWN_VERB.match(heard.text) else rest
    return heard.request("put", ref, items=tuple(items_of(title, heard.context)), **given)


def _move_all(heard: Heard, rest: str) -> Request | None:
    """Reads "everything on the work list to friday": only what stands last is the new value."""
    for cut in reversed(list(_BEFORE_VALUE.finditer(rest))) if _EVERY.match(rest) else ():
        slots = heard.values(rest[cut.start() :])
        if slots.says_something and not slots.rest:
            return heard.request("update", heard.ref(rest[: cut.start()]), fields=slots.fields, shift=slots.shift)
    return None


def _need_change(heard: Heard, match: Match) -> Request | None:
    """Reads "the flights can wait until next month"."""
    if _NO_SUBJECT.match(match["task"]) and not heard.talk.has_focus:
        return None
    slots = heard.values(_NOT_OTHER.sub("", _MAY.sub("", heard.text)))
    if not slots.says_something:
        return None
    items = ({"title": title_of(slots.rest)} | slots.fields,) if slots.rest else ()
    return heard.request("put", heard.ref(slots.rest), items=items, fields=slots.fields, shift=slots.shift)


def _rename(heard: Heard, match: Match) -> Request | None:
    """Reads a new title. "Change X to Y" is one only if Y is no date or other value."""
    new, task = match["title"].strip(" ."), match["task"].strip()
    if _CHANGES_ANY.match(heard.text):
        is_value = new.isdigit() or not edges_off(take_slots(f"x {new}", heard.context).rest).strip("x ")
        is_dated = find_date(new, heard.context) and not new.startswith('"')
        if is_value or is_dated or _ABOUT_FIELD.search(task):
            return None
    return heard.request("update", heard.ref(task), fields={"title": unquoted(new)})


def _put_name(heard: Heard, match: Match) -> Request:
    """Renames the task, if there is one: "swap the shifts with Dana" may be a task by itself."""
    fields = {"title": unquoted(match["title"])}
    return heard.request(
        "put", heard.ref(match["task"]), items=tuple(items_of(heard.text, heard.context)), fields=fields
    )


def _set(heard: Heard, match: Match) -> Request | None:
    """Reads a new title, tag or note for a task that is named, or for that which was spoken of."""
    given = match.groupdict()
    if not given.get("task") and not heard.talk.has_focus:
        return None
    fields: Fields = {"title": unquoted(given["title"])} if "title" in given else {}
    if "tag" in given:
        fields["add tags"] = [unquoted(given["tag"]).lstrip("#@")]
    if "note" in given:
        fields["add note"] = unquoted(_NOTE_LEAD.sub("", given["note"].strip()))
    return heard.request("update", heard.ref(given["task"]) if given.get("task") else IT, fields=fields)


def _untag(heard: Heard, match: Match) -> Request:
    tags = [unquoted(match["tag"]).lstrip("#@")]
    return heard.request("update", heard.ref(match["task"]), fields={"remove tags": tags})


def _cleared(name: str) -> Reader:
    return lambda heard, match: heard.request("update", heard.ref(match["task"]), clear=(name,))


def _level(level: str) -> Reader:
    return lambda heard, match: heard.request("update", heard.ref(match["task"]), fields={"priority": level})


def _date_for(heard: Heard, match: Match) -> Request | None:
    found = date_in(match["when"], heard.context)
    is_deadline = "deadline" in heard.text.lower() and found and "T" not in found["due"]
    fields = {"deadline": found["due"]} if is_deadline else found
    return heard.request("update", heard.ref(match["task"]), fields=fields) if found else None


def _repeat(heard: Heard, match: Match) -> Request | None:
    when = match.groupdict().get("when")
    slots = take_slots(when or match["rest"], heard.context, notes=False)
    said = match["task"] if when else edges_off(slots.rest)
    if "recurrence" not in slots.fields:
        return None
    return heard.request("update", heard.ref(said) if said else IT, fields=slots.fields)


def _rename_what(heard: Heard, match: Match) -> Request:
    return heard.request("update", heard.ref(match["task"]), topic="rename")


READERS: dict[str, Reader] = {
    "move": move,
    "fields of": move,
    "need change": _need_change,
    "rename": _rename,
    "rename what": _rename_what,
    "put name": _put_name,
    "rename it": _set,
    "tag": _set,
    "untag": _untag,
    "date for": _date_for,
    "no date": _cleared("due"),
    "no priority": _cleared("priority"),
    "no rule": _cleared("recurrence"),
    "low": _level("low"),
    "high": _level("high"),
    "repeat": _repeat,
    "note": _set,
    "note it": _set,
}
