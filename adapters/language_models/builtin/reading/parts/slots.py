"""Takes fields out of a sentence: dates, priority, list, tags, notes. What is left is a title, or says which task."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.language_models.builtin.reading.words.text import masked, unquoted
from adapters.language_models.builtin.requests import Fields, Shift
from adapters.language_models.builtin.tables import pairs, regex, table, words_of
from application.tasks.date_words import DateContext, find_date, read_date
from application.tasks.quick_add import parse as quick_add
from domain.tasks.words.names import same_name_key

LEVELS = {word: level for level, words in pairs("slots", "levels").items() for word in words.split()}
NUMBERS = {
    word: int(number) for word, _, number in (pair.partition("=") for pair in table("slots")["numbers"][0].split())
}
_UNITS = {
    unit: (kind.split()[0], int(kind.split()[1]))
    for kind, units in pairs("slots", "shifts").items()
    for unit in units.split()
}
KNOWN_LISTS = words_of("words", "known lists")
_WORDS = {"{known}": "|".join(KNOWN_LISTS), "{number}": "|".join(NUMBERS), "{unit}": "|".join(_UNITS)}


def _compiled(section: str) -> tuple[re.Pattern[str], ...]:
    def whole(phrase: str) -> str:
        for name, words in _WORDS.items():
            phrase = phrase.replace(name, words)
        return phrase

    return tuple(re.compile(whole(phrase), re.IGNORECASE) for phrase in table("slots")[section])


_PRIORITIES, _TAGS, _NOTES, _LISTS, _SHIFTS = map(
    _compiled, ("priority phrases", "tag phrases", "note phrases", "list phrases", "shift phrases")
)
SAME_LIST = "\0"
"""Stands for the list that was shown last, as in "add tea to it"."""
NO_LISTS = words_of("slots", "no lists")
_INNER_LIST = re.compile(r"^.* (?:to|on|in|into) (?:the |my )?", re.IGNORECASE)
_EDGE = regex("edge")
_TITLE_EDGE = regex("title edge")


@dataclass(slots=True)
class Slots:
    """`rest` is what no field has taken."""

    rest: str
    fields: Fields = field(default_factory=dict)
    shift: Shift | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.fields or self.shift)


def take_slots(text: str, context: DateContext, *, shifts: bool = False, notes: bool = True) -> Slots:
    """Takes the fields out of a text. With `shifts`, "by two days" moves a date; "in two days" always is a date."""
    slots = Slots(text)
    for take in (_take_note if notes else None, _take_list, _take_tag, _take_priority, _take_shift if shifts else None):
        if take:
            take(slots)
    if not slots.shift:
        _take_signs(slots, context)
    if "due" in slots.fields and "priority" not in slots.fields:
        trimmed = Slots(edges_off(slots.rest), slots.fields)
        _take_priority(trimmed)
        slots.rest = trimmed.rest if "priority" in slots.fields else slots.rest
    return slots


def title_of(text: str) -> str:
    """Returns the rest of a sentence as a title."""
    title = text.strip()
    for _ in range(2):
        title = _TITLE_EDGE.sub("", title).strip() or title
    plain = unquoted(title)
    return plain if plain != title else title[:1].upper() + title[1:]


def edges_off(text: str) -> str:
    """Returns the text without the small words that a slot has left at its ends."""
    for _ in range(3):
        text = _EDGE.sub("", text).strip()
    return text


def date_in(text: str, context: DateContext) -> Fields:
    """Returns the due date and the rule that the text is as a whole, or {}."""
    found = read_date(text.strip(" ,.!"), context)
    return _dated(found.due, found.rule, found.recurs_from) if found else {}


def has_date(text: str, context: DateContext) -> bool:
    return find_date(text, context) is not None


def _dated(due: str | None, rule: str | None, recurs_from: object) -> Fields:
    fields: Fields = {"due": due} if due else {}
    if rule:
        fields["recurrence"] = rule
    if recurs_from == "completion":
        fields["recurs_from"] = "completion"
    return fields


def _take_signs(slots: Slots, context: DateContext) -> None:
    """Takes what quick add reads: dates, `#list`, `@tag`, `p1`, `{deadline}`, `~30m` and `// note`."""
    added = quick_add(slots.rest, context)
    title = added.title
    if not added.understood:
        slots.fields |= (whole := date_in(slots.rest, context))
        slots.rest = "" if whole else slots.rest
        return
    slots.fields |= _dated(added.due, added.recurrence, added.recurs_from)
    found = {"list": added.list, "tags": list(added.tags), "priority": added.priority, "deadline": added.deadline}
    found |= {"estimate": added.estimate, "description": added.description, "start": added.start}
    found |= {"reminders": list(added.reminders)}
    slots.fields |= {name: value for name, value in found.items() if value}
    slots.rest = title


def _cut(slots: Slots, found: re.Match[str]) -> None:
    slots.rest = f"{slots.rest[: found.start()]} {slots.rest[found.end() :].lstrip(' ,')}".strip()


def _searched(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[re.Match[str]]:
    hidden = masked(text)
    return (found for pattern in patterns if (found := pattern.search(hidden)))


def _take_note(slots: Slots) -> None:
    for found in _searched(_NOTES, slots.rest):
        if found.start() > 0:
            slots.fields["description"] = unquoted(slots.rest[found.start("note") : found.end("note")])
            _cut(slots, found)
            return


def _take_list(slots: Slots) -> None:
    if there := re.search(
        r"(?<=\w) (?:to|on|in|onto) (?:it|that|those|that list|this list|that one|the same list)$|(?<=\w) there$",
        slots.rest,
        re.IGNORECASE,
    ):
        slots.fields["list"] = SAME_LIST
        _cut(slots, there)
        return
    for found in _searched(_LISTS, f" {slots.rest}"):
        name = _INNER_LIST.sub("", next(each for each in found.groupdict().values() if each).strip())
        words = same_name_key(name).split()
        if not words or all(word in NO_LISTS for word in words) or len(words) > 3:
            continue
        slots.rest = f" {slots.rest}"
        slots.fields["list"] = list_name(name)
        _cut(slots, found)
        return


def list_name(name: str) -> str:
    name = unquoted(name.strip(" .#"))
    return name[:1].upper() + name[1:]


def _take_tag(slots: Slots) -> None:
    for found in _searched(_TAGS, slots.rest):
        slots.fields["tags"] = [found["tag"]]
        _cut(slots, found)
        return


def _take_priority(slots: Slots) -> None:
    for found in _searched(_PRIORITIES, f" {slots.rest}"):
        level = LEVELS.get(found["level"].lower(), "high")
        slots.rest = f" {slots.rest}"
        slots.fields["priority"] = None if found["level"].lower() == "p4" else level
        _cut(slots, found)
        return


def _take_shift(slots: Slots) -> None:
    for found in _searched(_SHIFTS, slots.rest):
        if re.search(r"\b(?:in|at|for|next|every|on)$", slots.rest[: found.start()]):
            continue
        said = found["number"].lower()
        number = int(said) if said.isdigit() else NUMBERS.get(said, 1)
        name, each = _UNITS[found["unit"].lower()]
        sign = -1 if "earlier" in found.groupdict() or re.search(r"\bforward\b", found[0]) else 1
        slots.shift = Shift(**{name: number * each * sign})
        _cut(slots, found)
        return
