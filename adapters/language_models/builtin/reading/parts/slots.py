"""Takes fields out of a sentence: dates, priority, list, tags, notes. What is left is a title, or says which task."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.language_models.builtin.reading.parts.spans import estimate, shift, span_before
from adapters.language_models.builtin.reading.words.stems import with_verb_right
from adapters.language_models.builtin.reading.words.text import masked, unquoted
from adapters.language_models.builtin.requests import Fields, Shift
from adapters.language_models.builtin.tables import pairs, phrase, phrases, table, words_of
from application.tasks.date_words import DateContext, find_date, read_date
from application.tasks.quick_add import parse as quick_add
from domain.tasks.words.names import same_name_key

Match = re.Match[str]
LEVELS = {word: level for level, words in pairs("slots", "levels").items() for word in words.split()}
KNOWN_LISTS = words_of("words", "known lists")
NO_LISTS = words_of("slots", "no lists")
SAME_LIST = "\0"
"""Stands for the list that was shown last, as in "add tea to it"."""
DAY_BEFORE = "the day before at "
HALF_OF_DAY = phrases("half of the day")
_EVENING, _MORNING = phrases("of the evening"), phrases("of the morning")
_SIGNS = ("due", "recurrence", "list", "tags", "priority", "deadline", "estimate", "description", "start", "reminders")
_EDGE, _TITLE_EDGE, _GOING, WINDOW = map(phrases, ("edge", "title edge", "going", "window"))
_INNER_LIST = re.compile(r"^.* (?:to|on|in|into) (?:the |my )?", re.IGNORECASE)


def _phrases(section: str) -> list[re.Pattern[str]]:
    return [phrase(line) for line in table("slots")[section]]


@dataclass(slots=True)
class Slots:
    """`rest` is what no field has taken."""

    rest: str
    fields: Fields = field(default_factory=dict)
    shift: Shift | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.fields or self.shift)

    def take(self, kind: str) -> None:
        """Cuts out the first phrase of this kind that gives a value."""
        patterns, value_of = _KINDS[kind]
        text = f" {self.rest}"
        for found in filter(None, (pattern.search(masked(text)) for pattern in patterns)):
            if fields := value_of(found, text):
                self.shift = fields.pop("shift", self.shift)
                self.fields |= fields
                self.rest = f"{text[: found.start()]} {text[found.end() :].lstrip(' ,')}".strip()
                return


def take_slots(text: str, context: DateContext, *, shifts: bool = False, notes: bool = True) -> Slots:
    """Takes the fields out of a text. With `shifts`, "by two days" moves a date; "in two days" always is a date."""
    slots = Slots(text) if shifts else _with_window(text)
    for kind in [
        *(["note"] if notes else []),
        "reminder",
        "estimate",
        "list",
        "tag",
        "priority",
        *(["shift"] if shifts else []),
    ]:
        slots.take(kind)
    if not slots.shift:
        _take_signs(slots, context)
    if "T" in slots.fields.get("due", ""):
        slots.fields["due"] = _of_the_day(slots.fields["due"], text, context)
    if "due" in slots.fields and "priority" not in slots.fields:
        trimmed = Slots(edges_off(slots.rest), slots.fields)
        trimmed.take("priority")
        slots.rest = trimmed.rest if "priority" in slots.fields else slots.rest
    return slots


def _with_window(text: str) -> Slots:
    """Reads "between 8 and 10": it is due at the first hour, and the note says the rest."""
    found = WINDOW.search(masked(text))
    if not found:
        return Slots(text)
    half = found["half"] or ""
    at = found["first"].strip() + (half if not found["first"].strip().endswith("m") else "")
    return Slots(f"{text[: found.start()]} at {at}{text[found.end() :]}", {"description": found[0].strip(" ,")})


def title_of(text: str) -> str:
    """Returns the rest of a sentence as a title."""
    title = text.strip()
    for _ in range(2):
        title = _TITLE_EDGE.sub("", title).strip() or title
    plain = unquoted(title)
    if plain != title:
        return plain
    title = with_verb_right(title)
    return title[:1].upper() + title[1:]


def edges_off(text: str) -> str:
    """Returns the text without the small words that a slot has left at its ends."""
    for _ in range(3):
        text = _EDGE.sub("", text).strip()
    return text


def date_in(text: str, context: DateContext) -> Fields:
    """Returns the due date and the rule that the text is as a whole, or {}."""
    found = read_date(text.strip(" ,.!"), context)
    return _dated(found.due, found.rule, found.recurs_from) if found else {}


def _dated(due: str | None, rule: str | None, recurs_from: object) -> Fields:
    fields = {"due": due, "recurrence": rule, "recurs_from": recurs_from if recurs_from == "completion" else None}
    return {name: value for name, value in fields.items() if value}


def _take_signs(slots: Slots, context: DateContext) -> None:
    """Takes what quick add reads: dates, `#list`, `@tag`, `p1`, `{deadline}`, `~30m` and `// note`."""
    added = quick_add(slots.rest, context)
    if added.understood:
        found = {name: value for name in _SIGNS if (value := getattr(added, name))}
        found = {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
        slots.fields |= found | _dated(added.due, added.recurrence, added.recurs_from)
        slots.rest = added.title
    elif whole := date_in(slots.rest, context):
        slots.fields |= whole
        slots.rest = ""


def _of_the_day(due: str, text: str, context: DateContext) -> str:
    """Returns the due time with the hour that the text suggests: dinner is in the evening, and people wake up in the
    morning."""
    at, half = datetime.fromisoformat(due[:16]), timedelta(hours=12)
    if HALF_OF_DAY.search(text):
        return due
    if at.hour < 12 and _EVENING.search(text):
        found = find_date(text, context)
        is_today = found and found.is_hour_alone and at.date() > context.today
        at += -half if is_today else half
    elif at.hour > 15 and _MORNING.search(text):
        at -= half
    return f"{at:%Y-%m-%dT%H:%M}{due[16:]}"


def list_name(name: str) -> str:
    name = unquoted(name.strip(" .#"))
    return name[:1].upper() + name[1:]


def _note(found: Match, text: str) -> Fields:
    return {"description": unquoted(text[found.start("note") : found.end("note")])} if found.start() else {}


def _list(found: Match, text: str) -> Fields:
    is_said = found[0].rstrip(" ,").endswith(("list", "project", "folder"))
    if not is_said and _GOING.search(text[: found.start()].rstrip(" ,")):
        return {}
    if "same" in found.groupdict():
        return {"list": SAME_LIST}
    name = _INNER_LIST.sub("", found["list"]).strip()
    words = same_name_key(name).split()
    return {} if not words or len(words) > 3 or NO_LISTS.issuperset(words) else {"list": list_name(name)}


def _priority(found: Match, _: str) -> Fields:
    level = found["level"].lower()
    return {"priority": None if level == "p4" else LEVELS.get(level, "high")}


_KINDS: dict[str, tuple[list[re.Pattern[str]], Callable[[Match, str], Fields]]] = {
    "note": (_phrases("note phrases"), _note),
    "list": (_phrases("list phrases"), _list),
    "tag": (_phrases("tag phrases"), lambda found, _: {"tags": [found["tag"]]}),
    "priority": (_phrases("priority phrases"), _priority),
    "reminder": (_phrases("reminder phrases"), lambda found, _: {"reminders": [span_before(found["reminder"])]}),
    "estimate": (_phrases("estimate phrases"), estimate),
    "shift": (_phrases("shift phrases"), shift),
}
