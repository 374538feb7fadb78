"""Splits a message into clauses that ask for one thing each."""

import re
from dataclasses import replace

from adapters.language_models.builtin.reading.intents.heard import Talk
from adapters.language_models.builtin.reading.parts.items import begins_as_chore, bullets
from adapters.language_models.builtin.reading.parts.slots import edges_off, take_slots
from adapters.language_models.builtin.reading.reading import SHOWN, SURE, VALUE, read
from adapters.language_models.builtin.reading.words.stems import CHORES
from adapters.language_models.builtin.reading.words.talk import help_topic
from adapters.language_models.builtin.reading.words.text import Clause, bare, masked
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext, find_date

_HARD = re.compile(r"(?<=[^\s\d][.!?])\s+(?=\S)|(?<=\d[.!?])\s+(?=[A-Z])|\s*\n+\s*|\s+[-–]\s+(?=then )")
_SOFT, _HEADING, _RATHER = map(phrases, ("soft", "heading", "rather"))
_REMARK, _OR_NAME, _I_MUST = map(phrases, ("remark of a clause", "remark or name", "i must"))
_TITLES = re.compile(r"\b(?:mr|mrs|ms|dr|st|vs|no|p|pp|ch|vol|nr|approx|e\.g|i\.e)\.$", re.IGNORECASE)
_NO_TASK = re.compile(r"\?$|^(?:no|not|sorry|thanks|ok|hi|hello)\b", re.IGNORECASE)
_SUBJECT, _GOES_ON, _POINTING = map(phrases, ("a new subject", "goes on", "those"))
SHORT, NAMED = 3, 57
_ADD_THAT, _ASIDE, _IT_IS_SO, _NEW_TASK = map(phrases, ("add that", "aside", "it is so", "new task"))
_TWO_MOVES = re.compile(
    r"((?:move|push|postpone|reschedule) )(.{2,60}? to (.{2,30}?)),? and (.{2,60}? to (.{2,30}))", re.IGNORECASE
)
_COMMANDS = ("update", "complete", "delete", "reopen", "restore")
MAX_CUTS, MAX_CLAUSES, MAX_CORRECTED = 14, 12, 2
NEAR = 100
"""The number of characters at the beginning of a clause in which its own date is looked for."""
HEADED = 78
"""From this weight on, all of a sentence is read by one pattern, as a list with its heading is."""
WHOLE = 44
"""From this weight on, what stands before a further request is one too."""


def clauses(text: str, context: DateContext, talk: Talk) -> list[Clause]:
    if bullets(text):
        return [Clause(text)]
    parts = _with_values(_sentences(_two_moves(text, context)), context)
    if len(parts) > 1 and _HEADING.search(parts[0].strip()):
        return [Clause(f"{parts[0].rstrip(' .:')}: " + "\n".join(parts[1:]))]
    return [clause for part in parts[:MAX_CLAUSES] for clause in _split(part, context, talk)] or [Clause(text)]


def _with_values(sentences: list[str], context: DateContext) -> list[str]:
    """Returns "Board deck, due 11 December, high priority" for "Board deck. Due 11 December. High priority."."""
    parts: list[str] = []
    for said in (each for each in sentences if each.strip(" .,!")):
        if parts and _is_value(said, context) and _is_task(parts[-1], context):
            parts[-1] = f"{parts[-1].rstrip(' .!')}, {said}"
        elif parts and _NEW_TASK.search(parts[-1]):
            parts[-1] = f"{parts[-1].rstrip(' .!:')}: {said}"
        else:
            parts.append(said)
    return parts


def _is_task(said: str, context: DateContext) -> bool:
    return not _NO_TASK.search(said) and read(Clause(said), context).request.op in ("add", "bare", "put")


def _is_value(said: str, context: DateContext) -> bool:
    slots = take_slots(f", {bare(Clause(said)).text}", context, notes=False)
    return slots.says_something and not edges_off(slots.rest)


