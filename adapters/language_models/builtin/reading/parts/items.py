"""Splits what is to be added into tasks."""

import re

from adapters.language_models.builtin.reading.parts.slots import edges_off, take_slots, title_of
from adapters.language_models.builtin.reading.words.stems import CHORES, SAYING_NOTHING
from adapters.language_models.builtin.reading.words.talk import talk_topic
from adapters.language_models.builtin.reading.words.text import Clause, bare, masked
from adapters.language_models.builtin.requests import Fields
from adapters.language_models.builtin.tables import phrases, words_of
from application.tasks.date_words import DateContext, FoundDate, find_date, find_dates

_BULLET = re.compile(r"(?:^|\n|(?<=[ :]))\s*(?:[-*•–]|\d{1,2}[.)]|\[[ x]?\])\s+(?=\S)")
_SEPARATOR = re.compile(r" ?(?:,(?!\d) ?(?:(?:and|then|also|plus) )*|; ?|\n+ ?)(?=\S)", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|&|plus|n)\s+(?:also |then )?(?=\S)", re.IGNORECASE)
_HEADED = re.compile(r"^[^,;\n]*\w: (?!.*\d)")
_SHARED = ("list", "tags", "priority", "due", "recurrence")
_OBJECTS = words_of("words", "behind a verb")
_TELLS_MORE, _THERE_ALREADY = phrases("tells more"), phrases("there already")
_AFTER_PLURAL = phrases("things to buy")
_QUALIFIES = re.compile(r"(?:at|in|with|from|by|near|before|after|until|when|while) ", re.IGNORECASE)
_OF_ALL = ("all", "each", "both")
_OF_ONE = ("estimate", "deadline")
MAX_ITEMS = 100
DAY = len("2026-12-01")
SHORT = MAX_VALUES = 3


def bullets(text: str) -> list[str]:
    """Returns the items of a list with dashes or numbers, or [] if the text is none."""
    marks = list(_BULLET.finditer(text))
    if len(marks) < 2:
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [text[mark.end() : end].strip(" ,;\n") for mark, end in zip(marks, ends, strict=True)]


def items_of(
    text: str, context: DateContext, *, several: bool = False, whole: bool = False, shared: Fields | None = None
) -> list[Fields]:
    """Returns the tasks in a text, each with its fields.

    With `several`, the text is surely a list. With `whole` it is one task, commas and all, unless it names a list or
    its parts are tasks by themselves.
    """
    slots = take_slots(text, context)
    shared = shared or {}
    in_list = "list" in slots.fields or "list" in shared
    parts = bullets(text)
    dates = find_dates(text, context) if "due" in slots.fields else []
    own_dates = _have_own_dates(text, dates)
    if not parts and (in_list or not whole or are_chores(text)):
        is_undated = in_list and not own_dates
        spans = [] if is_undated else [span for date in dates for span in date.spans]
        parts = _parts(slots.rest if is_undated else text, context, spans, several=several or in_list)
    parts, values = _without_values(_at_plurals(parts) if several or in_list else parts, context)
    is_list = in_list or several or bullets(text) or are_chores(text)
    if len(parts) < 2 or (not is_list and _qualify_one(parts, values, slots.fields)):
        items = [{"title": title_of(slots.rest)} | slots.fields | shared]
    else:
        common = {name: value for name, value in slots.fields.items() if name in _SHARED and (in_list or values)}
        items = [shared | _with_common(_item(part, context), common, own_dates) for part in parts[: MAX_ITEMS + 1]]
        for before, item, part in zip(items, items[1:], parts[1:], strict=False):
            item["title"] = item["title"] or before["title"]
            found = find_date(part, context) if "due" in before and "due" in item else None
            if found and found.is_hour_alone:
                item["due"] = before["due"][:10] + item["due"][10:]
        _with_hour_of_last(items)
    return [item for item in items if item["title"]]


def _with_hour_of_last(items: list[Fields]) -> None:
    """Gives the hour of the last one to all: "night shift fri, sat and sun at 10pm"."""
    hour = items[-1].get("due", "")[10:]
    if hour and all(item["title"] == items[-1]["title"] and len(item.get("due", "")) == DAY for item in items[:-1]):
        for item in items[:-1]:
            item["due"] += hour


def _have_own_dates(text: str, dates: list[FoundDate]) -> bool:
    """Returns whether the dates are of single parts: several, or one inside, as in "tent, stove by friday, map"."""
    dates = [date for date in dates if not text.startswith("starting", date.start)]
    if len(dates) != 1:
        return len(dates) > 1
    (date,) = dates
    cuts = [cut.end() for each in (_SEPARATOR, _AND) for cut in each.finditer(text) if cut.end() <= date.start]
    behind = text[date.end :]
    before = edges_off(text[max(cuts, default=0) : date.start])
    return bool(before and (_SEPARATOR.match(behind) or (cuts and _AND.match(behind))))


