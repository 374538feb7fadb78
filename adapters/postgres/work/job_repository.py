from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ARRAY, Text, bindparam, func, update
from sqlalchemy.dialects import postgresql

from adapters.postgres.driver.database import Database
from adapters.postgres.tables import jobs
from adapters.postgres.work.leases import claim, next_due
from application.ports import ClaimedJob, JobRepository

NAMED = jobs.c.name == func.any(bindparam("names", type_=ARRAY(Text)))
CLAIM = claim(jobs, jobs.c.due_at, NAMED, key=("name", "name")).returning(jobs.c.name, jobs.c.lease)
NEXT_DUE = next_due(jobs, jobs.c.due_at, NAMED)


class PostgresJobs(JobRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(self, names: Sequence[str], now: datetime) -> None:
        new = postgresql.insert(jobs).values([{"name": name, "due_at": now} for name in names])
        await self._database.run(new.on_conflict_do_nothing().returning(jobs.c.name))

    async def claim(
        self, names: Sequence[str], now: datetime, lease: str, until: datetime, most: int
    ) -> Sequence[ClaimedJob]:
        given = {"names": names, "now": now, "by": lease, "until": until, "most": most, "of_user": 1}
        return [ClaimedJob(row.name, row.lease) for row in await self._database.run(CLAIM, given)]

    async def next_due(self, names: Sequence[str], now: datetime) -> datetime | None:
        [(at,)] = await self._database.run(NEXT_DUE, {"names": names, "now": now})
        return at  # type: ignore[no-any-return]

    async def release(self, job: ClaimedJob, due_at: datetime) -> None:
        held = (jobs.c.name == job.name, jobs.c.lease == job.lease)
        free = update(jobs).where(*held).values(due_at=due_at, lease=None, lease_until=None)
        await self._database.run(free.returning(jobs.c.name))
