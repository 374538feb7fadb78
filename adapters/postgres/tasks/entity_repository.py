"""Entities of any type with their log. Any number of changes is recorded by one statement."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any, NoReturn

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Select,
    Table,
    TextClause,
    bindparam,
    func,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.driver.database import Database
from adapters.postgres.quotas import most
from adapters.postgres.tables import counters, metadata
from application.ports import EntityRepository, Wakeups
from application.ports.topics import WEBHOOKS_TOPIC, changes_topic
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated, WriteConflict
from domain.quotas import DEFAULT_QUOTAS, Quotas
from domain.tasks.changes import Change, E, Entity
from domain.tasks.entities import BY_NAME, BY_TYPE
from domain.tasks.task import Status, Task

VERSION = "_v"
"""The key of the version number in a logged state."""
NUMBERS = ("user_id", "id", "revision")
"""Fields that the log stores in columns of its own."""
COUNTED = {Status.PENDING: "pending", Status.COMPLETED: "completed", Status.TRASHED: "trashed"}

COUNTS = select(counters).where(counters.c.user_id == bindparam("owner", type_=counters.c.user_id.type))
"""Selects a user's revision, last numbers, tasks per status, and bytes."""

_user = bindparam("owner", type_=counters.c.user_id.type)
_ids = bindparam("ids", type_=ARRAY(BigInteger))


def table_of(of: type[Entity]) -> Table:
    return metadata.tables[f"{BY_TYPE[of].name}s"]


@cache
def state_fields(of: type[Entity]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(of) if field.name not in NUMBERS)  # type: ignore[arg-type]


@cache
def get(of: type[Entity]) -> Select[Any]:
    table = table_of(of)
    return select(*_columns(of, table)).where(table.c.user_id == _user, table.c.id == func.any(_ids))


@cache
def live(of: type[Entity]) -> Select[Any]:
    table = table_of(of)
    own = (table.c.user_id == _user, table.c.deleted_at.is_(None))
    return select(*_columns(of, table)).where(*own).order_by(table.c.id)


@cache
def lock_and_get(of: type[Entity]) -> Select[Any]:
    """Locks the counter row and then the rows. Every change uses this order, so there are no deadlocks."""
    table = table_of(of)
    counter = select(counters.c.user_id).where(counters.c.user_id == _user).with_for_update().cte("counter")
    own = (table.c.user_id == counter.c.user_id, table.c.id == func.any(_ids))
    found = select(*_columns(of, table)).where(*own).with_for_update().lateral("found")
    return select(found).select_from(counter.join(found, true()))


def _columns(of: type[Entity], table: Table) -> list[Any]:
    return [table.c[field.name] for field in fields(of)]  # type: ignore[arg-type]


@cache
def record(names: tuple[str, ...]) -> TextClause:
    """Returns the statement that records changes of entities of these names."""
    lasts = "".join(f", last_{name}_id = last_{name}_id + :added_{name}" for name in names)
    counts = "".join(f", {each} = {each} + :{each}" for each in COUNTED.values()) if "task" in names else ""
    befores = ", ".join(f"last_{name}_id - :added_{name} AS last_{name}_id" for name in names)
    numbered = " ".join(f"WHEN '{name}' THEN last_{name}_id" for name in names)
    stored = ", ".join(_stored(name) for name in names)
    return text(f"""
        WITH given AS (
            SELECT *, coalesce(octet_length(before::text), 0) AS old_size, octet_length(after::text) AS new_size
            FROM jsonb_to_recordset(:given) AS
                 given (place bigint, first bigint, entity text, id bigint, new bigint, kind text, before jsonb,
                        after jsonb, is_last boolean)
        ), counter AS (
            UPDATE counters SET revision = revision + :changes, bytes = bytes + growth{lasts}{counts}
            FROM (SELECT 2 * sum(new_size) AS growth FROM given) AS added
            WHERE user_id = :owner
              AND (:grown <= 0 OR pending + completed + :grown <= :tasks_most)
              AND (:only_deletes OR bytes + growth <= :bytes_most)
            RETURNING user_id, revision - :changes AS revision, {befores}
        ), change AS (
            SELECT user_id, revision + place AS revision, coalesce(:change_set, revision + first) AS change_set,
                   entity, coalesce(given.id, CASE entity {numbered} END + new) AS entity_id,
                   kind, before, after, is_last, old_size + new_size AS size
            FROM counter, given
        ), {stored}, event AS (
            INSERT INTO events (user_id, revision, change_set, entity, entity_id, task_id, kind, before, after,
                                actor_kind, actor_id, at, size)
            SELECT user_id, revision, change_set, entity, entity_id, CASE entity WHEN 'task' THEN entity_id END, kind,
                   before, after, :actor_kind, :actor_id, :at, size
            FROM change
        ), webhook AS (
            UPDATE webhooks SET newest = revision + :changes FROM counter WHERE webhooks.user_id = counter.user_id
            RETURNING webhooks.user_id
        )
        SELECT entity_id AS id, revision, EXISTS (SELECT FROM webhook) AS is_sent FROM change ORDER BY revision
    """).bindparams(  # noqa: S608
        bindparam("given", type_=JSONB),
        bindparam("at", type_=DateTime(timezone=True)),
        bindparam("change_set", type_=BigInteger),
        bindparam("grown", type_=BigInteger),
        bindparam("tasks_most", type_=BigInteger),
        bindparam("bytes_most", type_=BigInteger),
        bindparam("only_deletes", type_=Boolean),
    )


