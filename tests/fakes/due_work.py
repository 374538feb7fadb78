"""Periodic jobs in memory."""

from collections.abc import Sequence
from datetime import datetime

from application.ports import ClaimedJob, JobRepository
from tests.fakes.work import FakeStore


class FakeJobs(JobRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def register(self, names: Sequence[str], now: datetime) -> None:
        self._store.reached()
        self._store.rows.jobs = dict.fromkeys(names, (now, None, None)) | self._store.rows.jobs

    async def claim(
        self, names: Sequence[str], now: datetime, lease: str, until: datetime, most: int
    ) -> Sequence[ClaimedJob]:
        self._store.reached()
        jobs = self._store.rows.jobs
        due = [name for name, (at, _, held) in jobs.items() if at <= now and (held is None or held <= now)]
        claimed = sorted((name for name in due if name in names), key=lambda name: jobs[name][0])[:most]
        self._store.rows.jobs = jobs | {name: (jobs[name][0], lease, until) for name in claimed}
        return [ClaimedJob(name, lease) for name in claimed]

    async def next_due(self, names: Sequence[str], now: datetime) -> datetime | None:
        self._store.reached()
        jobs = [job for name, job in self._store.rows.jobs.items() if name in names]
        times = [time for at, _, held in jobs for time in (at, held) if time and time > now]
        return min(times, default=None)

    async def release(self, job: ClaimedJob, due_at: datetime) -> None:
        self._store.reached()
        if self._store.rows.jobs[job.name][1] == job.lease:
            self._store.rows.jobs[job.name] = (due_at, None, None)
