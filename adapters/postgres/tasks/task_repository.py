"""Reads tasks, and purges them from the trash."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Select, Text, bindparam, select, text

from adapters.postgres.driver.database import Database, Rows
from adapters.postgres.tables import tasks
from adapters.postgres.tables.tasks import POSITION
from adapters.postgres.tasks.entity_repository import COUNTS, LIST_SIZE, announce, get, lock_and_get
from adapters.postgres.tasks.query.statements import (
    COLUMNS,
    COUNT_BY_WORDS,
    FOUND_BY_WORDS,
    Matches,
    Way,
    count_of,
    pages_of,
)
from adapters.postgres.tasks.query.text_search import necessary_query
from adapters.postgres.tasks.record_statement import COUNTED, NUMBERS
from adapters.postgres.tasks.reindexing import REINDEX, STALE, indexed
from application.ports import TaskRepository, Wakeups
from application.tasks.query import MAX_COUNTED, STATUS_FILTERS, Filter, TaskQuery, Total
from domain.tasks.siblings import Place
from domain.tasks.task import Status, Task

STATUSES: Mapping[Filter, Sequence[Status]] = {
    which: (Status.PENDING, Status.COMPLETED) if status is Status.ALL else (status,)
    for status, which in STATUS_FILTERS.items()
}
"""Filters whose totals are kept in counters; a total is the sum of these."""
MAX_TAKEN, MAX_INDEXED = 1_000, 10_000
"""Up to how many tasks with given words are taken by their numbers, and are found by the index of words."""

_user = bindparam("owner", type_=tasks.c.user_id.type)
_ids = bindparam("ids", type_=ARRAY(BigInteger))

PURGE = text("""
    WITH gone AS (
        DELETE FROM tasks WHERE user_id = :owner AND id = ANY(:ids) AND deleted_at < :before
        RETURNING id, octet_length((to_jsonb(tasks) - :keys)::text) AS size
    ), counter AS (
        UPDATE counters SET revision = revision + purged, trashed = trashed - purged, bytes = greatest(0, bytes - freed)
        FROM (
            SELECT count(*) AS purged, coalesce(sum(size), 0) + (
                SELECT coalesce(sum(size), 0) FROM events WHERE user_id = :owner AND task_id IN (SELECT id FROM gone)
            ) AS freed
            FROM gone
        ) AS counted
        WHERE user_id = :owner AND purged > 0
        RETURNING user_id, revision - purged AS revision
    ), forgotten AS (
        UPDATE events SET before = NULL, after = NULL, size = 0
        WHERE user_id = :owner AND task_id IN (SELECT id FROM gone)
    ), event AS (
        INSERT INTO events (user_id, revision, task_id, entity_id, kind, actor_kind, at)
        SELECT user_id, revision + row_number() OVER (ORDER BY id), id, id, 'purged', 'system', :at FROM counter, gone
    ), webhook AS (
        UPDATE webhooks SET newest = revision + (SELECT count(*) FROM gone)
        FROM counter WHERE webhooks.user_id = counter.user_id
        RETURNING webhooks.user_id
    )
    SELECT count(*) AS purged, EXISTS (SELECT FROM webhook) AS is_sent FROM gone
""").bindparams(
    _ids,
    bindparam("keys", list(NUMBERS), ARRAY(Text)),
    bindparam("before", type_=DateTime(timezone=True)),
    bindparam("at", type_=DateTime(timezone=True)),
)

ERASE = text("""
    WITH kept AS (
        SELECT revision, size FROM events
        WHERE user_id = :owner AND after IS NOT NULL AND task_id IN (
            SELECT id FROM tasks WHERE user_id = :owner AND id = ANY(:ids) AND deleted_at < :before
        )
        LIMIT :most
    ), erased AS (
        UPDATE events SET before = NULL, after = NULL, size = 0
        WHERE user_id = :owner AND revision IN (SELECT revision FROM kept)
        RETURNING revision
    ), counter AS (
        UPDATE counters SET bytes = greatest(0, bytes - (SELECT sum(size) FROM kept))
        WHERE user_id = :owner AND EXISTS (SELECT FROM kept)
    )
    SELECT count(*) FROM erased
""").bindparams(_ids, bindparam("before", type_=DateTime(timezone=True)))

FOLLOWING = (
    select(*COLUMNS)
    .where(tasks.c.user_id == _user, tasks.c.id > bindparam("after", type_=BigInteger))
    .order_by(tasks.c.id)
    .limit(bindparam("most"))
)


_related = (
    text("""
    WITH RECURSIVE below AS (
        SELECT id FROM tasks WHERE user_id = :owner AND id = ANY(:ids)
        UNION
        SELECT tasks.id FROM tasks JOIN below ON tasks.parent_id = below.id WHERE tasks.user_id = :owner
    ), above AS (
        SELECT parent_id AS id FROM tasks WHERE user_id = :owner AND id = ANY(:ids)
        UNION
        SELECT tasks.parent_id FROM tasks JOIN above ON tasks.id = above.id WHERE tasks.user_id = :owner
    )
    SELECT id FROM below UNION SELECT id FROM above
