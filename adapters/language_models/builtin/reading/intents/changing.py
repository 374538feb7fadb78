"""Reads changes of a task: its date, priority, list, tags, title, notes and reminders."""

import re

from adapters.language_models.builtin.reading.intents.heard import IT, Heard, Match, Reader, given
from adapters.language_models.builtin.reading.parts.items import items_of
from adapters.language_models.builtin.reading.parts.slots import (
    DAY_BEFORE,
    date_in,
    edges_off,
    list_name,
    take_slots,
    title_of,
)
from adapters.language_models.builtin.reading.parts.spans import span_before
from adapters.language_models.builtin.reading.words.stems import CHORES, words
from adapters.language_models.builtin.reading.words.text import unquoted
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import find_date

_TO = re.compile(r" to ", re.IGNORECASE)
_FIRM, _ASKS_WHEN, _OWN_VERB, _MAY, _OH_NO = map(phrases, ("firm", "asks when", "own verb", "may", "oh no"))
_EVERY, _VALUE, _NO_SUBJECT = map(phrases, ("every", "before a value", "no subject"))
_ABOUT_FIELD, _ANOTHER = phrases("about a field"), phrases("another")


def move(heard: Heard, match: Match) -> Request | None:
    """Reads "move the dentist to monday" and other ways to give a task new values."""
    rest = match["rest"]
    slots = heard.values(rest)
    ref = heard.ref(slots.rest) if slots.rest else IT
    if ref.pronoun != "them" and (of_all := _move_all(heard, rest)):
        return of_all
    if not slots.says_something:
        return heard.request("update", ref, topic="when") if _ASKS_WHEN.search(heard.text) else None
    values = {"fields": slots.fields, "shift": slots.shift}
    if _FIRM.search(heard.text) or not ref.words or ref.every:
        return heard.request("update", ref, **values)
    title = heard.text if _OWN_VERB.search(heard.text) else rest
    return heard.request("put", ref, items=tuple(items_of(title, heard.context)), **values)


def _move_all(heard: Heard, rest: str) -> Request | None:
    """Reads "everything on the work list to friday": only what stands last is the new value."""
    rest = rest.replace("→", "to")
    for cut in reversed(list(_VALUE.finditer(rest))) if _EVERY.search(rest) else ():
        slots = heard.values(rest[cut.start() :])
        if slots.says_something and not slots.rest:
            return heard.request("update", heard.ref(rest[: cut.start()]), fields=slots.fields, shift=slots.shift)
    return None


def _need_change(heard: Heard, match: Match) -> Request | None:
    """Reads "the flights can wait until next month"."""
    if _NO_SUBJECT.search(match["task"]) and not heard.talk.has_focus:
        return None
    slots = heard.values(_MAY.sub("", _OH_NO.sub("", heard.text)))
    if not slots.says_something:
        return None
    items = ({"title": title_of(slots.rest)} | slots.fields,) if slots.rest else ()
    return heard.request("put", heard.ref(slots.rest), items=items, fields=slots.fields, shift=slots.shift)


def _change_to(heard: Heard, match: Match) -> Request | None:
    """Reads "change X to Y" as a new title, unless Y is a date or another value."""
    new = match["title"].strip(" .")
    is_value = new.isdigit() or not edges_off(take_slots(f"x {new}", heard.context).rest).strip("x ")
    is_dated = find_date(new, heard.context) and not new.startswith('"')
    if is_value or is_dated or _ABOUT_FIELD.search(match["task"]):
        return None
    return heard.request("update", heard.ref(match["task"]), fields={"title": unquoted(new)})


def _more_of_it(heard: Heard, match: Match) -> Request | None:
    """Reads "make the milk oat milk": the new title says more of the same thing."""
    thing, title = words(match["wrong"]), words(match["title"])
    if title[-1:] != thing or len(title) < len(thing) + 1:
        return None
    return heard.request("update", heard.ref(match["wrong"]), fields={"title": title_of(match["title"])})


def _quantity(heard: Heard, match: Match) -> Request:
    return heard.request("update", heard.ref(match["task"]), fields={"add note": match["amount"]})


def _rename(heard: Heard, match: Match) -> Request | None:
    """Reads "rename send invoice to Ann to send it to Ann": of several "to", the one before a verb counts."""
    request, cuts = given("update")(heard, match), list(_TO.finditer(match["task"] + " to " + match["title"]))
    said = f"{match['task']} to {match['title']}"
    before_verb = [cut for cut in cuts if said[cut.end() :].split()[0].lower() in CHORES]
    if len(cuts) < 2 or not before_verb or request is None:
        return request
    cut = before_verb[-1]
    new = unquoted(said[cut.end() :].strip(" ."))
    return heard.request("update", heard.ref(said[: cut.start()]), fields={"title": new})