def corrected(text: str, context: DateContext) -> str:
    """Returns "set the bike to high" for "set the bike to medium, no sorry, to high": the last value counts."""
    for found in list(_RATHER.finditer(masked(text)))[: -MAX_CORRECTED - 1 : -1]:
        left, right = text[: found.start()], text[found.end() :]
        new, old = take_slots(right, context, notes=False), take_slots(left, context, notes=False)
        if not new.fields or edges_off(new.rest) or not old.rest:
            continue
        if old.fields.keys() <= new.fields.keys():
            return f"{old.rest} {right}"
    return text


def _two_moves(text: str, context: DateContext) -> str:
    """Returns "move the gym to friday. Move the bike to monday" for "move the gym to friday and the bike to monday"."""
    found = _TWO_MOVES.fullmatch(text.strip(" .!"))
    if not found or not (find_date(found[3], context) and find_date(found[5], context)):
        return text
    return f"{found[1]}{found[2]}. {found[1].capitalize()}{found[4]}"


def _sentences(text: str) -> list[str]:
    hidden, parts, at = masked(text), [], 0
    for cut in _HARD.finditer(hidden):
        if not _TITLES.search(hidden[at : cut.start()]):
            parts.append(text[at : cut.start()])
            at = cut.end()
    return [*parts, text[at:]]


def _split(part: str, context: DateContext, talk: Talk) -> list[Clause]:
    """Splits a sentence where a request ends and another one begins."""
    done: list[Clause] = []
    at = 0
    if read(Clause(part), context, talk).weight >= HEADED:
        return [Clause(part)]
    heading, colon, _ = part.partition(":")
    if colon and _HEADING.search(f"{heading.strip()}:"):
        return [Clause(part)]
    for cut in list(_SOFT.finditer(masked(part)))[:MAX_CUTS]:
        left, right = part[at : cut.start()], part[cut.end() :]
        is_cut = _opens(part, right, cut[0], context) or _are_two(left, right, context)
        is_cut = is_cut or _says_why(left, right, context)
        is_cut = is_cut or ("and" not in cut[0] and _is_value_after(left, right, context))
        if len(left.strip()) < 2 or not is_cut or (cut[0] == " " and not _says_something(left, context)):
            continue
        if before := _before(left, right, cut[0], context, talk):
            done.append(before)
            at = cut.end()
    return [*done, _without_remark(Clause(part[at:], part.rstrip(" !.)").endswith("?")), context)]


def _before(left: str, right: str, cut: str, context: DateContext, talk: Talk) -> Clause | None:
    """Returns what stands before a further request: a request too, or a remark that only says why. Returns None if it
    is the beginning of that request."""
    if read(Clause(left), context, talk).request.op == "subtask":
        return None
    if _is_value_after(left, right, context):
        return Clause(left, is_remark=True)
    if _is_whole(left, right, context, talk) or _I_MUST.search(left) or _are_two(left, right, context):
        return Clause(left, left.endswith("?"))
    if "so" not in cut and _are_event_and_need(left, right, context):
        return Clause(left)
    if begins_as_chore(left):
        return None
    is_remark = len(left.split()) > 1 and bool(_REMARK.search(left))
    if not is_remark and ((_OR_NAME.search(left) and find_date(left, context)) or _is_command(right, context)):
        return Clause(left) if read(Clause(left), context).request.op == "bare" else None
    if not is_remark and not (len(left.split()) > 2 and _OR_NAME.search(left)):
        return None
    first = _SOFT.split(bare(Clause(left)).text, maxsplit=1)[0]
    is_remark = read(Clause(right), context).request.topic != "fine"
    return Clause(first) if _is_whole(first, right, context, talk) else Clause(left, is_remark=is_remark)


def _are_event_and_need(left: str, right: str, context: DateContext) -> bool:
    """Returns whether both are to be added: "chem test next friday, need to start revising on sunday"."""
    is_event = find_date(left, context) and read(Clause(left), context).request.op == "bare"
    return bool(is_event and read(Clause(_SOFT.split(right, maxsplit=1)[0]), context).request.topic == "need")


def _is_command(right: str, context: DateContext) -> bool:
    """Returns whether this changes a task that it names, as in "move the dentist to the 15th"."""
    request = read(Clause(_SOFT.split(bare(Clause(right)).text, maxsplit=1)[0]), context).request
    return request.op in _COMMANDS and not request.is_news and bool(request.ref.words)


