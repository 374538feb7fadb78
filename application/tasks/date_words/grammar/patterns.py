"""Matches tokens with tables of phrases. Each row has a pattern and its meaning.

A pattern is words with spaces between them. `in|within {count} {unit}` has a choice of two words, and two slots. `[the]
{nth}` has an optional word. A meaning is called with the context and the values of the slots, which are None for an
optional slot that is missing. If it returns None, the phrase does not match.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.tokens import Token

AccessTokens = Sequence[Token]
Meaning = Callable[..., Any]
Row = tuple[str, Meaning]
MAX_ITEMS = 12
_PIECE = re.compile(r"\[[^\]]*\]|\{[^}]*\}|\S+")


class Slot(NamedTuple):
    """A part of a phrase that many words can fill. `read` returns a value and the index of the token after it, or None.
    `keys` are the words that may begin it."""

    read: Callable[[DateContext, AccessTokens, int], tuple[Any, int] | None]
    keys: frozenset[str]


class _Words(NamedTuple):
    words: frozenset[str]


class _Optional(NamedTuple):
    inner: "tuple[_Piece, ...]"
    slots: int


_Piece = _Words | Slot | _Optional
_Pieces = tuple[_Piece, ...]
_Match = tuple[tuple[Any, ...], int]


class _Row(NamedTuple):
    """`second` are the words that may come second, where that is known; most rows need not be tried then."""

    pieces: _Pieces
    second: frozenset[str] | None
    meaning: Meaning


class Table:
    def __init__(self, slots: Mapping[str, Slot], *rows: Row) -> None:
        self._rows: defaultdict[str, list[_Row]] = defaultdict(list)
        for pattern, meaning in rows:
            for pieces in _beginnings(_compiled(pattern, slots)):
                for key in _first_keys(pieces):
                    self._rows[key].append(_Row(pieces, _second_keys(pieces), meaning))

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._rows)

    def longest(self, context: DateContext, tokens: AccessTokens, at: int) -> tuple[Any, int] | None:
        best: tuple[Any, int] | None = None
        if at >= len(tokens):
            return None
        second = tokens[at + 1].key if at + 1 < len(tokens) else ""
        for row in self._rows.get(tokens[at].key, ()):
            if row.second is not None and second not in row.second:
                continue
            match = _matched(context, row.pieces, tokens, at)
            if match is None or (best is not None and match[1] <= best[1]):
                continue
            value = row.meaning(context, *match[0])
            if value is not None:
                best = value, match[1]
        return best

    def as_slot(self) -> Slot:
        return Slot(self.longest, self.keys)


def word_slot(words: Mapping[str, Any]) -> Slot:
    def read(_: DateContext, tokens: AccessTokens, at: int) -> tuple[Any, int] | None:
        value = words.get(tokens[at].word)
        return None if value is None else (value, at + 1)

    return Slot(read, frozenset(words))


def token_slot(value_of: Callable[[str], Any], *words: str) -> Slot:
    def read(_: DateContext, tokens: AccessTokens, at: int) -> tuple[Any, int] | None:
        value = value_of(tokens[at].word)
        return None if value is None else (value, at + 1)

    return Slot(read, frozenset({"0", *words}))


def list_slot(item: Slot, *, is_loose: bool = False) -> Slot:
    """Reads `monday, tuesday and friday`, or one of them, as a tuple. A loose list needs nothing between its items:
    `mon wed fri`."""

    def read(context: DateContext, tokens: AccessTokens, at: int) -> tuple[Any, int] | None:
        values: list[Any] = []
        end = at
        while end < len(tokens) and tokens[end].key in item.keys and (found := item.read(context, tokens, end)):
            values.append(found[0])
            at = found[1]
            end = _after_comma(tokens, at)
            if (end == at and not is_loose) or len(values) > MAX_ITEMS:
                break
        return (tuple(values), at) if 0 < len(values) <= MAX_ITEMS else None

    return Slot(read, item.keys)


def _after_comma(tokens: AccessTokens, at: int) -> int:
    for joint in ((",", "and"), (",", "&"), (",",), ("and",), ("&",), ("+",)):
        if tuple(token.word for token in tokens[at : at + len(joint)]) == joint:
            return at + len(joint)
    return at


def _matched(context: DateContext, pieces: _Pieces, tokens: AccessTokens, at: int, first: int = 0) -> _Match | None:
    if first == len(pieces):
        return (), at
    for values, after in _choices(context, pieces[first], tokens, at):
        match = _matched(context, pieces, tokens, after, first + 1)
        if match is not None:
            return values + match[0], match[1]
    return None


def _choices(context: DateContext, piece: _Piece, tokens: AccessTokens, at: int) -> list[_Match]:
    if isinstance(piece, _Optional):
        match = _matched(context, piece.inner, tokens, at)
        without: _Match = (None,) * piece.slots, at
        return [match, without] if match else [without]
    if at >= len(tokens):
        return []
    if isinstance(piece, _Words):
        return [((), at + 1)] if tokens[at].word in piece.words else []
    if tokens[at].key not in piece.keys:
        return []
    found = piece.read(context, tokens, at)
    return [((found[0],), found[1])] if found else []


def _compiled(pattern: str, slots: Mapping[str, Slot]) -> _Pieces:
    return tuple(_piece(each, slots) for each in _PIECE.findall(pattern))


def _piece(text: str, slots: Mapping[str, Slot]) -> _Piece:
    if text.startswith("["):
        inner = _compiled(text[1:-1], slots)
        return _Optional(inner, sum(isinstance(each, Slot) for each in inner))
    if text.startswith("{"):
        return slots[text[1:-1]]
    return _Words(frozenset(text.split("|")))


def _first_keys(pieces: _Pieces) -> frozenset[str]:
    head = pieces[0]
    if isinstance(head, _Optional):
        return _first_keys(head.inner) | _first_keys(pieces[1:])
    return head.keys if isinstance(head, Slot) else head.words


def _second_keys(pieces: _Pieces) -> frozenset[str] | None:
    has_second = any(not isinstance(each, _Optional) for each in pieces[1:])
    return _first_keys(pieces[1:]) if isinstance(pieces[0], _Words) and has_second else None


def _beginnings(pieces: _Pieces) -> list[_Pieces]:
    head = pieces[0]
    if not isinstance(head, _Optional) or head.slots:
        return [pieces]
    return [(*head.inner, *pieces[1:]), *_beginnings(pieces[1:])]
