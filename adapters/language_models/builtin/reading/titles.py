"""Makes the title and the description of a task from the open end of a sentence."""

import re

from adapters.language_models.builtin.reading.sentence import one_line
from adapters.language_models.builtin.requests import Draft

_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "'": "'"}
_DESCRIPTION = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r",? (?:with|and) (?:a |the |an )?(?:description|notes?|details?|comment)(?: of| saying|:|,)? (?P<note>.+)",
        r"[ ,;(\n]+(?:description|desc|notes?|details?|comment)(?::| -) ?(?P<note>.+)",
        r" (?:-{1,2}|[–—]) (?P<note>.+)",
    )
)
_LIST_TAIL = re.compile(
    r" (?:(?:to|on|onto|in|into) (?:(?:my|the|our|your) )?(?:(?:to-?do|to do|task|shopping) ?)?(?:list|tasks|to-?dos)"
    r"|as an? (?:new )?(?:task|to-?do|item|reminder)|for me)$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(?:that i (?:need|have) to|i (?:need|have) to|that we need to|to(?! do\b)) ", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-*•]|\(?[0-9]{1,3}[.)]|\[ ?\])\s+")
_NUMBERED = re.compile(r",? (?=[0-9]{1,2}[.)] )")
_STOPS = " \n.,!;:…-–—"
_MAX_TAIL_LENGTH = 60


def draft(text: str) -> Draft:
    """Returns the title and the description in the text. The title is "" if there is none."""
    quoted = _quoted(text)
    if quoted:
        return quoted
    for pattern in _DESCRIPTION:
        match = pattern.search(text)
        if match and match.start():
            return Draft(title(text[: match.start()]), _note(match))
    return Draft(title(text))


def drafts(text: str) -> tuple[Draft, ...]:
    """Returns several tasks. They are separated by lines or semicolons; if there are none, by commas and the last
    "and"."""
    text = _NUMBERED.sub("\n", text) if _BULLET.match(text) else text
    pieces = re.split(r"[\n;]", text)
    if len(pieces) == 1:
        pieces = re.split(r",", text)
        pieces += re.split(r" and ", pieces.pop(), maxsplit=1) if len(pieces) > 1 else []
    found = (draft(_BULLET.sub("", piece.strip()).removeprefix("and ")) for piece in pieces)
    return tuple(each for each in found if each.title)


def title(text: str) -> str:
    text = one_line(text)
    quoted = _quoted(text)
    if quoted and not quoted.description:
        return quoted.title
    text = _without_list(text.strip(_STOPS))
    text = text.removeprefix("(").removesuffix(")") if text.startswith("(") and text.endswith(")") else text
    text = _LEADING.sub("", text, count=1) if _LEADING.match(text) else text
    return text[:1].upper() + text[1:]


def unquoted(text: str) -> str:
    text = text.strip()
    closing = _QUOTES.get(text[:1])
    return text[1:-1] if closing and len(text) > 2 and text.endswith(closing) else text


def _quoted(text: str) -> Draft | None:
    """Returns the task with a title in quotes, which is kept exactly. After it, there may only be its description or
    "to my list"."""
    text = text.strip()
    closing = _QUOTES.get(text[:1])
    end = -1 if not closing else text.rfind(closing) if closing == "'" else text.find(closing, 1)
    if end < 2:
        return None
    rest = " " + text[end + 1 :].strip()
    note = next((match for pattern in _DESCRIPTION if (match := pattern.match(rest))), None)
    inside = text[1:end].strip()
    if note:
        return Draft(inside, _note(note))
    return None if _without_list(rest).strip(_STOPS) else Draft(inside)


def _note(match: re.Match[str]) -> str:
    note = match["note"].strip().removesuffix(")") if "(" in match[0][:3] else match["note"]
    return unquoted(note)


def _without_list(text: str) -> str:
    tail = _LIST_TAIL.search(text[-_MAX_TAIL_LENGTH:])
    return text[: len(text) - len(tail[0])] if tail else text
