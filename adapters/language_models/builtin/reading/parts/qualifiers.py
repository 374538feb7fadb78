"""Reads which tasks are meant as a filter: by day, list, tag, priority or state."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import strptime

from adapters.language_models.builtin.reading.words.stems import SAYING_NOTHING, words
from adapters.language_models.builtin.tables import phrase, phrases, table, words_of
from application.tasks.date_words import DateContext, find_dates, read_date


def _rows(section: str) -> list[tuple[re.Pattern[str], str]]:
    rows = (line.partition(" = ") for line in table("qualifiers")[section])
    return [(phrase(words), said) for said, _, words in rows]


_QUALIFIERS, _STATES = _rows("qualifiers"), _rows("states")
_NO_LISTS = words_of("slots", "no lists") | SAYING_NOTHING
EMPTY_IN_QUESTIONS = SAYING_NOTHING | words_of("words", "of questions") | {"it's", "i'll", "task's"}
_SPAN = re.compile(r"\{(day|week|weekend|month) (-?\d+)\}")
_PAST = re.compile(r"\b(?:yesterday|last \w+day|\d+ days ago|a week ago)\b", re.IGNORECASE)
_TWO_DAYS = phrases("two days")
_SINCE = re.compile(r"\b(?:after|since)\b", re.IGNORECASE)
_LIMIT = re.compile(r"(?:due )?(by|before|until|till|after|since)\b", re.IGNORECASE)
_LIMIT_BEFORE = re.compile(r"\b(by|until|till|before|after|since)\b[^,]{0,8}$", re.IGNORECASE)
_BEFORE_DAY = re.compile(
    r"\b(due |is |are |on |by |before |after |until |till |for |from |since |due: ?)+$", re.IGNORECASE
)


Days = tuple[date | None, date | None]


@dataclass(slots=True)
class Qualified:
    """`rest` is what no filter has taken. `days` are the first and the last one that are meant."""

    rest: str
    filters: list[str] = field(default_factory=list)
    status: str = ""
    said: list[str] = field(default_factory=list)
    days: Days | None = None

    def by_day(self, column: str) -> list[str]:
        """Returns the filters with the days, for the column `due` or `completed`."""
        if self.days is None:
            return list(self.filters)
        first, last = self.days
        if first and first == last:
            return [*self.filters, f"{column}: {first}"]
        after = [f"{column} after: {first - timedelta(days=1)}"] if first else []
        return [*self.filters, *after, *([f"{column} before: {last + timedelta(days=1)}"] if last else [])]


def qualified(text: str, context: DateContext, *, states: bool = True) -> Qualified:
    found = Qualified(text)
    for pattern, said in _QUALIFIERS:
        _take(found, pattern, said, context)
    if states:
        for pattern, state in _STATES:
            if not found.status and (match := pattern.search(found.rest)):
                found.status = state
                found.rest = _without(found.rest, match)
    if found.days is None:
        _take_day(found, context)
    return found


def telling(text: str) -> list[str]:
    """Returns the words of a question that may name a task."""
    return [word for word in words(text) if word.removesuffix("'s") not in EMPTY_IN_QUESTIONS]


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


def _take(found: Qualified, pattern: re.Pattern[str], said: str, context: DateContext) -> None:
    match = pattern.search(found.rest)
    if match is None:
        return
    given = match.groupdict()
    found.rest = _without(found.rest, match)
    if "list" in given and set(words(given["list"])) <= _NO_LISTS:
        return
    if span := _SPAN.fullmatch(said):
        ahead = (strptime(given["month"], "%B").tm_mon - context.today.month) % 12 if "month" in given else span[2]
        found.days = _span(span[1], int(ahead), context)
    else:
        found.filters.append(said.format(**{name: quoted_name(value) for name, value in given.items()}))
    found.said.append(match[0].strip())


def quoted_name(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name) else '"' + name.replace('"', "") + '"'


def _take_day(found: Qualified, context: DateContext) -> None:
    """Reads "on friday", "by friday" and "yesterday"."""
    past = _PAST.search(found.rest)
    if past and (read := read_date(past[0], context)):
        day = date.fromisoformat(read.due[:10])
        found.days, found.rest = (day, day), _without(found.rest, past)
        found.said.append(past[0])
        return
    if two := _TWO_DAYS.search(found.rest):
        days = [read_date(each, context) for each in two.groups()]
        found.filters.append(f"({' | '.join(f'due: {day.due[:10]}' for day in days if day)})")
        found.said.append(two[0])
        found.rest = f"{_BEFORE_DAY.sub('', found.rest[: two.start()])} {found.rest[two.end() :]}".strip()
        return
    dates = find_dates(_SINCE.sub(lambda said: "on".ljust(len(said[0])), found.rest), context)
    if not dates or dates[0].rule:
        return
    start, end, day = dates[0].start, dates[0].end, date.fromisoformat(dates[0].due[:10])
    before, said = found.rest[:start], found.rest[start:end]
    limit = _LIMIT_BEFORE.search(before) or _LIMIT.match(said)
    found.said.append(said)
    found.days = _limited(limit[1].lower() if limit else "", day)
    found.rest = f"{_BEFORE_DAY.sub('', before)} {found.rest[end:]}".strip()


def _limited(limit: str, day: date) -> Days:
    if limit in ("after", "since"):
        return day + timedelta(days=1), None
    return (None if limit else day), day - timedelta(days=limit == "before")


def _span(unit: str, ahead: int, context: DateContext) -> tuple[date, date]:
    """Returns the first and the last day of this day, week, weekend or month, or of one ahead."""
    today = context.today
    if unit == "month":
        month = today.year * 12 + today.month - 1 + ahead
        first, following = (date(each // 12, each % 12 + 1, 1) for each in (month, month + 1))
        return first, following - timedelta(days=1)
    begins = {"week": context.first_weekday, "weekend": 5}.get(unit, today.weekday())
    into = (today.weekday() - begins) % 7
    if unit == "weekend":
        into = min(0, into - 7) if into > 1 else 0
    first = today + timedelta(days=ahead * (7 if unit == "week" else 1) - into)
    return first, first + timedelta(days={"week": 6, "weekend": 1}.get(unit, 0))
