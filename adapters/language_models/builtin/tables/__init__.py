"""The tables of words, as text: a section begins with its name in brackets, and lines with `# ` are comments.

Patterns and phrases have a notation: `(a|b)` is one of the two, `[a]` may be missing, `(a)*` may be there several times
or not at all, `(a)+` at least once, `<name>` is a class of classes.txt, `^` and `$` are the beginning and the end of
what is read, and all else stands for itself.

A pattern has at most two captures of open length, and a repetition contains none. So the time for a match grows at most
with the square of the length of the sentence, never exponentially.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
_NOTATION = re.compile(r"<([^<>]+)>|(\)[*?+]|[()\[\]|^$])|([^<()\[\]|^$]+|<)")
_MARKS = {"(": "(?:", ")*": "){0,6}", ")+": "){1,9}", "[": "(?:", "]": ")?"}


@cache
def table(name: str) -> Mapping[str, list[str]]:
    """Returns the lines of each section of a table."""
    sections: dict[str, list[str]] = {}
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            sections[line[1:-1]] = lines = []
        elif line and not line.startswith("# "):
            lines.append(line)
    return sections


def words_of(name: str, section: str) -> frozenset[str]:
    return frozenset(word for line in table(name)[section] for word in line.split())


def alternatives(name: str, section: str) -> list[str]:
    return [phrase for line in table(name)[section] for phrase in line.split("|")]


@cache
def pairs(name: str, section: str, sign: str = ":") -> dict[str, str]:
    """Returns what stands before and behind the sign in each line."""
    found = (line.partition(sign) for line in table(name)[section])
    return {key.strip(): value.strip() for key, _, value in found}


def one_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


NUMBERS = {word: int(number) for word, number in pairs("references", "numbers", " ").items()}
IRREGULAR = dict(pair.split() for line in table("words")["irregular past"] for pair in line.split("|"))
_PAST = rf"(?P<verb>(?:{one_of(IRREGULAR)}|(?!(?:{one_of(words_of('words', 'no past'))})\b)[a-z]{{2,15}}ed"
_PAST_TOO = f"{_PAST}|{one_of(words_of('words', 'same in the past'))}"
_BUILT = {
    "past": rf"{_PAST})\b)",
    "past too": rf"{_PAST_TOO})\b)",
    "participle": f"{_PAST_TOO}))",
    "bare verb": rf"(?P<verb>finish|complete|{one_of(words_of('words', 'chores'))})",
    "chore title": rf"(?P<title>(?:{one_of(words_of('words', 'chores'))}) .+)",
    "known list": f"(?P<list>{one_of(words_of('words', 'known lists'))})",
    "spelt number": f"(?:{one_of(NUMBERS)})",
}


@cache
def _class(name: str) -> str:
    """Returns the regular expression of a class. What it captures has the last word of the class's name."""
    section, words = next(
        (section, words)
        for section, lines in table("classes").items()
        for each, _, words in (line.partition(" = ") for line in lines)
        if each == name
    )
    taken = f"?P<{name.split()[-1]}>" if section in ("captures", "taken") else "?:"
    return f"({taken}{words if section in ('captures', 'open') else _as_regex(words)})"


def _as_regex(notation: str) -> str:
    def part(match: re.Match[str]) -> str:
        name, mark, literal = match.groups()
        return _BUILT.get(name) or _class(name) if name else _MARKS.get(mark, mark) if mark else re.escape(literal)

    return _NOTATION.sub(part, notation)


def compiled(notation: str) -> re.Pattern[str]:
    return re.compile(_as_regex(notation), re.IGNORECASE | re.DOTALL)


def phrase(notation: str) -> re.Pattern[str]:
    """Reads a phrase inside of a sentence, which begins and ends where a word does."""
    return re.compile(rf"(?:(?<!\w)|(?=\W))(?:{_as_regex(notation)})(?:(?!\w)|(?<=\W))", re.IGNORECASE | re.DOTALL)


def phrases(section: str) -> re.Pattern[str]:
    """Returns what reads any of the phrases of a section."""
    return phrase("|".join(table("phrases")[section]))
