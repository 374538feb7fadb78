"""The order of the tasks under one parent, or of lists and views. A move finds a place between two of them."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.tasks.ordering.sibling_keys import after_last, between, rekeyed


class Place(NamedTuple):
    """Places are compared by their positions, byte by byte, and then by the numbers of the siblings."""

    position: str
    id: int


class Siblings:
    """The places of siblings in their order. All keys that are returned may raise `NoRoom`."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = sorted(places)

    def add(self, place: Place) -> None:
        at = bisect_left(self._places, place)
        if self._places[at : at + 1] != [place]:
            self._places.insert(at, place)

    def remove(self, place: Place) -> None:
        at = bisect_left(self._places, place)
        if self._places[at : at + 1] == [place]:
            del self._places[at]

    def key_before(self, place: Place) -> str:
        at = bisect_left(self._places, place)
        return between(self._places[at - 1].position if at else None, place.position)

    def key_after(self, place: Place) -> str:
        at = bisect_left(self._places, place) + 1
        if at >= len(self._places):
            return after_last(place.position)
        return between(place.position, self._places[at].position)

    def key_at_end(self) -> str:
        return after_last(self._places[-1].position if self._places else None)

    def rekeyed(self) -> Mapping[int, str]:
        return dict(zip((place.id for place in self._places), rekeyed(len(self._places)), strict=True))
