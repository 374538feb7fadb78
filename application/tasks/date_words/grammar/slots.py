from datetime import date
from functools import partial

from application.tasks.date_words.grammar.calendar import Day, coming, day_of, full_year, month_and_day
from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.patterns import AccessTokens, Slot, Table, token_slot, word_slot
from application.tasks.date_words.grammar.vocabulary import (
    HOURS,
    MINUTES,
    MONTHS,
    NUMBERS,
    ORDINALS,
    PART_HOURS,
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


def _nth(word: str) -> int | None:
    """Reads ordinals such as "3rd" and "third". Wrong endings, as in "23th", are read too."""
    if word.endswith(ENDINGS) and word[0].isdigit():
        return _digits(word[:-2], 1, 31)
    return ORDINALS.get(word)


def _month_day(word: str) -> int | None:
    return _nth(word) or _digits(word, 1, 31)


def _place(word: str) -> int | None:
    return PLACES.get(word) or (int(word[0]) if word in NUMBERED_PLACES else None)


def _hour(word: str) -> int | None:
    return _digits(word, 0, 23) if word[0].isdigit() else _digits(str(NUMBERS.get(word, "")), 2, 12)


def _one_hour(word: str) -> int | None:
    return 1 if word == "one" else _hour(word)


def _spelled_time(word: str, sign: str) -> tuple[int, int, bool] | None:
    """Returns hour, minute, and whether the hour begins with a zero. Such a time is read on a 24-hour clock."""
    hour, has_sign, minute = word.partition(sign)
    if not has_sign or len(minute) != 2 or not (hour + minute).isdecimal():
        return None
    return (int(hour), int(minute), hour.startswith("0")) if int(hour) < 24 and int(minute) < 60 else None


def _iso_day(word: str) -> date | None:
    try:
        return parse_day(word)
    except ValueError:
        return None


def _decimal(word: str) -> float | None:
    whole, dot, part = word.partition(".")
    return float(word) if dot and whole.isdecimal() and part.isdecimal() else None


def numbered_day(context: DateContext, tokens: AccessTokens, at: int, sign: str) -> tuple[Day, int] | None:
    """Reads days such as 12/24, 24.12. and 24/12/2026 in the order of the user's place, and 2026/12/24."""
    numbers = tokens[at].word.rstrip(sign).split(sign)
    if not all(each.isascii() and each.isdecimal() for each in numbers) or len(numbers) not in (2, 3):
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


_WORDS = {
    "weekday": word_slot(WEEKDAYS),
    "month": word_slot(MONTHS),
    "unit": word_slot(UNITS),
    "part": word_slot({part: part for part in PART_HOURS}),
    "hours": word_slot(dict.fromkeys(HOURS, 60)),
    "minutes": word_slot(dict.fromkeys(MINUTES, 1)),
    "count": token_slot(_count, *NUMBERS),
    "nth": token_slot(_nth, *ORDINALS),
    "number": token_slot(_month_day, *ORDINALS),
    "place": token_slot(_place, *PLACES),
    "year": token_slot(lambda word: _digits(word, *YEARS)),
    "hour": token_slot(_one_hour, *NUMBERS),
    "time": token_slot(lambda word: _spelled_time(word, ":")),
    "dotted time": token_slot(lambda word: _spelled_time(word, ".")),
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
)
SLOTS = {**_WORDS, "day of year": _DAY_OF_YEAR.as_slot()}
