import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.tasks.date_words import DateContext, find_date, find_dates, read_date
from application.tasks.date_words.grammar.tokens import MAX_READ
from application.tasks.date_words.grammar.vocabulary import MONTHS, NUMBERS, ORDINALS, UNITS, WEEKDAYS
from domain.tasks.dates.due_text import parse_due
from domain.tasks.dates.rule_dates import dates
from domain.tasks.dates.rule_text import parse_rule
from domain.tasks.dates.series import Series
from tests.unit.tasks.date_words.table import marked, rows, said

ROWS = list(rows())
BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = DateContext(datetime(2026, 11, 28, 10, tzinfo=BERLIN), locale="en-GB")


def test_the_table_has_its_300_phrases() -> None:
    assert len({row.text for row in ROWS if not row.is_whole}) >= 300


def test_a_phrase_means_what_the_table_says() -> None:
    """One test for all rows: pytest itself takes longer for a row than the reading does."""
    wrong = []
    for row in ROWS:
        found = (read_date if row.is_whole else find_date)(row.text, row.context)
        if (read := (marked(row.text, found), said(found))) != (row.marked, row.meaning):
            wrong.append((row, read))
    assert wrong == []


def test_what_is_read_to_its_end_in_a_title_is_a_date_by_itself() -> None:
    whole = [row for row in ROWS if row.marked == f"«{row.text}»"]
    assert [row for row in whole if said(read_date(row.text, row.context)) != row.meaning] == []


def test_what_is_read_is_a_due_date_and_a_rule_that_a_task_may_have() -> None:
    for row in ROWS:
        if row.meaning != "nothing":
            _assert_is_valid(row.text, row.context)


def test_all_dates_of_a_title_are_given_in_its_order() -> None:
    found = find_dates("tomorrow call Bob about the trip in 3 days", SATURDAY)
    assert [(each.due, each.kind) for each in found] == [("2026-11-29", "due"), ("2026-12-01", "due")]


def test_spans_count_code_points() -> None:
    text = "🎉 Geburtstag 👩‍👩‍👧 feiern 𝒜 tomorrow"
    found = find_date(text, SATURDAY)
    assert found is not None
    assert text[found.start : found.end] == "tomorrow"


def test_the_last_year_of_a_task_is_the_last_that_is_read() -> None:
    context = DateContext(datetime(2200, 12, 31, 23, tzinfo=BERLIN), locale="en-GB")
    for text in ("tomorrow", "friday", "next week", "in two hours", "at 9", "every day at 9", "weekend", "1 jan"):
        found = find_date(text, context)
        assert found is None or parse_due(found.due, "UTC").local.year <= 2200


SMALL_WORDS = "on in at by every every! each next last this the of from for until starting and or , . ! - due"
SAID_WORDS = "half between no later than latest week mondays mornings christmas 17h 8.30 1700 lunchtime thing"
TIME_WORDS = "today tonight tomorrow morning evening noon midnight weekend weekday end daily weekly times half past"
NUMERALS = "9 15 31 99 1000 9am 9:30 25:99 1st 31st 30th 3.12 3.12. 31/12 0/0 2026-02-30 2027 2200 1970-01-01"
OTHERS = "2200-12-31 2026-11-28T09:00Z hours minutes o'clock pm a.m. '\"' “ call Mom Fever report"
WORDS = [
    *f"{SMALL_WORDS} {SAID_WORDS} {TIME_WORDS} {NUMERALS} {OTHERS}".split(),
    *WEEKDAYS,
    *MONTHS,
    *ORDINALS,
    *NUMBERS,
    *UNITS,
]
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30), timezones=st.sampled_from([BERLIN]))


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), MOMENTS)
def test_whatever_words_stand_together_what_is_read_is_valid(words: list[str], now: datetime) -> None:
    _assert_is_valid(" ".join(words), DateContext(now, locale="en-GB"))


@settings(max_examples=200)
@given(st.text(max_size=80), MOMENTS)
def test_any_text_can_be_read(text: str, now: datetime) -> None:
    _assert_is_valid(text, DateContext(now))


HARD = (
    *("on ", "every ", "every mon, ", "the 1st, ", "every 1st, ", "'a ", '"', "“", "1", "1.", "1/1", "a.m. ", "in a "),
    *("the end of ", "every day for 3 times until ", "half past ", "9 ", "monday and ", "a week from ", "every! "),
    *("every month on the 1st, the 2nd, ", "1 dec ", "friday ", "tomorrow at 9 ", "every friday until friday from "),
    *("every 1st, 1st, ", "may the 4th be ", "the ", "2026-11-28T09:00[", "second and ", "[", "\u00a0", "é", "мар "),
    *("twenty-", "no later than ", "from 2 to ", "2-", "mondays and ", "half 11.30 ", "friday latest christmas "),
)


@pytest.mark.parametrize("piece", HARD)
@pytest.mark.parametrize("read", [read_date, find_date])
def test_a_long_text_takes_steps_in_proportion_to_its_length(piece: str, read: Callable[..., Any]) -> None:
    half, whole = ((piece * length)[:length] for length in (500, 1_000))
    assert _calls(lambda: read(whole, SATURDAY)) <= 2.2 * _calls(lambda: read(half, SATURDAY)) + 1_000


@pytest.mark.parametrize("piece", HARD)
def test_a_message_of_the_greatest_length_is_read(piece: str) -> None:
    _assert_spans_lie_in((piece * 5_000)[:5_000])


@pytest.mark.parametrize("piece", HARD)
def test_a_text_that_is_longer_than_what_is_read_takes_a_step_per_letter_more(piece: str) -> None:
    whole, longer = ((piece * length)[:length] for length in (MAX_READ, 5_000))
    assert _calls(lambda: find_date(longer, SATURDAY)) <= 1.5 * _calls(lambda: find_date(whole, SATURDAY)) + 5_000


@pytest.mark.parametrize(
    "words", ["every monday and tuesday at 9", "1 dec, at 9", "in 30 days at 9", '"a" on 1 dec 2027']
)
def test_words_at_the_end_of_what_is_read_are_read_whole_or_not_at_all(words: str) -> None:
    whole = said(find_date(f"x {words}", SATURDAY))
    for length in range(MAX_READ - len(words) - 20, MAX_READ + 5):
        text = f"{'x' * length} {words} and so on"
        assert said(find_date(text, SATURDAY)) in (whole, "nothing")
    assert said(find_date(f"{'x' * (MAX_READ - 100)} {words}, and so on {'x ' * 50}", SATURDAY)) == whole


def _assert_spans_lie_in(text: str) -> None:
    found = find_date(text, SATURDAY)
    assert found is None or 0 <= found.start < found.end <= len(text)


def _calls(action: Callable[[], object]) -> int:
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls


def _assert_is_valid(text: str, context: DateContext) -> None:
    zone = context.now.tzinfo
    assert isinstance(zone, ZoneInfo)
    for found in (*find_dates(text, context), find_date(text, context), read_date(text, context)):
        if found is None:
            continue
        assert all(0 <= start < end <= len(text) for start, end in found.spans)
        due = parse_due(found.due, zone.key)
        assert due.text == found.due
        if found.rule:
            assert found.recurs_from is not None
            week_start = context.week_start[:2].upper()
            rule = parse_rule(found.rule, due, zone, week_start)
            assert next(dates(rule, due.day, due.day)) == due.day
            series = Series.begun(found.rule, found.due, zone, recurs_from=found.recurs_from, week_start=week_start)
            assert (series.recurrence, series.due) == (found.rule, found.due)
