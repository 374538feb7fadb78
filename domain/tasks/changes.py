"""The log of changes: what it holds of each entity, and what it says of each change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, Self, TypeVar

from domain.accounts.account import Actor


class ChangeKind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    COMPLETED = "completed"
    UNCOMPLETED = "uncompleted"
    DELETED = "deleted"
    RESTORED = "restored"
    PURGED = "purged"


class Entity(Protocol):
    """Something of a user's that is numbered, goes through the trash and whose every change is logged.

    `revision` is that of its last change. `domain/tasks/entities.py` lists the types.
    """

    user_id: str
    id: int
    deleted_at: datetime | None
    revision: int

    @property
    def label(self) -> str:
        """Names it in messages to its user, as in "Task 3, Buy milk"."""

    def kind_since(self, before: Self) -> ChangeKind:
        """Returns the kind of a change that left the entity where it was, in the trash or outside."""


E = TypeVar("E", bound=Entity)
E_co = TypeVar("E_co", bound=Entity, covariant=True)


@dataclass(frozen=True, slots=True)
class Change(Generic[E_co]):
    """An entity before a change, which is None for a new one, and after it."""

    before: E_co | None
    after: E_co

    @property
    def kind(self) -> ChangeKind:
        before, after = self.before, self.after
        if before is None:
            return ChangeKind.CREATED
        if bool(before.deleted_at) != bool(after.deleted_at):
            return ChangeKind.DELETED if after.deleted_at else ChangeKind.RESTORED
        return after.kind_since(before)


Changes = Sequence[Change[E]]
"""What a command comes to. The first change is that of the entity it was given to; none means nothing changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change as the log has it. Both states of a purged entity are None, and `before.revision` is 0.

    `change_set` is the revision of the first event of those that were made by one command and are undone together.
    `actor_name` is that of the API token, `conversation_id` that of the chat turn that made the change.
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
