from collections.abc import Sequence

from application.tasks.date_words.grammar.calendar import after, day_of, end
from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.days import DAYS
from application.tasks.date_words.grammar.patterns import Meaning, Row, Table, list_slot, word_slot
from application.tasks.date_words.grammar.repetitions import (
    CYCLES,
    EACH_MONTH,
    EACH_YEAR,
    SATURDAY,
    WEEKEND,
    Cycle,
    Repetition,
    cycle,
    each_part,
    in_part,
    on_day_of_year,
    on_first_day,
    on_last_day,
    on_month_days,
    on_place_of_year,
    on_places,
    on_weekdays,
    on_workday,
    on_workdays,
    plain,
)
from application.tasks.date_words.grammar.slots import SLOTS
from application.tasks.date_words.grammar.vocabulary import ADVERBS, WEEKDAYS
from domain.tasks.dates.recurrence import Frequency, RecursFrom

_EVERY = Table(
    {},
    ("every|each", lambda _: RecursFrom.DUE),
    ("every|each !", lambda _: RecursFrom.COMPLETION),
)
_WORDS = {
    **SLOTS,
    "every": _EVERY.as_slot(),
    "adverb": word_slot(ADVERBS),
    "other": word_slot({"other": 2, "second": 2, "alternate": 2, "single": 1}),
    "day": DAYS.as_slot(),
}
_ITEMS = Table(_WORDS, ("[the] {nth}", lambda _, day: day))
_PLACE_ITEMS = Table(_WORDS, ("[the] {place}", lambda _, place: place))
_ADVERBS = Table(_WORDS, ("{adverb}", lambda context, adverb: cycle(context, *adverb)))
_CYCLES = Table(
    _WORDS,
    ("{unit}", lambda context, unit: cycle(context, 1, unit)),
    ("{other} {unit}", cycle),
    ("{count} {unit}", cycle),
    ("{nth} {unit}", lambda context, nth, unit: cycle(context, nth, unit) if nth > 1 else None),
)
_PLURALS = {f"{word}s": day for word, day in WEEKDAYS.items() if word.endswith("day")}
_SLOTS = {
    **_WORDS,
    "weekdays": list_slot(word_slot({**WEEKDAYS, **_PLURALS}), is_loose=True),
    "mondays": list_slot(word_slot(_PLURALS)),
    "several": list_slot(word_slot(WEEKDAYS)),
    "days": list_slot(_ITEMS.as_slot()),
    "places": list_slot(_PLACE_ITEMS.as_slot()),
}


def _each_month(meaning: Meaning) -> Meaning:
    return lambda context, *values: meaning(context, EACH_MONTH, *values)


def _each_year(meaning: Meaning) -> Meaning:
    return lambda context, *values: meaning(context, EACH_YEAR, *values)


def _weeks(context: DateContext, interval: int, weekdays: Sequence[int]) -> Repetition | None:
    return on_weekdays(context, Cycle(Frequency.WEEKLY, interval), weekdays)


def _from_to(context: DateContext, first: int, last: int) -> Repetition | None:
    return _weeks(context, 1, [(first + each) % 7 for each in range((last - first) % 7 + 1)])


def _part_from_to(context: DateContext, part: str, first: int, last: int) -> Repetition | None:
    return in_part(_from_to(context, first, last), part)


def _part_on(context: DateContext, part: str, weekdays: Sequence[int]) -> Repetition | None:
    return in_part(_weeks(context, 1, weekdays), part)


