"""What the readers of all formats share."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.files.reading.colors import RGB, of_hex, of_todoist
from application.tasks.files.reading.encodings import MAX_LINES, lines, utf8
from application.tasks.files.reading.times import estimate_text, moment, read_day
from application.value_counts import CHUNK_BYTES, json_exceeds, table_exceeds
from domain.errors import Invalid


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_each_encoding_is_utf8_without_a_mark(encoding: str) -> None:
    assert utf8("TYPE,ä🎉".encode(encoding)) == "TYPE,ä🎉".encode()


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00\xd8", b"\xff\xfea", b"a\n" * (MAX_LINES + 1), b"a\r" * (MAX_LINES + 1)]
)
def test_broken_text_and_too_many_lines_are_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="body: must"):
        utf8(body)


def test_the_line_that_is_no_utf8_is_named() -> None:
    with pytest.raises(Invalid, match="line 3: must be text in UTF-8 or UTF-16"):
        list(lines(b"a\nb\n\xff\n"))


@given(st.binary(max_size=40))
def test_any_bytes_are_text_or_refused(body: bytes) -> None:
    with suppress(Invalid):
        assert isinstance(utf8(body), bytes)


@pytest.mark.parametrize(
    ("text", "exceeds"),
    [
        (b"[1,2,3]", False),
        (b"[1,2,3,4]", True),
        (b'[",,,,",1]', False),
        (b'["\\",,,,",1]', False),
        (b'["' + b"\\\\" * CHUNK_BYTES + b'",1,2,3,4]', True),
    ],
)
def test_values_are_counted_outside_of_strings(text: bytes, exceeds: bool) -> None:
    assert json_exceeds(text, 2) is exceeds


def test_fields_are_counted_by_their_delimiter() -> None:
    assert table_exceeds(b'a;b;c,"d;e;f"', ";", 1)
    assert not table_exceeds(b'a;b;c,"d;e;f"', ";", 2)
    assert not table_exceeds(b'a;b;c,"d;e;f"', "\t", 0)


@pytest.mark.parametrize(
    ("text", "color"), [("#ff0000", "red"), ("3B80F0FF", "blue"), ("teal", "teal"), ("red-ish", None)]
)
def test_colors_are_the_nearest_of_ours(text: str, color: str | None) -> None:
    assert of_hex(text) == color
    assert (of_hex(None), of_hex("")) == (None, None)


def test_todoists_colors_have_names_or_numbers() -> None:
    assert [of_todoist(each) for each in ("charcoal", "lime_green", 30, 49, 7, "", None, "x")] == [
        *("grey", "lime", "pink", "orange", None, None, None, None)
    ]
    assert {of_todoist(number) for number in range(30, 50)} <= {*RGB}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01T09:00:00Z", "2026-12-01 09:00:00+00:00"),
        ("2026-12-01T09:00:00+0100", "2026-12-01 08:00:00+00:00"),
        ("2026-12-01T09:00:00.1234567Z", "2026-12-01 09:00:00.123456+00:00"),
        ("2026-12-01", "2026-12-01 00:00:00+00:00"),
        ("0001-01-01T00:00:00Z", "None"),
        ("0001-01-01T00:00:00+02:00", "None"),
        ("1601-01-01T00:00:00Z", "None"),
    ],
)
def test_times_are_in_utc_and_the_first_of_all_times_is_none(text: str, expected: str) -> None:
    assert str(moment(text)) == expected


@pytest.mark.parametrize("text", ["", "soon", "9999-12-31T23:59:59-12:00", "2026-02-30T00:00:00Z"])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(text)


def test_a_day_is_the_beginning_of_a_time() -> None:
    assert [day and day.text for day in map(read_day, ("2026-12-01", "2026-12-01T23:00:00Z", "0001-01-01"))] == [
        *("2026-12-01", "2026-12-01", None)
    ]


@pytest.mark.parametrize(
    ("minutes", "text"), [(1, "PT1M"), (45, "PT45M"), (60, "PT1H"), (6_000, "PT100H"), (90.2, "PT1H30M")]
)
def test_estimates_are_hours_and_minutes(minutes: float, text: str) -> None:
    assert estimate_text(minutes) == text


@pytest.mark.parametrize("minutes", [0, 0.2, -5, 6_001])
def test_other_estimates_are_refused(minutes: float) -> None:
    with pytest.raises(ValueError, match="1 minute to 100 hours"):
        estimate_text(minutes)
