"""Records a change set of any size in statements that stay within the statement timeout."""

from collections.abc import Sequence
from datetime import datetime

from application.ports import EntityRepository
from domain.accounts.account import Caller
from domain.tasks.changes import Changes, E

RECORDED_AT_ONCE = 100


async def record_all(entities: EntityRepository, caller: Caller, at: datetime, changes: Changes[E]) -> Sequence[E]:
    """Records the changes as one set, in the open unit of work. Raises `NotAuthenticated` if the user is gone."""
    recorded: list[E] = []
    for start in range(0, len(changes), RECORDED_AT_ONCE):
        chunk = changes[start : start + RECORDED_AT_ONCE]
        change_set = recorded[0].revision if recorded else None
        recorded += await entities.record(caller, at, chunk, change_set=change_set)
    return recorded
