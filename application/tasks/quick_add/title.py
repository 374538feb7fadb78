"""Makes the title from what is left of a line when dates, tags and other signs are cut out."""

import re

from application.tasks.quick_add.understood import Understood

_ESCAPE = re.compile(r"(?<![^\s(])\\(?=[#@~{]|//|[pP][1-4])")
CLOSING_SIGNS = ".,;:!?)]"
_BRACKETS = ("()", "[]")
_JOINTS, _ENDS = ",;:", " ,;:-–—"


def title_of(text: str, understood: list[Understood]) -> str:
    pieces, at = [], 0
    for start, end in sorted({(each.start, each.end) for each in understood}):
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    title = ""
    for piece in filter(str.strip, pieces):
        title = _joined(title, piece)
    title = title if pieces[0].strip() else title.lstrip(_ENDS)
    title = title if pieces[-1].strip() else title.rstrip(_ENDS)
    return _ESCAPE.sub("", title.strip())


def _joined(left: str, right: str) -> str:
    """Joins the pieces on both sides of a cut, without empty brackets or double commas."""
    is_close, left, right = not right[0].isspace(), left.rstrip(), right.strip()
    bare = left.rstrip(_JOINTS)
    if bare[-1:] + right[0] in _BRACKETS:
        is_close, left, right = False, bare[:-1].rstrip(), right[1:].lstrip()
    if not left or not right:
        return left or right
    return left.rstrip(_JOINTS) + right if is_close and right[0] in CLOSING_SIGNS else f"{left} {right}"
