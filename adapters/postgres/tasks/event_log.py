"""Reads the log of changes. The entity repository writes it, in the statement of the change."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BigInteger, DateTime, Select, Text, bindparam, func, literal, literal_column, select, text
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.driver.statements import Parameters
from adapters.postgres.quotas import FREED
from adapters.postgres.tables import api_tokens, counters, events, oauth_connections, tasks, turns
from adapters.postgres.tasks.record_parameters import VERSION
from application.ports import EventLog, Span
from domain.accounts.account import Actor
from domain.reminders.ring import REMINDER, Rung
from domain.tasks.changes import ChangeKind, Entity, Event
from domain.tasks.entities import BY_NAME, BY_TYPE
from domain.tasks.task import Task

SHOWN = (*BY_NAME, REMINDER)
TITLES = select(tasks.c.user_id, tasks.c.id, tasks.c.title).where(
    tasks.c.user_id == bindparam("owner", type_=Text), tasks.c.id == func.any(bindparam("ids", type_=ARRAY(BigInteger)))
)
"""Events of reminders hold no title, so that the log keeps no text of a purged task."""
NUMBER = func.coalesce(events.c.entity_id, events.c.task_id).label("number")
"""Servers of the previous version write only `task_id`, and no change sets."""
SET = func.coalesce(events.c.change_set, events.c.revision)
CONNECTIONS = oauth_connections.c
ACTOR_NAME = func.coalesce(api_tokens.c.name, CONNECTIONS.client_name)
EVENT = (
    select(events, NUMBER, SET.label("set_revision"), turns.c.conversation_id, ACTOR_NAME.label("actor_name"))
    .outerjoin(turns, (turns.c.user_id == events.c.user_id) & (turns.c.id == events.c.actor_id))
    .outerjoin(api_tokens, (api_tokens.c.user_id == events.c.user_id) & (api_tokens.c.id == events.c.actor_id))
    .outerjoin(oauth_connections, (CONNECTIONS.user_id == events.c.user_id) & (CONNECTIONS.id == events.c.actor_id))
    .order_by(events.c.revision)
)
_owner, _set = bindparam("owner", type_=Text), bindparam("change_set", type_=BigInteger)
OTHER = events.alias("other")
FIRST_BEHIND_SET = (
    select(OTHER.c.revision)
    .where(OTHER.c.user_id == _owner, OTHER.c.revision > _set)
    .where(func.coalesce(OTHER.c.change_set, OTHER.c.revision) != _set)
    .order_by(OTHER.c.revision)
    .limit(1)
    .scalar_subquery()
)
IN_SET = EVENT.where(events.c.user_id == _owner, events.c.revision >= _set, _set == SET).where(
    events.c.revision < func.coalesce(FIRST_BEHIND_SET, literal(2**63 - 1, BigInteger))
)
"""The revisions of a set are consecutive, since the user's counter is locked while it is recorded."""
OLDEST = select(func.min(events.c.revision)).where(events.c.user_id == counters.c.user_id).scalar_subquery()
SPAN = select(counters.c.revision, OLDEST.label("oldest")).where(counters.c.user_id == bindparam("owner"))

FORGET = text(f"""
    WITH old AS (
        SELECT user_id, max(revision) AS revision
        FROM (SELECT user_id, revision FROM events WHERE at < :before LIMIT :most) AS few
        GROUP BY user_id
    ), gone AS (
        DELETE FROM events USING old
        WHERE events.user_id = old.user_id AND events.revision <= old.revision
        RETURNING events.user_id, events.size
    ), {FREED}
    SELECT count(*) FROM gone
""").bindparams(bindparam("before", type_=DateTime(timezone=True), literal_execute=True))  # noqa: S608
"""Deletes by revision from the beginning, so that a log never has a gap if servers' clocks differ.

The time is a literal. PostgreSQL plans a parameter for any value after a few runs; it then expects old events soon, and
reads the whole log if there are none.
"""


