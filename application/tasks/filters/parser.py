"""Reads a filter by recursive descent. The grammar is that of docs/filters.md."""

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches

from application.tasks.filters.scanner import MAX_FOUND_LENGTH, Scanner
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
)
from domain.tasks.words.search_text import words_of
from domain.text import UNSTORABLE

MAX_FILTER_LENGTH, MAX_TERMS, MAX_DEPTH, MAX_DAYS = 1_000, 50, 20, 9_999
TERM = "a term, such as today, #list, @tag, p1, due before: a day, search: a text, or one of them after !"
TERM_EXAMPLE = "(today | overdue) & !#Work"
JOINT = '& for "and" or | for "or"'
JOINT_EXAMPLE = "today & p1"
SEARCHED, SEARCH_EXAMPLE = "a text to search for", "search: paint"
DATE_EXAMPLE = "{field} before: next monday"
SINGLE: Mapping[str, Term] = {each.value: each for each in Keyword if " " not in each}
PRIORITIES: Mapping[str, Term] = {f"p{number}": Priority(number) for number in (1, 2, 3, 4)}
AFTER_NO: Mapping[str, Term] = {"date": Keyword.NO_DATE, "priority": Priority(4), "tags": Keyword.NO_TAGS}

ReadDay = Callable[[str], date]
"""Reads words as a day. It raises `ValueError` with what is wrong, for people."""


def parse(text: str, words: ReadDay, *, longest: int = MAX_FILTER_LENGTH) -> Tree:
    """Returns the tree of the filter. Raises `FilterError` if the text is no filter."""
    scanner = Scanner(text)
    if len(text) > longest:
        scanner.fail(longest, f"at most {longest:,} characters", TERM_EXAMPLE, "The filter is too long")
    if unstorable := UNSTORABLE.search(text):
        scanner.fail(unstorable.start(), "visible text", TERM_EXAMPLE, "NUL characters and lone surrogates are no text")
    return _Parser(scanner, words).whole()


class _Parser:
    def __init__(self, scanner: Scanner, words: ReadDay) -> None:
        self._scanner = scanner
        self._words = words
        self._depth = 0
        self._terms = 0

    def whole(self) -> Tree:
        tree = self._either()
        if not self._scanner.is_at_end():
            self._scanner.fail(self._scanner.at, f"{JOINT}, or the end", JOINT_EXAMPLE)
        return tree

    def _either(self) -> Tree:
        terms = [self._all()]
        while self._scanner.takes("|"):
            terms.append(self._all())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _all(self) -> Tree:
        terms = [self._negated()]
        while self._scanner.takes("&"):
            terms.append(self._negated())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _negated(self) -> Tree:
        return Not(self._one()) if self._scanner.takes("!") else self._one()

    def _one(self) -> Tree:
        begin = self._scanner.next_at()
        return self._grouped(begin) if self._scanner.takes("(") else self._term(begin)

    def _grouped(self, begin: int) -> Tree:
        if self._depth == MAX_DEPTH:
            expected = f"at most {MAX_DEPTH} parentheses within each other"
            self._scanner.fail(begin, expected, TERM_EXAMPLE, "The parentheses are too deep")
        self._depth += 1
        tree = self._either()
        if not self._scanner.takes(")"):
            self._scanner.fail(self._scanner.at, f"{JOINT}, or )", TERM_EXAMPLE)
        self._depth -= 1
        return tree

    def _term(self, begin: int) -> Term:
        self._terms += 1
        if self._terms > MAX_TERMS:
            self._scanner.fail(begin, f"at most {MAX_TERMS} terms", TERM_EXAMPLE, "The filter has too many terms")
        if self._scanner.takes("#"):
            return InList(self._scanner.value("the name of a list", '#"Home stuff"'), at=begin)
        if self._scanner.takes("@"):
            return Tagged(self._scanner.value("the name of a tag", "@errand"))
        return self._worded(begin)

    def _worded(self, begin: int) -> Term:
        word = self._scanner.word()
        if found := SINGLE.get(word) or PRIORITIES.get(word):
            return found
        if word in READERS:
            return READERS[word](self, word)
        return self._scanner.fail(begin, TERM, _closest(word))

    def _without(self, _: str) -> Term:
        begin = self._scanner.next_at()
        found = AFTER_NO.get(self._scanner.word())
        return found or self._scanner.fail(begin, "date, priority or tags", "no date")

    def _next_days(self, _: str) -> Term:
        begin = self._scanner.next_at()
        number = self._scanner.word()
        if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= MAX_DAYS):
            self._scanner.fail(begin, f"a number of days from 1 to {MAX_DAYS:,}", "next 7 days")
        begin = self._scanner.next_at()
        if self._scanner.word() != "days":
            self._scanner.fail(begin, "days", f"next {int(number)} days")
        return NextDays(int(number))

    def _search(self, _: str) -> Term:
        self._colon("a colon", SEARCH_EXAMPLE)
        begin = self._scanner.next_at()
        text = self._scanner.value(SEARCHED, SEARCH_EXAMPLE)
        if not words_of(text):
            self._scanner.fail(begin, SEARCHED, SEARCH_EXAMPLE, f"“{text[:MAX_FOUND_LENGTH]}” has no word in it")
        return Search(text)

    def _dated(self, word: str) -> Term:
        example = DATE_EXAMPLE.format(field=word)
        side = self._side(example)
        begin = self._scanner.next_at()
        words = self._scanner.value("a day", example)
        try:
            return Dated(DateField(word), side, self._words(words), words)
        except ValueError as error:
            return self._scanner.fail(begin, "a day", example, str(error) or f"“{words}” is no day")

    def _side(self, example: str) -> Side:
        begin = self._scanner.next_at()
        word = self._scanner.word()
        if word not in {"", Side.BEFORE, Side.AFTER}:
            self._scanner.fail(begin, "before, after or a colon", example)
        self._colon("a colon" if word else "before, after or a colon", example)
        return Side(word or Side.ON)

    def _colon(self, expected: str, example: str) -> None:
        if not self._scanner.takes(":"):
            self._scanner.fail(self._scanner.at, expected, example)


READERS: Mapping[str, Callable[[_Parser, str], Term]] = {
    "no": _Parser._without,
    "next": _Parser._next_days,
    "search": _Parser._search,
    **dict.fromkeys(DateField, _Parser._dated),
}
EXAMPLES: Mapping[str, str] = {
    **{word: word for word in (*SINGLE, *PRIORITIES)},
    "next": "next 7 days",
    "search": SEARCH_EXAMPLE,
    **{field: DATE_EXAMPLE.format(field=field) for field in DateField},
}


def _closest(word: str) -> str:
    return next((EXAMPLES[each] for each in get_close_matches(word, EXAMPLES, 1, 0.7)), TERM_EXAMPLE)