def _stored(name: str) -> str:
    table, state = f"{name}s", state_fields(BY_NAME[name].type)
    return f"""
        {name} AS (
            INSERT INTO {table} (user_id, id, revision, {", ".join(state)})
            SELECT change.user_id, entity_id, change.revision, {", ".join(f"state.{each}" for each in state)}
            FROM change, jsonb_populate_record(NULL::{table}, after) AS state
            WHERE is_last AND entity = '{name}'
            ON CONFLICT (user_id, id) DO UPDATE
            SET revision = excluded.revision, {", ".join(f"{each} = excluded.{each}" for each in state)}
        )"""  # noqa: S608


class PostgresEntities(EntityRepository):
    def __init__(self, database: Database, wakeups: Wakeups, quotas: Quotas = DEFAULT_QUOTAS) -> None:
        self._database = database
        self._wakeups = wakeups
        self._quotas = quotas
        self._most = {"tasks_most": most(quotas.tasks), "bytes_most": most(quotas.bytes)}

    async def get_all(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        rows = await self._database.run(get(of), {"owner": user_id, "ids": list(ids)})
        return [of(*row) for row in rows]

    async def all(self, user_id: str, of: type[E]) -> Sequence[E]:
        return [of(*row) for row in await self._database.run(live(of), {"owner": user_id})]

    async def get_to_change(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        rows = await self._database.write(lock_and_get(of), {"owner": user_id, "ids": list(ids)})
        return [of(*row) for row in rows]

    async def record(
        self, caller: Caller, at: datetime, *sets: Sequence[Change[E]], change_set: int | None = None
    ) -> Sequence[E]:
        changes = [change for each in sets for change in each]
        names = tuple(sorted({BY_TYPE[type(change.after)].name for change in changes}))
        given = {"owner": caller.user_id, "actor_kind": caller.actor.kind, "actor_id": caller.actor.id, "at": at}
        parameters = parameters_of(sets) | {"change_set": change_set}
        numbers = await self._database.run(record(names), given | self._most | parameters)
        if not numbers:
            await self._refuse(caller.user_id, parameters["grown"])
        await announce(self._wakeups, caller.user_id, is_sent=numbers[0].is_sent)
        pairs = zip(changes, numbers, strict=True)
        return [_numbered(change.after, row.id, row.revision) for change, row in pairs]

    async def _refuse(self, user_id: str, grown: int) -> NoReturn:
        """Raises the reason why nothing was recorded."""
        rows = await self._database.run(COUNTS, {"owner": user_id})
        if not rows:
            raise NotAuthenticated("This account no longer exists.")
        self._quotas.check_tasks(rows[0].pending + rows[0].completed + max(grown, 0))
        self._quotas.check_bytes(self._quotas.bytes + 1)
        conflict = WriteConflict("Your tasks are being changed elsewhere. Try again in a moment.")
        conflict.is_rolled_back = not self._database.is_at_work
        raise conflict


async def announce(wakeups: Wakeups, user_id: str, *, is_sent: bool) -> None:
    await wakeups.announce(changes_topic(user_id))
    if is_sent:
        await wakeups.announce(WEBHOOKS_TOPIC)


def parameters_of(sets: Iterable[Sequence[Change[Entity]]]) -> dict[str, Any]:
    """Places count from 1 after the user's last revision; new entities count from 1 after the last number of their
    type."""
    placed = _placed(sets)
    lasts = set({(type(change.after), change.after.id or -place): place for place, _, change in placed}.values())
    given: list[dict[str, Any]] = []
    added: defaultdict[str, int] = defaultdict(int)
    for place, first, change in placed:
        name = BY_TYPE[type(change.after)].name
        added[name] += change.before is None
        numbers = {"place": place, "first": first, "entity": name, "id": change.after.id or None, "new": added[name]}
        states = {"before": change.before and state_of(change.before), "after": state_of(change.after)}
        given.append(numbers | states | {"kind": change.kind, "is_last": place in lasts})
    news = {f"added_{name}": count for name, count in added.items()}
    counts = _counts([change for _, _, change in placed])
    return {
        "given": given,
        "changes": len(given),
        "grown": counts["pending"] + counts["completed"],
        "only_deletes": all(change.after.deleted_at for _, _, change in placed),
        **news,
        **counts,
    }


def _placed(sets: Iterable[Sequence[Change[Entity]]]) -> list[tuple[int, int, Change[Entity]]]:
    """Returns each change with its place and that of the first of its set."""
    placed: list[tuple[int, int, Change[Entity]]] = []
    for changes in sets:
        first = len(placed) + 1
        placed += [(place, first, change) for place, change in enumerate(changes, first)]
    return placed


def _counts(changes: Iterable[Change[Entity]]) -> dict[str, int]:
    counts = dict.fromkeys(COUNTED.values(), 0)
    for change in changes:
        if isinstance(change.after, Task):
            counts[COUNTED[change.after.status]] += 1
        if isinstance(change.before, Task):
            counts[COUNTED[change.before.status]] -= 1
    return counts


def state_of(entity: Entity) -> dict[str, Any]:
    of = type(entity)
    return {name: getattr(entity, name) for name in state_fields(of)} | {VERSION: BY_TYPE[of].version}


def _numbered(entity: Any, entity_id: int, revision: int) -> Any:
    return replace(entity, id=entity_id, revision=revision)
