"""What is kept for a time only: trash, log, idempotency keys. Any number of servers may do this at once."""

import asyncio
import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from application.ports import Clock, EventLog, IdempotencyKeys, TaskRepository, Transaction
from application.repeating import repeated
from domain.errors import Unavailable

EVERY_SECONDS = 600.0
AT_ONCE = 1_000
"""Tasks or events in one unit of work, so that none holds its locks for long."""

log = logging.getLogger(__name__)


class Housekeeping:
    def __init__(
        self,
        tasks: TaskRepository,
        events: EventLog,
        keys: IdempotencyKeys,
        transaction: Transaction,
        clock: Clock,
        trash_days: int,
        event_days: int,
    ) -> None:
        self._tasks = tasks
        self._events = events
        self._keys = keys
        self._transaction = transaction
        self._clock = clock
        self._trash = timedelta(days=trash_days)
        self._log = timedelta(days=event_days)

    async def run(self) -> None:
        """Without end, at times that differ from server to server."""
        while True:
            await asyncio.sleep(EVERY_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311
            try:
                await self.clean()
            except Unavailable as refusal:
                log.warning("what is old could not be forgotten: %s", refusal.message)
            except Exception:
                log.exception("what is old could not be forgotten")

    async def clean(self) -> None:
        now = self._clock()
        while await self._events.forget(now - self._log, AT_ONCE):
            pass
        await self._keys.purge(now)
        while due := await self._tasks.trash_before(now - self._trash, AT_ONCE):
            purged = [await self._purge(user_id, task_ids, now) for user_id, task_ids in due.items()]
            if not all(purged):
                return

    @repeated
    async def _purge(self, user_id: str, task_ids: Sequence[int], now: datetime) -> bool:
        """The log first, a little at a time, as a task may have changed a hundred thousand times.

        False where it has to be tried again: one user's trash keeps nobody else's from being emptied.
        """
        try:
            while await self._tasks.erase(user_id, task_ids, now - self._trash, AT_ONCE):
                pass
            async with self._transaction() as work:
                await self._tasks.purge(user_id, task_ids, now - self._trash, now)
                await work.commit()
        except Unavailable as refusal:
            log.warning("a trash could not be emptied: %s", refusal.message)
            return False
        return True
