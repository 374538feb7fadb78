"""Puts into the words of a message what only the conversation knows: the user's lists, and which day "that day" is."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from adapters.language_models.builtin.reading.parts.slots import KNOWN_LISTS
from adapters.language_models.builtin.reading.words.stems import CHORES
from adapters.language_models.builtin.reading.words.text import outside_quotes
from adapters.language_models.builtin.tables import phrase, phrases
from application.tasks.date_words import DateContext, find_dates, read_date

_DAY_BEFORE, _TO_DAY_AFTER = phrases("the day before"), phrases("to the day after")
_DAYS = (
    (phrases("the same day"), 0),
    (phrases("the day after"), 1),
    (_DAY_BEFORE, -1),
    (phrases("before then"), -1),
    (phrases("by then"), 0),
)
"""How far these are from the day that is known."""
_NUMBERED_DAY = phrase("<weekday day> <late hour>")
WEEKS_SOON = 5
_REMIND_ME = re.compile(r"\b(?:remind|ping|notify)(?: me| us)? $", re.IGNORECASE)
_REMIND = re.compile(r"\b(?:remind|reminder|ping|make)\b", re.IGNORECASE)
_READABLE = re.compile(r"[\w&'][\w&' -]{0,30}")
_INTO = r"\b(?:to|in|into|onto|on|under) (?:my |the |our )?"
_BEHIND = r"and|by|on|at|for|with|now|too|please|instead|today|tomorrow"
_NO_MORE = rf"(?! ?(?:list|project|folder)\b)(?=\s*$|\s*[,.;!?:]|\s*(?:{_BEHIND})\b)"


def in_full(text: str, lists: Iterable[str], day: str, context: DateContext) -> str:
    """Returns the message with these said in full. `day` is the one that was spoken of last, or empty. What is in
    quotes stays as it is."""
    return outside_quotes(text, lambda part: _with_day(_with_lists(_with_hours(part, context), lists), day, context))


def lists_in(said: str, lists: Iterable[str]) -> tuple[str, ...]:
    """Returns the lists that the message names, of those whose names the patterns can read."""
    low = said.lower()
    return tuple(name for name in lists if name.lower() in low and _READABLE.fullmatch(name))


def _with_lists(text: str, lists: Iterable[str]) -> str:
    """Returns "put it in Trip list" for "put it in Trip", and "slides on Work list, by friday" for "slides, Work, by
    friday". A name that is an everyday word is one of a list only where it is written as the list is."""
    for name in lists:
        written = re.escape(name)
        text = re.sub(rf", ({written})(?=,|$)", r" on \1 list", text)
        text = re.sub(rf"^((?:for|on|in) (?:the |my )?{written})(?=:)", r"\1 list", text, flags=re.IGNORECASE)
        if name.lower() not in KNOWN_LISTS | CHORES:
            text = re.sub(rf"({_INTO}{written}){_NO_MORE}", r"\1 list", text, flags=re.IGNORECASE)
    return text


def _with_hours(text: str, context: DateContext) -> str:
    """Returns "wed at 16, thu at 17" for "wed 16, thu 17", but "wed 16th, thu 17th" where all are days soon."""
    named = [read_date(f"{found['day']} {found['hour']}th", context) for found in _NUMBERED_DAY.finditer(text)]
    soon = (context.today + timedelta(weeks=WEEKS_SOON)).isoformat()
    are_days = all(each and each.due <= soon for each in named)
    return _NUMBERED_DAY.sub(r"\g<day> \g<hour>th" if are_days else r"\g<day> at \g<hour>", text)


def _with_day(text: str, day: str, context: DateContext) -> str:
    """Returns the message with the date in place of "that day", "the day after" and "the day before". They count from
    a date that stands before them in the message, else from the one that was spoken of last."""
    text = _TO_DAY_AFTER.sub(" by 1 day", text)
    for named, ahead in _DAYS:
        found = named.search(text)
        dates = find_dates(text[: found.start()], context) if found else []
        before = [date for date in dates if not date.is_hour_alone]
        is_named = named is not _DAY_BEFORE or (
            found and len(text[: found.start()].split()) > 1 and not _REMIND.search(text)
        )
        is_reminder = found and _REMIND_ME.search(text[: found.start()])
        known = "" if is_reminder else before[-1].due[:10] if before else day if is_named else ""
        if found and known:
            meant = date.fromisoformat(known) + timedelta(days=ahead)
            text = f"{text[: found.start()].rstrip()} on {meant}{text[found.end() :]}".lstrip()
    return text