_CYCLE_ROWS: Sequence[Row] = (
    ("{cycle}", plain),
    ("{cycle} on {weekdays}", on_weekdays),
    ("{cycle} on {days}", on_month_days),
    ("{cycle} on [the] [day] {number}", lambda context, each, day: on_month_days(context, each, (day,))),
    ("{cycle} on [the] last day", on_last_day),
    ("{cycle} on {places} {weekdays}", on_places),
    ("{cycle} on [the] {place} weekday|workday", on_workday),
    ("{cycle} on [the] {place} working|business day", on_workday),
    ("{cycle} on {day of year}", on_day_of_year),
    ("{cycle} in {month}", lambda context, each, month: on_day_of_year(context, each, (month, 1))),
)
_AFTER_EVERY = Table(
    {**_SLOTS, "cycle": _CYCLES.as_slot()},
    *_CYCLE_ROWS,
    ("{part}", each_part),
    ("weekday|workday|weekdays|workdays", on_workdays),
    ("weekend", lambda context: _weeks(context, 1, (SATURDAY,))),
    ("{other} weekend", lambda context, other: _weeks(context, other, (SATURDAY,))),
    ("{weekday} to|through|thru|till|-|– {weekday}", _from_to),
    ("day [from] {weekday} to|through|thru|till|-|– {weekday}", _from_to),
    ("{part} [from] {weekday} to|through|thru|till|-|– {weekday}", _part_from_to),
    ("{part} on {weekdays}", _part_on),
    ("{part} {weekdays}", lambda context, part, days: _part_on(context, part, days) if len(days) > 1 else None),
    ("{weekdays}", lambda context, weekdays: _weeks(context, 1, weekdays)),
    ("{other} {weekdays}", _weeks),
    ("{count} {weekdays}", _weeks),
    ("{days} [of the|each|every month]", _each_month(on_month_days)),
    ("[the] first day of the|each|every month", _each_month(on_first_day)),
    ("[the] last day [of the|each|every month]", _each_month(on_last_day)),
    ("{places} {weekdays} [of the|each|every month]", _each_month(on_places)),
    ("[the] {place} weekday|workday [of the|each|every month]", _each_month(on_workday)),
    ("[the] {place} working|business day [of the|each|every month]", _each_month(on_workday)),
    ("{day of year}", _each_year(on_day_of_year)),
    ("{month}", lambda context, month: on_day_of_year(context, EACH_YEAR, (month, 1))),
    ("{place} {weekday} of|in {month}", on_place_of_year),
)
_ADVERB_RULES = Table({**_SLOTS, "cycle": _ADVERBS.as_slot()}, *_CYCLE_ROWS)
_SLOTS |= {"what": _AFTER_EVERY.as_slot(), "adverb rule": _ADVERB_RULES.as_slot()}

RULES = Table(
    _SLOTS,
    ("{every} {what}", lambda _, recurs_from, what: what._replace(recurs_from=recurs_from)),
    ("{adverb rule}", lambda _, rule: rule),
    ("{days} of|in every|each month", _each_month(on_month_days)),
    ("[the] last day of every|each month", _each_month(on_last_day)),
    ("{places} {weekdays} of|in every|each month", _each_month(on_places)),
    ("[on] [the] {place} weekday|workday of|in every|each month", _each_month(on_workday)),
    ("[on] [the] {place} working|business day of|in every|each month", _each_month(on_workday)),
    ("once a|per|every|each {unit}", lambda context, unit: plain(context, Cycle(*CYCLES[unit]))),
    ("nightly", lambda context: each_part(context, "night")),
    ("[in] [the] {parts}", each_part),
    ("[on] {mondays}", lambda context, weekdays: _weeks(context, 1, weekdays)),
    ("[on] alternate {mondays}", lambda context, weekdays: _weeks(context, 2, weekdays)),
    ("[on] {several} {parts}", lambda context, days, part: in_part(_weeks(context, 1, days), part)),
    ("[on] weekdays|workdays", on_workdays),
    ("[on] weekday|workday {parts}", lambda context, part: in_part(on_workdays(context), part)),
    ("[on|at] weekends", lambda context: _weeks(context, 1, (SATURDAY,))),
    ("[on] weekend {parts}", lambda context, part: in_part(_weeks(context, 1, (SATURDAY,)), part)),
)


def _month_until(context: DateContext, month: int, year: int | None) -> object:
    """In "until May", May is included. Without a year, it is the next such month."""
    this = day_of(year or context.today.year, month, 1)
    last = this and end(this, "month", context)
    return after(last, 1, "year") if last and last < context.today and not year else last


STARTS = Table(_SLOTS, ("starting|from|beginning [on|from] {day}", lambda _, day: day.day))
UNTILS = Table(
    _SLOTS,
    ("until|till|til [the] [end of] {month} [{year}]", _month_until),
    ("until|till|til [the] [end of] {year}", lambda _, year: day_of(year, 12, 31)),
    ("until|till|til|ending [on] {day}", lambda _, day: day.day),
)
TIMES = Table(_SLOTS, ("[for] {count} times", lambda _, count: count))
EXCEPTS = Table(
    _SLOTS,
    ("except|excluding|but|apart [not|from] [for|on] {weekdays}", lambda _, weekdays: weekdays),
    ("except|excluding|but|apart [not|from] [for|on|at] [the] weekend|weekends", lambda _: WEEKEND),
)
LASTS = Table(_SLOTS, ("for {count} {unit}", lambda _, count, unit: (count, unit)))
