"""The notation of the tables: `(a|b)` is one of the two, `[a]` is optional, `(a)*` may be there several
times or not at all, `<name>` is a word class, and all else stands
for itself.

A pattern has at most two captures of open length, and a repetition contains none. So the time for a match grows at most
with the square of the length of the sentence, never exponentially.
"""

import re

from adapters.language_models.builtin.reading.words import stems
from adapters.language_models.builtin.tables import table

_NOTATION = re.compile(r"<([^<>]+)>|(\)[*?]|[()\[\]|])|([^<()\[\]|]+|<)")
_MARKS = {"(": "(?:", ")": ")", ")?": ")?", ")*": "){0,6}", "[": "(?:", "]": ")?", "|": "|"}


_PAST = "|".join(stems.IRREGULAR)
_REGULAR = rf"(?!(?:{'|'.join(stems.NOT_PAST)})\b)[a-z]{{2,15}}ed"
_SAME = "|".join(stems.SAME_IN_THE_PAST)
CLASSES = {name: words for name, _, words in (line.partition(" = ") for line in table("classes")["classes"])} | {
    "past": rf"(?P<verb>(?:{_PAST}|{_REGULAR})\b)",
    "past too": rf"(?P<verb>(?:{_PAST}|{_REGULAR}|{_SAME})\b)",
    "participle": rf"(?P<verb>(?:{_PAST}|{_REGULAR}|{_SAME}))",
}


def compiled(notation: str) -> re.Pattern[str]:
    return re.compile(_NOTATION.sub(_as_regex, notation), re.IGNORECASE | re.DOTALL)


def _as_regex(match: re.Match[str]) -> str:
    name, mark, literal = match.groups()
    if name:
        return CLASSES[name]
    return _MARKS[mark] if mark else re.escape(literal)
