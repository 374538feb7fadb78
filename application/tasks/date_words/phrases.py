"""Reads phrases. A phrase has up to one part of each kind, in almost any order: a day, an hour, a part of the day, and
a rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from application.tasks.date_words.grammar.clocks import CLOCKS, CLOCKS_AFTER_A_DAY, MOMENTS, PARTS, PARTS_ALONE
from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.days import ASKED_DAYS, DAYS
from application.tasks.date_words.grammar.patterns import AccessTokens, Table
from application.tasks.date_words.grammar.rules import EXCEPTS, LASTS, RULES, STARTS, TIMES, UNTILS

CONNECTORS = frozenset({"on", "by", "at", "for", "due", "before", "starting", "@", ","})
"""Words that may stand before a part and say nothing more."""
MAX_CONNECTORS = 2
UNTIL = frozenset({"until", "till", "til"})
"""Without a rule, these may mean "by"."""
_LATEST = {"no": ("later", "than"), "not": ("later", "than"), "at": ("the", "latest"), "latest": ()}
KINDS: Mapping[str, Table] = {
    "rule": RULES,
    "moment": MOMENTS,
    "day": DAYS,
    "clock": CLOCKS,
    "part alone": PARTS_ALONE,
    "part": PARTS,
    "start": STARTS,
    "until": UNTILS,
    "times": TIMES,
    "lasts": LASTS,
    "except": EXCEPTS,
    "asked": ASKED_DAYS,
    "clock after a day": CLOCKS_AFTER_A_DAY,
}
_FIRST = ("rule", "moment", "day", "part alone", "clock")
_OF_RULES = ("start", "until", "times", "lasts", "except")
_ASKED = ("asked", "clock after a day")
_STORED = {"clock after a day": "clock"}
OPENINGS = (
    frozenset[str]().union(*(KINDS[kind].keys for kind in _FIRST)) | (CONNECTORS - {","}) | UNTIL | _LATEST.keys()
)
"""The words that a phrase may begin with."""


@dataclass(slots=True)
class Phrase:
    """A phrase in the tokens from `first` to the one before `after`. `parts` contains what was read, by kind."""

    first: int
    after: int
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_rule(self) -> bool:
        return "rule" in self.parts


def phrase_at(context: DateContext, tokens: AccessTokens, first: int, *, is_asked: bool = False) -> Phrase | None:
    """Returns the longest phrase that begins at a token, or None. Where a date is asked for, more is read as one."""
    phrase = Phrase(first, first)
    while True:
        step = _next_part(context, tokens, phrase, is_asked)
        if step is None:
            return phrase if phrase.parts else None
        kind, value, phrase.after = step
        phrase.parts[_STORED.get(kind, kind)] = value


def _next_part(
    context: DateContext, tokens: AccessTokens, phrase: Phrase, is_asked: bool
) -> tuple[str, Any, int] | None:
    """If a part that is not allowed here is longer, returns None: in "3 Dec by 1 Jan", the "1" is not an hour."""
    best: tuple[str, Any, int] | None = None
    kinds = _kinds_after(phrase.parts, is_asked)
    for start in _starts(tokens, phrase.after, is_first=not phrase.parts):
        for kind in dict.fromkeys((*kinds, *_FIRST)) if kinds else ():
            found = KINDS[kind].longest(context, tokens, start)
            if found and (best is None or found[1] > best[2]):
                best = kind, *found
    return best if best and best[0] in kinds else None


def _starts(tokens: AccessTokens, at: int, is_first: bool) -> range:
    """Returns the indexes at which the part may begin: here, or after up to two connectors."""
    end = at = _after_limit(tokens, at, is_first)
    while end < len(tokens) and end - at < MAX_CONNECTORS and tokens[end].word in CONNECTORS:
        if is_first and tokens[end].word == ",":
            break
        end += 1
    return range(at, end + 1)


def _after_limit(tokens: AccessTokens, at: int, is_first: bool) -> int:
    """Returns the index after "no later than" or "latest", or after "until" in the sense of "by"."""
    word = tokens[at].word if at < len(tokens) else ""
    if (rest := _LATEST.get(word)) is not None:
        end = at + 1 + len(rest)
        return end if tuple(token.word for token in tokens[at + 1 : end]) == rest else at
    return at + (is_first and word in UNTIL)


def _kinds_after(parts: Mapping[str, Any], is_asked: bool) -> tuple[str, ...]:
    if not parts:
        return (*_FIRST, *_ASKED) if is_asked else _FIRST
    if "moment" in parts:
        return ()
    wanted = ["clock", "part"]
    if "rule" in parts:
        wanted += _OF_RULES
    else:
        wanted += ["rule"] if "asked" in parts or "day" in parts else ["day", "rule"]
    taken = {*parts, "part"} if "part alone" in parts else parts.keys()
    if "clock" not in taken and {"day", "rule", "asked"} & parts.keys():
        wanted.append("clock after a day")
    return tuple(each for each in wanted if each not in taken)
