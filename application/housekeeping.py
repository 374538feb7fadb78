"""What is kept for a time only: the trash and the log of changes. Any number of servers may do this at once."""

import asyncio
import logging
import random
from datetime import timedelta

from application.ports import Clock, EventLog, TaskRepository, Transaction
from domain.errors import Unavailable

EVERY_SECONDS = 600.0
AT_ONCE = 500
"""Tasks or events in one unit of work, so that none holds its locks for long."""

log = logging.getLogger(__name__)


class Housekeeping:
    def __init__(
        self,
        tasks: TaskRepository,
        events: EventLog,
        transaction: Transaction,
        clock: Clock,
        trash_days: int,
        event_days: int,
    ) -> None:
        self._tasks = tasks
        self._events = events
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
                log.warning("old tasks and changes could not be forgotten: %s", refusal.message)

    async def clean(self) -> None:
        now = self._clock()
        while due := await self._tasks.trash_before(now - self._trash, AT_ONCE):
            for user_id, task_ids in due.items():
                async with self._transaction() as work:
                    await self._tasks.purge(user_id, task_ids, now - self._trash, now)
                    await work.commit()
        while await self._events.forget(now - self._log, AT_ONCE):
            pass
