"""The signs of a line: a list, tags, a priority, a start, a deadline, an estimate, reminders and a description."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from application.tasks.date_words import DateContext, read_date
from application.tasks.date_words.grammar.tokens import quoted_spans
from application.tasks.quick_add.duration_words import in_digits
from application.tasks.quick_add.reminder_words import reminder_at
from application.tasks.quick_add.title import CLOSING_SIGNS
from application.tasks.quick_add.understood import Span, Understood
from domain.tasks.fields import MAX_ESTIMATE_HOURS, MAX_TAG_LENGTH, MAX_TAGS, duration
from domain.tasks.named import MAX_NAME_LENGTH
from domain.tasks.reminders import MAX_REMINDERS

MAX_ESTIMATE = MAX_ESTIMATE_HOURS * 60
"""Minutes."""
PRIORITIES: Mapping[str, str | None] = {"1": "high", "2": "medium", "3": "low", "4": None}
MOST: Mapping[str, int] = {"tags": MAX_TAGS, "reminders": MAX_REMINDERS}
"""Fields that may be given several times."""
_ESTIMATE = re.compile(
    r"(?:(?P<hours>\d{1,3}(?:\.\d{1,2})?) ?h(?:ours?|rs?)?)?(?: ?(?P<minutes>\d{1,4}) ?m(?:in(?:ute)?s?)?)?",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"(?<![^\s(])(?:"
    r"(?P<sign>[#@])(?:\"(?P<quoted>(?:[^\"\\]|\\.)+)\"|“(?P<curly>[^“”]+)”|(?P<name>[^\s\"“]+))"
    r"|[pP](?P<priority>[1-4])(?![^\s,.;:!?)])"
    r"|~(?=\d)(?P<estimate>[\d.]+ ?[hm][a-z]*(?: ?\d+ ?m[a-z]*)?)(?![^\s,.;:!?)])"
    r"|\{(?:(?P<start>start:|starts|start|from)\s)?\s*(?P<day>[^{}]+)\}"
    r"|(?P<reminder>!)(?=\w)"
    r"|(?P<description>//)(?=\s)"
    r")"
)


def signs(text: str, context: DateContext) -> Iterator[Understood]:
    quotes = quoted_spans(text)
    taken: dict[str, set[str]] = {}
    for match in _SIGN.finditer(text):
        if _is_inside(quotes, match.start()):
            continue
        if match["description"]:
            yield from _description(text, match.start())
            return
        found = _reminder(text, match.start(), context) if match["reminder"] else _read(match, context)
        if found and _is_free(taken.setdefault(found.field, set()), found):
            taken[found.field].add((found.value or "").casefold())
            yield found


def _is_inside(quotes: list[Span], at: int) -> bool:
    before = bisect_left(quotes, (at,)) - 1
    return before >= 0 and at < quotes[before][1]


def _is_free(taken: set[str], found: Understood) -> bool:
    """A tag that is given twice is cut out each time. A second list stays in the title."""
    if found.field not in MOST:
        return not taken
    return len(taken) < MOST[found.field] or (found.value or "").casefold() in taken


def _description(text: str, start: int) -> Iterator[Understood]:
    if description := text[start + 2 :].strip():
        yield Understood("description", description, start, len(text))


def _read(match: re.Match[str], context: DateContext) -> Understood | None:
    if match["sign"]:
        return _named(match, context)
    if match["priority"]:
        return Understood("priority", PRIORITIES[match["priority"]], *match.span())
    return _day(match, context) if match["day"] else _estimate(match)


def _reminder(text: str, start: int, context: DateContext) -> Understood | None:
    found = reminder_at(text, start + 1, context)
    return found and Understood("reminders", found[0], start, found[1])


def _named(match: re.Match[str], context: DateContext) -> Understood | None:
    """Outside of quotes, a number or an hour is no name: `#1` can mean many things, and `@5pm` is an hour."""
    field, longest = ("list", MAX_NAME_LENGTH) if match["sign"] == "#" else ("tags", MAX_TAG_LENGTH)
    end = match.end()
    if match["name"]:
        name = match["name"].rstrip(CLOSING_SIGNS)
        end -= len(match["name"]) - len(name)
        if not any(letter.isalpha() or letter > "\u2000" for letter in name) or _is_hour(match, context):
            return None
    else:
        name = re.sub(r"\\(.)", r"\1", match["quoted"] or match["curly"]).strip()
    return Understood(field, name, match.start(), end) if 0 < len(name) <= longest else None


def _is_hour(match: re.Match[str], context: DateContext) -> bool:
    return match["sign"] == "@" and match["name"][0].isdigit() and read_date(match["name"], context) is not None


def _day(match: re.Match[str], context: DateContext) -> Understood | None:
    """It must be a day that is not past. Text that names an hour or a rule stays in the title."""
    found = read_date(match["day"].strip(), context)
    is_day = found is not None and not found.rule and "T" not in found.due
    if found is None or not is_day or found.due < context.today.isoformat():
        return None
    return Understood("start" if match["start"] else "deadline", found.due, *match.span())


def _estimate(match: re.Match[str]) -> Understood | None:
    minutes = read_estimate(match["estimate"])
    return Understood("estimate", duration(minutes), *match.span()) if minutes else None


def read_estimate(text: str) -> int | None:
    """Reads minutes from words such as "1h30m" or "half an hour". Returns None for more than a task may have."""
    match = _ESTIMATE.fullmatch(in_digits(text))
    if match is None:
        return None
    minutes = round(float(match["hours"] or 0) * 60) + int(match["minutes"] or 0)
    return minutes if 0 < minutes <= MAX_ESTIMATE else None
