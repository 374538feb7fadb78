"""Reads date words: a whole text that is a date or a rule, or the words in a title that say when it is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.tokens import tokenized
from application.tasks.date_words.number_traps import is_amount
from application.tasks.date_words.phrases import CONNECTORS, OPENINGS, Phrase, phrase_at
from application.tasks.date_words.resolving import Meaning, resolved
from application.tasks.date_words.title import TaskTitle
from application.tasks.date_words.traps import is_trap, rest_of
from domain.tasks.dates.recurrence import RecursFrom
from domain.tasks.fields import duration

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date or rule that was read, and the spans of its text, in code points. With a rule, `due` is its first date.
    There are two spans if the hour stands apart from the day, as in "tomorrow call mom at 5pm"."""

    spans: tuple[Span, ...]
    due: str
    rule: str | None = None
    recurs_from: RecursFrom | None = None
    estimate: str | None = None
    """The length of a window, such as PT2H for "from 2 to 4"."""
    is_hour_alone: bool = False
    """Whether the text names no day, as in "at 4pm"."""

    @property
    def kind(self) -> Literal["due", "recurrence"]:
        return "recurrence" if self.rule else "due"

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


def read_date(text: str, context: DateContext) -> FoundDate | None:
    """Only where the whole text is a date may it be in the past, as in "yesterday" or "3 days ago"."""
    title = TaskTitle(text, tokenized(text), context)
    phrase = phrase_at(context, title.tokens, 0, is_asked=True)
    if phrase is None or phrase.after != len(title.tokens):
        return None
    return _found(title, phrase)


def find_dates(text: str, context: DateContext) -> list[FoundDate]:
    """Returns the dates and rules in a title, in the order of the text. Dates in the past are left out."""
    title = TaskTitle(text, tokenized(text), context)
    return [found for phrase in _phrases(title) if (found := _found(title, phrase))]


def find_date(text: str, context: DateContext) -> FoundDate | None:
    """Of several dates, a rule counts first, then the one with the most parts, then one at the end or the beginning."""
    title = TaskTitle(text, tokenized(text), context)
    phrases = list(_phrases(title))
    if not phrases:
        return None
    best = max(phrases, key=lambda phrase: _weight(title, phrase))
    return _with_hour_apart(title, phrases) or _with_start_apart(title, phrases) or _found(title, best)


def _phrases(title: TaskTitle) -> Iterator[Phrase]:
    at = 0
    while at < len(title.tokens):
        phrase = phrase_at(title.context, title.tokens, at) if title.tokens[at].key in OPENINGS else None
        if phrase is None:
            at += 1
        elif rest := rest_of(title, phrase):
            at = rest.after
        elif is_trap(title, phrase) or not _is_ahead(title, phrase):
            at = at + 1 if title.word(at) in CONNECTORS else phrase.after
        else:
            yield phrase
            at = phrase.after


def _is_ahead(title: TaskTitle, phrase: Phrase) -> bool:
    meaning = resolved(title.context, phrase.parts)
    return meaning is not None and meaning.due.day_here(title.context.now) >= title.context.today


def _weight(title: TaskTitle, phrase: Phrase) -> tuple[bool, int, bool, bool, int]:
    is_first = phrase.first == 0
    return phrase.is_rule, len(phrase.parts), title.is_last(phrase), is_first, -phrase.first


def _with_hour_apart(title: TaskTitle, phrases: list[Phrase]) -> FoundDate | None:
    """Joins the only day and the only hour of a title, if they stand apart from each other. Otherwise returns None."""
    hours = [phrase for phrase in phrases if phrase.parts.keys() == {"clock"}] or _hour_at_end(title)
    days = [phrase for phrase in phrases if {"day", "rule"} & phrase.parts.keys()]
    if len(hours) != 1 or len(days) != 1 or {"clock", "part", "part alone"} & days[0].parts.keys():
        return None
    parts = days[0].parts | hours[0].parts
    meaning = resolved(title.context, parts)
    phrases = sorted((days[0], hours[0]), key=lambda phrase: phrase.first)
    return _of(title, meaning, *phrases) if meaning else None


def _with_start_apart(title: TaskTitle, phrases: list[Phrase]) -> FoundDate | None:
    """Joins the only rule of a title and the day on which it starts, as in "gym every tuesday with Ann, starting the
    10th"."""
    days = sorted(
        (phrase for phrase in phrases if {"day", "rule"} & phrase.parts.keys()), key=lambda each: each.is_rule
    )
    if [each.is_rule for each in days] != [False, True] or title.word(days[0].first) != "starting":
        return None
    start, rule = days
    meaning = resolved(title.context, rule.parts | {"start": start.parts["day"].day})
    return _of(title, meaning, *sorted(days, key=lambda each: each.first)) if meaning else None


def _hour_at_end(title: TaskTitle) -> list[Phrase]:
    """Returns the last word of a title that is like 20.30, unless it may be an amount or a version."""
    last = len(title.tokens) - 1 - (title.word(len(title.tokens) - 1) in ("!", "?"))
    phrase = phrase_at(title.context, title.tokens, last, is_asked=True)
    is_hour = phrase and phrase.parts.keys() == {"clock"} and "." in title.word(last)
    return [phrase] if phrase and is_hour and not is_amount(title, phrase) else []


def _found(title: TaskTitle, phrase: Phrase) -> FoundDate | None:
    meaning = resolved(title.context, phrase.parts)
    return _of(title, meaning, phrase) if meaning else None


def _of(title: TaskTitle, meaning: Meaning, *phrases: Phrase) -> FoundDate:
    spans = tuple((title.tokens[each.first].start, title.tokens[each.after - 1].end) for each in phrases)
    estimate = duration(meaning.minutes) if meaning.minutes else None
    if meaning.rule is None:
        is_hour_alone = all(each.parts.keys() == {"clock"} for each in phrases)
        return FoundDate(spans, meaning.due.text, estimate=estimate, is_hour_alone=is_hour_alone)
    return FoundDate(spans, meaning.due.text, meaning.rule.text, meaning.recurs_from, estimate)
