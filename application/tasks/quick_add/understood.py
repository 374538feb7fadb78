from typing import NamedTuple

Span = tuple[int, int]


class Understood(NamedTuple):
    """`start` and `end` count code points of the line. What is read of one field may stand in several places."""

    field: str
    value: str | None
    start: int
    end: int