def _with_common(item: Fields, common: Fields, own_dates: bool) -> Fields:
    """Returns the task with the values of all. Where each has its own date, only the hour of the date is for all."""
    if not own_dates:
        return common | item
    hour = common.get("due", "")[10:] if len(item.get("due", "")) == 10 else ""
    undated = {name: value for name, value in common.items() if name not in ("due", "recurrence")}
    return undated | item | ({"due": item["due"] + hour} if hour else {})


def _at_plurals(parts: list[str]) -> list[str]:
    """Returns "nappies", "wipes" for "nappies wipes", as is said in dictation: a plural qualifies no other word."""
    return [each for part in parts for each in _AFTER_PLURAL.sub(r"\g<0>,", part).split(", ")]


def _without_values(parts: list[str], context: DateContext) -> tuple[list[str], list[str]]:
    """Takes out the parts that are no task but a value of all, as in "milk, eggs, high priority", or small talk."""
    is_again = all(find_date(part, context) and not part.startswith(_OF_ALL) for part in parts)
    last = parts[1:][-MAX_VALUES:]
    values = [
        part
        for part in last
        if not is_again
        and edges_off(take_slots(f", {part}", context).rest).lower() in ("", "deadline", "all", "each", "both")
    ]
    remarks = [part for part in last if _THERE_ALREADY.search(part) or talk_topic(bare(Clause(part)).text) == "fine"]
    return [part for part in parts if part not in (*values, *remarks)], values


def _qualify_one(parts: list[str], values: list[str], fields: Fields) -> bool:
    """Returns whether the parts tell more of one task: "call out at Grove Rd, leaking stopcock, monday"."""
    if any(_TELLS_MORE.search(part) for part in parts[1:]) or not fields.keys().isdisjoint(_OF_ONE):
        return True
    is_dated = "due" in fields and values and not values[-1].startswith(_OF_ALL)
    return bool(is_dated and not _all_short(parts))


def _item(text: str, context: DateContext) -> Fields:
    inner = re.sub(r" ?\(([^()]+)\)$", r" \1", text.strip())
    slots = take_slots(inner if inner != text and find_date(inner, context) else text, context)
    return {"title": title_of(slots.rest)} | slots.fields


def _parts(text: str, context: DateContext, dates: list[tuple[int, int]], *, several: bool) -> list[str]:
    hidden = masked(text, dates)
    cuts, ands = list(_SEPARATOR.finditer(hidden)), list(_AND.finditer(hidden))
    parts = _cut(text, cuts)
    all_parts = _cut(text, [*cuts, *ands])
    if several and len(all_parts) > 1:
        return all_parts
    for dated in (all_parts, parts):
        if len(dated) > 1 and all(_is_dated_task(part, context) for part in dated):
            return dated
    if _HEADED.search(text):
        return [text]
    if len(parts) > 2 or (cuts and ands and cuts[-1].start() < ands[-1].start() and _all_short(all_parts)):
        return all_parts if _all_short(all_parts) or len(ands) == 1 else parts
    if len(parts) == 2 and _begin_as_chores(parts):
        return parts
    if len(all_parts) == 2 and all(part.startswith(('"', "'")) for part in all_parts):
        return all_parts
    return [text]


def _is_dated_task(part: str, context: DateContext) -> bool:
    """Returns whether this is a task with a date, and not "2pm at school", which qualifies another."""
    date = find_date(part, context)
    title = _item(part, context)["title"] if date else ""
    return bool(date and title and not (date.is_hour_alone and _QUALIFIES.match(title)))


def _cut(text: str, cuts: list[re.Match[str]]) -> list[str]:
    parts, at = [], 0
    for cut in sorted(cuts, key=lambda cut: cut.start()):
        parts.append(text[at : cut.start()])
        at = cut.end()
    return [part.strip(" ,.") for part in [*parts, text[at:]] if part.strip(" ,.")]


def _all_short(parts: list[str]) -> bool:
    return all(len(part.split()) <= SHORT for part in parts)


def are_chores(text: str) -> bool:
    """Returns whether these are several tasks by themselves: "buy stamps, call mom"."""
    parts = _cut(text, list(_SEPARATOR.finditer(masked(text))))
    return len(parts) > 1 and _begin_as_chores(parts)


def begins_as_chore(text: str) -> bool:
    first = text.lower().split()[:2]
    return len(first) == 2 and first[0] in CHORES and first[1] != "and"


def _begin_as_chores(parts: list[str]) -> bool:
    is_one = any(_QUALIFIES.match(part) for part in parts[1:])
    first = [part.lower().split()[:2] for part in parts]
    if is_one or not all(len(each) == 2 and each[1] != "and" for each in first) or first[0][0] not in CHORES:
        return False
    return all(each[0] in CHORES or (each[0] not in SAYING_NOTHING and each[1] in _OBJECTS) for each in first[1:])
