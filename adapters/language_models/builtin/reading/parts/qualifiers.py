"""Reads which tasks are meant as a filter: by day, list, tag, priority or state."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import strptime

from adapters.language_models.builtin.reading.words.stems import SAYING_NOTHING, words
from adapters.language_models.builtin.tables import table, words_of
from application.tasks.date_words import DateContext, find_dates, read_date


def _rows(section: str) -> list[tuple[re.Pattern[str], str]]:
    rows = (line.partition(" = ") for line in table("qualifiers")[section])
    return [(re.compile(rf"(?<!\w)(?:{words})\b", re.IGNORECASE), said) for said, _, words in rows]


_QUALIFIERS, _STATES = _rows("qualifiers"), _rows("states")
_NO_LISTS = words_of("slots", "no lists") | SAYING_NOTHING
EMPTY_IN_QUESTIONS = SAYING_NOTHING | words_of("words", "of questions") | {"it's", "i'll", "task's"}
_BEFORE_DAY = re.compile(
    r"\b(due |is |are |on |by |before |after |until |till |for |from |since |due: ?)+$", re.IGNORECASE
)


@dataclass(slots=True)
class Qualified:
    """`rest` is what no filter has taken. `days` are the first and the last one that are meant."""

    rest: str
    filters: list[str] = field(default_factory=list)
    status: str = ""
    said: list[str] = field(default_factory=list)
    days: tuple[date | None, date | None] | None = None

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
    if "list" in given and set(words(given["list"])) <= _NO_LISTS:
        found.rest = _without(found.rest, match)
        return
    if said == "{month}":
        ahead = (strptime(given["month"], "%B").tm_mon - context.today.month) % 12
        found.days = _month(context, ahead)
    elif said in _SPANS:
        found.days = _SPANS[said](context)
    elif said in _DAYS:
        day = context.today + timedelta(days=_DAYS[said])
        found.days = day, day
    else:
        found.filters.append(said.format(**{name: _quoted(value) for name, value in given.items()}))
    found.said.append(match[0].strip())
    found.rest = _without(found.rest, match)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name) else '"' + name.replace('"', "") + '"'


def _take_day(found: Qualified, context: DateContext) -> None:
    """Reads "on friday", "by friday" and "yesterday"."""
    past = re.search(r"\b(?:yesterday|last \w+day|\d+ days ago|a week ago)\b", found.rest, re.IGNORECASE)
    if past and (read := read_date(past[0], context)):
        day = date.fromisoformat(read.due[:10])
        found.days, found.rest = (day, day), _without(found.rest, past)
        found.said.append(past[0])
        return
    dates = find_dates(found.rest, context)
    if not dates or dates[0].rule:
        return
    start, end, day = dates[0].start, dates[0].end, date.fromisoformat(dates[0].due[:10])
    said = found.rest[start:end]
    before = f"{found.rest[:start]}{said}".lower()
    found.said.append(said)
    found.days = (day, day)
    if re.search(r"\b(?:by|until|till|before)\b[^,]{0,8}$", found.rest[:start].lower()) or re.match(
        r"(?:due )?(?:by|before|until|till)\b", said.lower()
    ):
        is_before = "before" in before[max(0, start - 10) :]
        found.days = (None, day - timedelta(days=1) if is_before else day)
    elif re.search(r"\b(after|since)\W+$", found.rest[:start].lower()):
        found.days = (day + timedelta(days=1), None)
    found.rest = f"{_BEFORE_DAY.sub('', found.rest[:start])} {found.rest[end:]}".strip()


def _week(context: DateContext, weeks: int) -> tuple[date, date]:
    first = (
        context.today - timedelta(days=(context.today.weekday() - context.first_weekday) % 7) + timedelta(weeks=weeks)
    )
    return first, first + timedelta(days=6)


def _month(context: DateContext, months: int) -> tuple[date, date]:
    first = context.today.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(days=32)).replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _weekend(context: DateContext) -> tuple[date, date]:
    saturday = context.today + timedelta(days=(5 - context.today.weekday()) % 7)
    return saturday, saturday + timedelta(days=1)


_DAYS = {"today": 0, "tomorrow": 1}
_SPANS: dict[str, Callable[[DateContext], tuple[date, date]]] = {
    "{this week}": lambda context: _week(context, 0),
    "{next week}": lambda context: _week(context, 1),
    "{last week}": lambda context: _week(context, -1),
    "{weekend}": _weekend,
    "{this month}": lambda context: _month(context, 0),
    "{next month}": lambda context: _month(context, 1),
}
