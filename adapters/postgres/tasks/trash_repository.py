from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby

from sqlalchemy import ARRAY, BigInteger, DateTime, Text, TextClause, bindparam, select, text

from adapters.postgres.driver.database import Database
from adapters.postgres.tasks.entity_repository import announce, lock_and_get, table_of
from adapters.postgres.tasks.record_parameters import NUMBERS
from application.ports import TrashRepository, Wakeups
from domain.tasks.changes import Entity
from domain.tasks.entities import BY_TYPE

_parameters = (
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("before", type_=DateTime(timezone=True)),
)


@cache
def purge(name: str) -> TextClause:
    is_task = name == "task"
    table, ours = f"{name}s", _events_of(name, "SELECT id FROM gone")
    return text(f"""
        WITH gone AS (
            DELETE FROM {table} WHERE user_id = :owner AND id = ANY(:ids) AND deleted_at < :before
            RETURNING id, octet_length((to_jsonb({table}) - :keys)::text) AS size
        ), counter AS (
            UPDATE counters SET revision = revision + purged, bytes = greatest(0, bytes - freed)
                                {", trashed = trashed - purged" if is_task else ""}
            FROM (
                SELECT count(*) AS purged, coalesce(sum(size), 0) + (
                    SELECT coalesce(sum(size), 0) FROM events WHERE {ours}
                ) AS freed
                FROM gone
            ) AS counted
            WHERE user_id = :owner AND purged > 0
            RETURNING user_id, revision - purged AS revision
        ), forgotten AS (
            UPDATE events SET before = NULL, after = NULL, size = 0 WHERE {ours}
        ), event AS (
            INSERT INTO events (user_id, revision, entity, entity_id, task_id, kind, actor_kind, at)
            SELECT user_id, revision + row_number() OVER (ORDER BY id), '{name}', id, {"id" if is_task else "NULL"},
                   'purged', 'system', :at
            FROM counter, gone
        ), webhook AS (
            UPDATE webhooks SET newest = revision + (SELECT count(*) FROM gone)
            FROM counter WHERE webhooks.user_id = counter.user_id
            RETURNING webhooks.user_id
        )
        SELECT count(*) AS purged, EXISTS (SELECT FROM webhook) AS is_sent FROM gone
    """).bindparams(  # noqa: S608
        *_parameters,
        bindparam("keys", list(NUMBERS), ARRAY(Text)),
        bindparam("at", type_=DateTime(timezone=True)),
    )


@cache
def erase(name: str) -> TextClause:
    trashed = f"SELECT id FROM {name}s WHERE user_id = :owner AND id = ANY(:ids) AND deleted_at < :before"  # noqa: S608
    return text(f"""
        WITH kept AS (
            SELECT revision, size FROM events WHERE after IS NOT NULL AND {_events_of(name, trashed)} LIMIT :most
        ), erased AS (
            UPDATE events SET before = NULL, after = NULL, size = 0
            WHERE user_id = :owner AND revision IN (SELECT revision FROM kept)
            RETURNING revision
        ), counter AS (
            UPDATE counters SET bytes = greatest(0, bytes - (SELECT sum(size) FROM kept))
            WHERE user_id = :owner AND EXISTS (SELECT FROM kept)
        )
        SELECT count(*) FROM erased
    """).bindparams(*_parameters)  # noqa: S608


def _events_of(name: str, numbers: str) -> str:
    """Events of tasks that a server of an older version wrote have only `task_id`."""
    which = "task_id" if name == "task" else f"entity = '{name}' AND entity_id"
    return f"user_id = :owner AND {which} IN ({numbers})"


class PostgresTrash(TrashRepository):
    def __init__(self, database: Database, wakeups: Wakeups) -> None:
        self._database = database
        self._wakeups = wakeups

    async def due(
        self, of: type[Entity], deleted_before: datetime, limit: int, except_users: Collection[str] = ()
    ) -> Mapping[str, Sequence[int]]:
        table = table_of(of)
        which = (table.c.deleted_at < deleted_before, table.c.user_id.not_in(except_users))
        found = select(table.c.user_id, table.c.id).where(*which).limit(limit).subquery()
        rows = await self._database.run(select(found).order_by(found.c.user_id))
        return {user_id: [row.id for row in own] for user_id, own in groupby(rows, lambda row: row.user_id)}

    async def erase(
        self, of: type[Entity], user_id: str, ids: Sequence[int], deleted_before: datetime, limit: int
    ) -> int:
        given = {"owner": user_id, "ids": ids, "before": deleted_before, "most": limit}
        [(erased,)] = await self._database.run(erase(BY_TYPE[of].name), given)
        return int(erased)

    async def purge(
        self, of: type[Entity], user_id: str, ids: Sequence[int], deleted_before: datetime, at: datetime
    ) -> int:
        await self._database.write(lock_and_get(of), {"owner": user_id, "ids": ids})
        given = {"owner": user_id, "ids": ids, "before": deleted_before, "at": at}
        [row] = await self._database.write(purge(BY_TYPE[of].name), given)
        await announce(self._wakeups, user_id, is_sent=row.is_sent)
        return int(row.purged)
