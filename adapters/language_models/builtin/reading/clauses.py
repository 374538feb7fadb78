"""Splits a message into clauses that ask for one thing each."""

from dataclasses import replace

from adapters.language_models.builtin.reading.cuts import COMMANDS, SOFT, Cut
from adapters.language_models.builtin.reading.intents.heard import Talk
from adapters.language_models.builtin.reading.parts.items import bullets
from adapters.language_models.builtin.reading.reading import VALUE, read
from adapters.language_models.builtin.reading.sentences import sentences
from adapters.language_models.builtin.reading.words.text import Clause, masked
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext, find_date

_HEADING, _SUBJECT, _GOES_ON, _POINTING = map(phrases, ("heading", "a new subject", "goes on", "those"))
_NEEDS_IT = phrases("needs it")
MAX_CUTS, MAX_CLAUSES = 14, 12
HEADED, CORRECTED, NAMED = 78, 66, 57
"""From `HEADED` on, all of a sentence is read by one pattern, as a list with its heading is. From `CORRECTED` on, a
correction names what is right and what is wrong. From `NAMED` on, it surely says what is to be done with a task."""
SHORT = 3


def clauses(text: str, context: DateContext, talk: Talk) -> list[Clause]:
    if bullets(text):
        return [Clause(text)]
    parts = sentences(text, context)
    if len(parts) > 1 and _HEADING.search(parts[0].strip()):
        return [Clause(f"{parts[0].rstrip(' .:')}: " + "\n".join(parts[1:]))]
    return [clause for part in parts[:MAX_CLAUSES] for clause in _split(part, context, talk)] or [Clause(text)]


def _split(part: str, context: DateContext, talk: Talk) -> list[Clause]:
    """Splits a sentence where a request ends and another one begins."""
    heading, colon, _ = part.partition(":")
    is_list = colon and _HEADING.search(f"{heading.strip()}:")
    whole = read(Clause(part), context, talk)
    says_both = whole.request.op == "correct" and whole.weight >= CORRECTED
    if is_list or whole.weight >= HEADED or says_both:
        return [Clause(part)]
    done: list[Clause] = []
    at = 0
    for found in list(SOFT.finditer(masked(part)))[:MAX_CUTS]:
        cut = Cut(part, part[at : found.start()], found[0], part[found.end() :], context, talk)
        if cut and (before := cut.clause):
            done.append(before)
            at = found.end()
    return [*done, _without_remark(Clause(part[at:], part.rstrip(" !.)").endswith("?")), context, talk)]


def _without_remark(clause: Clause, context: DateContext, talk: Talk) -> Clause:
    """Returns the clause without a remark that nothing sets off: "undo that my knee feels better"."""
    for found in _SUBJECT.finditer(masked(clause.text)):
        left = clause.text[: found.start()]
        rest = clause.text[found.end() :]
        is_remark = _NEEDS_IT.match(rest) or read(Clause(rest), context).request.op in ("bare", "talk", "complete")
        if is_remark and not clause.asked and not _GOES_ON.search(left) and _is_complete(left, context, talk):
            return replace(clause, text=left)
    return clause


def _is_complete(left: str, context: DateContext, talk: Talk) -> bool:
    """Returns whether this asks for something short, so that a new subject behind it begins a remark."""
    reading, date = read(Clause(left), context, talk), find_date(left, context)
    op, ref = reading.request.op, reading.request.ref
    if op in ("add", "bare"):
        return bool(date and date.start and not left[date.end :].strip())
    named = ref.words or ref.ids or _POINTING.search(left) or reading.weight == VALUE
    return bool(named and len(ref.words.split()) <= SHORT and reading.weight >= NAMED and op in (*COMMANDS, "undo"))
