"""Entities of any type with their log. Any number of changes is recorded by one statement."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NoReturn

from sqlalchemy import ARRAY, BigInteger, ColumnElement, FromClause, Select, Table, bindparam, func, select, true

from adapters.postgres.driver.database import Database
from adapters.postgres.quotas import most
from adapters.postgres.tables import counters, metadata, tasks
from adapters.postgres.tasks.record_parameters import has_reminders, parameters_of
from adapters.postgres.tasks.record_statement import record
from application.ports import EntityRepository, Wakeups
from application.ports.topics import REMINDERS_TOPIC, WEBHOOKS_TOPIC, changes_topic
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated, WriteConflict
from domain.quotas import DEFAULT_QUOTAS, Quotas
from domain.tasks.changes import Change, E, Entity
from domain.tasks.entities import BY_TYPE, stored_fields
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList, check_entry

COUNTS = select(counters).where(counters.c.user_id == bindparam("owner", type_=counters.c.user_id.type))
"""Selects a user's revision, last numbers, tasks per status, and bytes."""

LIST_SIZE = select(func.count()).where(
    tasks.c.user_id == bindparam("owner", type_=tasks.c.user_id.type),
    tasks.c.list_id == bindparam("list_id", type_=BigInteger),
    tasks.c.deleted_at.is_(None),
)
CONTAINERS: Mapping[type[Entity], ColumnElement[Any]] = {TaskList: tasks.c.list_id, Task: tasks.c.parent_id}
NO_ACCOUNT = "This account no longer exists."

_user = bindparam("owner", type_=counters.c.user_id.type)
_ids = bindparam("ids", type_=ARRAY(BigInteger))


def table_of(of: type[Entity]) -> Table:
    return metadata.tables[f"{BY_TYPE[of].name}s"]


@cache
def get(of: type[Entity]) -> Select[Any]:
    table = table_of(of)
    return select(*columns_of(of, table)).where(table.c.user_id == _user, table.c.id == func.any(_ids))


@cache
def live(of: type[Entity]) -> Select[Any]:
    table = table_of(of)
    own = (table.c.user_id == _user, table.c.deleted_at.is_(None))
    return select(*columns_of(of, table)).where(*own).order_by(table.c.id)


@cache
def trashed(of: type[Entity]) -> Select[Any]:
    table = table_of(of)
    own = (table.c.user_id == _user, table.c.deleted_at.is_not(None))
    newest = (table.c.deleted_at.desc(), table.c.id.desc())
    return select(*columns_of(of, table)).where(*own).order_by(*newest).limit(bindparam("most"))


@cache
def contents(of: type[Entity]) -> Select[Any]:
    own = (tasks.c.user_id == _user, CONTAINERS[of] == func.any(_ids), tasks.c.deleted_at.is_(None))
    return select(tasks.c.id).where(*own)


@cache
def following(of: type[Entity]) -> Select[Any]:
    table = table_of(of)
    own = (table.c.user_id == _user, table.c.id > bindparam("after", type_=BigInteger))
    return select(*columns_of(of, table)).where(*own).order_by(table.c.id).limit(bindparam("most"))


@cache
def lock_and_get(of: type[Entity]) -> Select[Any]:
    """Locks the counter row and then the rows. Every change uses this order, so there are no deadlocks."""
    table = table_of(of)
    counter = select(counters.c.user_id).where(counters.c.user_id == _user).with_for_update().cte("counter")
    own = (table.c.user_id == counter.c.user_id, table.c.id == func.any(_ids))
    found = select(*(table.c[name] for name in stored_fields(of))).where(*own).with_for_update().lateral("found")
    return select(found, *_counted(of, found)).select_from(counter.join(found, true()))


def columns_of(of: type[Entity], table: FromClause) -> list[ColumnElement[Any]]:
    """Returns the columns in the order of the fields, so that a row becomes an entity in one expression."""
    return [*(table.c[name] for name in stored_fields(of)), *_counted(of, table)]


