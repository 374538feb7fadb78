"""The order of lists, or of views, which the user makes by hand."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from domain.errors import Invalid
from domain.tasks.changes import Changes
from domain.tasks.named import N
from domain.tasks.ordering.sibling_keys import NoRoom
from domain.tasks.ordering.siblings import Place, Siblings

SIDES = ("before_id", "after_id")


def moved(entity: N, others: Iterable[N], where: Mapping[str, int], now: datetime) -> Changes[N]:
    """Returns the move next to one of `others`, which `where` names as `before_id` or `after_id`. If there is no room,
    the others get new keys too. Raises `Invalid`."""
    if not where:
        return []
    if len(where) == len(SIDES):
        raise Invalid.field("after_id", "give either before_id or after_id")
    [(side, number)] = where.items()
    positions = {each.id: each.position for each in others if each.id != entity.id}
    if number not in positions:
        raise Invalid.field(side, f"must be the number of another {entity.KIND}")
    try:
        return entity.place(_key(positions, number, side), now)
    except NoRoom:
        positions = dict(_siblings(positions).rekeyed())
    rekeyed = [change for each in others if each.id in positions for change in each.place(positions[each.id], now)]
    return [*entity.place(_key(positions, number, side), now), *rekeyed]


def _key(positions: Mapping[int, str], anchor: int, side: str) -> str:
    place, siblings = Place(positions[anchor], anchor), _siblings(positions)
    return siblings.key_before(place) if side == "before_id" else siblings.key_after(place)


def _siblings(positions: Mapping[int, str]) -> Siblings:
    return Siblings(Place(position, number) for number, position in positions.items())
