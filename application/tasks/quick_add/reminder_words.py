"""Reminders in words: `30 min before`, `at due time`, `tomorrow at 9`."""

import re
from contextlib import suppress

from application.tasks.date_words import DateContext, read_date
from application.tasks.date_words.grammar.vocabulary import NUMBERS
from domain.errors import Invalid
from domain.tasks.reminders import AT_DUE, clean_reminders

MAX_WORDS = 6
_SPAN = re.compile(
    rf"(\d{{1,5}}|half an|{'|'.join(NUMBERS)}) ?(m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
    r"(?: (?:before|b4|earlier|ahead))?",
    re.IGNORECASE,
)
_AT_DUE = re.compile(r"(?:at|when) due(?: time)?|on time|at (?:the )?(?:start|due time)", re.IGNORECASE)
_SIZES = {"m": ("PT", "M"), "h": ("PT", "H"), "d": ("P", "D"), "w": ("P", "W")}


def read_reminder(text: str, context: DateContext) -> str | None:
    """Returns the reminder as a task has it, or None if the text is none. It may be spelled as a task has it."""
    if _AT_DUE.fullmatch(text):
        return AT_DUE
    if (span := _SPAN.fullmatch(text)) and (read := _spelled(_span_of(span))):
        return read
    if read := _spelled(text):
        return read
    found = read_date(text, context)
    return found.due if found and not found.rule else None


def reminder_at(text: str, start: int, context: DateContext) -> tuple[str, int] | None:
    """Returns the reminder that begins there, and where it ends: as many words as can be read."""
    words = list(re.finditer(r"\S+", text[start:]))[:MAX_WORDS]
    for last in reversed(words):
        said = text[start : start + last.end()].rstrip(",.;:!?)")
        if read := read_reminder(said, context):
            return read, start + len(said)
    return None


def _span_of(match: re.Match[str]) -> str:
    amount, unit = match[1].lower(), match[2][0].lower()
    if amount == "half an":
        return "-PT30M" if unit == "h" else ""
    before, after = _SIZES[unit]
    return f"-{before}{NUMBERS.get(amount, amount)}{after}"


def _spelled(text: str) -> str | None:
    with suppress(Invalid):
        return clean_reminders([text])[0]
    return None
