"""Reads what changes a task if it is there, and is to be added if it is not."""

import re

from adapters.language_models.builtin.reading.intents.adding import added
from adapters.language_models.builtin.reading.intents.heard import Heard, Match, Reader
from adapters.language_models.builtin.reading.parts.items import items_of
from adapters.language_models.builtin.reading.parts.slots import NO_LISTS, list_name, take_slots
from adapters.language_models.builtin.reading.words.text import unquoted
from adapters.language_models.builtin.requests import Request

_TOO_LATE = re.compile(r"\w (?:before|until|when|if|after) ", re.IGNORECASE)


def _put_chore(heard: Heard, match: Match) -> Request:
    """Reads "I'll fix the bike": nothing is to be added if that is on the list."""
    items = items_of(match["title"], heard.context)
    return heard.request("put", heard.ref(items[0]["title"]), items=tuple(items), topic="chore")


def _put_in_list(heard: Heard, match: Match) -> Request | None:
    """Puts a task into a list, or adds one there."""
    if match["list"].lower().strip() in NO_LISTS:
        return None
    fields = {"list": list_name(match["list"])} | take_slots(f"x {match['tail'] or ''}", heard.context).fields
    items = items_of(match["title"], heard.context, several=True, shared=fields)
    return heard.request("put", heard.ref(match["title"]), items=tuple(items), fields=fields)


def _in_list(heard: Heard, match: Match) -> Request:
    """Reads "the photos should be in Shopping"."""
    fields = {"list": list_name(match["list"])}
    items = tuple(items_of(match["title"], heard.context, shared=fields))
    return heard.request("put", heard.ref(match["title"]), items=items, fields=fields)


def _fact(heard: Heard, match: Match) -> Request | None:
    is_mine = match["title"].lower().endswith((" i", " we", " you", " they"))
    if is_mine or "estimate" in heard.values(heard.text).fields:
        return None
    items = items_of(heard.text, heard.context, whole=True)
    return heard.request("put", heard.ref(heard.text), items=tuple(items), topic="fact")


def _gone(heard: Heard, match: Match) -> Request:
    """Reads "the butter is gone": a need, unless it is a task in the trash, or when the task itself is too late."""
    if _TOO_LATE.search(match["title"]):
        return added(heard, heard.text, "need", whole=True)
    items = items_of(match["title"], heard.context)
    return heard.request("put", heard.ref(match["title"]), items=tuple(items), topic="fact")


def _put_name(heard: Heard, match: Match) -> Request:
    """Renames the task, if there is one: "swap the shifts with Dana" may be a task by itself."""
    items = tuple(items_of(heard.text, heard.context))
    return heard.request("put", heard.ref(match["task"]), items=items, fields={"title": unquoted(match["title"])})


READERS: dict[str, Reader] = {
    "chore put": _put_chore,
    "put in list": _put_in_list,
    "in list": _in_list,
    "put name": _put_name,
    "fact": _fact,
    "gone": _gone,
}