class PostgresEventLog(EventLog):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def span(self, user_id: str) -> Span:
        rows = await self._database.run(SPAN, {"owner": user_id})
        newest = rows[0].revision if rows else 0
        return Span((rows and rows[0].oldest) or newest + 1, newest)

    async def page(
        self, user_id: str, limit: int, *, after: int = 0, before: int | None = None, newest_first: bool = False
    ) -> Sequence[Event]:
        query = _between(EVENT.where(events.c.user_id == user_id, events.c.entity.in_(SHOWN)), after, before)
        if newest_first:
            query = query.order_by(None).order_by(events.c.revision.desc())
        return await self._read(query.limit(limit))

    async def of_entity(
        self, user_id: str, of: type[Entity], entity_id: int, limit: int, *, after: int = 0, before: int | None = None
    ) -> Sequence[Event]:
        own = EVENT.where(events.c.user_id == user_id, *_of_entity(of, entity_id))
        return await self._read(_between(own, after, before).limit(limit))

    async def of_set(self, user_id: str, change_set: int) -> Sequence[Event]:
        return await self._read(IN_SET, {"owner": user_id, "change_set": change_set})

    async def of_turn(self, user_id: str, turn_id: str) -> Sequence[Event]:
        return await self._read(EVENT.where(events.c.user_id == user_id, *_by_turn(turn_id)))

    async def last_turn_before(self, user_id: str, turn_id: str) -> str | None:
        here = turns.alias("here")
        same = (here.c.user_id == turns.c.user_id) & (here.c.conversation_id == turns.c.conversation_id)
        changed = select(events).where(events.c.user_id == turns.c.user_id, *_by_turn(turns.c.id)).exists()
        query = (
            select(turns.c.id)
            .join(here, same)
            .where(turns.c.user_id == user_id, here.c.id == turn_id, turns.c.number < here.c.number, changed)
            .order_by(turns.c.number.desc())
            .limit(1)
        )
        rows = await self._database.run(query)
        return str(rows[0].id) if rows else None

    async def forget(self, before: datetime, limit: int) -> int:
        [(gone,)] = await self._database.run(FORGET.bindparams(before=before, most=limit))
        return int(gone)

    async def _read(self, query: Select[Any], parameters: Parameters = None) -> list[Event]:
        rows = await self._database.run(query, parameters)
        rung = [row for row in rows if row.entity == REMINDER]
        titles = await self._titles(rung[0].user_id, {row.number for row in rung}) if rung else {}
        return [_rung_event(row, titles.get(row.number)) if row.entity == REMINDER else _event_of(row) for row in rows]

    async def _titles(self, user_id: str, task_ids: Collection[int]) -> Mapping[int, str]:
        rows = await self._database.run(TITLES, {"owner": user_id, "ids": list(task_ids)})
        return {row.id: row.title for row in rows}


def _between(query: Select[Any], after: int, before: int | None) -> Select[Any]:
    query = query.where(events.c.revision > after)
    return query if before is None else query.where(events.c.revision < before)


def _of_entity(of: type[Entity], entity_id: int) -> tuple[ColumnElement[bool], ...]:
    """Returns the condition with which the index of tasks, or that of other entities, is found."""
    if of is Task:
        return (events.c.task_id == entity_id,)
    return events.c.entity == literal_column(f"'{BY_TYPE[of].name}'"), events.c.entity_id == entity_id


def _by_turn(turn_id: str | ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    return events.c.actor_kind == "turn", events.c.actor_id == turn_id


def _event_of(row: Row) -> Event:
    return _event(row, _state(row, row.before, 0), _state(row, row.after, row.revision))


def _rung_event(row: Row, title: str | None) -> Event:
    own = {"user_id": row.user_id, "id": row.revision, "revision": row.revision, "task_id": row.number, "title": title}
    return _event(row, None, msgspec.convert(row.after | own, Rung))


def _event(row: Row, before: Entity | None, after: Entity | None) -> Event:
    return Event(
        user_id=row.user_id,
        revision=row.revision,
        entity=row.entity,
        entity_id=row.number,
        change_set=row.set_revision,
        kind=ChangeKind(row.kind),
        before=before,
        after=after,
        actor=Actor(row.actor_kind, row.actor_id),
        actor_name=row.actor_name if row.actor_kind == "token" else None,
        conversation_id=row.conversation_id if row.actor_kind == "turn" else None,
        at=row.at,
    )


def _state(row: Row, state: dict[str, Any] | None, revision: int) -> Entity | None:
    """Returns None for a state that was erased, and for an entity that only a newer version knows."""
    of = BY_NAME.get(row.entity)
    if state is None or of is None:
        return None
    numbers = {"user_id": row.user_id, "id": row.number, "revision": revision}
    return msgspec.convert(of.upgraded(state, state.get(VERSION, 1)) | numbers, of.type)
