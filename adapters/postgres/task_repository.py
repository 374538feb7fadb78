"""Tasks, their numbers and their log: any number of changes is one statement."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Select, bindparam, func, select, text, true
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.database import Database, Rows
from adapters.postgres.tables import counters, tasks
from application.ports import WEBHOOKS_TOPIC, TaskRepository, Wakeups, changes_topic
from domain.account import Caller
from domain.errors import NotAuthenticated
from domain.task import Change, Status, Task

STATE = [field.name for field in fields(Task) if field.name not in ("user_id", "id", "revision")]
"""What the log keeps of a task before and after a change; the rest is in the event's own columns."""
TASK = [tasks.c[field.name] for field in fields(Task)]
COUNTED = {Status.PENDING: "pending", Status.COMPLETED: "completed", Status.TRASHED: "trashed"}
LISTED = {
    Status.ALL: tasks.c.deleted_at.is_(None),
    Status.PENDING: ~tasks.c.completed & tasks.c.deleted_at.is_(None),
    Status.COMPLETED: tasks.c.completed & tasks.c.deleted_at.is_(None),
    Status.TRASHED: tasks.c.deleted_at.is_not(None),
}

_user = bindparam("owner", type_=tasks.c.user_id.type)
_ids = bindparam("ids", type_=ARRAY(BigInteger))


def _lock_and_get() -> Select[Any]:
    """The counter row first, then the tasks, all locked: the one order every change takes, so none can deadlock."""
    counter = select(counters.c.user_id).where(counters.c.user_id == _user).with_for_update().cte("counter")
    own = (tasks.c.user_id == counter.c.user_id, tasks.c.id == func.any(_ids))
    task = select(*TASK).where(*own).with_for_update().lateral("task")
    return select(task).select_from(counter.join(task, true()))


RECORD = text(f"""
    WITH counter AS (
        UPDATE counters
        SET revision = revision + :changes, last_task_id = last_task_id + :added,
            pending = pending + :pending, completed = completed + :completed, trashed = trashed + :trashed
        WHERE user_id = :owner
        RETURNING user_id, revision - :changes AS revision, last_task_id - :added AS last_task_id
    ), change AS (
        SELECT user_id, revision + place AS revision, coalesce(given.id, last_task_id + new) AS task_id,
               kind, before, after, is_last
        FROM counter, jsonb_to_recordset(:given) AS
             given (place bigint, id bigint, new bigint, kind text, before jsonb, after jsonb, is_last boolean)
    ), task AS (
        INSERT INTO tasks (user_id, id, revision, {", ".join(STATE)})
        SELECT change.user_id, task_id, change.revision, {", ".join(f"state.{name}" for name in STATE)}
        FROM change, jsonb_populate_record(NULL::tasks, after) AS state
        WHERE is_last
        ON CONFLICT (user_id, id) DO UPDATE
        SET revision = excluded.revision, {", ".join(f"{name} = excluded.{name}" for name in STATE)}
    ), event AS (
        INSERT INTO events (user_id, revision, task_id, kind, before, after, actor_kind, actor_id, at)
        SELECT user_id, revision, task_id, kind, before, after, :actor_kind, :actor_id, :at FROM change
    ), webhook AS (
        UPDATE webhooks SET newest = revision + :changes FROM counter WHERE webhooks.user_id = counter.user_id
        RETURNING webhooks.user_id
    )
    SELECT task_id AS id, revision, EXISTS (SELECT FROM webhook) AS is_sent FROM change ORDER BY revision
""").bindparams(bindparam("given", type_=JSONB), bindparam("at", type_=DateTime(timezone=True)))  # noqa: S608

PURGE = text("""
    WITH gone AS (
        DELETE FROM tasks WHERE user_id = :owner AND id = ANY(:ids) AND deleted_at < :before
        RETURNING id
    ), counter AS (
        UPDATE counters SET revision = revision + purged, trashed = trashed - purged
        FROM (SELECT count(*) AS purged FROM gone) AS counted
        WHERE user_id = :owner AND purged > 0
        RETURNING user_id, revision - purged AS revision
    ), forgotten AS (
        UPDATE events SET before = NULL, after = NULL
        WHERE user_id = :owner AND task_id IN (SELECT id FROM gone)
    ), event AS (
        INSERT INTO events (user_id, revision, task_id, kind, actor_kind, at)
        SELECT user_id, revision + row_number() OVER (ORDER BY id), id, 'purged', 'system', :at FROM counter, gone
    ), webhook AS (
        UPDATE webhooks SET newest = revision + (SELECT count(*) FROM gone)
        FROM counter WHERE webhooks.user_id = counter.user_id
        RETURNING webhooks.user_id
    )
    SELECT count(*) AS purged, EXISTS (SELECT FROM webhook) AS is_sent FROM gone
""").bindparams(
    _ids, bindparam("before", type_=DateTime(timezone=True)), bindparam("at", type_=DateTime(timezone=True))
)

ERASE = text("""
    WITH kept AS (
        SELECT revision FROM events
        WHERE user_id = :owner AND after IS NOT NULL AND task_id IN (
            SELECT id FROM tasks WHERE user_id = :owner AND id = ANY(:ids) AND deleted_at < :before
        )
        LIMIT :most
    ), erased AS (
        UPDATE events SET before = NULL, after = NULL
        WHERE user_id = :owner AND revision IN (SELECT revision FROM kept)
        RETURNING revision
    )
    SELECT count(*) FROM erased
""").bindparams(_ids, bindparam("before", type_=DateTime(timezone=True)))

