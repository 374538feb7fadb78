"""The log of changes: the entities in it, and what an event says of each change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, Self, TypeVar

from domain.accounts.account import Actor

COMPUTED = {"computed": True}
"""The metadata of a field that is computed when an entity is read. It is neither stored nor logged."""


class ChangeKind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    COMPLETED = "completed"
    UNCOMPLETED = "uncompleted"
    DELETED = "deleted"
    RESTORED = "restored"
    PURGED = "purged"
    RANG = "rang"


class Entity(Protocol):
    """An entity belongs to a user, has a number, can be put into the trash, and has each change logged. `revision` is
    that of its last change. `domain/tasks/entities.py` lists the types."""

    user_id: str
    id: int
    deleted_at: datetime | None
    revision: int

    @property
    def label(self) -> str:
        """Names the entity in messages to its user, as in "Task 3, Buy milk"."""

    def kind_since(self, before: Self) -> ChangeKind:
        """Returns the kind of a change that neither moved the entity into the trash nor out of it."""

    def uncreate(self, now: datetime) -> "Change[Self]":
        """Undoes the creation of the entity, which mostly puts it into the trash."""


E = TypeVar("E", bound=Entity)
E_co = TypeVar("E_co", bound=Entity, covariant=True)


@dataclass(frozen=True, slots=True)
class Change(Generic[E_co]):
    """The states of an entity before and after a change. `before` is None for a new entity. If the change `purges` the
    entity, it is gone afterwards, `after` is its last state, and the log keeps `before`."""

    before: E_co | None
    after: E_co
    purges: bool = False

    @property
    def kind(self) -> ChangeKind:
        before, after = self.before, self.after
        if self.purges:
            return ChangeKind.PURGED
        if before is None:
            return ChangeKind.CREATED
        if bool(before.deleted_at) != bool(after.deleted_at):
            return ChangeKind.DELETED if after.deleted_at else ChangeKind.RESTORED
        return after.kind_since(before)


Changes = Sequence[Change[E]]
"""The changes that a command makes. The first one is of the entity that the command was given. An empty list means that
nothing changes.
"""


def merged(changes: Changes[E]) -> Changes[E]:
    """Joins the changes of the same entity into one, at the place of the first. New entities stay apart."""
    if len(changes) == 1:
        return changes
    joined: dict[object, Change[E]] = {}
    for change in changes:
        key: object = change.after.id or object()
        first = joined.get(key)
        joined[key] = Change(first.before, change.after, change.purges) if first else change
    return list(joined.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event is a change as it is logged. `before.revision` is 0. Both states are None for an entity that was purged
    from the trash, and `after` for one that was purged by an undo.

    `change_set` is the revision of the first event of those that one command made and that are undone together.
    `actor_name` is the name of the API token, and `conversation_id` that of the chat turn's conversation.
    """

    user_id: str
    revision: int
    entity: str
    entity_id: int
    change_set: int
    kind: ChangeKind
    before: Entity | None
    after: Entity | None
    actor: Actor
    actor_name: str | None = None
    conversation_id: str | None = None
    at: datetime
