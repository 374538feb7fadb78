"""The statement that records any number of changes of entities: the entities, their events and the counters."""

from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, BindParameter, Boolean, DateTime, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.tasks.record_parameters import COUNTED, state_fields
from domain.tasks.entities import BY_NAME
from domain.tasks.task_list import MAX_TASKS_IN_LIST

ROOM = """
        room AS (
            SELECT id FROM lists
            WHERE user_id = :owner AND id = ANY(:into) AND deleted_at IS NULL AND (
                :room >= :changes + (SELECT pending + completed FROM counters WHERE user_id = :owner)
                OR :room >= :changes + (
                    SELECT count(*) FROM tasks
                    WHERE tasks.user_id = :owner AND tasks.list_id = lists.id AND tasks.deleted_at IS NULL
                )
            )
            FOR SHARE
        ),"""
RINGS = """,
        silenced AS (
            DELETE FROM rings USING change
            WHERE rings.user_id = change.user_id AND rings.task_id = entity_id AND is_last AND entity = 'task'
              AND rings.state IN ('new', 'waiting') AND rings.snoozes = 0
              AND NOT wanted @> jsonb_build_array(jsonb_build_array(rings.reminder, rings.due))
        ), ring AS (
            INSERT INTO rings (user_id, task_id, reminder, due, state, ring_at, set_at)
            SELECT user_id, entity_id, each ->> 0, each ->> 1, 'new', :at, :at
            FROM change, jsonb_array_elements(wanted) AS each
            WHERE is_last AND entity = 'task' AND after IS NOT NULL
            ON CONFLICT DO NOTHING
        )"""
"""Replaces the rings that wait. One that has rung for the same date stays, so it does not ring again, and one that is
snoozed waits on: the task is looked at when it rings, and may have been done by mistake and taken back by then."""
ENTERED = "AND (SELECT count(*) FROM room) = cardinality(:into)"
"""The lists stay locked until the tasks are in them, so they are not put into the trash meanwhile."""

EVENT = """
        event AS (
            INSERT INTO events (user_id, revision, change_set, entity, entity_id, task_id, kind, before, after,
                                actor_kind, actor_id, at, size)
            SELECT user_id, revision, change_set, entity, entity_id, CASE entity WHEN 'task' THEN entity_id END, kind,
                   before, after, :actor_kind, :actor_id, :at, size
            FROM change
        ), webhook AS (
            UPDATE webhooks SET newest = revision + :changes FROM counter WHERE webhooks.user_id = counter.user_id
            RETURNING webhooks.user_id
        )"""

PARAMETERS = (
    bindparam("given", type_=JSONB),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("change_set", type_=BigInteger),
    bindparam("grown", type_=BigInteger),
    bindparam("tasks_most", type_=BigInteger),
    bindparam("bytes_most", type_=BigInteger),
    bindparam("only_deletes", type_=Boolean),
)
ROOM_PARAMETERS: tuple[BindParameter[Any], ...] = (
    bindparam("into", type_=ARRAY(BigInteger)),
    bindparam("room", MAX_TASKS_IN_LIST),
)


@cache
def record(names: tuple[str, ...], purges: bool, enters: bool, rings: bool) -> TextClause:
    """Returns the statement that records changes of entities of these names. `purges` says whether some are purged, and
    `enters` whether tasks go into lists that must be there, and `rings` whether some have or had reminders."""
    numbered = " ".join(f"WHEN '{name}' THEN last_{name}_id" for name in names)
    stored = ", ".join([*map(_stored, names), *(_purged(name) for name in names if purges)])
    return text(f"""
        WITH given AS (
            SELECT *, coalesce(octet_length(before::text), 0) AS old_size,
                   coalesce(octet_length(after::text), 0) AS new_size
            FROM jsonb_to_recordset(:given) AS
                 given (place bigint, first bigint, entity text, id bigint, new bigint, kind text, before jsonb,
                        after jsonb, keys jsonb, wanted jsonb, is_last boolean)
        ), {ROOM if enters else ""} counter AS ({_counter(names, enters)}
        ), change AS (
            SELECT user_id, revision + place AS revision, coalesce(:change_set, revision + first) AS change_set,
                   entity, coalesce(given.id, CASE entity {numbered} END + new) AS entity_id,
                   kind, before, after, keys, wanted, is_last, old_size + new_size AS size
            FROM counter, given
        ), {stored}{RINGS if rings else ""}, {EVENT}
        SELECT entity_id AS id, revision, EXISTS (SELECT FROM webhook) AS is_sent FROM change ORDER BY revision
    """).bindparams(  # noqa: S608
        *PARAMETERS, *(ROOM_PARAMETERS if enters else ())
    )


def _counter(names: tuple[str, ...], enters: bool) -> str:
    """Returns the part of the statement that counts, if there is room, and gives the numbers from before."""
    lasts = "".join(f", last_{name}_id = greatest(last_{name}_id + :added_{name}, :highest_{name})" for name in names)
    counts = "".join(f", {each} = {each} + :{each}" for each in COUNTED.values()) if "task" in names else ""
    befores = ", ".join(f"last_{name}_id - :added_{name} AS last_{name}_id" for name in names)
    return f"""
            UPDATE counters SET revision = revision + :changes, bytes = bytes + growth{lasts}{counts}
            FROM (SELECT 2 * sum(new_size) AS growth FROM given) AS added
            WHERE user_id = :owner
              AND (:grown <= 0 OR pending + completed + :grown <= :tasks_most)
              AND (:only_deletes OR bytes + growth <= :bytes_most)
              {ENTERED if enters else ""}
            RETURNING user_id, revision - :changes AS revision, {befores}"""  # noqa: S608


def _stored(name: str) -> str:
    """Returns the part of the statement that stores entities. Until it is moved by hand, an entity has the position of
    its number, as `number_key` spells it."""
    of = BY_NAME[name]
    table, state, keys = f"{name}s", state_fields(of.type), [each for each in of.keys if each != "position"]
    columns = ["revision", *state, *keys, *(["indexed_revision"] if keys else []), "position"]
    values = ["change.revision", *(f"state.{each}" for each in (*state, *keys)), *(["change.revision"] if keys else [])]
    by_number = "chr(96 + length(entity_id::text)) || entity_id"
    return f"""
        {name} AS (
            INSERT INTO {table} (user_id, id, {", ".join(columns)})
            SELECT change.user_id, entity_id, {", ".join(values)}, coalesce(state.position, {by_number})
            FROM change, jsonb_populate_record(NULL::{table}, after || keys) AS state
            WHERE is_last AND entity = '{name}' AND after IS NOT NULL
            ON CONFLICT (user_id, id) DO UPDATE SET {", ".join(f"{each} = excluded.{each}" for each in columns)}
        )"""  # noqa: S608


def _purged(name: str) -> str:
    table = f"{name}s"
    return f"""
        purged_{name} AS (
            DELETE FROM {table} USING change
            WHERE {table}.user_id = change.user_id AND {table}.id = entity_id
              AND is_last AND entity = '{name}' AND after IS NULL
        )"""  # noqa: S608