def _opens(part: str, right: str, cut: str, context: DateContext) -> bool:
    """Returns whether what follows is a request by itself."""
    first = _SOFT.split(bare(Clause(right)).text, maxsplit=1)[0]
    reading = read(Clause(first), context)
    op, topic = reading.request.op, reading.request.topic
    if op in ("complete", "find") and begins_as_chore(first) and _goes_into_list(part, context):
        return False
    if op == "talk":
        is_negated = topic in ("keep", "not done") and ("," in cut or "but" in cut)
        return is_negated or topic.startswith("help") or topic == "fine"
    if op == "find":
        return "and" in cut and topic != "state"
    if op == "list" and reading.weight < SHOWN:
        return False
    return reading.weight >= SURE and not _ADD_THAT.search(first.strip(" ?.!"))


def _goes_into_list(part: str, context: DateContext) -> bool:
    """Returns whether all of this is to be added: "add check in online and find the adapter to the Trip list"."""
    whole = read(Clause(part), context).request
    return whole.op in ("add", "put") and any("list" in item for item in whole.items)


def _are_two(left: str, right: str, context: DateContext) -> bool:
    """Returns whether these are two tasks: "fix the tap friday 8:30 and order parts for the boiler"."""
    if CHORES.isdisjoint(right[:NEAR].lower().split()):
        return False
    following = find_date(right[:NEAR], context)
    right = right[following.end :].strip(" ,") if following and not following.start else right
    if not begins_as_chore(right) or not (found := find_date(left, context)):
        return False
    is_dated = following or not left[found.end :].strip(" ,")
    return bool(is_dated and read(Clause(left), context).request.op in ("add", "put", "bare"))


def _without_remark(clause: Clause, context: DateContext) -> Clause:
    """Returns the clause without a remark that nothing sets off: "undo that my knee feels better"."""
    for cut in _SUBJECT.finditer(masked(clause.text)):
        left = clause.text[: cut.start()]
        if not clause.asked and not _GOES_ON.search(left) and _is_complete(left, context):
            return replace(clause, text=left)
    return clause


def _is_complete(left: str, context: DateContext) -> bool:
    """Returns whether this asks for something short, so that a new subject behind it begins a remark."""
    reading = read(Clause(left), context)
    request, date = reading.request, find_date(left, context)
    if request.op in ("add", "bare"):
        return bool(date and date.start and not left[date.end :].strip())
    named = request.ref.words or request.ref.ids or _POINTING.search(left)
    is_short = len(request.ref.words.split()) <= SHORT
    return bool(named and is_short and reading.weight >= NAMED and request.op in (*_COMMANDS, "undo"))


def _says_something(left: str, context: DateContext) -> bool:
    """Returns whether there is more than fillers and a date before what begins like a request."""
    return (
        help_topic(left) is None
        and len(edges_off(take_slots(bare(Clause(f"{left} x")).text, context).rest).split()) > 2
    )


def _is_value_after(left: str, right: str, context: DateContext) -> bool:
    """Returns whether what changed follows the reason: "the dentist rang, it's 4:30 now"."""
    reading = read(Clause(left), context)
    is_request = reading.weight >= WHOLE and reading.request.topic != "not done" and not _ASIDE.search(left)
    if is_request or begins_as_chore(left) or _I_MUST.search(left) or not _REMARK.search(left):
        return False
    return read(Clause(_SOFT.split(right, maxsplit=1)[0]), context, Talk(has_focus=True, did="update")).weight == VALUE


def _says_why(left: str, right: str, context: DateContext) -> bool:
    """Returns whether a remark follows a request: "take the eggs off, we've got loads"."""
    says = _ASIDE.search(right) or (_IT_IS_SO.search(right) and not find_date(right, context))
    return bool(says) and read(Clause(left), context).request.op not in ("bare", "talk")


def _is_whole(left: str, right: str, context: DateContext, talk: Talk) -> bool:
    reading = read(Clause(left), context, talk)
    if reading.request.topic == "remind" or reading.request.ref.but:
        following = read(Clause(_SOFT.split(right, maxsplit=1)[0]), context).request
        return following.op != "complete" or not following.is_news
    return reading.weight >= WHOLE
