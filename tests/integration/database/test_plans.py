"""How PostgreSQL goes about the statements that grow with what a user has: by an index, without sorting it all."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from sqlalchemy import Executable

from adapters.postgres.chat.turn_statements import NEWEST as NEWEST_TURNS
from adapters.postgres.chat.turn_statements import PAST, RUNNING
from adapters.postgres.driver.connections import SETTINGS, asyncpg_arguments
from adapters.postgres.driver.statements import statement_of
from adapters.postgres.tasks.entity_repository import COUNTS, get, lock_and_get
from adapters.postgres.tasks.query.matches import FOUND_BY_WORDS, Matches, Way
from adapters.postgres.tasks.query.statements import counts_of, pages_of
from adapters.postgres.tasks.query.text_search import necessary_query
from adapters.postgres.tasks.task_repository import FOLLOWING
from application.tasks.filters.meaning import Account, filter_of
from application.tasks.query import (
    ALL,
    STATUS_FILTERS,
    And,
    Filter,
    HasTag,
    Sort,
    TaskQuery,
    Words,
    sort_of,
    sort_values,
)
from domain.tasks.dates.calendar import Calendar
from domain.tasks.task import Status, Task

FILL = """
    DELETE FROM users;
    INSERT INTO users (id, created_at) SELECT 'u' || n, now() FROM generate_series(1, 300) n;
    INSERT INTO users (id, created_at) SELECT 'new' || n, now() FROM generate_series(1, 10000) n;
    INSERT INTO counters (user_id) SELECT id FROM users;
    INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at, deleted_at, revision, completed_at,
                       list_id, due_key, deadline, start, priority_rank, title_key, search, indexed_revision)
    SELECT id, n, 'title', n % 2 = 0, now(), now() - n * interval '1 second', CASE WHEN n % 3 = 0 THEN now() END, n,
           CASE WHEN n % 2 = 0 THEN now() - n * interval '1 minute' END, nullif(n % 5, 0),
           CASE WHEN n % 3 < 2 THEN '2026-01-01'::date + n || 'T24:00' END,
           CASE WHEN n % 4 = 0 THEN '2026-01-01'::date + n END, CASE WHEN n % 20 = 0 THEN '2026-01-01'::date + n END,
           nullif(n % 4, 0) - 1, 'title ' || n,
           array_to_tsvector(ARRAY[prefix || 'word', prefix || 'rare' || n % 500, prefix || '@tag']), n
    FROM (SELECT *, left(encode(sha256(id::bytea), 'hex'), 8) AS prefix FROM users WHERE id LIKE 'u%') AS users,
         generate_series(1, CASE id WHEN 'u7' THEN 1000 ELSE 100 END) n;
    INSERT INTO conversations (user_id, id, created_at, updated_at)
    SELECT id, 'default', now(), now() FROM users;
    INSERT INTO turns (user_id, id, conversation_id, number, message, state, created_at)
    SELECT user_id, 'turn' || n, 'default', n, 'Hello', 'done', now() FROM conversations, generate_series(1, 100) n
    WHERE user_id LIKE 'u%';
    INSERT INTO steps (user_id, turn_id, number, kind, body, created_at)
    SELECT user_id, id, 1, 'answer', '{}', now() FROM turns;
    ANALYZE users, counters, tasks, conversations, turns, steps
"""
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
LIKE_THE_APP = {"random_page_cost": SETTINGS["random_page_cost"]}
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


SORTED_BY: dict[str, str] = {
    "created": "tasks_all_idx",
    "updated": "tasks_updated_idx",
    "completed": "tasks_completed_at_idx",
    "due": "tasks_due_idx",
    "deadline": "tasks_deadline_idx",
    "priority": "tasks_priority_idx",
    "title": "tasks_title_idx",
    "position": "tasks_list_idx",
}
ACCOUNT = Account(datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("UTC")), Calendar())
FILTERS: dict[str, tuple[str, set[str]]] = {
    "today": ("today", {"tasks_due_idx", "tasks_start_idx"}),
    "due before": ("due before: 2026-01-09", {"tasks_due_idx"}),
    "three terms": ("next 7 days & p1 & !recurring", {"tasks_due_idx"}),
}


@pytest.fixture(scope="module")
async def grown(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to tables in which reading all of a user, or of all users, would be a mistake."""
    connection = await asyncpg.connect(**asyncpg_arguments(database_url), server_settings=LIKE_THE_APP)
    await connection.execute(FILL)
    yield connection
    await connection.execute("DELETE FROM users")
    await connection.close()


