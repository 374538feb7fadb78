"""What was heard, and what readers of it have in common."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adapters.language_models.builtin.reading.parts.references import reference
from adapters.language_models.builtin.reading.parts.slots import (
    KNOWN_LISTS,
    NO_LISTS,
    Slots,
    edges_off,
    list_name,
    take_slots,
)
from adapters.language_models.builtin.reading.words.text import Clause, unquoted
from adapters.language_models.builtin.requests import Fields, Ref, Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext, find_date

_NOT_OTHER, _FROM_DAY, _SAME_HOUR = map(phrases, ("not another", "from day", "same hour"))
_NOTE_LEAD, _TAGS = phrases("note lead"), {"tag": "add tags", "untag": "remove tags"}
_FROM_HOUR = re.compile(r"\bfrom \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)? (?=to )", re.IGNORECASE)
_DOTTED = re.compile(r"\b\d{1,2}\.\d\d$")
IT, THEM, NO_REF = Ref(pronoun="it"), Ref(pronoun="them"), Ref()
_EVERY = phrases("repeating")
_UNTIL, _TO_HOUR, _EXCEPT, _MODAL, _TO_LIST = map(phrases, ("until", "to an hour", "except", "modal", "to a list"))


@dataclass(frozen=True, slots=True)
class Talk:
    """What the conversation is about: whether tasks were spoken of, what was done last, and which status was asked
    for, if tasks were asked for last."""

    has_focus: bool = False
    did: str = ""
    looked: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A clause without its fillers. `whole` is the clause with them."""

    text: str
    clause: Clause
    whole: str
    context: DateContext
    talk: Talk = Talk()

    def ref(self, text: str) -> Ref:
        return reference(text, self.context)

    def request(self, op: str, ref: Ref = NO_REF, **more: Any) -> Request:
        return Request(op, ref, said=self.whole, **more)

    def values(self, text: str) -> Slots:
        """Returns the new values in a text, and what is left of it: which task they are for.

        An hour alone is kept as one, since it does not move the day. What the value was before is left out.
        """
        said = text = _NOT_OTHER.sub("", _FROM_DAY.sub(" to ", _SAME_HOUR.sub("", text)))
        found, but = find_date(text, self.context), _EXCEPT.search(text)
        has_window = found and found.estimate and not found.is_hour_alone
        but = None if found and found.rule and but and found.end > but.start() else but
        left_out, text = (but[0], text[: but.start()]) if but else ("", text)
        text = text if _EVERY.search(text) else _UNTIL.sub("to", text)
        text = text if has_window else _TO_HOUR.sub(r"at \g<hour>", _FROM_HOUR.sub("", text))
        slots = take_slots(text, self.context, shifts=True, notes=False)
        to_list = _TO_LIST.search(slots.rest)
        if to_list and to_list["list"].lower() in KNOWN_LISTS and "list" not in slots.fields:
            slots.fields["list"] = list_name(to_list["list"])
            slots.rest = slots.rest[: to_list.start()]
        found = found if text == said else find_date(text, self.context)
        is_hour = found.is_hour_alone if found else bool(_DOTTED.search(text))
        if is_hour and "recurrence" not in slots.fields and "due" in slots.fields:
            slots.fields["due"] = f"at {(found.due if found else slots.fields['due'])[11:16]}"
        slots.rest = edges_off(_MODAL.sub("", edges_off(slots.rest))) + left_out
        return slots


Match = re.Match[str]
Reader = Callable[[Heard, Match], Request | None]


def given(op: str, ref: Ref = IT, **more: Any) -> Reader:
    """Returns a reader of what is said of the task that the pattern has taken, or of `ref`, with the new values."""

    def reader(heard: Heard, match: Match) -> Request | None:
        parts = match.groupdict(default="")
        task = f"{parts.get('task', '')} {parts.get('but', '')}".strip()
        if not task and op == "update" and not heard.talk.has_focus:
            return None
        if parts.get("list", "").lower().removesuffix("'s") in NO_LISTS | {"today", "tomorrow"}:
            return None
        return heard.request(op, heard.ref(task) if task else ref, **({"fields": _values(parts)} | more))

    return reader


def _values(parts: dict[str, str]) -> Fields:
    values: Fields = {"title": unquoted(parts["title"].strip(" ."))} if "title" in parts else {}
    values |= {field: [unquoted(parts[name]).lstrip("#@")] for name, field in _TAGS.items() if name in parts}
    if "list" in parts:
        values["list"] = list_name(parts["list"])
    if "note" in parts:
        values["add note"] = unquoted(_NOTE_LEAD.sub("", parts["note"].strip()))
    return values
