"""Assembles streamed tool calls.

Neither index nor id is a reliable key of a call (apache/maka#1995, agno-agi/agno#8879): some servers give every call
the index 0, some give each piece another id or none, and some send the head of a call under one index and its tail
under the next. So a piece belongs to the call that its index or id names, unless its content says otherwise.
"""

import itertools
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import msgspec

from application.validation import DECODE_ERRORS

KNOWN = {"index", "id", "type", "function", "name", "arguments"}
"""The fields of a call that we read. All others are the provider's own."""


@dataclass(frozen=True, slots=True)
class Piece:
    index: int | None
    id: str
    name: str
    arguments: str
    own: dict[str, Any]

    def size(self) -> int:
        return 1 + len(self.name) + len(self.arguments)

    def own_size(self) -> int:
        return len(json.dumps(self.own)) if self.own else 0


@dataclass(slots=True, eq=False)
class Call:
    """A call that is being assembled. `own` has its provider's own fields."""

    id: str
    name: str = ""
    arguments: str = ""
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.arguments.rstrip().endswith("}") and is_object(self.arguments)

    def add(self, piece: Piece) -> None:
        self.id = self.id or piece.id
        self.own |= piece.own
        self.name = _joined_name(self.name, piece.name)
        self.arguments = self._joined_arguments(piece.arguments)

    def _joined_arguments(self, more: str) -> str:
        """Some servers send `{}` first and the arguments later, and some repeat all arguments at the end."""
        if not self.arguments:
            return more.lstrip("\ufeff")
        if more.lstrip().startswith("{") and self.is_whole:
            if more.strip() == self.arguments.strip():
                return self.arguments
            if self.arguments.strip() == "{}":
                return more
        return self.arguments + more


class Calls:
    """The calls of one answer, in the order in which they began. `tools` are the names that a call may have."""

    def __init__(self, tools: Collection[str] = ()) -> None:
        self._tools = tools
        self._calls: list[Call] = []
        self._found: dict[tuple[int | None, str], Call] = {}
        """The newest call under an index and an id. `None` stands for any index, and "" for any id."""

    def take(self, pieces: list[Piece]) -> None:
        before: list[Call] = []
        for piece in pieces:
            call = self._call_of(piece)
            if call is None or (piece.name and self._begins(piece, call, is_same_chunk=call in before)):
                call = Call(piece.id)
                self._calls.append(call)
            call.add(piece)
            self._remember(call, piece.index)
            before.append(call)

    def all(self) -> list[Call]:
        """Returns the calls. Empty pieces are left out, and so are names that are only sent again after their call."""
        kept: list[Call] = []
        for call in self._calls:
            if not _repeats(call, kept[-1] if kept else None):
                kept.append(call)
        return kept

    def _call_of(self, piece: Piece) -> Call | None:
        last = self._calls[-1] if self._calls else None
        found = self._found.get((piece.index, piece.id)) or self._found.get((piece.index, ""))
        if piece.name or last is None:
            return found
        if found is None:
            return last if _continues(piece, last) else None
        return last if found.is_whole and piece.arguments and not last.is_whole else found

    def _remember(self, call: Call, index: int | None) -> None:
        """Remembers the call under its index and id. The newest call replaces older ones."""
        for pointer in itertools.product((None, index), ("", call.id)):
            if call is self._calls[-1] or pointer not in self._found:
                self._found[pointer] = call

    def _begins(self, piece: Piece, call: Call, *, is_same_chunk: bool) -> bool:
        """Returns whether a piece with a name begins a new call instead of continuing `call`."""
        if not call.name:
            return False
        other_id = bool(piece.id and call.id and piece.id != call.id)
        if call.is_whole:
            return other_id or not _is_said_again(piece, call)
        if call.arguments:
            opens = not piece.arguments or piece.arguments.lstrip().startswith("{")
            return piece.name != call.name or (other_id and opens)
        return other_id or is_same_chunk or (piece.name != call.name and {piece.name, call.name} <= set(self._tools))


def _continues(piece: Piece, last: Call) -> bool:
    """Returns whether a piece with a new index, but without a name, belongs to the newest call."""
    if piece.arguments:
        return not last.is_whole
    return bool(piece.own)


def _is_said_again(piece: Piece, call: Call) -> bool:
    """Returns whether the piece repeats a whole call, as some servers do at the end."""
    return bool(piece.id) and piece.name == call.name and piece.arguments.strip() in ("", call.arguments.strip())


def _repeats(call: Call, before: Call | None) -> bool:
    if call.arguments:
        return False
    if before is None:
        return not (call.name or call.id)
    return not call.name or (call.name == before.name and bool(before.arguments) and call.id in ("", before.id))


def _joined_name(name: str, more: str) -> str:
    """Some servers send a name in parts, some repeat it, and some send a longer beginning each time."""
    if more == name:
        return name
    return more if more.startswith(name) else name + more


def is_object(arguments: str) -> bool:
    try:
        msgspec.json.decode(arguments, type=dict)
    except DECODE_ERRORS:
        return False
    return True


def unwrapped(arguments: str) -> str:
    """Returns the object's JSON text. Some servers encode that text as a JSON string once more."""
    if not arguments.lstrip().startswith('"'):
        return arguments
    try:
        inner = msgspec.json.decode(arguments, type=str)
    except DECODE_ERRORS:
        return arguments
    return inner if is_object(inner) else arguments
