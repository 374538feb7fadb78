from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts.account import Caller
from domain.tasks.changes import Change, E, Entity, Event


class EntityRepository(Protocol):
    """Stores entities of all registered types, including those in the trash."""

    async def get_all(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        """Returns those of the entities that exist, in any order."""

    async def all(self, user_id: str, of: type[E]) -> Sequence[E]:
        """Returns all entities of the type outside the trash, lowest number first. Use it only for types of which a
        user has hundreds at most."""

    async def trashed(self, user_id: str, of: type[E], limit: int) -> Sequence[E]:
        """Returns those in the trash that came there last, the last one first."""

    async def contents(self, user_id: str, of: type[Entity], ids: Collection[int]) -> Sequence[int]:
        """Returns the numbers of the tasks outside the trash that are in these lists, or directly under these tasks.
        Entities of other types have none."""

    async def get_to_change(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        """Returns the newest states. Other changes of the user wait until this unit of work ends."""

    async def last_number(self, user_id: str, of: type[Entity]) -> int:
        """The next entity gets the next number. Raises `NotAuthenticated` if the user no longer exists."""

    async def following(self, user_id: str, of: type[E], limit: int, *, after: int) -> Sequence[E]:
        """Returns the entities of the type with greater numbers than `after`, those in the trash too, lowest first."""

    async def record(
        self,
        caller: Caller,
        at: datetime,
        *sets: Sequence[Change[E]],
        change_set: int | None = None,
        into: Collection[int] = (),
    ) -> Sequence[E]:
        """Stores each entity in the state after its last change. Stores an event for each change, with the next
        revision of the user.

        Each of `sets` becomes a change set, or continues `change_set` if that is given. Returns the entity after each
        change, in order, with its number and revision. Wakes the listeners of `changes_topic`. Outside a unit of work,
        it runs in one of its own. Raises `NotAuthenticated` if the user no longer exists.

        `into` are the lists that new tasks go into. Raises `Invalid` if one of them is not there, or is full.
        """


@dataclass(frozen=True, slots=True)
class Span:
    """The revisions of a user that the log keeps. `newest` is 0 before the first change. In an empty log, `oldest` is
    the revision after `newest`."""

    oldest: int
    newest: int


class EventLog(Protocol):
    """The log of the changes that `EntityRepository.record` stored. Pages leave out events of entities that this
    version does not know. Change sets and turns include them."""

    async def span(self, user_id: str) -> Span: ...

    async def page(
        self, user_id: str, limit: int, *, after: int = 0, before: int | None = None, newest_first: bool = False
    ) -> Sequence[Event]:
        """Returns the events between the revisions `after` and `before`, without those two."""

    async def of_entity(
        self, user_id: str, of: type[Entity], entity_id: int, limit: int, *, after: int = 0, before: int | None = None
    ) -> Sequence[Event]:
        """Returns the events of an entity, oldest first."""

    async def of_set(self, user_id: str, change_set: int) -> Sequence[Event]:
        """Returns the events of one change set, oldest first."""

    async def of_turn(self, user_id: str, turn_id: str) -> Sequence[Event]:
        """Returns all that a chat turn changed, oldest first."""

    async def last_turn_before(self, user_id: str, turn_id: str) -> str | None:
        """Returns the newest turn before this one, in the same conversation, that changed something."""

    async def forget(self, before: datetime, limit: int) -> int:
        """Removes about `limit` events that are older, from the beginnings of the users' logs. Returns how many."""