LOCK_AND_GET = _lock_and_get()
GET = select(*TASK).where(tasks.c.user_id == _user, tasks.c.id == func.any(_ids))
FOLLOWING = (
    select(*TASK)
    .where(tasks.c.user_id == _user, tasks.c.id > bindparam("after", type_=BigInteger))
    .order_by(tasks.c.id)
    .limit(bindparam("most"))
)


def _newest(status: Status, *, continued: bool) -> Select[Any]:
    which = [tasks.c.user_id == _user, LISTED[status]]
    which += [tasks.c.id < bindparam("before", type_=BigInteger)] if continued else []
    page = select(*TASK).where(*which).order_by(tasks.c.id.desc())
    return page.limit(bindparam("most", type_=BigInteger)).offset(bindparam("offset", type_=BigInteger))


NEWEST = {(status, continued): _newest(status, continued=continued) for status in Status for continued in (False, True)}
COUNTS = select(counters).where(counters.c.user_id == _user)


class PostgresTasks(TaskRepository):
    def __init__(self, database: Database, wakeups: Wakeups) -> None:
        self._database = database
        self._wakeups = wakeups

    async def get(self, user_id: str, task_id: int) -> Task | None:
        found = await self.get_all(user_id, [task_id])
        return found[0] if found else None

    async def get_all(self, user_id: str, task_ids: Sequence[int]) -> Sequence[Task]:
        return _tasks(await self._database.run(GET, {"owner": user_id, "ids": task_ids}))

    async def get_to_change(self, user_id: str, task_ids: Sequence[int]) -> Sequence[Task]:
        return _tasks(await self._database.write(LOCK_AND_GET, {"owner": user_id, "ids": task_ids}))

    async def newest(
        self, user_id: str, status: Status, limit: int, *, offset: int = 0, before: int | None = None
    ) -> Sequence[Task]:
        given = {"owner": user_id, "most": limit, "offset": offset, "before": before}
        return _tasks(await self._database.run(NEWEST[status, before is not None], given))

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        return _tasks(await self._database.run(FOLLOWING, {"owner": user_id, "after": after, "most": limit}))

    async def count(self, user_id: str, status: Status) -> int:
        rows = await self._database.run(COUNTS, {"owner": user_id})
        counted = [Status.PENDING, Status.COMPLETED] if status is Status.ALL else [status]
        return sum(getattr(row, COUNTED[each]) for row in rows for each in counted)

    async def record(self, caller: Caller, at: datetime, changes: Sequence[Change]) -> Sequence[Task]:
        given = {"owner": caller.user_id, "actor_kind": caller.actor.kind, "actor_id": caller.actor.id, "at": at}
        numbers = await self._database.run(RECORD, given | parameters(changes))
        if not numbers:
            raise NotAuthenticated("This account no longer exists.")
        await self._announce(caller.user_id, is_sent=numbers[0].is_sent)
        pairs = zip(changes, numbers, strict=True)
        return [replace(change.after, id=row.id, revision=row.revision) for change, row in pairs]

    async def trash_before(self, deleted_before: datetime, limit: int) -> Mapping[str, Sequence[int]]:
        due = select(tasks.c.user_id, tasks.c.id).where(tasks.c.deleted_at < deleted_before).limit(limit).subquery()
        rows = await self._database.run(select(due).order_by(due.c.user_id))
        return {user_id: [row.id for row in own] for user_id, own in groupby(rows, lambda row: row.user_id)}

    async def erase(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, limit: int) -> int:
        given = {"owner": user_id, "ids": task_ids, "before": deleted_before, "most": limit}
        [(erased,)] = await self._database.run(ERASE, given)
        return int(erased)

    async def purge(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, at: datetime) -> int:
        await self.get_to_change(user_id, task_ids)
        given = {"owner": user_id, "ids": task_ids, "before": deleted_before, "at": at}
        [row] = await self._database.write(PURGE, given)
        await self._announce(user_id, is_sent=row.is_sent)
        return int(row.purged)

    async def _announce(self, user_id: str, *, is_sent: bool) -> None:
        await self._wakeups.announce(changes_topic(user_id))
        if is_sent:
            await self._wakeups.announce(WEBHOOKS_TOPIC)


def _tasks(rows: Rows) -> Sequence[Task]:
    return [Task(*row) for row in rows]


def parameters(changes: Sequence[Change]) -> dict[str, Any]:
    """Places count from 1 behind the user's last revision, new tasks from 1 behind their last number."""
    lasts = set({change.after.id or -place: place for place, change in enumerate(changes, 1)}.values())
    given: list[dict[str, Any]] = []
    added, counts = 0, Counter[Status]()
    for place, change in enumerate(changes, 1):
        before, after = change.before, change.after
        added += before is None
        counts.update({after.status: 1})
        counts.subtract({before.status: 1} if before else {})
        numbers = {"place": place, "id": after.id or None, "new": added, "is_last": place in lasts}
        states = {"before": before and state_of(before), "after": state_of(after)}
        given.append(numbers | states | {"kind": change.kind})
    return {
        "given": given,
        "changes": len(changes),
        "added": added,
        **{name: counts[status] for status, name in COUNTED.items()},
    }


def state_of(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in STATE}
