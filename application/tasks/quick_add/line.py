"""Quick add: one line becomes a task. `Pay rent #Home @money p1 every 1st at 9 {15 dec} ~20m // from the joint account`
What a field takes is cut out of the title; what no field can take stays in it, so that nothing is lost. Each field but
tags takes the first that is given. Text in quotes is not read, nor a sign after a backslash."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from application.tasks.date_words import DateContext, FoundDate, find_date
from application.tasks.date_words.grammar.tokens import quoted_spans
from application.tasks.quick_add.duration_words import durations_in
from application.tasks.quick_add.signs import MOST, read_estimate, signs
from application.tasks.quick_add.title import title_of
from application.tasks.quick_add.understood import Span, Understood
from domain.tasks.dates.recurrence import RecursFrom
from domain.tasks.fields import duration
from domain.tasks.reminders import is_before_due

_BRACES = re.compile(r"\{[^{}]*\}")
_OPAQUE = "\ufffc"
"""The object replacement character (Unicode, 23.8): something that is no words."""


@dataclass(frozen=True, slots=True)
class QuickAdd:
    """The fields as a task has them. `list` is a name; a title of which nothing is left is empty."""

    title: str
    understood: tuple[Understood, ...] = ()
    list: str | None = None
    tags: tuple[str, ...] = ()
    priority: str | None = None
    start: str | None = None
    due: str | None = None
    recurrence: str | None = None
    recurs_from: RecursFrom | None = None
    deadline: str | None = None
    estimate: str | None = None
    reminders: tuple[str, ...] = ()
    description: str | None = None


def parse(text: str, context: DateContext) -> QuickAdd:
    understood = list(signs(text, context))
    found = _date(text, understood, context)
    understood += _of_date(text, found, understood) if found else ()
    understood += _said_estimate(text, found, understood)
    if not (found and found.due):
        understood = [each for each in understood if not _needs_due(each)]
    understood.sort(key=lambda each: each.start)
    values = {each.field: each.value for each in understood if each.field not in MOST}
    return QuickAdd(
        title_of(text, understood),
        tuple(understood),
        tags=_several("tags", understood),
        reminders=_several("reminders", understood),
        **values,  # type: ignore[arg-type]
    )


def _several(field: str, understood: list[Understood]) -> tuple[str, ...]:
    values: dict[str, str] = {}
    for each in understood:
        if each.field == field and each.value:
            values.setdefault(each.value.casefold(), each.value)
    return tuple(values.values())


def _needs_due(part: Understood) -> bool:
    """Returns whether it is a reminder before the due time, which stays in the title of a task without one."""
    return part.field == "reminders" and is_before_due(part.value or "")


def _date(text: str, understood: list[Understood], context: DateContext) -> FoundDate | None:
    """Returns the date in the line. Returns None if no title would be left without its words."""
    found = find_date(_masked(text, understood), context)
    if found is None:
        return None
    return found if title_of(text, [*understood, *_of_date(text, found, understood)]) else None


def _masked(text: str, understood: list[Understood]) -> str:
    """Spaces take the places of the signs, so that all positions stay. Braces without a deadline are masked too."""
    letters = list(text)
    for each in understood:
        letters[each.start : each.end] = " " * (each.end - each.start)
    return _BRACES.sub(lambda braces: _OPAQUE * len(braces[0]), "".join(letters))


def _of_date(text: str, found: FoundDate, understood: list[Understood]) -> list[Understood]:
    spans = list(chain.from_iterable(_without(text, span, understood) for span in found.spans))
    values = {"recurrence": found.rule, "due": found.due, "recurs_from": found.recurs_from}
    if not _has_estimate(understood):
        values["estimate"] = found.estimate
    return [Understood(name, value, *span) for span in spans for name, value in values.items() if value]


def _has_estimate(understood: list[Understood]) -> bool:
    return any(each.field == "estimate" for each in understood)


def _said_estimate(text: str, found: FoundDate | None, understood: list[Understood]) -> list[Understood]:
    """Returns the first duration in words that says how long the task takes, if the line has no other estimate."""
    if _has_estimate(understood):
        return []
    quotes = quoted_spans(text)
    for words, start, end in durations_in(_masked(text, understood), found.end if found else None):
        part = Understood("estimate", None, start, end)
        minutes = read_estimate(words)
        if minutes and not _is_in(quotes, part) and title_of(text, [*understood, part]):
            return [part._replace(value=duration(minutes))]
    return []


def _is_in(spans: list[Span], part: Understood) -> bool:
    return any(start < part.end and part.start < end for start, end in spans)


def _without(text: str, span: Span, understood: list[Understood]) -> Iterator[Span]:
    start, end = span
    inside = sorted((each.start, each.end) for each in understood if start <= each.start < end)
    for cut_start, cut_end in [*inside, (end, end)]:
        if words := text[start:cut_start].strip():
            first = text.index(words, start)
            yield first, first + len(words)
        start = cut_end
