"""`python -m bench.writes`: what each change of a task costs, in process, one after another.

Milliseconds (median and 90th percentile), CPU and round trips to PostgreSQL per change, and the size of the log per
1,000 changes.
"""

import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import text

from adapters.postgres.migration import migrate
from application.tasks.inputs import TaskChanges, TaskDraft
from bench.options import options
from bootstrap.asgi import close
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from bootstrap.postgres.dev_database import dev_database
from domain.accounts.account import Caller
from tests.statements import counted

CHANGES, WARM_UP = 1_000, 100
ANN = Caller("ann")
SIZE = text("SELECT pg_total_relation_size('events') AS size, (SELECT count(*) FROM events) AS events")


async def measure(name: str, change: Callable[[int], Awaitable[object]]) -> str:
    with counted() as statements:
        times, cpu = [], time.process_time()
        for number in range(1, CHANGES + 1):
            began = time.perf_counter()
            await change(number)
            times.append((time.perf_counter() - began) * 1000)
        cpu = (time.process_time() - cpu) * 1000 / CHANGES
    figures = (name, statistics.median(times), statistics.quantiles(times, n=10)[-1], cpu, len(statements) / CHANGES)
    return "{:9} p50 {:5.2f} ms   p90 {:5.2f} ms   CPU {:5.2f} ms   {:.1f} round trips".format(*figures)


async def main(url: str) -> None:
    await migrate(url)
    container = Container(settings=load({"DATABASE_URL": url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}))
    tasks = container.tasks()
    await container.accounts().provision(ANN.user_id)
    for _ in range(WARM_UP):
        await tasks.complete(ANN, (await tasks.add(ANN, TaskDraft("Buy milk"))).id)
    first = WARM_UP
    print(await measure("create", lambda n: tasks.add(ANN, TaskDraft(f"Buy milk {n}", "Two bottles"))))
    print(await measure("patch", lambda n: tasks.update(ANN, first + n, TaskChanges(title=f"Buy bread {n}"))))
    print(await measure("complete", lambda n: tasks.complete(ANN, first + n)))
    print(await measure("delete", lambda n: tasks.delete(ANN, first + n)))
    (row,) = await container.database().run(SIZE)
    print(f"the log: {row.size / row.events * 1000 / 1024:.0f} KiB per 1,000 changes, indexes included")
    await close(container)


if __name__ == "__main__":
    options(__doc__)
    with tempfile.TemporaryDirectory(prefix="tasktalk-bench-") as folder, dev_database(Path(folder)) as url:
        asyncio.run(main(url))
