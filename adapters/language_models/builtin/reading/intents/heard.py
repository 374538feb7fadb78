"""What was heard, and what readers of it have in common."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adapters.language_models.builtin.reading.parts.references import reference
from adapters.language_models.builtin.reading.parts.slots import KNOWN_LISTS, Slots, edges_off, list_name, take_slots
from adapters.language_models.builtin.reading.words.text import Clause
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext, find_date

IT, THEM, NO_REF = Ref(pronoun="it"), Ref(pronoun="them"), Ref()
_UNTIL, _TO_HOUR, _EXCEPT, _MODAL, _TO_LIST = map(phrases, ("until", "to an hour", "except", "modal", "to a list"))


@dataclass(frozen=True, slots=True)
class Talk:
    """What the conversation is about: whether tasks were spoken of, and what was done last."""

    has_focus: bool = False
    did: str = ""


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

        An hour alone is kept as one, since it does not move the day.
        """
        but = _EXCEPT.search(text)
        left_out, text = (but[0], text[: but.start()]) if but else ("", text)
        slots = take_slots(_TO_HOUR.sub(r"at \g<hour>", _UNTIL.sub("to", text)), self.context, shifts=True, notes=False)
        to_list = _TO_LIST.search(slots.rest)
        if to_list and to_list["list"].lower() in KNOWN_LISTS and "list" not in slots.fields:
            slots.fields["list"] = list_name(to_list["list"])
            slots.rest = slots.rest[: to_list.start()]
        found = find_date(_TO_HOUR.sub(r"at \g<hour>", text), self.context)
        if found and found.is_hour_alone and "recurrence" not in slots.fields and "due" in slots.fields:
            slots.fields["due"] = f"at {found.due[11:16]}"
        slots.rest = edges_off(_MODAL.sub("", edges_off(slots.rest))) + left_out
        return slots


Match = re.Match[str]
Reader = Callable[[Heard, Match], Request | None]
