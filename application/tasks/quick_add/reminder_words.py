"""Reminders in words: `30 min before`, `at due time`, `tomorrow at 9`."""

import re
from contextlib import suppress

from application.tasks.date_words import DateContext, read_date
from application.tasks.date_words.grammar.vocabulary import NUMBERS
from application.tasks.quick_add.duration_words import in_digits
from domain.errors import Invalid
from domain.tasks.reminders import AT_DUE, clean_reminders, is_before_due, is_over

MAX_WORDS = 6
_BEFORE = re.compile(r" (?:before(?:hand)?|b4|earl(?:y|ier)|ahead|prior|in advance)", re.IGNORECASE)
_DAYS = re.compile(rf"(\d{{1,5}}|the|{'|'.join(NUMBERS)}) ?(d|days?|w|weeks?)", re.IGNORECASE)
_HOURS = re.compile(
    r"(?:(\d{1,4}(?:\.\d{1,2})?) ?(?:hours?|hrs?|h))?(?: ?(\d{1,5}) ?(?:minutes?|mins?|m))?", re.IGNORECASE
)
_HOUR_AND_MINUTES = re.compile(r"([1-5])h([0-5]\d)", re.IGNORECASE)
"""`2h30` is a duration, as in other date words, and `14h30` an hour."""
_COUPLE, _ARTICLE = re.compile(r"^a couple of\b", re.IGNORECASE), re.compile(r"^a (?=quarter\b)", re.IGNORECASE)
_AT_DUE = re.compile(r"(?:at|when) due(?: time)?|on time|at (?:the )?(?:start|due time)", re.IGNORECASE)
_MORE = re.compile(
    r" +(?:after|ago|later|before|prior|b4|(?:hour|hr|minute|min|day|week|month|year)s?)(?![\w-])", re.IGNORECASE
)
"""What says that the words before it were read by half, as in `1.5 days before`, or mean another time."""


def read_reminder(text: str, context: DateContext) -> str | None:
    """Returns the reminder as a task has it, or None if the text is none. It may be spelled as a task has it."""
    if _AT_DUE.fullmatch(text):
        return AT_DUE
    if read := _spelled(_span_of(text) or text):
        return read
    found = read_date(text, context)
    return found.due if found and not found.rule else None


def reminder_at(text: str, start: int, context: DateContext) -> tuple[str, int] | None:
    """Returns the reminder that begins there, and where it ends: as many words as can be read. A time that is over is
    none, since it would never ring."""
    words = list(re.finditer(r"\S+", text[start:]))[:MAX_WORDS]
    for last in reversed(words):
        said = text[start : start + last.end()].rstrip(",.;:!?)")
        if read := read_reminder(said, context):
            end = start + len(said)
            return None if _MORE.match(text, end) or _is_over(read, context) else (read, end)
    return None


def _span_of(text: str) -> str | None:
    """Returns what the words say in the spelling of a task, which may be more than a task takes."""
    end = _BEFORE.search(text)
    if end and end.end() < len(text):
        return None
    words = _COUPLE.sub("2", text[: end.start()] if end else text)
    if days := _DAYS.fullmatch(f"the {words}" if end and words.lower() in ("day", "week") else words):
        return _days(days, is_before=bool(end))
    hours = _HOURS.fullmatch(in_digits(_ARTICLE.sub("", words))) or _HOUR_AND_MINUTES.fullmatch(words)
    if hours is None or not words:
        return None
    return f"-PT{round(float(hours[1] or 0) * 60) + int(hours[2] or 0)}M"


def _days(match: re.Match[str], *, is_before: bool) -> str | None:
    amount = match[1].lower()
    if amount == "the":
        return f"-P1{match[2][0].upper()}" if is_before else None
    return f"-P{NUMBERS.get(amount, amount)}{match[2][0].upper()}"


def _is_over(reminder: str, context: DateContext) -> bool:
    return not is_before_due(reminder) and is_over(reminder, None, context.now, context.reminder_time)


def _spelled(text: str) -> str | None:
    with suppress(Invalid):
        return clean_reminders([text])[0]
    return None