VACUUMS = 100


@pytest.fixture(scope="module")
async def vacuumed(grown: asyncpg.Connection) -> asyncpg.Connection:
    """VACUUM notes nothing while another session, such as autovacuum's ANALYZE, has a snapshot of the time before."""
    for _ in range(VACUUMS):
        await grown.execute("VACUUM tasks")
        if await grown.fetchval("SELECT relallvisible = relpages FROM pg_class WHERE oid = 'tasks'::regclass"):
            return grown
        await asyncio.sleep(0.1)
    pytest.skip("another session keeps an old snapshot, so VACUUM can't mark all rows as visible")


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


async def planned(connection: asyncpg.Connection, statement: Executable, given: dict[str, Any]) -> str:
    known = statement_of(statement)
    return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {known.sql}", *known.arguments(given)))


def after_the_first(sort: Sort) -> tuple[Any, ...]:
    task = Task("u7", "title 50", NOW, NOW, id=50, completed_at=NOW, list_id=2, due="2026-02-20", priority="low")
    return sort_values(replace(task, deadline="2026-02-20"), sort)


@pytest.mark.parametrize("name", [f"{sign}{name}" for name in SORTED_BY for sign in ("", "-")])
@pytest.mark.parametrize("continued", [False, True])
async def test_each_sort_has_its_index(grown: asyncpg.Connection, name: str, *, continued: bool) -> None:
    sort = sort_of(name)
    query = TaskQuery(sort=sort, limit=51, after=after_the_first(sort) if continued else None)
    statement, given = next(iter(pages_of(query, "u7")))
    plan = await planned(grown, statement, given)
    assert f" {SORTED_BY[name.removeprefix('-')]} " in plan, plan
    assert "Sort" not in plan, plan
    assert "Seq Scan" not in plan, plan


@pytest.mark.parametrize("name", FILTERS)
async def test_dates_are_found_by_their_indexes(grown: asyncpg.Connection, name: str) -> None:
    text, indexes = FILTERS[name]
    which, states = filter_of(text, ACCOUNT)
    [(statement, given)] = pages_of(TaskQuery(And((states, which)), limit=51), "u7")
    plan = await planned(grown, statement, given)
    assert {each for each in ("tasks_due_idx", "tasks_start_idx") if each in plan} == indexes, plan
    assert "Seq Scan" not in plan, plan


@pytest.mark.long
@pytest.mark.parametrize("text", ["overdue", "due before: 2026-01-09", "today | overdue"])
async def test_dates_are_counted_in_their_index_alone(vacuumed: asyncpg.Connection, text: str) -> None:
    which, states = filter_of(text, ACCOUNT)
    for statement, given in counts_of(And((states, which)), "u7"):
        plan = await planned(vacuumed, statement, given)
        assert "Index Only Scan" in plan, plan
        assert "Seq Scan" not in plan, plan


@pytest.mark.parametrize("which", [Words("rare7"), HasTag("tag"), And((Words("word"), HasTag("tag")))])
async def test_words_and_tags_are_found_by_their_index(grown: asyncpg.Connection, which: Filter) -> None:
    words = necessary_query(which, "u7")
    plan = await planned(grown, FOUND_BY_WORDS, OWNER | {"words": words, "taken": 1_000, "most": 10_001})
    assert "tasks_search_idx" in plan, plan
    [(statement, given)] = pages_of(TaskQuery(which), "u7", Matches(Way.INDEXED))
    plan = await planned(grown, statement, given)
    assert "tasks_search_idx" in plan, plan
    assert "Seq Scan" not in plan, plan


async def test_words_of_most_tasks_are_walked_through(grown: asyncpg.Connection) -> None:
    [(statement, given)] = pages_of(TaskQuery(And((ALL, Words("word")))), "u7", Matches(Way.WALKED))
    plan = await planned(grown, statement, given)
    assert "Index Scan Backward" in plan, plan
    assert "Sort" not in plan, plan


async def test_a_search_is_planned_for_its_user(grown: asyncpg.Connection) -> None:
    """A plan for all users would be that of one who has few tasks."""
    [(statement, given)] = pages_of(TaskQuery(Words("word")), "u7", Matches(Way.WALKED))
    known = statement_of(statement)
    for _ in range(8):
        await grown.fetch(known.sql, *known.arguments(given))
    [used] = await grown.fetch(
        "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement = $1", known.sql
    )
    assert (used["custom_plans"], used["generic_plans"]) == (8, 0)
