"""Decides what a clause asks for: every row of the patterns that matches is a reading, and the best one counts."""

import re
from dataclasses import dataclass

from adapters.language_models.builtin_next.reading import questions, readers
from adapters.language_models.builtin_next.reading.notation import compiled
from adapters.language_models.builtin_next.reading.readers import Heard
from adapters.language_models.builtin_next.reading.talk import help_topic, talk_topic
from adapters.language_models.builtin_next.reading.text import Clause, bare
from adapters.language_models.builtin_next.requests import Request
from adapters.language_models.builtin_next.tables import patterns
from application.tasks.date_words import DateContext

ROWS = (
    *patterns.ADDING, *patterns.FINISHING, *patterns.UNDOING, *patterns.DELETING, *patterns.CHANGING, *patterns.TALKING,
)  # fmt: skip
PATTERNS = tuple((intent, weight, compiled(notation)) for intent, weight, notation, _ in ROWS)
SURE = 50
"""From this weight on, a clause is a request by itself. Below, it may be a part of another one."""
TALK, HELP, FOLLOW_UP = 80, 85, 64


@dataclass(frozen=True, slots=True)
class Talk:
    """What the conversation is about: whether tasks were spoken of, and what was done last."""

    has_focus: bool = False
    did: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    weight: int
    request: Request


def read(clause: Clause, context: DateContext, talk: Talk = Talk()) -> Reading:
    """Returns the best reading of one clause."""
    whole = re.sub(r"[^\S\n]+", " ", clause.text).strip(" ,;\n")
    if (topic := help_topic(whole)) is not None:
        return Reading(HELP, Request("talk", topic=f"help {topic}".strip(), said=whole))
    if talked := _talked(whole, talk):
        return talked
    stripped = bare(clause)
    if (topic := help_topic(stripped.text)) is not None:
        return Reading(HELP, Request("talk", topic=f"help {topic}".strip(), said=whole))
    if talked := _talked(stripped.text, talk):
        return talked
    found = _readings(Heard(stripped.text, stripped, whole, context, talk.has_focus, talk.did))
    return max(found, key=lambda reading: reading.weight)


def _talked(text: str, talk: Talk) -> Reading | None:
    topic = talk_topic(text)
    return Reading(TALK, Request("talk", topic=topic, said=text)) if topic else None


def _readings(heard: Heard) -> list[Reading]:
    found = []
    for intent, weight, pattern in PATTERNS:
        if match := pattern.fullmatch(heard.text):
            request = readers.READERS[intent](heard, match)
            if request:
                found.append(Reading(weight, request))
    if heard.has_focus and (follow := readers.follow_up(heard)):
        found.append(Reading(FOLLOW_UP, follow))
    if asked := questions.question(heard):
        found.append(Reading(*asked))
    if heard.clause.is_question:
        found = [each for each in found if each.request.op in ("list", "find", "talk")] or _offered(found)
    return found or [Reading(20, readers.bare_request(heard))]


def _offered(found: list[Reading]) -> list[Reading]:
    """A command in the form of a question, such as "delete task 3?", is not carried out. Adding is."""
    harmless = [each for each in found if each.request.op == "add"]
    return harmless or [Reading(each.weight, Request("find", each.request.ref, topic="state", said=each.request.said)) for each in found[:1]]


_HARD = re.compile(r"(?<=[^\s\d][.!?])\s+(?=\S)|(?<=\d[.!?])\s+(?=[A-Z])|\s*\n+\s*|;\s+|\s+[-–]\s+(?=then )")
_SOFT = re.compile(r",? and then |, then |,? and also |, and |,? but |, plus |,? and |, also | also |,? so |, | then ", re.IGNORECASE)
_TITLES = re.compile(r"\b(?:mr|mrs|ms|dr|st|vs|no|nr|approx|e\.g|i\.e)\.$", re.IGNORECASE)
_ADD_THAT = re.compile(r"(?:please )?(?:add|put|note|write|jot) (?:that|it|this|them)\b", re.IGNORECASE)
MAX_CUTS = 14
MAX_CLAUSES = 12


