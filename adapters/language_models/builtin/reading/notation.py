"""How the grammar is written: `(a|b)` one of them, `[a]` perhaps, `<name>` a word class, all else stands for itself.

At most two captures of open length stand in one pattern, and nothing of open length repeats inside a repetition: so
a match takes steps in proportion to the sentence for each place where its first capture may end, never exponentially
many.
"""

import re

from adapters.language_models.builtin.tables.classes import CLASSES

_NOTATION = re.compile(r"<([^<>]+)>|([()\[\]|])|([^<()\[\]|]+|<)")
_MARKS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}


def compiled(notation: str) -> re.Pattern[str]:
    return re.compile(_NOTATION.sub(_as_regex, notation), re.IGNORECASE | re.DOTALL)


def _as_regex(match: re.Match[str]) -> str:
    name, mark, literal = match.groups()
    if name:
        return CLASSES[name]
    return _MARKS[mark] if mark else re.escape(literal)
