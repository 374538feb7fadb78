from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.filters.parser import MAX_DAYS, parse
from application.tasks.filters.printing import text_of
from application.tasks.filters.tree import (
    And,
    Dated,
    DateField,
    InList,
    Keyword,
    NextDays,
    Not,
    Or,
    Priority,
    Search,
    Side,
    Tagged,
    Term,
    Tree,
    names_a_state,
    terms_of,
    with_terms,
)
from domain.errors import FilterError
from domain.tasks.words.search_text import words_of
from tests.unit.filters.filter_rows import KNOWN, READ, REFUSED, words

VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
NAMES = VALUES.map(str.strip).filter(bool)
DAYS = st.dates(date(1970, 1, 1), date(2200, 12, 31)).map(lambda day: (day, day.isoformat()))
READ_DAYS = st.one_of(DAYS, st.sampled_from([(day, words) for words, day in KNOWN.items()]))
TERMS = st.one_of(
    st.sampled_from(Keyword),
    st.builds(NextDays, st.integers(1, MAX_DAYS)),
    st.builds(Priority, st.integers(1, 4)),
    st.builds(InList, NAMES),
    st.builds(Tagged, NAMES),
    st.builds(Search, NAMES.filter(words_of)),
    st.builds(lambda field, side, day: Dated(field, side, *day), *map(st.sampled_from, (DateField, Side)), READ_DAYS),
)
TREES: st.SearchStrategy[Tree] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        *(st.builds(kind, st.lists(inner, min_size=2, max_size=4).map(tuple)) for kind in (And, Or)),
    ),
    max_leaves=12,
)
PIECES = st.sampled_from(
    [
        *'&|(),!"\\#@: \t',
        "today",
        "no",
        "next",
        "7",
        "days",
        "due",
        "before",
        "after",
        "search",
        "p1",
        "Home",
        "é",
        "🏠",
    ]
)
GARBAGE = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from('&|(),!"\\#@: aé')),
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=40).map(" ".join),
)


@pytest.mark.parametrize(("text", "tree"), READ.items(), ids=lambda each: str(each)[:40])
def test_a_filter_is_read(text: str, tree: Tree) -> None:
    assert parse(text, words) == tree


@pytest.mark.parametrize(("text", "fault"), REFUSED.items(), ids=lambda each: repr(each)[:40])
def test_a_fault_is_shown_where_it_is(text: str, fault: tuple[int, str]) -> None:
    error = refused(text)
    assert error.position == fault[0]
    assert error.expected.startswith(fault[1])
    assert error.expected in error.message
    assert error.example in error.message


@pytest.mark.parametrize("text", REFUSED, ids=lambda each: repr(each)[:40])
def test_the_example_in_an_error_is_a_filter(text: str) -> None:
    parse(refused(text).example, words)


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("tody", "today"),
        ("over due", "overdue"),
        ("reccuring", "recurring"),
        ("subtasks", "subtask"),
        ("serach: paint", "search: paint"),
        ("dealine: today", "deadline before: next monday"),
        ("next 3 weeks", "next 3 days"),
        ("whatever", "(today | overdue) & !#Work"),
    ],
)
def test_the_example_is_what_was_perhaps_meant(text: str, example: str) -> None:
    assert refused(text).example == example


def test_an_error_says_where_it_is_as_people_count() -> None:
    error = refused("#🏠 & tody")
    assert error.fields[0].field == "filter"
    assert error.message.startswith("filter: “tody” is not understood here (at character 6). Expected a term")
    assert refused("#" + "é" * 30 + ", p1").message.startswith("filter: A comma joins no terms (at character 32)")
    assert len(refused("x" * 1_000).message) < 300


def test_what_is_wrong_with_a_day_is_told() -> None:
    assert "2026-02-30 is no day of the calendar (at character 6)" in refused("due: 2026-02-30").message


@given(TREES)
def test_a_tree_printed_is_read_as_the_same_tree(tree: Tree) -> None:
    text = text_of(tree)
    if len(text) <= 1_000:
        assert parse(text, words) == tree


@given(GARBAGE)
def test_any_text_is_a_filter_or_told_why_not(text: str) -> None:
    read = tree_or_error(text)
    if isinstance(read, FilterError):
        assert 0 <= read.position <= len(text)
        assert read.expected
    else:
        assert parse(text_of(read), words) == read


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (" TODAY&(  p1|no  priority ) ", "today & (p1 | p4)"),
        ("((p1 & p2)) | (p3)", "p1 & p2 | p3"),
        ("!( p1 )", "!p1"),
        ("!(!p1)", "!(!p1)"),
        ('#"Work"', "#Work"),
        (r'#"a\\b\"c"', r'#"a\\b\"c"'),
        ('@"a, b"', '@"a, b"'),
        ("DUE Before :Next Monday", "due before: Next Monday"),
        ("due:2026-12-24", "due: 2026-12-24"),
    ],
)
def test_a_filter_has_one_text(text: str, printed: str) -> None:
    assert text_of(parse(text, words)) == printed


def test_terms_are_listed_from_left_to_right() -> None:
    tree = parse("(today | !@a) & !(p1 & #b)", words)
    assert list(terms_of(tree)) == [Keyword.TODAY, Tagged("a"), Priority(1), InList("b")]


def test_a_filter_follows_a_tag_that_is_renamed() -> None:
    def renamed(term: Term) -> Term:
        return Tagged("new, name") if term == Tagged("old") else term

    tree = parse("(today | !@old) & !(p1 & #old) & @old", words)
    assert text_of(with_terms(tree, renamed)) == '(today | !@"new, name") & !(p1 & #old) & @"new, name"'


@pytest.mark.parametrize("text", ["done", "p1 & !done", "trash | p1", "completed after: 2026-12-24"])
def test_a_filter_can_name_a_state(text: str) -> None:
    assert names_a_state(parse(text, words))


@pytest.mark.parametrize("text", ["today", "#done", "search: trash", "created: today"])
def test_most_filters_name_no_state(text: str) -> None:
    assert not names_a_state(parse(text, words))


def test_tables_are_as_long_as_promised() -> None:
    assert (len(READ) >= 80, len(REFUSED) >= 60) == (True, True)


def tree_or_error(text: str) -> Tree | FilterError:
    try:
        return parse(text, words)
    except FilterError as error:
        return error


def refused(text: str) -> FilterError:
    with pytest.raises(FilterError) as refusal:
        parse(text, words)
    return refusal.value
