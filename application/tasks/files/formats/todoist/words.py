"""Reads Todoist's dates, which are the words that somebody typed, and its notes and labels."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from application.tasks.date_words import DateContext, FoundDate, read_date
from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.building.remarks import shown
from application.tasks.files.reading.times import at_clock, on_day
from application.tasks.files.reading.zone_names import zone_name
from domain.tasks.dates.due import Due
from domain.tasks.dates.due_text import parse_due

MAX_WORDS = 200
YEAR = timedelta(days=366)
ENGLISH = ("", "en")
MINUTES = {"minute": 1, "day": 24 * 60}
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?)?(Z?)")
_LABELS = re.compile(r"(?:\s+@\S+)+\s*$")
_FILE = re.compile(r"\s*\[\[file (\{.*?\})\]\]", re.DOTALL)


def set_due(builder: ImportBuilder, raw: RawTask, words: str, language: str, zone: str | None) -> None:
    """Sets the due date and the rule from words, as they are understood today. Words of other languages go into the
    description. Todoist writes the zone of the account into each row. So a time is a fixed one only if that zone is not
    ours."""
    if not words.strip():
        return
    place = zone_name(zone) or builder.zone
    now = builder.context.now.astimezone(ZoneInfo(place))
    found = found_words(builder, words, language, now)
    if found is None:
        builder.unread(raw, "Due", f"{words.strip()} ({language})" if language not in ENGLISH else words)
        return
    due = parse_due(found.due)
    raw.due = at_clock(due.local, place) if due.has_time and not due.zone and place != builder.zone else due
    set_rule(raw, found)
    if not found.rule and found != found_words(builder, words, language, now + YEAR):
        builder.remarks.note(raw.line, f"Due: {shown(words)} is understood as {found.due}, counted from today")


def set_rule(raw: RawTask, found: FoundDate) -> None:
    if found.rule and found.recurs_from:
        raw.rule, raw.recurs_from, raw.keeps_rfc = found.rule, found.recurs_from, False


def found_words(builder: ImportBuilder, words: str, language: str, now: datetime) -> FoundDate | None:
    """Returns what the words mean at a time. Dates in digits, year first, are understood in each language."""
    text = words.strip()
    if iso := _ISO.fullmatch(text):
        return _iso(iso[1], iso[2], now if iso[3] else None)
    if language.lower().split("-")[0] not in ENGLISH or len(text) > MAX_WORDS:
        return None
    return _read(text, replace(builder.context, now=now))


@lru_cache(maxsize=1_024)
def _read(text: str, context: DateContext) -> FoundDate | None:
    """Reads words once, since a file has the same ones in many rows."""
    return read_date(text, context)


def _iso(day: str, clock: str | None, here: datetime | None) -> FoundDate | None:
    """Returns the date. A time that ends in Z is in UTC, and gets the zone of `here`."""
    zone = f"Z[{here.tzinfo}]" if here and clock else ""
    try:
        return FoundDate(((0, 0),), parse_due(f"{day}T{clock}{zone}" if clock else day).text)
    except ValueError:
        return None


def read_deadline(builder: ImportBuilder, words: str, language: str) -> Due:
    found = found_words(builder, words, language, builder.context.now)
    if found is None:
        raise ValueError("is no day")
    return on_day(parse_due(found.due).day)


def set_duration(builder: ImportBuilder, raw: RawTask, amount: str, unit: str) -> None:
    """Sets the estimate. Todoist writes `None` for none."""
    if amount.strip().lower() in ("", "none", "0"):
        return
    factor = MINUTES.get(unit.strip().lower() or "minute")
    if factor and amount.strip().isdecimal() and len(amount) < 9:
        raw.minutes = int(amount) * factor
    else:
        builder.unread(raw, "Duration", f"{amount} {unit}")


def without_labels(content: str) -> tuple[str, list[str]]:
    """Returns the title, and the labels at its end. `@` within a title is a part of it."""
    match = _LABELS.search(content[-2_000:])
    if match is None:
        return content, []
    labels = [word.removeprefix("@") for word in match[0].split()]
    return content[: len(content) - len(match[0])], labels


def readable_note(content: str) -> str:
    return _FILE.sub(lambda match: _link(match[1]), content).strip()


def _link(file: str) -> str:
    name, url = (_value(file, field) for field in ("file_name", "file_url"))
    return f" [{name or url}]({url})" if url else f" {file}"


def _value(file: str, field: str) -> str:
    match = re.search(rf'"{field}":\s*"([^"]*)"', file)
    return match[1] if match else ""