def clauses(text: str, context: DateContext, talk: Talk) -> list[Clause]:
    """Splits a message into what asks for one thing each."""
    from adapters.language_models.builtin_next.reading.items import bullets  # noqa: PLC0415
    from adapters.language_models.builtin_next.reading.text import masked  # noqa: PLC0415

    if bullets(text) and len(bullets(text)) > 1:
        return [Clause(text)]
    hidden, parts, at = masked(text), [], 0
    for cut in _HARD.finditer(hidden):
        if not _TITLES.search(hidden[at : cut.start()]):
            parts.append(text[at : cut.start()])
            at = cut.end()
    parts.append(text[at:])
    parts = [part for part in parts if part.strip(" .,!")]
    if len(parts) > 1 and _is_heading(parts[0]):
        return [Clause(parts[0].rstrip(" .:") + ": " + "\n".join(parts[1:]))]
    return [clause for part in parts[:MAX_CLAUSES] for clause in _split(part, context, talk)] or [Clause(text)]


def _is_heading(first: str) -> bool:
    """Returns whether the lines that follow are items: "Three tasks. Hire a cook. Rent chairs."."""
    return bool(re.fullmatch(r"(?:(?:please |can you )?(?:add|new|these|the|following|my|create|\d{1,2}|two|three|four|five|six|some|a few) )*(?:tasks|things|to-?dos|items)[:.]?", first.strip(), re.IGNORECASE))


def _split(part: str, context: DateContext, talk: Talk) -> list[Clause]:
    from adapters.language_models.builtin_next.reading.text import masked  # noqa: PLC0415

    asked = part.rstrip(" !.)").endswith("?")
    done: list[Clause] = []
    at = 0
    hidden = masked(part)
    for cut in list(_SOFT.finditer(hidden))[:MAX_CUTS]:
        left, right = part[at : cut.start()], part[cut.end() :]
        if len(left.strip()) < 2 or not _opens(right, cut[0], context, talk):
            continue
        if _is_whole(left, right, context, talk):
            done.append(Clause(left, left.endswith("?")))
            at = cut.end()
        elif _is_remark(left):
            at = cut.end()
    return [*done, Clause(part[at:], asked)]


def _opens(right: str, cut: str, context: DateContext, talk: Talk) -> bool:
    """Returns whether what follows is a request by itself."""
    first = _SOFT.split(right, maxsplit=1)[0]
    if _ADD_THAT.match(first):
        return False
    reading = read(Clause(first), context, Talk())
    if reading.request.op == "find" and "and" not in cut and "?" not in right:
        return False
    if reading.request.op in ("talk",):
        return reading.request.topic in ("keep", "not done") and "," in cut or (reading.request.topic == "not done" and "but" in cut) or (reading.request.topic == "never mind" and False)
    if reading.request.op in ("again", "correct"):
        return True
    if reading.request.op == "find" and reading.request.topic == "state":
        return False
    return reading.weight >= SURE


def _is_remark(left: str) -> bool:
    """Returns whether the text only says why something is wanted: "my sister is coming, so …"."""
    return len(left.split()) > 2 and bool(re.search(r"\b(?:is|are|was|were|has|can't|won't|am|coming|got|will)\b|'s\b", left, re.IGNORECASE))


def _is_whole(left: str, right: str, context: DateContext, talk: Talk) -> bool:
    reading = read(Clause(left), context, talk)
    if reading.request.op == "talk" and reading.request.topic in ("not done", "keep"):
        return True
    if reading.request.op == "add" and reading.request.topic == "remind":
        next_one = read(Clause(_SOFT.split(right, maxsplit=1)[0]), context, Talk())
        return next_one.request.op != "complete" or not next_one.request.told
    return reading.weight >= 44
