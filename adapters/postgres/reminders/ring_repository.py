from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.reminders.ring_statements import (
    FORGET,
    NEXT_DUE,
    OF_TASK,
    RETIME,
    RETIME_OUTDATED,
    RING,
    SET_TIMES,
    SNOOZE,
    UNTIMED,
)
from application.ports import RingRepository, RingTime, RungUser, UntimedRing
from domain.reminders.ring import LATE, RingKey, RingOfTask, RingState


class PostgresRings(RingRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def untimed(self, limit: int) -> Sequence[UntimedRing]:
        return [_untimed(row) for row in await self._database.run(UNTIMED, {"most": limit})]

    async def set_times(self, times: Sequence[RingTime], zones: str) -> None:
        await self._database.run(SET_TIMES, {"given": [_given(each) for each in times], "zones": zones})

    async def ring(self, now: datetime, limit: int) -> Sequence[RungUser]:
        given = {"now": now, "most": limit, "late": int(LATE.total_seconds())}
        return [RungUser(*row) for row in await self._database.run(RING, given)]

    async def next_due(self) -> datetime | None:
        [(at,)] = await self._database.run(NEXT_DUE)
        return at  # type: ignore[no-any-return]

    async def retime(self, user_id: str, now: datetime) -> None:
        await self._database.write(RETIME, {"owner": user_id, "now": now})

    async def retime_outdated(self, zones: str, now: datetime, limit: int) -> int:
        return len(await self._database.run(RETIME_OUTDATED, {"zones": zones, "now": now, "most": limit}))

    async def of_task(self, user_id: str, task_id: int) -> Sequence[RingOfTask]:
        rows = await self._database.run(OF_TASK, {"owner": user_id, "task_id": task_id})
        return [_of_task(row) for row in rows]

    async def snooze(self, key: RingKey, until: datetime) -> bool:
        user_id, task_id, reminder, due = key
        own = {"owner": user_id, "task_id": task_id, "reminder": reminder, "due": due}
        return bool(await self._database.write(SNOOZE, own | {"until": until}))

    async def forget(self, before: datetime, limit: int) -> int:
        [(gone,)] = await self._database.run(FORGET, {"before": before, "most": limit})
        return int(gone)


def _untimed(row: Row) -> UntimedRing:
    key = RingKey(row.user_id, row.task_id, row.reminder, row.due)
    return UntimedRing(key, row.set_at, row.version, row.timezone, row.reminder_time)


def _of_task(row: Row) -> RingOfTask:
    state = RingState(row.state)
    return RingOfTask(row.reminder, row.due, state, None if state is RingState.NEW else row.ring_at, row.snoozes)


def _given(time: RingTime) -> dict[str, Any]:
    ring = time.ring
    return {
        **ring.key._asdict(),
        "version": ring.version,
        "timezone": ring.timezone,
        "reminder_time": ring.reminder_time,
        "ring_at": time.at.isoformat(),
        "state": RingState.PAST if time.is_past else RingState.WAITING,
    }
