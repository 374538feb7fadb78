"""The floor to compare with: plain ASGI, asyncpg and msgspec, no framework, running tasktalk's own SQL.

No validation, no errors, no log: what is left when everything a service needs is taken away.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import Executable, make_url, select
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from adapters.http.schemas import TaskOut, TaskPageOut, out
from adapters.postgres.tables import tasks
from adapters.postgres.task_repository import COUNTS, GET, RECORD, parameters
from domain.task import Change, Task

OWNER = os.environ.get("BENCH_OWNER", "")
LIST = select(tasks).where(tasks.c.user_id == OWNER).order_by(tasks.c.id.desc()).limit(51)
pool: asyncpg.Pool


class Statement:
    """SQL that asyncpg runs as it is, and the order of its parameters."""

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(dialect=dialect.dialect())  # type: ignore[attr-defined, no-untyped-call]
        self.sql = str(compiled)
        self.names = list(compiled.positiontup)
        self.fixed = dict(compiled.params)

    def arguments(self, given: dict[str, Any]) -> list[Any]:
        values = self.fixed | given
        return [_plain(values[name]) for name in self.names]


def _plain(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value


LIST_SQL, COUNTS_SQL, GET_SQL, RECORD_SQL = (Statement(each) for each in (LIST, COUNTS, GET, RECORD))


async def list_tasks() -> bytes:
    rows = await pool.fetch(LIST_SQL.sql, *LIST_SQL.arguments({}))
    (count,) = await pool.fetch(COUNTS_SQL.sql, OWNER)
    page = [TaskOut(*(row[name] for name in TaskOut.__struct_fields__)) for row in rows[:50]]
    return msgspec.json.encode(TaskPageOut(page, count["pending"] + count["completed"], 0, 50, str(page[-1].id)))


async def create(body: bytes) -> bytes:
    now = datetime.now(UTC)
    task = Task.new(OWNER, now, msgspec.json.decode(body))
    given = {"owner": OWNER, "actor_kind": "user", "actor_id": None, "at": now} | parameters([Change(None, task)])
    (row,) = await pool.fetch(RECORD_SQL.sql, *RECORD_SQL.arguments(given))
    return msgspec.json.encode(out(replace(task, id=row["id"], revision=row["revision"]), TaskOut))


async def app(scope: Any, receive: Any, send: Any) -> None:
    global pool
    if scope["type"] == "lifespan":
        await receive()
        url = make_url(os.environ["DATABASE_URL"])
        pool = await asyncpg.create_pool(
            host=str(url.query.get("host", url.host)),
            user=url.username,
            database=url.database,
            min_size=10,
            max_size=10,
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await pool.close()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = await list_tasks() if scope["method"] == "GET" else await create((await receive())["body"])
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
