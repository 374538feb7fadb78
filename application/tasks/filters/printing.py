"""Prints a filter. `parse` reads that text as the same tree."""

import re

from application.tasks.filters.tree import (
    And,
    Dated,
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

_BARE = re.compile(r'[^&|(),"\\]+')
_ESCAPED = re.compile(r'["\\]')


def text_of(tree: Tree) -> str:
    match tree:
        case Or(terms):
            return " | ".join(_within_or(each) for each in terms)
        case And(terms):
            return " & ".join(_alone(each) for each in terms)
        case Not(term):
            return f"!({text_of(term)})" if isinstance(term, (And, Or, Not)) else f"!{_text_of_term(term)}"
        case _:
            return _text_of_term(tree)


def _within_or(tree: Tree) -> str:
    """Returns the text of a part of an `Or`. An `And` needs no parentheses here, because `&` binds closer than `|`."""
    return text_of(tree) if isinstance(tree, And) else _alone(tree)


def _alone(tree: Tree) -> str:
    return f"({text_of(tree)})" if isinstance(tree, (And, Or)) else text_of(tree)


def _text_of_term(term: Term) -> str:
    match term:
        case Keyword():
            return term.value
        case NextDays(days):
            return f"next {days} days"
        case Priority(number):
            return f"p{number}"
        case InList(name):
            return f"#{_quoted(name)}"
        case Tagged(name):
            return f"@{_quoted(name)}"
        case Dated(field, side, _, words):
            return f"{field}{'' if side == Side.ON else f' {side}'}: {_quoted(words)}"
        case Search(text):
            return f"search: {_quoted(text)}"


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    escaped = _ESCAPED.sub(r"\\\g<0>", value)
    return f'"{escaped}"'
