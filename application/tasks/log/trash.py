"""Purges what has been in the trash for the configured number of days: tasks, lists and views."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from application.ports import Clock, Transaction, TrashRepository
from application.retry import retried
from domain.errors import Unavailable
from domain.tasks.changes import Entity
from domain.tasks.entities import ENTITY_TYPES

AT_ONCE = 1_000

log = logging.getLogger(__name__)


class Trash:
    def __init__(self, trash: TrashRepository, transaction: Transaction, clock: Clock, days: int) -> None:
        self._trash = trash
        self._transaction = transaction
        self._clock = clock
        self._days = timedelta(days=days)
        self._passed_over: set[str] = set()

    async def empty(self) -> bool:
        """Purges a batch of each type. Returns whether there may be more. Users whose trash can't be emptied are
        skipped until all others are done, and are then tried again."""
        are_due = [await self._empty(each.type) for each in ENTITY_TYPES]
        if not any(are_due):
            self._passed_over.clear()
        return any(are_due)

    async def _empty(self, of: type[Entity]) -> bool:
        now = self._clock()
        due = await self._trash.due(of, now - self._days, AT_ONCE, self._passed_over)
        for user_id, ids in due.items():
            if not await self._purge(of, user_id, ids, now):
                self._passed_over.add(user_id)
        return bool(due)

    @retried
    async def _purge(self, of: type[Entity], user_id: str, ids: Sequence[int], now: datetime) -> bool:
        """Purges the entities of a user. Their events go first and in small batches, since a task may have changed
        100,000 times. Returns False if it has to be tried again."""
        try:
            while await self._trash.erase(of, user_id, ids, now - self._days, AT_ONCE):
                pass
            async with self._transaction() as work:
                await self._trash.purge(of, user_id, ids, now - self._days, now)
                await work.commit()
        except Unavailable as refusal:
            log.warning("a trash could not be emptied: %s", refusal.message)
            return False
        return True
