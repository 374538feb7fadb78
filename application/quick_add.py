"""Quick add: one line becomes a task. `Pay rent #Home @money p1 every 1st at 9 {15 dec} ~20m // from the joint account`

What a field takes is cut out of the title; what no field can take stays in it, so that nothing is lost. Each field but
tags takes the first that is given. Text in quotes is not read, nor a sign after a backslash.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from application.date_words import DateContext, Found, find_date, read_date
from application.date_words.tokens import quoted_spans

LIST_LONGEST, TAG_LONGEST, TAGS_MOST = 120, 50, 20
ESTIMATE_MOST = 100 * 60
"""Minutes."""
PRIORITIES: Mapping[str, str | None] = {"1": "high", "2": "medium", "3": "low", "4": None}
_SIGN = re.compile(
    r"(?<![^\s(])(?:"
    r"(?P<sign>[#@])(?:\"(?P<quoted>(?:[^\"\\]|\\.)+)\"|“(?P<curly>[^“”]+)”|(?P<name>[^\s\"“]+))"
    r"|[pP](?P<priority>[1-4])(?![^\s,.;:!?)])"
    r"|~(?=\d)(?:(?P<hours>\d{1,3}(?:\.\d{1,2})?)h)?(?:(?P<minutes>\d{1,4})m(?:in)?)?(?![^\s,.;:!?)])"
    r"|\{(?P<deadline>[^{}]+)\}"
    r"|(?P<description>//)(?=\s)"
    r")"
)
_ESCAPE = re.compile(r"(?<![^\s(])\\(?=[#@~{]|//|[pP][1-4])")
_BRACES = re.compile(r"\{[^{}]*\}")
_OPAQUE = "\ufffc"
"""The object replacement character (Unicode, 23.8): something that is no words."""
_AFTER_A_NAME = ".,;:!?)]"
_BRACKETS = ("()", "[]")
_JOINTS, _ENDS = ",;:", " ,;:-–—"

Span = tuple[int, int]


class Understood(NamedTuple):
    """`start` and `end` count code points of the line. What is read of one field may stand in several places."""

    field: str
    value: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QuickAdd:
    """The fields as a task has them. `list` is a name; a title of which nothing is left is empty."""

    title: str
    understood: tuple[Understood, ...] = ()
    list: str | None = None
    tags: tuple[str, ...] = ()
    priority: str | None = None
    due: str | None = None
    recurrence: str | None = None
    recurs_from: Literal["due", "completion"] | None = None
    deadline: str | None = None
    estimate: str | None = None
    description: str | None = None


def parse(text: str, context: DateContext) -> QuickAdd:
    understood = list(_signs(text, context))
    found = _date(text, understood, context)
    understood += _of_date(text, found, understood) if found else ()
    understood.sort(key=lambda each: each.start)
    values = {each.field: each.value for each in understood if each.field != "tags"}
    tags: dict[str, str] = {}
    for each in understood:
        if each.field == "tags" and each.value:
            tags.setdefault(each.value.casefold(), each.value)
    return QuickAdd(_title(text, understood), tuple(understood), tags=tuple(tags.values()), **values)  # type: ignore[arg-type]


def _signs(text: str, context: DateContext) -> Iterator[Understood]:
    quotes = quoted_spans(text)
    taken: dict[str, set[str]] = {}
    for match in _SIGN.finditer(text):
        if any(start < match.start() < end for start, end in quotes):
            continue
        if match["description"]:
            yield from _description(text, match.start())
            return
        found = _read(match, context)
        if found and _is_free(taken.setdefault(found.field, set()), found):
            taken[found.field].add((found.value or "").casefold())
            yield found


def _is_free(taken: set[str], found: Understood) -> bool:
    """A tag that is given again is cut out of the title, too; a second list stays there."""
    if found.field != "tags":
        return not taken
    return len(taken) < TAGS_MOST or (found.value or "").casefold() in taken


def _description(text: str, start: int) -> Iterator[Understood]:
    if description := text[start + 2 :].strip():
        yield Understood("description", description, start, len(text))


def _read(match: re.Match[str], context: DateContext) -> Understood | None:
    if match["sign"]:
        return _named(match)
    if match["priority"]:
        return Understood("priority", PRIORITIES[match["priority"]], *match.span())
    if match["deadline"]:
        return _deadline(match, context)
    return _estimate(match)


def _named(match: re.Match[str]) -> Understood | None:
    """A number is none of the names that go without quotes: `#1` is said of many things."""
    field, longest = ("list", LIST_LONGEST) if match["sign"] == "#" else ("tags", TAG_LONGEST)
    end = match.end()
    if match["name"]:
        name = match["name"].rstrip(_AFTER_A_NAME)
        end -= len(match["name"]) - len(name)
        if not any(letter.isalpha() or letter > "\u2000" for letter in name):
            return None
    else:
        name = re.sub(r"\\(.)", r"\1", match["quoted"] or match["curly"]).strip()
    return Understood(field, name, match.start(), end) if 0 < len(name) <= longest else None


def _deadline(match: re.Match[str], context: DateContext) -> Understood | None:
    """A deadline is a day: what names an hour or a rule stays in the title."""
    found = read_date(match["deadline"].strip(), context)
    if found is None or found.rule or "T" in found.due:
        return None
    return Understood("deadline", found.due, *match.span())


def _estimate(match: re.Match[str]) -> Understood | None:
    total = round(float(match["hours"] or 0) * 60) + int(match["minutes"] or 0)
    if not 0 < total <= ESTIMATE_MOST:
        return None
    hours, minutes = divmod(total, 60)
    return Understood("estimate", f"PT{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}", *match.span())


def _date(text: str, understood: list[Understood], context: DateContext) -> Found | None:
    """A date of which no title would be left is the title."""
    found = find_date(_masked(text, understood), context)
    if found is None:
        return None
    return found if _title(text, [*understood, *_of_date(text, found, understood)]) else None


def _masked(text: str, understood: list[Understood]) -> str:
    """Returns the text without the signs, each letter in its place; braces that are no deadline are no date either."""
    letters = list(text)
    for each in understood:
        letters[each.start : each.end] = " " * (each.end - each.start)
    return _BRACES.sub(lambda braces: _OPAQUE * len(braces[0]), "".join(letters))


def _of_date(text: str, found: Found, understood: list[Understood]) -> list[Understood]:
    """Gives the words of the date without the signs that stand between them."""
    spans = list(chain.from_iterable(_without(text, span, understood) for span in found.spans))
    values = {"recurrence": found.rule, "due": found.due, "recurs_from": found.recurs_from}
    return [Understood(name, value, *span) for span in spans for name, value in values.items() if value]


def _without(text: str, span: Span, understood: list[Understood]) -> Iterator[Span]:
    start, end = span
    inside = sorted((each.start, each.end) for each in understood if start <= each.start < end)
    for cut_start, cut_end in [*inside, (end, end)]:
        if words := text[start:cut_start].strip():
            first = text.index(words, start)
            yield first, first + len(words)
        start = cut_end


def _title(text: str, understood: list[Understood]) -> str:
    pieces, at = [], 0
    for start, end in sorted({(each.start, each.end) for each in understood}):
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    title = ""
    for piece in filter(str.strip, pieces):
        title = _joined(title, piece)
    title = title if pieces[0].strip() else title.lstrip(_ENDS)
    title = title if pieces[-1].strip() else title.rstrip(_ENDS)
    return _ESCAPE.sub("", title.strip())


def _joined(left: str, right: str) -> str:
    """Leaves no empty brackets and no two commas where something was cut out."""
    is_close, left, right = not right[0].isspace(), left.rstrip(), right.strip()
    bare = left.rstrip(_JOINTS)
    if bare[-1:] + right[0] in _BRACKETS:
        is_close, left, right = False, bare[:-1].rstrip(), right[1:].lstrip()
    if not left or not right:
        return left or right
    return left.rstrip(_JOINTS) + right if is_close and right[0] in _AFTER_A_NAME else f"{left} {right}"
