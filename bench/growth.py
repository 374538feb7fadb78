"""`python -m bench.growth [tasks …]`: what each query costs as everybody's tasks, and one user's, become many.

Without arguments 10 thousand and a million tasks. A tenth as many users, at most 100,000; one of them has a tenth of
the tasks, at most 100,000. In process, one query after another, in milliseconds.
"""

import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import asyncpg

from adapters.postgres.driver.connections import asyncpg_arguments
from adapters.postgres.migration import migrate
from application.ports import TaskRepository
from application.tasks.inputs import TaskDraft
from application.tasks.query import Cursors, TaskPage, TaskQuery, TaskSearch, sort_of
from application.tasks.query.sort import SORTS
from application.tasks.use_cases import Tasks
from bench.options import options
from bootstrap.asgi import close
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from bootstrap.postgres.dev_database import dev_database
from domain.accounts.account import Caller
from domain.tasks.task import Status

SIZES = (10_000, 1_000_000)
MAX_OF_ONE, MAX_USERS, TIMES, WARM_UP = 100_000, 100_000, 400, 50
ANN = Caller("u1")
FULL = TaskDraft(
    "Paint the fence",
    "Two coats, and the gate",
    list_id=1,
    priority="high",
    tags=["home", "weekend"],
    start="2026-12-01",
    due="2026-12-05T09:00",
    deadline="2026-12-24",
    recurrence="FREQ=WEEKLY",
    estimate="PT45M",
)
FILL = """
    DELETE FROM users;
    INSERT INTO users (id, created_at) SELECT 'u' || n, now() FROM generate_series(1, {users}) n;
    INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at, completed_at, deleted_at, revision,
                       list_id, parent_id, priority, tags, start, due, deadline, position, due_key, priority_rank,
                       title_key, search, indexed_revision)
    SELECT user_id, id, title, completed, now(), now() - id * interval '1 second',
           CASE WHEN completed THEN now() - id * interval '1 minute' END, CASE WHEN id % 10 = 7 THEN now() END, id,
           nullif(id % 12, 0), CASE WHEN id % 20 = 13 THEN id - 12 END, ('{{low,medium,high}}'::text[])[id % 4],
           ARRAY['Tag ' || id % 25], CASE WHEN id % 9 = 0 THEN day::text END, day::text || coalesce(time, ''),
           CASE WHEN id % 8 = 0 THEN day::text END, 'b' || lpad(id::text, 6, '0'),
           day::text || coalesce(time, 'T24:00'), nullif(id % 4, 0) - 1, lower(title),
           format('''%1$s@tag %2$s'' ''%1$stask'':1A ''%1$sn%3$s'':2A ''%1$sword%4$s'':3A ''%1$srare%5$s'':4A', prefix,
                  id % 25, id, id % 20, id % 5000)::tsvector, id
    FROM (
        SELECT *, left(encode(sha256(user_id::bytea), 'hex'), 8) AS prefix, id % 7 < 3 AS completed,
               'Task n' || id || ' word' || id % 20 || ' rare' || id % 5000 AS title,
               CASE WHEN id % 5 < 3 THEN current_date - 300 + (id::bigint * 7919 % 1000)::int END AS day,
               CASE WHEN id % 2 = 0 THEN 'T09:00' END AS time
        FROM (
            SELECT 'u1' AS user_id, generate_series(1, {own}) AS id
            UNION ALL
            SELECT 'u' || 2 + n % ({users} - 1), 1 + n / ({users} - 1) FROM generate_series(0, {others} - 1) n
        ) AS numbered
    ) AS made;
    INSERT INTO lists (user_id, id, name, archived, created_at, updated_at, revision)
    SELECT 'u1', n, 'List ' || n, n = 11, now(), now(), n FROM generate_series(1, 11) n;
    INSERT INTO counters (user_id, revision, last_task_id, pending, completed, trashed)
    SELECT users.id, coalesce(max(tasks.id), 0), coalesce(max(tasks.id), 0),
           count(*) FILTER (WHERE NOT completed AND deleted_at IS NULL),
           count(*) FILTER (WHERE completed AND deleted_at IS NULL), count(*) FILTER (WHERE deleted_at IS NOT NULL)
    FROM users LEFT JOIN tasks ON user_id = users.id GROUP BY users.id;
"""


