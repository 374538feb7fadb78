"""Several requests in one message ("add milk and finish task 3"): only where every part is a command by itself."""

import re

from adapters.language_models.builtin.reading import read
from adapters.language_models.builtin.requests import COMMANDS, Act, Add, Describe, Listing, Rename, Request, Words

_JOINT = re.compile(
    r"(?:,|;|\.|!)? (?:and then|and also|and|then|also|plus|&) |[.;!] +|, (?=(?:then|add|delete|finish|complete) )|\s*\n\s*",
    re.IGNORECASE,
)
_SHOWS = re.compile(r"(?:please |then )?(?:show|list|display|what|tell|give)\b", re.IGNORECASE)
_QUOTES = '"“”«»'
_LONGEST = 600
_JOINTS_MOST = 8
REQUESTS_MOST = 4
"""Each may take a round of its own, besides two for lists and one for the answer: together within a turn's eight."""


def understand(said: str) -> tuple[Request, ...]:
    whole = read(said)
    if not isinstance(whole, COMMANDS) or len(said) > _LONGEST or any(mark in said for mark in _QUOTES):
        return (whole,)
    parts = _parts(said)
    return parts if 1 < len(parts) <= REQUESTS_MOST else (whole,)


def _parts(said: str) -> tuple[Request, ...]:
    """Pieces are taken into the request before them until one begins a request of its own."""
    joints = list(_JOINT.finditer(said))[:_JOINTS_MOST]
    starts, requests = [0], []
    for joint in joints:
        before = read(said[starts[-1] : joint.start()])
        if not isinstance(before, COMMANDS):
            continue
        if _begins(said[joint.end() :], before):
            requests.append(before)
            starts.append(joint.end())
    last = read(said[starts[-1] :])
    return (*requests, last) if isinstance(last, COMMANDS) else ()


def _begins(piece: str, before: Request) -> bool:
    """A title may go on with anything, so after one only what can't be part of it begins a request."""
    joint = _JOINT.search(piece)
    piece = piece[: joint.start()] if joint else piece
    after = read(piece)
    if not isinstance(after, COMMANDS):
        return False
    if isinstance(after, Listing):
        return bool(_SHOWS.match(piece))
    if isinstance(before, Add) and before.open_ended:
        return isinstance(after, Add)
    return isinstance(before, Act) or _is_unmistakable(after)


def _is_unmistakable(request: Request) -> bool:
    if isinstance(request, (Act, Rename, Describe)):
        return not isinstance(request.task, Words) or request.task.named
    return True
