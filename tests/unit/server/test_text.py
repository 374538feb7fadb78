"""A text that may not be empty has something visible in it."""

import sys
from unicodedata import category

import pytest

from domain.accounts.account import clean_name
from domain.accounts.api_token import clean_token_name
from domain.errors import Invalid
from domain.tasks.task import Task
from domain.text import is_visible
from tests.fakes import FakeClock

INVISIBLE = {
    "zero-width": "\u200b\u200c\u200d\u2060\ufeff",
    "soft hyphen": "\u00ad",
    "Hangul fillers": "\u115f\u1160\u3164\uffa0",
    "Khmer inherent vowels": "\u17b4\u17b5",
    "variation selectors": "\ufe0f\U000e0100",
    "Mongolian selectors": "\u180b\u180e\u180f",
    "bidi marks": "\u200e\u200f\u061c\u202a\u202e\u2066\u2069",
    "braille blank": "\u2800",
    "tag characters": "\U000e0041\U000e007f",
    "invisible operators": "\u2061\u2062\u2063\u2064",
    "grapheme joiner": "\u034f",
    "marks alone": "\u0301\u20e3",
    "musical controls": "\U0001d173\U0001d159",
    "spaces between": "\u200b \u3000\u00a0\u200b",
    "controls": "\x01\x7f\x85\x1b",
}


@pytest.mark.parametrize("title", INVISIBLE.values(), ids=INVISIBLE)
def test_a_title_of_nothing_visible_is_refused(title: str) -> None:
    for each in (title, *title, title * 5):
        with pytest.raises(Invalid, match="title: must"):
            Task.new("ann", FakeClock()(), {"title": each})
        with pytest.raises(Invalid, match="name: must"):
            clean_token_name(each)
    assert clean_name(title) is None


@pytest.mark.parametrize(
    "title", ["a", "·", "ก", "中", "👍🏽", "☂️", "é", "e\u0301", "-", "\U0001fae9", "\uf8ff", "\ufffd"]
)
def test_whatever_shows_is_a_title_and_is_kept_as_it_was_given(title: str) -> None:
    for each in (title, f"\u200b{title}\u200d", f"{title}\ufe0f"):
        assert Task.new("ann", FakeClock()(), {"title": each}).title == each


def test_every_letter_digit_and_sign_shows_but_those_that_unicode_says_to_ignore() -> None:
    plain = [chr(code) for code in range(sys.maxunicode + 1) if category(chr(code))[0] in "LNPS"]
    assert [f"U+{ord(each):04X}" for each in plain if not is_visible(each)] == [
        *("U+115F", "U+1160", "U+2800", "U+3164", "U+FFA0", "U+1D159"),
    ]
