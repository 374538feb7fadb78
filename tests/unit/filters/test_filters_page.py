"""What docs/filters.md shows is so."""

import json
import re
from pathlib import Path

import pytest

from application.tasks.filters.parser import parse
from application.tasks.filters.tree import Keyword
from domain.errors import FilterError
from tests.unit.filters.filter_rows import words

PAGE = (Path(__file__).parents[3] / "docs/filters.md").read_text("utf-8")
BEGINNING, TERMS, _, ERRORS, _ = re.split(r"\n## .*\n", PAGE)
CODE = re.compile(r"`([^`]+)`")
SHOWN = [
    *BEGINNING.split("```")[1].strip().splitlines(),
    *(code for row in re.findall(r"^\| (`.*?) \|", TERMS, re.MULTILINE) for code in CODE.findall(row)),
]
REFUSED = re.findall(r"^\| `(.+)` \| (\d+) \|", ERRORS, re.MULTILINE)


@pytest.mark.parametrize("text", SHOWN)
def test_a_filter_on_the_page_is_one(text: str) -> None:
    parse(text, words)


def test_the_page_shows_each_keyword() -> None:
    assert {each.value for each in Keyword} <= set(SHOWN)


@pytest.mark.parametrize(("text", "position"), REFUSED)
def test_an_error_on_the_page_is_one(text: str, position: str) -> None:
    with pytest.raises(FilterError) as refusal:
        parse(text, words)
    assert refusal.value.position == int(position)


def test_the_error_on_the_page_is_what_is_told() -> None:
    shown = json.loads(ERRORS.split("```json\n")[1].split("```")[0])["detail"]
    with pytest.raises(FilterError) as refusal:
        parse("overdue & tody", words)
    error = refusal.value
    assert shown["message"] == error.message
    assert (shown["position"], shown["expected"], shown["example"]) == (error.position, error.expected, error.example)
