"""Statements that compute the keys of tasks which a server of an earlier version wrote: it does not know them."""

from typing import Any

from sqlalchemy import BigInteger, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.tables import tasks
from adapters.postgres.tasks.query.statements import COLUMNS
from adapters.postgres.tasks.record_parameters import NUMBERS, keys_of
from domain.tasks.entities import BY_TYPE
from domain.tasks.index_keys import KEYS
from domain.tasks.task import Task

STALE = (
    select(*COLUMNS)
    .where(tasks.c.indexed_revision.is_distinct_from(tasks.c.revision))
    .limit(bindparam("most", type_=BigInteger))
)
_keys = [name for name in KEYS if name != "position"]
_set = ", ".join(f"{name} = keys.{name}" for name in _keys)
REINDEX = text(f"""
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(:given) AS given (user_id text, id bigint, revision bigint, keys jsonb)
    ), stale AS (
        SELECT tasks.user_id, tasks.id, given.keys
        FROM given JOIN tasks ON tasks.user_id = given.user_id AND tasks.id = given.id
        WHERE tasks.revision = given.revision
        FOR UPDATE OF tasks SKIP LOCKED
    ), updated AS (
        UPDATE tasks SET {_set}, indexed_revision = tasks.revision,
               position = coalesce(tasks.order_key, chr(96 + length(tasks.id::text)) || tasks.id),
               completed_at = CASE WHEN tasks.completed THEN coalesce(tasks.completed_at, tasks.updated_at) END
        FROM stale, jsonb_populate_record(NULL::tasks, stale.keys) AS keys
        WHERE tasks.user_id = stale.user_id AND tasks.id = stale.id
        RETURNING 1
    )
    SELECT count(*) FROM updated
""").bindparams(bindparam("given", type_=JSONB))  # noqa: S608
"""Waits for nobody: a task that is being changed gets its keys by that change, or the next time."""


def indexed(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in NUMBERS} | {"keys": keys_of(task, BY_TYPE[Task])}
