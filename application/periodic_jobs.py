"""Periodic jobs. One server at a time runs a job, a batch at a time."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.ports import ClaimedJob, Clock, DueWork, JobRepository
from application.ports.topics import JOBS_TOPIC
from domain.errors import Refusal

LEASE_SECONDS = 60
"""How soon another server takes over if one died. A batch that takes longer may run twice, which is harmless."""
MAX_RUNNING_JOBS = 2
"""Jobs that one server runs at once."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A job that repeats. `batch` does a limited part of the work and returns whether more is left."""

    name: str
    every_seconds: float
    batch: Callable[[], Awaitable[bool]]


class PeriodicJobs(DueWork[ClaimedJob]):
    """A job that fails or has much to do does not delay the other jobs."""

    topic = JOBS_TOPIC

    def __init__(self, jobs: Sequence[Job], repository: JobRepository, clock: Clock, new_id: Callable[[], str]) -> None:
        self._jobs = {job.name: job for job in jobs}
        self._repository = repository
        self._clock = clock
        self._new_id = new_id
        self._is_registered = False

    async def claim(self, limit: int) -> Sequence[ClaimedJob]:
        now, names = self._clock(), list(self._jobs)
        if not self._is_registered:
            await self._repository.register(names, now)
            self._is_registered = True
        return await self._repository.claim(names, now, self._new_id(), now + timedelta(seconds=LEASE_SECONDS), limit)

    async def next_due(self) -> datetime | None:
        return await self._repository.next_due(list(self._jobs), self._clock())

    async def perform(self, item: ClaimedJob) -> None:
        """Runs one batch. A job that has failed is due again after `every_seconds`, and one with more work at once."""
        job = self._jobs[item.name]
        wait = 0.0 if await self._does_batch(job) else job.every_seconds
        await self._repository.release(item, self._clock() + timedelta(seconds=wait))

    async def _does_batch(self, job: Job) -> bool:
        try:
            return await job.batch()
        except Refusal as refusal:
            log.warning("the job %r failed: %s", job.name, refusal.message)
        except Exception:
            log.exception("the job %r failed", job.name)
        return False
