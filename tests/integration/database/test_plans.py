"""How PostgreSQL goes about the statements that grow with what a user has: by an index, without sorting it all."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Executable

from adapters.postgres.chat.turn_statements import NEWEST as NEWEST_TURNS
from adapters.postgres.chat.turn_statements import PAST, RUNNING
from adapters.postgres.driver.connections import asyncpg_arguments
from adapters.postgres.driver.statements import statement_of
from adapters.postgres.tasks.entity_repository import COUNTS, get, lock_and_get
from adapters.postgres.tasks.query.statements import pages_of
from adapters.postgres.tasks.task_repository import FOLLOWING
from application.tasks.query import STATUS_FILTERS, TaskQuery
from domain.tasks.task import Status, Task

FILL = """
    DELETE FROM users;
    INSERT INTO users (id, created_at) SELECT 'u' || n, now() FROM generate_series(1, 300) n;
    INSERT INTO users (id, created_at) SELECT 'new' || n, now() FROM generate_series(1, 10000) n;
    INSERT INTO counters (user_id) SELECT id FROM users;
    INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at, deleted_at, revision)
    SELECT id, n, 'title', n % 2 = 0, now(), now(), CASE WHEN n % 3 = 0 THEN now() END, n
    FROM users, generate_series(1, CASE id WHEN 'u7' THEN 1000 ELSE 100 END) n WHERE users.id LIKE 'u%';
    INSERT INTO conversations (user_id, id, created_at, updated_at)
    SELECT id, 'default', now(), now() FROM users;
    INSERT INTO turns (user_id, id, conversation_id, number, message, state, created_at)
    SELECT user_id, 'turn' || n, 'default', n, 'Hello', 'done', now() FROM conversations, generate_series(1, 100) n
    WHERE user_id LIKE 'u%';
    INSERT INTO steps (user_id, turn_id, number, kind, body, created_at)
    SELECT user_id, id, 1, 'answer', '{}', now() FROM turns;
    ANALYZE users, counters, tasks, conversations, turns, steps
"""
OWNER = {"owner": "u7"}
IDS = OWNER | {"ids": [5, 6]}
PAGE = OWNER | {"most": 51, "offset": 0, "before": 500, "after": 500, "after0": 500}
TURNS = PAGE | {"conversation": "default", "most": 50, "after": 0, "before": 2**31 - 1}


def newest(status: Status, *, continued: bool) -> Executable:
    [(statement, _)] = pages_of(TaskQuery(STATUS_FILTERS[status], after=(500,) if continued else None), "u7")
    return statement


STATEMENTS: dict[str, tuple[Executable, dict[str, Any]]] = {
    **{
        f"newest {status} {continued}": (newest(status, continued=continued), PAGE)
        for status in Status
        for continued in (False, True)
    },
    "get": (get(Task), IDS),
    "lock and get": (lock_and_get(Task), IDS),
    "count": (COUNTS, OWNER),
    "following": (FOLLOWING, PAGE),
    "turns": (NEWEST_TURNS, TURNS),
    "turns before": (PAST, TURNS | {"number": 90}),
    "running turn": (RUNNING, TURNS),
}


@pytest.fixture(scope="module")
async def grown(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to tables in which reading all of a user, or of all users, would be a mistake."""
    connection = await asyncpg.connect(**asyncpg_arguments(database_url))
    await connection.execute(FILL)
    yield connection
    await connection.execute("DELETE FROM users")
    await connection.close()


@pytest.mark.parametrize("name", STATEMENTS)
async def test_a_statement_is_answered_by_an_index(grown: asyncpg.Connection, name: str) -> None:
    query, given = STATEMENTS[name]
    known = statement_of(query)
    rows = await grown.fetch(f"EXPLAIN (ANALYZE, COSTS off, TIMING off) {known.sql}", *known.arguments(given))
    plan = "\n".join(row[0] for row in rows)
    assert "Index" in plan, plan
    assert "Seq Scan" not in plan, plan


async def test_turns_before_are_bounded_by_their_summary_in_the_index(grown: asyncpg.Connection) -> None:
    """Whatever PostgreSQL knows of the tables: it asks for the bound first."""
    known = statement_of(PAST)
    rows = await grown.fetch(f"EXPLAIN {known.sql}", *known.arguments(TURNS | {"number": 90}))
    plan = "\n".join(row[0] for row in rows)
    assert "(number > (InitPlan" in plan or "(number > $" in plan, plan


@pytest.mark.parametrize("status", Status)
async def test_a_page_is_not_sorted_out_of_all_tasks(grown: asyncpg.Connection, status: Status) -> None:
    for continued in (False, True):
        known = statement_of(newest(status, continued=continued))
        rows = await grown.fetch(f"EXPLAIN {known.sql}", *known.arguments(PAGE))
        plan = "\n".join(row[0] for row in rows)
        assert "Index Scan Backward" in plan, plan
        assert "Sort" not in plan, plan
