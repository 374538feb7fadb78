"""Undo. It is a change of its own, made in one unit of work, and can be undone in turn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from application.ports import Clock, EntityRepository, EventLog, Transaction
from application.retry import retried
from application.tasks.log.recording import record_all
from application.tasks.log.references import check_references
from domain.accounts.account import Caller
from domain.errors import Conflict, Gone, NotFound
from domain.reminders.ring import REMINDER
from domain.tasks.changes import Change, ChangeKind, Entity, Event
from domain.tasks.entities import BY_NAME

LOOKED_BACK = 100
"""The number of changes among which the caller's own last one is searched."""
NOTHING_TO_UNDO = "There is nothing to undo: nothing was changed here yet."

Reference = tuple[str, int]
"""The name of an entity's type, and its number."""


@dataclass(frozen=True, slots=True)
class Undone:
    entities: Sequence[Entity]


class Undo:
    """Restores entities exactly, with each field and time. An entity that the undone change created is put into the
    trash, and a past occurrence of a recurring task is purged. A change set or a turn is undone as a whole or not at
    all. Raises `Conflict`, and undoes nothing, if one of the entities has been changed since."""

    def __init__(self, log: EventLog, entities: EntityRepository, transaction: Transaction, clock: Clock) -> None:
        self._log = log
        self._entities = entities
        self._transaction = transaction
        self._clock = clock

    async def event(self, caller: Caller, revision: int) -> Undone:
        """Raises `NotFound` for an unknown revision, and `Gone` for one that the log no longer has."""
        events = await self._log.page(caller.user_id, 1, after=revision - 1, before=revision + 1)
        if not events and revision < (await self._log.span(caller.user_id)).oldest:
            raise Gone("That change is too old to be undone: the log no longer has it.")
        if not events:
            raise NotFound("There is no such change. Load your changes again.")
        return await self._undo_set(caller, events[0])

    async def turn(self, caller: Caller, turn_id: str) -> Undone:
        """Undoes all changes of a chat turn. Raises `NotFound` if it changed nothing."""
        events = await self._log.of_turn(caller.user_id, turn_id)
        if not events:
            raise NotFound("There is nothing to undo: that message changed nothing, or it is no longer there.")
        return await self._undo(caller, events)

    async def last(self, caller: Caller) -> Undone:
        """Undoes the previous turn in the same conversation, or the caller's last change set outside of a chat."""
        if caller.actor.kind == "turn" and caller.actor.id:
            turn_id = await self._log.last_turn_before(caller.user_id, caller.actor.id)
            if turn_id:
                return await self.turn(caller, turn_id)
        else:
            newest = await self._log.page(caller.user_id, LOOKED_BACK, newest_first=True)
            if own := next((event for event in newest if event.actor == caller.actor), None):
                return await self._undo_set(caller, own)
        raise NotFound(NOTHING_TO_UNDO)

    async def _undo_set(self, caller: Caller, event: Event) -> Undone:
        events = await self._log.of_set(caller.user_id, event.change_set)
        if len(events) == 0 or events[0].revision != event.change_set:
            raise Gone("That change is too old to be undone: the log no longer has all of it.")
        return await self._undo(caller, events)

    @retried
    async def _undo(self, caller: Caller, events: Sequence[Event]) -> Undone:
        now = self._clock()
        async with self._transaction() as work:
            changes = await changes_back(self._entities, caller.user_id, events, now)
            recorded = await record_all(self._entities, caller, now, changes)
            await work.commit()
        pairs = zip(recorded, changes, strict=True)
        return Undone([entity for entity, change in pairs if not change.purges])


async def changes_back(
    entities: EntityRepository, user_id: str, events: Sequence[Event], now: datetime
) -> Sequence[Change[Any]]:
    """Locks the entities. Raises `Conflict` if the events can't all be undone."""
    firsts = {_reference(event): event for event in reversed(events)}
    lasts = {_reference(event): event for event in events}
    found = await _get_to_change(entities, user_id, lasts)
    _check_unchanged(lasts, found)
    _check_unbroken(events)
    back = [_back(found.get(each), firsts[each], now) for each in sorted(firsts)]
    changes = [change for change in back if change and (change.after != change.before or change.purges)]
    await check_references(entities, user_id, changes)
    return changes


async def _get_to_change(
    entities: EntityRepository, user_id: str, references: Iterable[Reference]
) -> Mapping[Reference, Entity]:
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for name, entity_id in references:
        if name == REMINDER:
            raise Conflict("That a reminder rang can't be undone. Snooze it, or complete its task.")
        if name not in BY_NAME:
            raise Conflict("A newer version of this service made that change. Try again in a minute.")
        ids[name].append(entity_id)
    return {
        (name, entity.id): entity
        for name in sorted(ids)
        for entity in await entities.get_to_change(user_id, BY_NAME[name].type, ids[name])
    }


def _reference(event: Event) -> Reference:
    return event.entity, event.entity_id


def _check_unchanged(lasts: Mapping[Reference, Event], found: Mapping[Reference, Entity]) -> None:
    for (name, entity_id), last in lasts.items():
        entity = found.get((name, entity_id))
        if entity is None and not _is_kept(last):
            raise Conflict(f"{name.capitalize()} {entity_id} was purged from the trash, so nothing is undone.")
        if entity and entity.revision != last.revision:
            raise Conflict(f"{entity.label}, has been changed since, so nothing is undone.")


def _is_kept(event: Event) -> bool:
    """Returns whether an undo purged the entity, so that the log keeps its state."""
    return event.kind is ChangeKind.PURGED and event.before is not None


def _check_unbroken(events: Iterable[Event]) -> None:
    """Raises `Conflict` if somebody else changed an entity between two of the changes."""
    before: dict[Reference, Event] = {}
    for event in events:
        last = before.get(_reference(event))
        if last and last.after and event.before != _with_revision(last.after, 0):
            raise Conflict(f"{last.after.label}, has been changed in between, so nothing is undone.")
        before[_reference(event)] = event


def _back(entity: Entity | None, first: Event, now: datetime) -> Change[Entity] | None:
    """Returns None if there is nothing to undo: the entity was made and purged by the changes since `first`."""
    if entity is None:
        return Change(None, _with_revision(first.before, 0)) if first.before else None
    if first.kind is ChangeKind.CREATED:
        return entity.uncreate(now)
    if first.before is None:
        raise Conflict(f"The log no longer has what {entity.label}, was before, so nothing is undone.")
    return Change(entity, _with_revision(first.before, entity.revision))


def _with_revision(entity: Entity, revision: int) -> Entity:
    return _changed(entity, revision=revision)


def _changed(entity: Any, **values: Any) -> Entity:
    """Returns the entity with other values. Entities are dataclasses, which a protocol can't express."""
    changed: Entity = replace(entity, **values)
    return changed
