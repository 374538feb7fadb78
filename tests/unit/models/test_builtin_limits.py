"""What holds for the built-in assistant whatever is said to it, however long."""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from adapters.language_models import builtin
from adapters.language_models.builtin.reading import references
from adapters.language_models.builtin.reading.grammar import PATTERNS
from domain.chat.conversation import Message, UserMessage
from domain.tasks.fields import MAX_TITLE_LENGTH
from tests.unit.models.builtin_corpus import HOME
from tests.unit.models.builtin_desk import Desk, asked, changes

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
    for module in pkgutil.iter_modules(builtin.__path__, f"{builtin.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            each = value if isinstance(value, tuple) else (value,)
            yield from (pattern.pattern for pattern in each if isinstance(pattern, re.Pattern))
    yield from (pattern.pattern for _, pattern in (*PATTERNS, *references.PATTERNS))


@pytest.mark.parametrize("pattern", sorted(set(every_pattern())), ids=lambda pattern: pattern[:40])
def test_no_pattern_can_take_exponentially_many_steps(pattern: str) -> None:
    parser = importlib.import_module("re._parser")
    open_ends = list(open_ended(parser.parse(pattern)))
    assert not any(open_ends)
    assert len(open_ends) <= 3


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

    desk = await Desk().has(*(f"Buy thing {number}" for number in range(30)))
    messages: list[Message] = [UserMessage(said[:5000])]
    sys.setprofile(count)
    try:
        await asked(messages)
    finally:
        sys.setprofile(None)
    assert steps < 20_000
    assert await desk.say(said[:5000])


VOCABULARY = """
add delete finish task tasks 1 2 3 99 it that the first all everything done milk mom call buy and then not don't yes no
both rename to change note show list undo I finished didn't ? . , : ; - " 🎉 please remind me
restore undelete put back trash deleted
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n"])
SENTENCES = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join))
ASKED = ("should I ", "how do I ", "what if I ", "why ", "did I ", "is it ok to ", "do you think I should ", "can I ")
NEGATED = ("don't ", "do not ", "please don't ", "I haven't ", "I didn't ", "I will not ", "I never ", "let's not ")
PLAYED = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PLAYED
@given(said=st.lists(SENTENCES.filter(str.strip), min_size=1, max_size=4))
async def test_any_conversation_is_answered_with_calls_that_the_tools_can_read(said: list[str]) -> None:
    desk = await Desk().has(*HOME)
    for each in said:
        assert (await desk.say(each)).strip()


@PLAYED
@given(
    start=st.sampled_from(NEGATED + ASKED), rest=SENTENCES, earlier=st.sampled_from(["", "show my tasks", "finish 2"])
)
async def test_a_question_or_a_negation_changes_nothing(start: str, rest: str, earlier: str) -> None:
    assume("forget" not in rest.casefold())
    desk = await Desk().has(*HOME)
    await desk.say(*filter(None, [earlier]), start + rest)
    assert changes(desk.done) == []


@PLAYED
@given(title=SENTENCES.filter(str.strip))
async def test_what_other_tasks_say_changes_nothing_in_what_is_done(title: str) -> None:
    assume("\x00" not in title and len(title) <= MAX_TITLE_LENGTH)
    desk = await Desk().has("Buy milk", title)
    for says, does in (("task 1 is done", ["complete 1"]), ("show my tasks", []), ("add call dad", ["add Call dad"])):
        await desk.say(says)
        assert changes(desk.done) == does


PRINTED = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters='"“”', include_characters=" "), min_size=1
)


@PLAYED
@given(title=PRINTED.map(lambda text: " ".join(text[:MAX_TITLE_LENGTH].split())).filter(bool))
async def test_a_quoted_title_is_added_to_the_letter(title: str) -> None:
    desk = await Desk().has()
    await desk.say(f'add task "{title}"')
    assert await desk.titles() == [title]