""")
    .bindparams(_ids, bindparam("owner", type_=Text))
    .columns(id=BigInteger)
)
FAMILY = select(*COLUMNS).where(tasks.c.user_id == _user, tasks.c.id.in_(select(_related.subquery().c.id)))


@cache
def places_of(in_inbox: bool, at_top: bool) -> Select[Any]:
    """Returns the statement for the siblings in a list, or in the inbox, under a parent, or at the top level."""
    which = {"list_id": in_inbox, "parent_id": at_top}
    same = (
        tasks.c[name].is_(None) if is_null else tasks.c[name] == bindparam(name, type_=BigInteger)
        for name, is_null in which.items()
    )
    own = select(POSITION, tasks.c.id).where(tasks.c.user_id == _user, tasks.c.deleted_at.is_(None), *same)
    return own.order_by(POSITION, tasks.c.id)


class PostgresTasks(TaskRepository):
    def __init__(self, database: Database, wakeups: Wakeups) -> None:
        self._database = database
        self._wakeups = wakeups

    async def get(self, user_id: str, task_id: int) -> Task | None:
        found = _tasks(await self._database.run(get(Task), {"owner": user_id, "ids": [task_id]}))
        return found[0] if found else None

    async def find(self, user_id: str, query: TaskQuery) -> Sequence[Task]:
        return await self._find(user_id, query, await self._matches(user_id, query.filter))

    async def count(self, user_id: str, which: Filter) -> Total:
        return await self._count(user_id, which, await self._matches(user_id, which))

    async def page(self, user_id: str, query: TaskQuery) -> tuple[Sequence[Task], Total]:
        words = await self._matches(user_id, query.filter)
        found = await self._find(user_id, query, words)
        if len(found) < query.limit and query.after is None and not query.offset:
            return found, Total(len(found))
        return found, await self._count(user_id, query.filter, words)

    async def _find(self, user_id: str, query: TaskQuery, words: Matches) -> Sequence[Task]:
        found: list[Task] = []
        for statement, values in pages_of(query, user_id, words):
            found += _tasks(await self._database.run(statement, values))
            if len(found) >= query.limit:
                break
        return found[: query.limit]

    async def _count(self, user_id: str, which: Filter, words: Matches) -> Total:
        if statuses := STATUSES.get(which):
            rows = await self._database.run(COUNTS, {"owner": user_id})
            return Total(sum(getattr(row, COUNTED[each]) for row in rows for each in statuses))
        statement, values = count_of(which, user_id, words)
        [(counted,)] = await self._database.run(statement, values)
        return Total(min(counted, MAX_COUNTED), is_exact=counted <= MAX_COUNTED)

    async def _matches(self, user_id: str, which: Filter) -> Matches:
        """Returns what the index of words finds for the words and tags that all matching tasks have."""
        words = necessary_query(which, user_id)
        if words is None:
            return Matches()
        rows = await self._database.run(FOUND_BY_WORDS, {"words": words, "most": MAX_TAKEN + 1})
        if len(rows) <= MAX_TAKEN:
            return Matches(Way.TAKEN, [row.id for row in rows if row.user_id == user_id])
        [(counted,)] = await self._database.run(COUNT_BY_WORDS, {"words": words, "most": MAX_INDEXED + 1})
        return Matches(Way.INDEXED if counted <= MAX_INDEXED else Way.WALKED)

    async def family(self, user_id: str, task_ids: Collection[int]) -> Sequence[Task]:
        return _tasks(await self._database.run(FAMILY, {"owner": user_id, "ids": list(task_ids)}))

    async def places(self, user_id: str, list_id: int | None, parent_id: int | None) -> Sequence[Place]:
        statement = places_of(list_id is None, parent_id is None)
        rows = await self._database.run(statement, {"owner": user_id, "list_id": list_id, "parent_id": parent_id})
        return [Place(*row) for row in rows]

    async def list_size(self, user_id: str, list_id: int) -> int:
        [(size,)] = await self._database.run(LIST_SIZE, {"owner": user_id, "list_id": list_id})
        return int(size)

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        return _tasks(await self._database.run(FOLLOWING, {"owner": user_id, "after": after, "most": limit}))

    async def reindex(self, limit: int) -> int:
        stale = _tasks(await self._database.run(STALE, {"most": limit}))
        if not stale:
            return 0
        [(updated,)] = await self._database.run(REINDEX, {"given": [indexed(task) for task in stale]})
        return int(updated)

    async def trash_before(
        self, deleted_before: datetime, limit: int, except_users: Collection[str] = ()
    ) -> Mapping[str, Sequence[int]]:
        which = (tasks.c.deleted_at < deleted_before, tasks.c.user_id.not_in(except_users))
        due = select(tasks.c.user_id, tasks.c.id).where(*which).limit(limit).subquery()
        rows = await self._database.run(select(due).order_by(due.c.user_id))
        return {user_id: [row.id for row in own] for user_id, own in groupby(rows, lambda row: row.user_id)}

    async def erase(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, limit: int) -> int:
        given = {"owner": user_id, "ids": task_ids, "before": deleted_before, "most": limit}
        [(erased,)] = await self._database.run(ERASE, given)
        return int(erased)

    async def purge(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, at: datetime) -> int:
        await self._database.write(lock_and_get(Task), {"owner": user_id, "ids": task_ids})
        given = {"owner": user_id, "ids": task_ids, "before": deleted_before, "at": at}
        [row] = await self._database.write(PURGE, given)
        await announce(self._wakeups, user_id, is_sent=row.is_sent)
        return int(row.purged)


def _tasks(rows: Rows) -> Sequence[Task]:
    return [Task(*row) for row in rows]
