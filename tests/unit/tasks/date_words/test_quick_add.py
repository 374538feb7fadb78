import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.tasks.date_words import DateContext
from application.tasks.quick_add import QuickAdd, parse
from domain.tasks.fields import MAX_TAGS

SATURDAY = DateContext(datetime(2026, 11, 28, 10, tzinfo=ZoneInfo("Europe/Berlin")), locale="en-GB")
TABLE = Path(__file__).with_name("quick_add.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+) \| (.*) \| (.*) \|$", TABLE, re.MULTILINE)[2:]
FIELDS = ("list", "priority", "start", "due", "recurrence", "recurs_from", "deadline", "estimate", "description")


def test_the_table_has_its_60_lines() -> None:
    assert len({line for line, _, _ in ROWS}) >= 60


@pytest.mark.parametrize(("marked", "title", "fields"), ROWS, ids=[row[0] for row in ROWS])
def test_a_line_becomes_what_the_table_says(marked: str, title: str, fields: str) -> None:
    line = marked.replace("«", "").replace("»", "")
    added = parse(line, SATURDAY)
    assert (_marked(line, added), added.title, _said(added)) == (marked, title, fields)


def test_what_was_understood_names_field_value_and_place() -> None:
    added = parse("🎉 Pay rent #Home p1 tomorrow", SATURDAY)
    assert added.understood == (
        ("list", "Home", 11, 16),
        ("priority", "high", 17, 19),
        ("due", "2026-11-29", 20, 28),
    )


def test_a_rule_is_understood_as_the_rule_its_first_date_and_what_it_counts_from() -> None:
    added = parse("Water plants every! 3 days", SATURDAY)
    assert [(each.field, each.value) for each in added.understood] == [
        ("recurrence", "FREQ=DAILY;INTERVAL=3"),
        ("due", "2026-11-28"),
        ("recurs_from", "completion"),
    ]


def test_the_21st_tag_and_a_name_that_is_too_long_stay_in_the_title() -> None:
    tags = [f"@tag{chr(97 + number)}" for number in range(MAX_TAGS + 1)]
    added = parse(f"Pack {' '.join(tags)} @{'x' * 51} #{'y' * 121}", SATURDAY)
    assert len(added.tags) == MAX_TAGS
    assert added.title == f"Pack {tags[-1]} @{'x' * 51} #{'y' * 121}"


def test_a_reminder_for_the_minute_that_runs_is_read() -> None:
    running = DateContext(SATURDAY.now.replace(second=30), locale="en-GB")
    assert parse("Call the vet !2026-11-28T10:00", running).reminders == ("2026-11-28T10:00",)
    assert parse("Call the vet !2026-11-28T09:59", running).reminders == ()


def test_a_reminder_on_a_day_is_read_until_the_hour_at_which_days_ring() -> None:
    later = DateContext(SATURDAY.now, locale="en-GB", reminder_time="10:00")
    assert parse("Call the vet !today", later).reminders == ("2026-11-28",)
    assert parse("Call the vet !today", SATURDAY).reminders == ()


SIGNS = 'Pay rent (soon) @ # ~ { } {15 dec} {x} // p1 p4 #Home #home #"a b" #"a @x @X @"c d" ~5m ~9h \\#a \\p1'
WORDS = "every 1st at 9 tomorrow , : - ! !30 a@b.example https://a.example/#b // é 🎉 \"q t\" 'z '"


@settings(max_examples=300)
@given(st.lists(st.sampled_from(f"{SIGNS} {WORDS}".split()), max_size=12).map(" ".join) | st.text(max_size=60))
def test_nothing_is_lost_and_no_place_is_taken_twice(line: str) -> None:
    added = parse(line, SATURDAY)
    spans = sorted({(each.start, each.end) for each in added.understood})
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    left = "".join(line[start:end] for start, end in _gaps(line, spans))
    assert _letters(left) == _letters(added.title)


@pytest.mark.parametrize(
    "piece", ["@a ", '#"', "#“", "{", "~9", "// ", "\\#a ", "(@a) ", '"" ', "p1 ", "tomorrow @a ", ", two hours"]
)
def test_a_long_line_is_read_like_any_other(piece: str) -> None:
    line = (piece * 2_000)[:2_000]
    assert len(parse(line, SATURDAY).title) <= len(line)


def _gaps(line: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    starts = [0, *(end for _, end in spans)]
    return list(zip(starts, [*(start for start, _ in spans), len(line)], strict=True))


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _marked(line: str, added: QuickAdd) -> str:
    for start, end in sorted({(each.start, each.end) for each in added.understood}, reverse=True):
        line = f"{line[:start]}«{line[start:end]}»{line[end:]}"
    return line


def _said(added: QuickAdd) -> str:
    understood = {each.field for each in added.understood}
    found = {name: str(getattr(added, name) or "none") for name in FIELDS if name in understood}
    if found.get("recurs_from") == "due":
        del found["recurs_from"]
    tags = {"tags": " + ".join(added.tags)} if added.tags else {}
    rings = {"reminders": " + ".join(added.reminders)} if added.reminders else {}
    values = {**{name: found.pop(name) for name in ("list",) if name in found}, **tags, **found, **rings}
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())
