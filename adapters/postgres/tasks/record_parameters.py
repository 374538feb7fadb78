"""The parameters of the statement that records changes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias

from domain.tasks.changes import Change, Entity
from domain.tasks.entities import BY_TYPE, EntityType, stored_fields
from domain.tasks.task import Status, Task

VERSION = "_v"
"""The key of the version number in a logged state."""
NUMBERS = ("user_id", "id", "revision")
"""Fields that the log stores in columns of its own."""
COUNTED = {Status.PENDING: "pending", Status.COMPLETED: "completed", Status.TRASHED: "trashed"}

Placed: TypeAlias = tuple[int, int, Change[Entity]]
"""The place of a change, the place of the first change of its set, and the change."""


@cache
def state_fields(of: type[Entity]) -> tuple[str, ...]:
    return tuple(name for name in stored_fields(of) if name not in NUMBERS)


def parameters_of(sets: Iterable[Sequence[Change[Entity]]]) -> dict[str, Any]:
    """Places and new entities count from 1: after the user's last revision, and the last number of their type."""
    placed = _placed(sets)
    lasts = set({(type(change.after), change.after.id or -place): place for place, _, change in placed}.values())
    given, added, highest = _given(placed, lasts)
    counts = _counts([change for _, _, change in placed])
    return {
        "given": given,
        "changes": len(given),
        "grown": counts["pending"] + counts["completed"],
        "only_deletes": all(change.after.deleted_at or change.purges for _, _, change in placed),
        **{f"added_{name}": count for name, count in added.items()},
        **{f"highest_{name}": number for name, number in highest.items()},
        **counts,
    }


def _placed(sets: Iterable[Sequence[Change[Entity]]]) -> list[Placed]:
    placed: list[Placed] = []
    for changes in sets:
        first = len(placed) + 1
        placed += [(place, first, change) for place, change in enumerate(changes, first)]
    return placed


def _given(
    placed: Iterable[Placed], lasts: Collection[int]
) -> tuple[list[dict[str, Any]], dict[str, int], dict[str, int]]:
    """Returns the rows, and of each name: how many need a number, and the highest number that is given."""
    given: list[dict[str, Any]] = []
    added: defaultdict[str, int] = defaultdict(int)
    highest: defaultdict[str, int] = defaultdict(int)
    for place, first, change in placed:
        of = BY_TYPE[type(change.after)]
        added[of.name] += change.after.id == 0
        highest[of.name] = max(highest[of.name], change.after.id)
        row = {
            "place": place,
            "first": first,
            "entity": of.name,
            "id": change.after.id or None,
            "new": added[of.name],
            "kind": change.kind,
            "before": change.before and state_of(change.before),
            "after": None if change.purges else state_of(change.after),
            "keys": keys_of(change.after, of) if place in lasts else None,
            "wanted": change.after.rings if isinstance(change.after, Task) else None,
            "is_last": place in lasts,
        }
        given.append(row)
    return given, added, highest


def _counts(changes: Iterable[Change[Entity]]) -> dict[str, int]:
    counts = dict.fromkeys(COUNTED.values(), 0)
    for change in changes:
        if isinstance(change.after, Task) and not change.purges:
            counts[COUNTED[change.after.status]] += 1
        if isinstance(change.before, Task):
            counts[COUNTED[change.before.status]] -= 1
    return counts


def has_reminders(change: Change[Entity]) -> bool:
    return any(isinstance(each, Task) and each.reminders for each in (change.before, change.after))


def state_of(entity: Entity) -> dict[str, Any]:
    of = type(entity)
    state = {name: getattr(entity, name) for name in state_fields(of)}
    state[VERSION] = BY_TYPE[of].version
    return state


def keys_of(entity: Entity, of: EntityType) -> dict[str, Any]:
    return {name: key(entity) for name, key in of.keys.items()}