def _day_before(heard: Heard, match: Match) -> Request | None:
    """Reads "the evening before, at 8", of the task that was spoken of."""
    part = "" if match["reminder"].endswith("day") else "evening "
    at = date_in(f"tomorrow {part}at {match['when']}", heard.context).get("due", "")[11:16]
    is_meant = at and heard.talk.has_focus
    return heard.request("update", IT, fields={"reminders": [f"{DAY_BEFORE}{at}"]}) if is_meant else None


def _remind_before(heard: Heard, match: Match) -> Request:
    """Reads "remind me two hours before", of the task that is named or was spoken of."""
    task = match.groupdict().get("task")
    ref = heard.ref(task) if task else IT if heard.talk.has_focus else Ref()
    kind = "add reminders" if _ANOTHER.search(heard.whole) else "reminders"
    return heard.request("update", ref, fields={kind: [span_before(match["reminder"])]})


def _note_or_add(heard: Heard, match: Match) -> Request:
    """Reads "add to the dentist: ask about the bill". If there is no such task, it is the name of a list."""
    items = items_of(match["note"], heard.context, several=True, shared={"list": list_name(match["task"])})
    return heard.request(
        "put", heard.ref(match["task"]), items=tuple(items), fields={"add note": unquoted(match["note"])}
    )


def _subtask(heard: Heard, match: Match) -> Request | None:
    task = match.groupdict().get("task")
    items = items_of(match["title"], heard.context, several=True)
    is_known = task or heard.talk.has_focus
    return heard.request("subtask", heard.ref(task) if task else IT, items=tuple(items)) if is_known else None


def _swap(heard: Heard, match: Match) -> Request:
    ref = Ref(words=f"{heard.ref(match['task']).words} and {heard.ref(match['right']).words}")
    return heard.request("swap", ref, items=tuple(items_of(heard.text, heard.context)))


def _put_for(heard: Heard, match: Match) -> Request | None:
    """Reads "stick the photos in for tomorrow", of a task that may be there."""
    date = date_in(match["when"], heard.context)
    items = tuple(items_of(f"{match['task']} {match['when']}", heard.context))
    return heard.request("put", heard.ref(match["task"]), items=items, fields=date) if date else None


def _date_for(heard: Heard, match: Match) -> Request | None:
    found = date_in(match["when"], heard.context)
    is_deadline = "deadline" in heard.text.lower() and found and "T" not in found["due"]
    fields = {"deadline": found["due"]} if is_deadline else found
    return heard.request("update", heard.ref(match["task"]), fields=fields) if found else None


def _hour_not(heard: Heard, match: Match) -> Request | None:
    """Reads "gym 7 not 6"."""
    ref, slots = heard.ref(match["task"]), heard.values(f"x to {match['hour']}")
    return heard.request("update", ref, fields=slots.fields) if ref.words and "due" in slots.fields else None


def _only_until(heard: Heard, match: Match) -> Request | None:
    """Reads "only until the end of January", of a task that repeats."""
    date = date_in(match["when"], heard.context)
    return heard.request("update", IT, fields={"until": date["due"][:10]}) if date and heard.talk.has_focus else None


def _by_date(heard: Heard, match: Match) -> Request | None:
    """Reads "finish the report by 5": it is not finished yet."""
    date = date_in(f"by {match['when']}", heard.context)
    items = tuple(items_of(heard.text, heard.context))
    return heard.request("put", heard.ref(match["task"]), items=items, fields=date) if date else None


READERS: dict[str, Reader] = {
    "move": move,
    "need change": _need_change,
    "change": given("update"),
    "change to": _change_to,
    "rename": _rename,
    "more of it": _more_of_it,
    "quantity": _quantity,
    "rename what": given("update", topic="rename"),
    "ask when": given("update", topic="when"),
    "date for": _date_for,
    "put for": _put_for,
    "by date": _by_date,
    "hour not": _hour_not,
    "only until": _only_until,
    "day before": _day_before,
    "remind before": _remind_before,
    "remind it": given("update", fields={"reminders": ["at due time"]}),
    "note or add": _note_or_add,
    "subtask": _subtask,
    "swap": _swap,
    "no reminder": given("update", clear=("reminders",)),
    "no date": given("update", clear=("due",)),
    "no priority": given("update", clear=("priority",)),
    "no rule": given("update", clear=("recurrence",)),
    "medium": given("update", fields={"priority": "medium"}),
    "low": given("update", fields={"priority": "low"}),
    "high": given("update", fields={"priority": "high"}),
}
