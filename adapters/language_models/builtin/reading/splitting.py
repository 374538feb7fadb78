"""Splits a message with several requests, such as "add milk and finish task 3". It is split only if every part is a
command by itself."""

import re

from adapters.language_models.builtin.reading.reading import read
from adapters.language_models.builtin.requests import (
    COMMANDS,
    UNCLEAR,
    Act,
    Add,
    Describe,
    Every,
    Listing,
    Offer,
    Rename,
    Request,
    Words,
)

_JOINT = re.compile(
    r"[,;.!]? (?:and then|and also|and|then|also|plus|&) |[.;!] +|, (?=(?:then|add|delete|finish|complete) )| ?\n ?",
    re.IGNORECASE,
)
_SHOWS = re.compile(r"(?:please |then )?(?:show|list|display|what|tell|give)\b", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_MAX_LENGTH = 600
_MAX_JOINTS = 8
MAX_REQUESTS = 4
"""A turn has eight rounds: one for each request, up to three for lists, and one for the answer."""


def understand(said: str) -> tuple[Request, ...]:
    whole = read(said)
    may_be_several = whole == UNCLEAR or isinstance(whole, (*COMMANDS, Offer))
    if not may_be_several or len(said) > _MAX_LENGTH:
        return (whole,)
    parts = _parts(said)
    return parts if 1 < len(parts) <= MAX_REQUESTS else (whole,)


def _parts(said: str) -> tuple[Request, ...]:
    """Returns the requests in the message. A piece that is no request by itself belongs to the request before it."""
    quoted = [match.span() for match in _QUOTED.finditer(said)]
    joints = [joint for joint in _JOINT.finditer(said) if not any(a < joint.start() < b for a, b in quoted)]
    starts, requests = [0], []
    for joint in joints[:_MAX_JOINTS]:
        before = read(said[starts[-1] : joint.start()])
        if not isinstance(before, COMMANDS):
            continue
        if _begins(said[joint.end() :], before):
            requests.append(before)
            starts.append(joint.end())
    last = read(said[starts[-1] :])
    return (*requests, last) if isinstance(last, COMMANDS) else ()


def _begins(piece: str, before: Request) -> bool:
    """Returns whether the piece begins a new request. A title may contain almost anything, so after a request with a
    title, the piece must be an unmistakable command."""
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
        return request.task.named if isinstance(request.task, Words) else not isinstance(request.task, Every)
    return True
