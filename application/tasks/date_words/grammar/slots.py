"""The kinds of words that can fill the slots of a phrase."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from application.tasks.date_words.grammar.calendar import Day, coming, day_of, full_year, month_and_day
from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.patterns import AccessTokens, Slot, Table, token_slot, word_slot
from application.tasks.date_words.grammar.vocabulary import (
    DAY_PARTS,
    HOURS,
    MINUTES,
    MONTHS,
    NUMBERS,
    ONES,
    ORDINALS,
    TENS,
    UNITS,
    WEEKDAYS,
)
from domain.tasks.dates.due import YEARS
from domain.tasks.dates.due_text import parse_day

MAX_NUMBER = 999
PLACES = {"last": -1, **{word: number for word, number in ORDINALS.items() if number <= 5}}
NUMBERED_PLACES = ("1st", "2nd", "3rd", "4th", "5th")
ENDINGS = ("st", "nd", "rd", "th")


def _digits(word: str, least: int, most: int) -> int | None:
    """Reads a number within these bounds. Numbers with more than four digits are never read."""
    if not (word.isascii() and word.isdecimal()) or len(word) > 4:
        return None
    return int(word) if least <= int(word) <= most else None


def _count(word: str) -> int | None:
    return NUMBERS.get(word) or _digits(word, 1, MAX_NUMBER)


def _numeral_nth(word: str) -> int | None:
    """Reads ordinals such as "3rd". Wrong endings, as in "23th", are read too."""
    return _digits(word[:-2], 1, 31) if word.endswith(ENDINGS) and word[0].isdigit() else None


def _nth(word: str) -> int | None:
    return ORDINALS.get(word) or _numeral_nth(word)


def _month_day(word: str) -> int | None:
    return _nth(word) or _digits(word, 1, 31)


def compound_slot(value_of: Callable[[str], int | None], ones: Mapping[str, int], most: int, *words: str) -> Slot:
    """Reads one token as what `value_of` makes of it, or a number of two words, such as "twenty first"."""

    def read(_: DateContext, tokens: AccessTokens, at: int) -> tuple[int, int] | None:
        word = tokens[at].word
        if word in TENS:
            end = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].word == "-")
            number = ones.get(tokens[end].word) if end < len(tokens) else None
            if number and TENS[word] + number <= most:
                return TENS[word] + number, end + 1
        value = value_of(word)
        return None if value is None else (value, at + 1)

    return Slot(read, frozenset({"0", *words}))


def _place(word: str) -> int | None:
    return PLACES.get(word) or (int(word[0]) if word in NUMBERED_PLACES else None)


def _hour(word: str) -> int | None:
    return _digits(word, 0, 23) if word[0].isdigit() else _digits(str(NUMBERS.get(word, "")), 2, 12)


def _one_hour(word: str) -> int | None:
    return 1 if word == "one" else _hour(word)


def _spelled_time(word: str, sign: str) -> tuple[int, int, bool] | None:
    """Returns hour, minute, and whether the hour begins with a zero. Such a time is read on a 24-hour clock."""
    hour, has_sign, minute = word.rstrip(".").partition(sign)
    if not has_sign or len(minute) != 2 or not (hour + minute).isdecimal():
        return None
    return (int(hour), int(minute), hour.startswith("0")) if int(hour) < 24 and int(minute) < 60 else None


def _army_time(word: str) -> tuple[int, int] | None:
    """Reads 0800 and 1730."""
    is_time = len(word) == 4 and word.isdecimal() and int(word[:2]) < 24 and int(word[2:]) < 60
    return (int(word[:2]), int(word[2:])) if is_time else None


def _iso_day(word: str) -> date | None:
    try:
        return parse_day(word)
    except ValueError:
        return None


def _decimal(word: str) -> float | None:
    whole, dot, part = word.partition(".")
    return float(word) if dot and whole.isdecimal() and part.isdecimal() else None


def numbered_day(context: DateContext, tokens: AccessTokens, at: int, sign: str) -> tuple[Day, int] | None:
    """Reads days such as 12/24, 24.12. and 24/12/2026 in the order of the user's place, and 2026/12/24. 11.30 is an
    hour."""
    numbers = tokens[at].word.rstrip(sign).split(sign)
    if not all(each.isascii() and each.isdecimal() for each in numbers) or len(numbers) not in (2, 3):
        return None
    if sign == "." and len(numbers) == 2 and int(numbers[1]) > 12:
        return None
    found = _numbered(context, numbers, month_first=context.is_month_first and sign == "/")
    return (found, at + 1) if found else None


def _numbered(context: DateContext, numbers: list[str], *, month_first: bool) -> Day | None:
    if len(numbers[0]) == 4:
        whole = day_of(*map(int, numbers)) if len(numbers) == 3 else None
        return Day(whole) if whole else None
    order = month_and_day(int(numbers[0]), int(numbers[1]), month_first=month_first)
    if order is None or len(numbers) == 2:
        return coming(context, *order) if order else None
    year = full_year(numbers[2])
    whole = day_of(year, *order) if year else None
    return Day(whole) if whole else None


_FIRSTS = {word: number for word, number in ORDINALS.items() if number < 10}
_ROUND_MINUTES = {"ten": 10, "fifteen": 15, **{word: number for word, number in TENS.items() if number < 60}}
_SPOKEN_MINUTES = Table(
    {"minutes": compound_slot(_ROUND_MINUTES.get, ONES, 59, *_ROUND_MINUTES), "ones": word_slot(ONES)},
    ("{minutes}", lambda _, minutes: minutes),
    ("oh|o {ones}", lambda _, ones: ones),
)
_WORDS = {
    "weekday": word_slot(WEEKDAYS),
    "month": word_slot(MONTHS),
    "unit": word_slot(UNITS),
    "part": word_slot({part: part for part in DAY_PARTS}),
    "parts": word_slot({f"{part}s": part for part in DAY_PARTS}),
    "hours": word_slot(dict.fromkeys(HOURS, 60)),
    "minutes": word_slot(dict.fromkeys(MINUTES, 1)),
    "count": compound_slot(_count, ONES, MAX_NUMBER, *NUMBERS),
    "nth": compound_slot(_nth, _FIRSTS, 31, *ORDINALS, *TENS),
    "numeral nth": token_slot(_numeral_nth),
    "number": compound_slot(_month_day, _FIRSTS, 31, *ORDINALS, *TENS),
    "digits": token_slot(lambda word: _digits(word, 1, 31)),
    "place": token_slot(_place, *PLACES),
    "year": token_slot(lambda word: _digits(word, *YEARS)),
    "hour": token_slot(_one_hour, *NUMBERS),
    "hour word": word_slot({word: number for word, number in NUMBERS.items() if number <= 12 and len(word) > 2}),
    "minutes word": _SPOKEN_MINUTES.as_slot(),
    "quarter": word_slot({"fifteen": 15, "thirty": 30}),
    "time": token_slot(lambda word: _spelled_time(word, ":")),
    "dotted time": token_slot(lambda word: _spelled_time(word, ".")),
    "h time": token_slot(lambda word: _spelled_time(word, "h")),
    "army time": token_slot(_army_time),
    "decimal": token_slot(_decimal),
    "iso": token_slot(_iso_day),
    "slashed": Slot(partial(numbered_day, sign="/"), frozenset("0")),
    "dotted": Slot(partial(numbered_day, sign="."), frozenset("0")),
}


def _of_year(month: int, day: int) -> tuple[int, int] | None:
    return (month, day) if day_of(2028, month, day) else None


_DAY_OF_YEAR = Table(
    _WORDS,
    ("[the] {number} [.] [of] {month}", lambda _, day, month: _of_year(month, day)),
    ("{month} [.] [the] {number}", lambda _, month, day: _of_year(month, day)),
    ("christmas [day]", lambda _: (12, 25)),
    ("christmas eve", lambda _: (12, 24)),
    ("boxing day", lambda _: (12, 26)),
    ("new year's|years [day]", lambda _: (1, 1)),
    ("new year's|years eve", lambda _: (12, 31)),
    ("nye", lambda _: (12, 31)),
    ("valentine's|valentines [day]", lambda _: (2, 14)),
    ("halloween", lambda _: (10, 31)),
)
SLOTS = {**_WORDS, "day of year": _DAY_OF_YEAR.as_slot()}
