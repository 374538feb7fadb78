"""Purges tasks that have been in the trash for the configured number of days."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from application.ports import Clock, TaskRepository, Transaction
from application.retry import retried
from domain.errors import Unavailable

AT_ONCE = 1_000

log = logging.getLogger(__name__)


class Trash:
    def __init__(self, tasks: TaskRepository, transaction: Transaction, clock: Clock, days: int) -> None:
        self._tasks = tasks
        self._transaction = transaction
        self._clock = clock
        self._days = timedelta(days=days)
        self._passed_over: set[str] = set()

    async def empty(self) -> bool:
        """Purges a batch. Returns whether there may be more.

        Users whose trash can't be emptied are skipped until all others are done, and are then tried again.
        """
        now = self._clock()
        due = await self._tasks.trash_before(now - self._days, AT_ONCE, self._passed_over)
        for user_id, task_ids in due.items():
            if not await self._purge(user_id, task_ids, now):
                self._passed_over.add(user_id)
        if not due:
            self._passed_over.clear()
        return bool(due)

    @retried
    async def _purge(self, user_id: str, task_ids: Sequence[int], now: datetime) -> bool:
        """Purges the tasks of a user. Their events go first and in small batches, since a task may have changed 100,000
        times.

        Returns False if it has to be tried again.
        """
        try:
            while await self._tasks.erase(user_id, task_ids, now - self._days, AT_ONCE):
                pass
            async with self._transaction() as work:
                await self._tasks.purge(user_id, task_ids, now - self._days, now)
                await work.commit()
        except Unavailable as refusal:
            log.warning("a trash could not be emptied: %s", refusal.message)
            return False
        return True
