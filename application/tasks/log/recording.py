"""Records a change set of any size in statements that stay within the statement timeout."""

from collections.abc import Sequence
from datetime import datetime

from application.ports import EntityRepository
from domain.accounts.account import Caller
from domain.tasks.changes import Changes, E

RECORDED_AT_ONCE = 100


class ChangeSet:
    """Changes of any number, which are recorded as one set in the open unit of work, a part at a time. The
    set is known by the `revision` of its first change."""

    def __init__(self, entities: EntityRepository, caller: Caller, at: datetime) -> None:
        self.at = at
        self.caller = caller
        self._entities = entities
        self.revision: int | None = None

    async def record(self, changes: Changes[E]) -> Sequence[E]:
        """Returns the entities after the changes. Raises `NotAuthenticated` if the user is gone."""
        recorded: list[E] = []
        for start in range(0, len(changes), RECORDED_AT_ONCE):
            chunk = changes[start : start + RECORDED_AT_ONCE]
            recorded += await self._entities.record(self.caller, self.at, chunk, change_set=self.revision)
            self.revision = self.revision or recorded[0].revision
        return recorded


async def record_all(entities: EntityRepository, caller: Caller, at: datetime, changes: Changes[E]) -> Sequence[E]:
    """Records the changes as one set, in the open unit of work. Raises `NotAuthenticated` if the user is gone."""
    return await ChangeSet(entities, caller, at).record(changes)
