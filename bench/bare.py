"""The floor to compare with: plain ASGI, asyncpg and msgspec, no framework, running tasktalk's own SQL.

No validation, no errors, no log, and a token is believed: what is left when everything a service needs is taken away.
"""

import os
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import Executable

from adapters.http.schemas import HealthOut, TaskOut, TaskPageOut, out
from adapters.postgres.driver.connections import JSONB, PlainConnection, Row, asyncpg_arguments
from adapters.postgres.driver.statements import statement_of
from adapters.postgres.quotas import NO_LIMIT
from adapters.postgres.tasks.entity_repository import COUNTS, lock_and_get
from adapters.postgres.tasks.entity_repository import get as getting
from adapters.postgres.tasks.query.statements import pages_of
from adapters.postgres.tasks.record_parameters import parameters_of
from adapters.postgres.tasks.record_statement import record as recording
from application.tasks.query import TaskQuery
from bench.options import no_command
from domain.tasks.changes import Change
from domain.tasks.task import Task

[(NEWEST, _)] = pages_of(TaskQuery(), "")
GET, LOCK_AND_GET, RECORD = (
    getting(Task),
    lock_and_get(Task),
    recording(("task",), purges=False, enters=False, rings=False),
)


pool: "asyncpg.Pool[Row]"


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await run(receive, send)
        return
    owner, path = "", scope["path"].split("/")
    for name, value in scope["headers"]:
        if name == b"authorization":
            owner = msgspec.json.decode(urlsafe_b64decode(value.split(b".")[1] + b"=="))["sub"]
    body = await answer(owner, scope["method"], path, receive)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def answer(owner: str, method: str, path: list[str], receive: Any) -> bytes:
    if path[1] == "health":
        return msgspec.json.encode(HealthOut("healthy", datetime.now(UTC)))
    if method == "POST":
        return await create(owner, (await receive())["body"])
    if method == "PATCH":
        return await complete(owner, int(path[3]), completed=path[4] == "complete")
    return await get(owner, int(path[3])) if path[2] == "tasks" else await list_tasks(owner)


async def list_tasks(owner: str) -> bytes:
    found = await rows(pool, NEWEST, owner=owner, most=51, offset=0)
    (count,) = await rows(pool, COUNTS, owner=owner)
    page = [shown(row) for row in found[:50]]
    return msgspec.json.encode(TaskPageOut(page, count["pending"] + count["completed"], 0, 50, str(page[-1].id), True))


def shown(row: Row) -> TaskOut:
    return msgspec.convert(Task(*row), TaskOut, from_attributes=True)


async def get(owner: str, task_id: int) -> bytes:
    (row,) = await rows(pool, GET, owner=owner, ids=[task_id])
    return msgspec.json.encode(shown(row))


async def create(owner: str, body: bytes) -> bytes:
    return await record(pool, Change(None, Task.new(owner, now := datetime.now(UTC), msgspec.json.decode(body))), now)


async def complete(owner: str, task_id: int, *, completed: bool) -> bytes:
    async with pool.acquire() as connection, connection.transaction():
        (row,) = await rows(connection, LOCK_AND_GET, owner=owner, ids=[task_id])
        before, now = Task(*row), datetime.now(UTC)
        return await record(connection, Change(before, replace(before, completed=completed, updated_at=now)), now)


async def record(on: Any, change: Change[Task], now: datetime) -> bytes:
    given: dict[str, Any] = {
        "owner": change.after.user_id,
        "actor_kind": "user",
        "actor_id": None,
        "at": now,
        "change_set": None,
    }
    given |= {"change_set": None, "tasks_most": NO_LIMIT, "bytes_most": NO_LIMIT}
    (row,) = await rows(on, RECORD, **given, **parameters_of([[change]]))
    return msgspec.json.encode(out(replace(change.after, id=row["id"], revision=row["revision"]), TaskOut))


async def rows(on: Any, statement: Executable, **given: Any) -> list[Row]:
    known = statement_of(statement)
    found: list[Row] = await on.fetch(known.sql, *known.arguments(given))
    return found


async def run(receive: Any, send: Any) -> None:
    global pool
    await receive()
    given = asyncpg_arguments(os.environ["DATABASE_URL"])
    pool = await asyncpg.create_pool(**given, min_size=10, max_size=10, init=prepare, reset=leave, record_class=Row)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await pool.close()
    await send({"type": "lifespan.shutdown.complete"})


async def prepare(connection: PlainConnection) -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", format="binary", **JSONB)


async def leave(connection: PlainConnection) -> None:
    """As it is: nothing of a session is ever set."""


if __name__ == "__main__":
    no_command(__doc__)
