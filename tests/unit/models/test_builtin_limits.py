"""What holds for the built-in assistant whatever is said to it, however long."""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from adapters.language_models import builtin
from adapters.language_models.builtin.reading.reading import PATTERNS
from domain.tasks.fields import MAX_TITLE_LENGTH
from domain.text import is_visible
from tests.unit.models.corpus.judging import effects_of
from tests.unit.models.test_builtin import home

QUANTIFIERS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def open_ended(parsed: Any, inside: bool = False) -> Iterator[bool]:
    """For each open-ended repetition of a pattern, whether it stands inside of another."""
    for operation, argument in parsed:
        if str(operation) in QUANTIFIERS:
            _, most, repeated = argument
            is_open = most > 500
            if is_open:
                yield inside
            yield from open_ended(repeated, inside or most > 2)
        elif str(operation) == "BRANCH":
            for branch in argument[1]:
                yield from open_ended(branch, inside)
        elif str(operation) == "SUBPATTERN":
            yield from open_ended(argument[-1], inside)


def every_pattern() -> Iterator[str]:
    for module in pkgutil.walk_packages(builtin.__path__, f"{builtin.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            each = value if isinstance(value, tuple) else (value,)
            yield from (pattern.pattern for pattern in each if isinstance(pattern, re.Pattern))
    yield from (pattern.pattern for _, _, pattern in PATTERNS)


@pytest.mark.parametrize("pattern", sorted(set(every_pattern())), ids=lambda pattern: pattern[:40])
def test_no_pattern_can_take_exponentially_many_steps(pattern: str) -> None:
    parser = importlib.import_module("re._parser")
    open_ends = list(open_ended(parser.parse(pattern)))
    assert not any(open_ends)
    assert len(open_ends) <= 8


LONG = (
    "a" * 5000,
    "add " + "to the note of " * 330,
    "i finished " * 450,
    "change " + "to " * 1600,
    "mark " + "as not " * 700,
    "is done " * 600,
    "add tasks: " + "a, " * 1600,
    "and " * 1250,
    "delete " + "1 and " * 800,
    "\n" * 2500 + "x",
    "🎉" * 5000,
    "((((" * 1250,
    '"' * 5000,
    "no, " * 1250,
    "please " * 700,
    "add milk. " * 500,
    "remind me on " + "monday to " * 480,
)


@pytest.mark.parametrize("said", LONG, ids=lambda said: said[:20])
async def test_the_longest_messages_take_few_steps(said: str) -> None:
    """Steps are calls of functions and not seconds, which a busy machine would stretch."""
    steps = 0

    def count(_: FrameType, event: str, __: Any) -> None:
        nonlocal steps
        steps += event == "call"

    at = await home(*(f"Buy thing {number}" for number in range(30)))
    sys.setprofile(count)
    try:
        assert await at.say(said[:5000])
    finally:
        sys.setprofile(None)
    assert steps < 600_000


VOCABULARY = """
add delete finish task tasks 1 2 3 99 it that the first all everything done milk mom call buy and then not don't yes no
both rename to change note show list undo I finished didn't ? . , : ; - " 🎉 please remind me
restore undelete put back trash deleted
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n"])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80).filter(is_visible)
SENTENCES = st.one_of(TEXTS, st.lists(WORDS, max_size=12).map(" ".join))
ASKED = ("should I ", "how do I ", "what if I ", "why ", "did I ", "is it ok to ", "do you think I should ", "can I ")
NEGATED = ("don't ", "do not ", "please don't ", "I haven't ", "I didn't ", "I will not ", "I never ", "let's not ")
PLAYED = settings(max_examples=100)


KEPT = ("Buy groceries", "Call mom", "Pay the rent", "✓ Water the plants")


@PLAYED
@given(said=st.lists(SENTENCES.filter(str.strip), min_size=1, max_size=4))
async def test_any_conversation_is_answered_with_calls_that_the_tools_can_read(said: list[str]) -> None:
    at = await home(*KEPT)
    for each in said:
        assert (await at.say(each)).strip()
    refusals = [each.output["message"] for each in at.results() if not each.output["success"]]
    assert not [message for message in refusals if "is not a known field" in message or "arguments" in message]


@PLAYED
@given(
    start=st.sampled_from(NEGATED + ASKED),
    rest=SENTENCES,
    earlier=st.sampled_from(["", "show my tasks", "what's left?"]),
)
@example(start="can I ", rest="MOM/FINISHED", earlier="")
@example(start="may I ", rest="the bike/off my list", earlier="")
async def test_a_question_or_a_negation_deletes_and_finishes_nothing(start: str, rest: str, earlier: str) -> None:
    assume(not {"forget", "add", "remind"} & set(rest.casefold().split()) and "\n" not in rest)
    assume(not any(sign in rest for sign in ".;!?,") and " and " not in f" {rest} " and "then" not in rest)
    at = await home(*KEPT)
    for said in filter(None, [earlier, start + rest]):
        before = at.tasks()
        await at.say(said)
    assert not [each for each in effects_of(before, at.tasks()) if each[:4] in ("del ", "done", "open")]


PRINTED = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="\"“”„«»‘’'", include_characters=" "), min_size=1
)


def _has_a_word(title: str) -> bool:
    """Signs alone at the end of a message are taken for a mood."""
    return any(map(str.isalnum, title))


@PLAYED
@given(title=PRINTED.map(lambda text: " ".join(text[:MAX_TITLE_LENGTH].split())).filter(_has_a_word))
async def test_a_quoted_title_is_added_to_the_letter(title: str) -> None:
    at = await home()
    await at.say(f'add task "{title}"')
    assert [task["title"] for task in at.tasks().values()] == [title]
