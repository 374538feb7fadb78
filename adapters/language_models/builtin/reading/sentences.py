"""Takes a message apart into sentences, and puts together what belongs to one task."""

import re

from adapters.language_models.builtin.reading.parts.slots import edges_off, take_slots
from adapters.language_models.builtin.reading.reading import read
from adapters.language_models.builtin.reading.words.text import Clause, bare, masked
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext, find_date

_HARD = re.compile(r"(?<=[^\s\d][.!?])\s+(?=\S)|(?<=\d[.!?])\s+(?=[A-Z])|\s*\n+\s*|\s+[-–]\s+(?=then )")
_TITLES = re.compile(r"\b(?:mr|mrs|ms|dr|st|v|vs|no|p|pp|ch|vol|nr|approx|e\.g|i\.e)\.$", re.IGNORECASE)
_NO_TASK = re.compile(r"\?$|^(?:no|not|sorry|thanks|ok|hi|hello)\b", re.IGNORECASE)
_TWO_MOVES = re.compile(
    r"((?:move|push|postpone|reschedule) )(.{2,60}? to (.{2,30}?)),? and (.{2,60}? to (.{2,30}))", re.IGNORECASE
)
_PLACE = re.compile(r"(?:at|in|with|from) \w", re.IGNORECASE)
_RATHER, _NEW_TASK = phrases("rather"), phrases("new task")
MAX_CORRECTED = 2


def sentences(text: str, context: DateContext) -> list[str]:
    """Returns the sentences. "Board deck. Due 11 December. High priority." is one: values belong to what was said
    before them."""
    parts: list[str] = []
    for said in (each for each in _sentences(_two_moves(text, context)) if each.strip(" .,!")):
        if parts and _is_value(said, context) and _is_task(parts[-1], context):
            parts[-1] = f"{parts[-1].rstrip(' .!')}, {said}"
        elif parts and _NEW_TASK.search(parts[-1]):
            parts[-1] = f"{parts[-1].rstrip(' .!:')}: {said}"
        else:
            parts.append(said)
    return parts


def _sentences(text: str) -> list[str]:
    hidden, parts, at = masked(text), [], 0
    for cut in _HARD.finditer(hidden):
        if not _TITLES.search(hidden[at : cut.start()]):
            parts.append(text[at : cut.start()])
            at = cut.end()
    return [*parts, text[at:]]


def _is_value(said: str, context: DateContext) -> bool:
    slots = take_slots(f", {bare(Clause(said)).text}", context, notes=False)
    is_place = "due" in slots.fields and _PLACE.match(slots.rest.strip(" ,"))
    return slots.says_something and bool(is_place or not edges_off(slots.rest))


def _is_task(said: str, context: DateContext) -> bool:
    return not _NO_TASK.search(said) and read(Clause(said), context).request.op in ("add", "bare", "put")


def _two_moves(text: str, context: DateContext) -> str:
    """Returns "move the gym to friday. Move the bike to monday" for "move the gym to friday and the bike to monday"."""
    found = _TWO_MOVES.fullmatch(text.strip(" .!"))
    if not found or not (find_date(found[3], context) and find_date(found[5], context)):
        return text
    return f"{found[1]}{found[2]}. {found[1].capitalize()}{found[4]}"


def corrected(text: str, context: DateContext) -> str:
    """Returns "set the bike to high" for "set the bike to medium, no sorry, to high": the last value counts."""
    for found in list(_RATHER.finditer(masked(text)))[: -MAX_CORRECTED - 1 : -1]:
        left, right = text[: found.start()], text[found.end() :]
        new, old = take_slots(right, context, notes=False), take_slots(left, context, notes=False)
        if not new.fields or edges_off(new.rest) or not old.rest or "n't" in left:
            continue
        if old.fields.keys() <= new.fields.keys():
            return f"{old.rest} {right}"
    return text
