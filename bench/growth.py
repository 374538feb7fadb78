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
from pathlib import Path

import asyncpg

from adapters.postgres.driver.connections import asyncpg_arguments
from adapters.postgres.migration import migrate
from application.tasks.inputs import TaskDraft
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
FILL = """
    DELETE FROM users;
    INSERT INTO users (id, created_at) SELECT 'u' || n, now() FROM generate_series(1, {users}) n;
    INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at, deleted_at, revision)
    SELECT user_id, id, 'Task ' || id, id % 2 = 0, now(), now(), CASE WHEN id % 10 = 0 THEN now() END, id FROM (
        SELECT 'u1' AS user_id, generate_series(1, {own}) AS id
        UNION ALL
        SELECT 'u' || 2 + n % ({users} - 1), 1 + n / ({users} - 1) FROM generate_series(0, {others} - 1) n
    ) AS made;
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
    tasks = container.tasks()
    queries: dict[str, Callable[[int], Awaitable[object]]] = {
        "first page, with its total": lambda _: tasks.page(ANN, Status.ALL, 50),
        "first page of those to do": lambda _: tasks.page(ANN, Status.PENDING, 50),
        "first page of the trash": lambda _: tasks.page(ANN, Status.TRASHED, 50),
        "page at nine tenths, by cursor": lambda n: tasks.page(ANN, Status.ALL, 50, cursor=str(own // 10 + n % 10)),
        "page at nine tenths, by offset": lambda n: tasks.page(ANN, Status.ALL, 50, offset=own * 8 // 10 + n % 10),
        "one task": lambda n: tasks.get(ANN, 1 + 10 * (n % (own // 10))),
        "add": lambda n: tasks.add(ANN, TaskDraft(f"New {n}")),
        "complete": lambda n: tasks.complete(ANN, 1 + 10 * (n % (own // 10))),
    }
    for name, query in queries.items():
        print(await measure(name, query), flush=True)
    await close(container)


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
