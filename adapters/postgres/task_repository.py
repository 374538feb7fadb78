"""Tasks, their numbers and their log: a change is one statement."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import CTE, Row, Select, bindparam, delete, func, insert, select, true, update
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.database import Database, Rows
from adapters.postgres.tables import counters, events, tasks
from application.ports import TaskRepository
from domain.errors import NotAuthenticated
from domain.task import Change, Status, Task

NUMBERED = ("user_id", "id", "revision")
GIVEN = ("kind", "before", "actor_kind", "actor_id", "at")

COLUMNS = tasks.c.keys()

_user = bindparam("owner", type_=tasks.c.user_id.type)
_task = bindparam("task", type_=tasks.c.id.type)
_new = {
    field.name: bindparam(f"new_{field.name}", type_=tasks.c[field.name].type)
    for field in fields(Task)
    if field.name not in NUMBERED
}


def _lock_and_get() -> Select[Any]:
    """The counter row first, then the task, both locked: the one order every change takes, so none can deadlock."""
    counter = select(counters.c.user_id).where(counters.c.user_id == _user).with_for_update().cte("counter")
    task = (
        select(tasks).where(tasks.c.user_id == counter.c.user_id, tasks.c.id == _task).with_for_update().lateral("task")
    )
    return select(task).select_from(counter.join(task, true()))


def _counter(numbers: int) -> CTE:
    return (
        update(counters)
        .where(counters.c.user_id == _user)
        .values(
            revision=counters.c.revision + 1,
            last_task_id=counters.c.last_task_id + numbers,
            pending=counters.c.pending + bindparam("more_pending"),
            completed=counters.c.completed + bindparam("more_completed"),
        )
        .returning(counters.c.user_id, counters.c.revision, counters.c.last_task_id)
        .cte("counter")
    )


def _event(counter: CTE, task_id: ColumnElement[int]) -> CTE:
    numbers = func.jsonb_build_object("id", task_id, "revision", counter.c.revision)
    given = [bindparam(name, type_=events.c[name].type) for name in GIVEN]
    after = bindparam("after", type_=events.c.after.type).op("||")(numbers)
    row = select(counter.c.user_id, counter.c.revision, task_id, after, *given)
    return insert(events).from_select(["user_id", "revision", "task_id", "after", *GIVEN], row).cte("event")


def _insert() -> Select[Any]:
    counter = _counter(numbers=1)
    row = select(counter.c.user_id, counter.c.last_task_id, counter.c.revision, *_new.values())
    task = insert(tasks).from_select([*NUMBERED, *_new], row).returning(*tasks.c).cte("task")
    return select(task).add_cte(_event(counter, counter.c.last_task_id))


def _update() -> Select[Any]:
    counter = _counter(numbers=0)
    task = (
        update(tasks)
        .where(tasks.c.user_id == counter.c.user_id, tasks.c.id == _task)
        .values({**_new, "revision": counter.c.revision})
        .returning(*tasks.c)
        .cte("task")
    )
    return select(task).add_cte(_event(counter, _task))


def _delete() -> Select[Any]:
    counter = _counter(numbers=0)
    own = (tasks.c.user_id == counter.c.user_id, tasks.c.id == _task)
    task = delete(tasks).where(*own).returning(*tasks.c).cte("task")
    return select(task).add_cte(_event(counter, _task))


LOCK_AND_GET, INSERT, UPDATE, DELETE = _lock_and_get(), _insert(), _update(), _delete()
GET = select(tasks).where(tasks.c.user_id == _user, tasks.c.id == _task)
COUNTS = select(counters.c.pending, counters.c.completed).where(counters.c.user_id == _user)


class PostgresTasks(TaskRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: str, task_id: int) -> Task | None:
        return _one(await self._database.read(GET, {"owner": user_id, "task": task_id}))

    async def get_to_change(self, user_id: str, task_id: int) -> Task | None:
        return _one(await self._database.write(LOCK_AND_GET, {"owner": user_id, "task": task_id}))

    async def newest(
        self, user_id: str, status: Status, limit: int, *, offset: int = 0, before: int | None = None
    ) -> Sequence[Task]:
        query = select(tasks).where(tasks.c.user_id == user_id).order_by(tasks.c.id.desc()).limit(limit)
        if status is not Status.ALL:
            query = query.where(tasks.c.completed if status is Status.COMPLETED else ~tasks.c.completed)
        if before is not None:
            query = query.where(tasks.c.id < before)
        return [_task_of(row) for row in await self._database.read(query.offset(offset) if offset else query)]

    async def count(self, user_id: str, status: Status) -> int:
        rows = await self._database.read(COUNTS, {"owner": user_id})
        counted = [(Status.PENDING, row.pending) for row in rows] + [(Status.COMPLETED, row.completed) for row in rows]
        return sum(count for of, count in counted if status in (of, Status.ALL))

    async def record(self, change: Change) -> Task:
        statement = INSERT if change.before is None else DELETE if change.after is None else UPDATE
        recorded = _one(await self._database.write(statement, parameters(change)))
        if recorded is None:
            raise NotAuthenticated("This account no longer exists.")
        return recorded


def _one(rows: Rows) -> Task | None:
    return _task_of(rows[0]) if rows else None


def _task_of(row: Row[Any]) -> Task:
    return Task(**dict(zip(COLUMNS, row, strict=True)))


def parameters(change: Change) -> dict[str, Any]:
    event = {"kind": change.kind, "before": change.before, "after": change.after, "at": change.at}
    actor = {"actor_kind": change.actor.kind, "actor_id": change.actor.id}
    task = {f"new_{name}": getattr(change.task, name) for name in _new if change.after}
    return {"owner": change.task.user_id, "task": change.task.id, **_more(change), **event, **actor, **task}


def _more(change: Change) -> dict[str, int]:
    """What the change adds to the user's counts of tasks."""
    before, after = change.before, change.after
    completed = bool(after and after.completed) - bool(before and before.completed)
    return {"more_completed": completed, "more_pending": bool(after) - bool(before) - completed}