def _counted(of: type[Entity], table: FromClause) -> list[ColumnElement[Any]]:
    """Returns the numbers of direct children, which tasks alone have."""
    if of is not Task:
        return []
    child = tasks.alias("child")
    mine = (child.c.user_id == table.c.user_id, child.c.parent_id == table.c.id, child.c.deleted_at.is_(None))
    total = select(func.count()).select_from(child).where(*mine)
    return [total.scalar_subquery(), total.where(child.c.completed).scalar_subquery()]


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

    async def trashed(self, user_id: str, of: type[E], limit: int) -> Sequence[E]:
        return [of(*row) for row in await self._database.run(trashed(of), {"owner": user_id, "most": limit})]

    async def contents(self, user_id: str, of: type[Entity], ids: Collection[int]) -> Sequence[int]:
        if of not in CONTAINERS or not ids:
            return []
        rows = await self._database.run(contents(of), {"owner": user_id, "ids": list(ids)})
        return [row.id for row in rows]

    async def get_to_change(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        rows = await self._database.write(lock_and_get(of), {"owner": user_id, "ids": list(ids)})
        return [of(*row) for row in rows]

    async def last_number(self, user_id: str, of: type[Entity]) -> int:
        rows = await self._database.run(COUNTS, {"owner": user_id})
        if not rows:
            raise NotAuthenticated(NO_ACCOUNT)
        return int(getattr(rows[0], f"last_{BY_TYPE[of].name}_id"))

    async def following(self, user_id: str, of: type[E], limit: int, *, after: int) -> Sequence[E]:
        rows = await self._database.run(following(of), {"owner": user_id, "after": after, "most": limit})
        return [of(*row) for row in rows]

    async def record(
        self,
        caller: Caller,
        at: datetime,
        *sets: Sequence[Change[E]],
        change_set: int | None = None,
        into: Collection[int] = (),
    ) -> Sequence[E]:
        changes = [change for each in sets for change in each]
        names = tuple(sorted({BY_TYPE[type(change.after)].name for change in changes}))
        given = {"owner": caller.user_id, "actor_kind": caller.actor.kind, "actor_id": caller.actor.id, "at": at}
        parameters = parameters_of(sets) | {"change_set": change_set}
        rings = any(map(has_reminders, changes))
        statement = record(names, any(change.purges for change in changes), bool(into), rings)
        numbers = await self._database.run(statement, given | self._most | parameters | {"into": list(into)})
        if not numbers:
            await self._refuse(caller.user_id, parameters["grown"], into)
        await announce(self._wakeups, caller.user_id, is_sent=numbers[0]["is_sent"])
        if rings:
            await self._wakeups.announce(REMINDERS_TOPIC)
        pairs = zip(changes, numbers, strict=True)
        return [_numbered(change.after, row["id"], row["revision"]) for change, row in pairs]

    async def _refuse(self, user_id: str, grown: int, into: Collection[int]) -> NoReturn:
        rows = await self._database.run(COUNTS, {"owner": user_id})
        if not rows:
            raise NotAuthenticated(NO_ACCOUNT)
        self._quotas.check_tasks(rows[0].pending + rows[0].completed + max(grown, 0))
        await self._check_lists(user_id, into)
        self._quotas.check_bytes(self._quotas.bytes + 1)
        conflict = WriteConflict("Your tasks are being changed elsewhere. Try again in a moment.")
        conflict.is_rolled_back = not self._database.is_at_work
        raise conflict

    async def _check_lists(self, user_id: str, into: Collection[int]) -> None:
        for list_id in into:
            found = await self.get_all(user_id, TaskList, [list_id])
            [(size,)] = await self._database.run(LIST_SIZE, {"owner": user_id, "list_id": list_id})
            check_entry(list_id, None if not found or found[0].deleted_at else size)


async def announce(wakeups: Wakeups, user_id: str, *, is_sent: bool) -> None:
    await wakeups.announce(changes_topic(user_id))
    if is_sent:
        await wakeups.announce(WEBHOOKS_TOPIC)


def _numbered(entity: E, entity_id: int, revision: int) -> E:
    """Returns a copy. `dataclasses.replace` takes six times as long."""
    numbered = type(entity)(*_values(type(entity))(entity))
    numbered.id, numbered.revision = entity_id, revision
    return numbered


@cache
def _values(of: type[Entity]) -> "attrgetter[tuple[Any, ...]]":
    """Returns the function that gets the fields of an entity, in the order in which its class takes them."""
    return attrgetter(*(each.name for each in fields(of)))  # type: ignore[arg-type]