async def fill(url: str, tasks: int) -> int:
    """How many of them are one user's."""
    own, users = min(MAX_OF_ONE, tasks // 10), min(MAX_USERS, tasks // 10)
    connection = await asyncpg.connect(**asyncpg_arguments(url))
    await connection.execute(FILL.format(users=users, own=own, others=tasks - own))
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return own


SEARCHES: dict[str, TaskSearch] = {
    "today's view": TaskSearch(filter="today", sort="due"),
    "today and overdue": TaskSearch(filter="today | overdue", sort="due"),
    "a list by hand order": TaskSearch(list=3, status=Status.PENDING, sort="position"),
    "a tag": TaskSearch(tag=("Tag 7",)),
    "due before": TaskSearch(due_before=f"{date.today() - timedelta(days=290)}", sort="due"),
    "a rare word": TaskSearch(q="rare77"),
    "a common word": TaskSearch(q="task"),
    "a common word, by relevance": TaskSearch(q="task", sort="relevance"),
    "a word of one task in twenty": TaskSearch(q="word7", sort="relevance"),
    "a filter of three terms": TaskSearch(filter="next 7 days & #List 3 & !p1"),
    "three terms that are common": TaskSearch(filter="p1 & no date & @Tag 3"),
    "a filter that nothing matches": TaskSearch(filter="p1 & search: task & due: 2199-01-01"),
}
SORTED = [f"{sign}{name}" for name in SORTS if name != "relevance" for sign in ("", "-")]


async def later(tasks: TaskRepository, sort: str, own: int) -> str:
    """The cursor of page 1,000, or of the last page of those with fewer."""
    order = sort_of(sort)
    offset = min(49_949, own * 9 // 10 - 51)
    [last] = await tasks.find(ANN.user_id, TaskQuery(sort=order, limit=1, offset=offset))
    return Cursors(order).encode(last)


async def measure(name: str, query: Callable[[int], Awaitable[object]]) -> str:
    times = []
    for number in range(WARM_UP + TIMES):
        began = time.perf_counter()
        await query(number)
        times.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(times[WARM_UP:], n=100)
    return f"  {name:34} p50 {cuts[49]:6.2f} ms   p99 {cuts[98]:6.2f} ms"


async def grown(url: str, size: int) -> None:
    own = await fill(url, size)
    print(f"{size:,} tasks, {own:,} of them one user's")
    container = Container(settings=load({"DATABASE_URL": url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}))
    tasks, stored = container.tasks(), container.task_repository()
    queries: dict[str, Callable[[int], Awaitable[object]]] = {
        "first page, with its total": lambda _: tasks.page(ANN, Status.ALL, 50),
        "first page of those to do": lambda _: tasks.page(ANN, Status.PENDING, 50),
        "first page of the trash": lambda _: tasks.page(ANN, Status.TRASHED, 50),
        "page at nine tenths, by cursor": lambda n: tasks.page(ANN, Status.ALL, 50, cursor=str(own // 10 + n % 10)),
        "page at nine tenths, by offset": lambda n: tasks.page(ANN, Status.ALL, 50, offset=own * 8 // 10 + n % 10),
        **{name: partial(searched, tasks, asked) for name, asked in SEARCHES.items()},
        **{f"{sort}, page 1": partial(searched, tasks, TaskSearch(sort=sort)) for sort in SORTED},
        **{
            f"{sort}, page 1,000": partial(
                searched, tasks, TaskSearch(sort=sort, cursor=await later(stored, sort, own))
            )
            for sort in SORTED
        },
        "one task": lambda n: tasks.get(ANN, 1 + 10 * (n % (own // 10))),
        "add": lambda n: tasks.add(ANN, TaskDraft(f"New {n}")),
        "add with all fields": lambda n: tasks.add(ANN, FULL),
        "complete": lambda n: tasks.complete(ANN, 1 + 10 * (n % (own // 10))),
    }
    for name, query in queries.items():
        print(await measure(name, query), flush=True)
    await close(container)


async def searched(tasks: Tasks, asked: TaskSearch, _: int) -> TaskPage:
    return await tasks.search(ANN, asked)


async def main(url: str, sizes: list[int]) -> None:
    await migrate(url)
    for size in sizes:
        await grown(url, size)


if __name__ == "__main__":
    sizes = options(__doc__, "tasks", defaults=SIZES)
    with (
        tempfile.TemporaryDirectory(prefix="tasktalk-bench-", ignore_cleanup_errors=True) as folder,
        dev_database(Path(folder), durable=False) as url,
    ):
        asyncio.run(main(url, sizes))
