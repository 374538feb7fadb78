"""Reads what is to be added."""

import re
from typing import Any

from msgspec.structs import replace

from adapters.language_models.builtin.reading.intents.changing import move
from adapters.language_models.builtin.reading.intents.heard import IT, NO_REF, Heard, Match, Reader
from adapters.language_models.builtin.reading.parts.items import are_chores, items_of
from adapters.language_models.builtin.reading.parts.slots import (
    KNOWN_LISTS,
    LEVELS,
    NO_LISTS,
    SAME_LIST,
    date_in,
    edges_off,
    list_name,
    take_slots,
)
from adapters.language_models.builtin.reading.words.stems import words
from adapters.language_models.builtin.requests import Fields, Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import find_date, find_dates

_NO_TITLE, _I_NEED, _COMMAND_ON_TASK = map(phrases, ("no title", "i need", "command on task"))
_DATE_FIRST, _ASKING, _MOVING, _NO_NEED = map(phrases, ("date first", "asking for", "moving", "no need"))
_NO_NAME, _ONLY_MAYBE = phrases("no name of a list"), phrases("only maybe")
_SEVERAL = re.compile(r",| and .* and |\n|;", re.IGNORECASE)


def added(heard: Heard, text: str, topic: str = "", **how: Any) -> Request:
    """Adds what the text says. `how` is given to `items_of`."""
    items = items_of(_I_NEED.sub("", text).strip(), heard.context, **how)
    items = [item for item in items if '"' in text or not _NO_TITLE.search(item["title"])]
    if items and heard.clause.pictures:
        items[-1]["title"] += f" {heard.clause.pictures}"
    return heard.request("add", items=tuple(items), topic=topic if items else "what")


def _add(topic: str = "", **how: Any) -> Reader:
    """Returns a reader that adds the title, with what else the pattern has taken."""

    def reader(heard: Heard, match: Match) -> Request | None:
        parts = match.groupdict(default="")
        shared: Fields = {"priority": LEVELS[parts["level"].lower()]} if parts.get("level") else {}
        if "list" in parts:
            shared["list"] = list_name(parts["list"])
        day = ""
        if when := parts.get("when"):
            if not (date := date_in(when, heard.context)):
                return None
            found = find_dates(parts["title"], heard.context)
            if not found:
                shared |= date
            else:
                parts["tail"] = when
                is_day = "recurrence" not in date and all(each.is_hour_alone for each in found)
                day = date["due"][:10] if is_day else ""
        request = added(heard, f"{parts['title']} {parts.get('tail', '')}", topic, shared=shared, **how)
        return _on_day(request, day) if day and request is not None else request

    return reader


def _on_day(request: Request, day: str) -> Request:
    """Returns the tasks on that day, each at the hour that it has: "tomorrow I've got choir at 9 and lunch at 12"."""
    items = (item | {"due": day + item.get("due", "")[10:]} for item in request.items)
    return replace(request, items=tuple(items))


def _remind(heard: Heard, match: Match) -> Request | None:
    title = match["title"]
    if _ASKING.search(title):
        return None
    slots = take_slots(title, heard.context)
    if heard.ref(edges_off(slots.rest)) in (IT, NO_REF) and "due" in slots.fields and heard.talk.has_focus:
        return heard.request("update", IT, fields={"remind": slots.fields["due"]})
    found, date = _DATE_FIRST.search(title), find_date(title, heard.context)
    goes_on = found and date and date.start < found.end("when") < date.end
    if found and not goes_on and date_in(found["when"], heard.context):
        title = f"{found['title']} {found['when']}"
    return added(heard, title, "remind", whole=True)


def _remind_of(heard: Heard, match: Match) -> Request | None:
    """Reads "set a reminder for the dentist", which may be on the list: it rings when that is due."""
    items = items_of(match["title"], heard.context, whole=True)
    if len(items) != 1 or not items[0].keys() <= {"title", "due"}:
        return None
    due = items[0].get("due")
    fields: Fields = {"remind": due} if due else {"reminders": ["at due time"]}
    return heard.request("put", heard.ref(items[0]["title"]), items=tuple(items), fields=fields)


def _need(heard: Heard, match: Match) -> Request | None:
    title = match["title"]
    if _COMMAND_ON_TASK.search(title):
        return None
    if _ONLY_MAYBE.search(heard.whole) and not heard.clause.asked:
        return heard.request("bare", heard.ref(title), items=tuple(items_of(title, heard.context, whole=True)))
    moved = _MOVING.search(title)
    request = move(heard, moved) if moved else None
    if request and request.fields:
        return replace(request, op="put", items=tuple(items_of(title, heard.context)))
    return added(heard, title, "need", whole=True)


def _needed(heard: Heard, match: Match) -> Request | None:
    said = match["title"]
    if _NO_NEED.search(said):
        return None
    said = re.sub(r" for (?:the|my|our) [\w ]+$", "", said) if "," in said else said
    return added(heard, said, "need", several=True)


def _several(heard: Heard, match: Match) -> Request:
    title, name = match["title"], match.groupdict().get("list")
    if name and not _SEVERAL.search(title):
        title = ", ".join(re.split(r" and | ", title))
    title = re.sub(r"(?<=[a-z])\. (?=[A-Z])", ", ", title)
    return added(heard, title, several=True, shared={"list": list_name(name)} if name else None)


def _heading(heard: Heard, match: Match) -> Request | None:
    name = match["list"].strip().removeprefix("my ").removeprefix("the ")
    if len(name.split()) > 2 or _NO_NAME.search(name):
        return None
    is_list = re.search(r"\blist\b", heard.text[: match.start("title")], re.IGNORECASE)
    if not is_list and name.lower() not in KNOWN_LISTS and not are_chores(match["title"]):
        return None
    shared = {} if name.lower() in NO_LISTS | {"to do"} else {"list": list_name(name)}
    shared |= date_in(match.groupdict().get("when") or "", heard.context)
    return added(heard, match["title"], several=True, shared=shared)


def _put(heard: Heard, match: Match) -> Request | None:
    ref = heard.ref(match["title"])
    return None if ref.pronoun or ref.ids else _add()(heard, match)


def _put_on(heard: Heard, match: Match) -> Request | None:
    """Reads "put tomatoes on", of the list that was shown, but not "put the kettle on"."""
    return added(heard, match["title"], several=True, shared={"list": SAME_LIST}) if heard.talk.looked else None


def _have(heard: Heard, match: Match) -> Request | None:
    return added(heard, match["title"], "need", whole=True) if find_date(match["title"], heard.context) else None


READERS: dict[str, Reader] = {
    "add": _add(),
    "plan": _add("need"),
    "remind": _remind,
    "remind of": _remind_of,
    "need": _need,
    "chore": lambda heard, match: added(heard, heard.text, "need", whole=True) if words(match["title"]) else None,
    "for need": _add("need", several=True),
    "have thing": _have,
    "for day": _add(several=True),
    "on day": _add(),
    "put": _put,
    "put on": _put_on,
    "needed": _needed,
    "several": _several,
    "heading": _heading,
}
