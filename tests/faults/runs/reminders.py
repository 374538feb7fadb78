"""Reminders of many users at once, with two servers that are killed at random: none is lost, and none doubled.

`python -m tests.faults.runs.reminders [--reminders 50000] [--users 200] [--singles 20] [--kills 10] [--notified]`, with
a PostgreSQL of its own, or a database of its own on `--server postgresql+asyncpg://…`. One user has a third of the
reminders, some have a single one, and all are for the same minute. With `--notified`, each user has a browser and a
mailbox, and the kills last until most is sent. Prints figures; exits 1 if one is lost, or doubled in the log.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import func, select

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tables import events, rings
from application.tasks.commands import Batch, Create
from domain.accounts.account import Caller
from tests.conftest import administer
from tests.fakes import user
from tests.faults.runs.notified import Receivers, receiving, under_way
from tests.faults.runs.overload import percentile
from tests.faults.tools.postgres import own_postgres
from tests.faults.tools.servers import ServerProcess
from tests.tasks_on import on_postgres

AT_ONCE = 100
SHARE_OF_ONE = 1 / 3
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 1_200

Key = tuple[str, int, str]


async def fill(database: Database, users: int, reminders: int, singles: int, at: datetime) -> set[Key]:
    """Adds the tasks. Returns what is to ring. The last users have one reminder each."""
    tasks, wanted = on_postgres(database, lambda: datetime.now(UTC)), set[Key]()
    for number in range(users + singles):
        async with database() as work:
            await PostgresAccounts(database).add(user(f"user-{number}"))
            await work.commit()
    large = int(reminders * SHARE_OF_ONE)
    sizes = [large, *[(reminders - large) // (users - 1)] * (users - 1), *[1] * singles]
    text = f"{at:%Y-%m-%dT%H:%M}"
    for number, size in enumerate(sizes):
        for first in range(0, size, AT_ONCE):
            batch = Batch([Create(title="Call", reminders=[text]) for _ in range(min(AT_ONCE, size - first))])
            added = await tasks.run(Caller(f"user-{number}"), batch)
            wanted |= {(f"user-{number}", each.id, text) for each in added}  # type: ignore[union-attr]
    return wanted


@contextmanager
def database_of_its_own(server: str | None) -> Iterator[str]:
    """On that server, or on one that is started for it."""
    if server is None:
        with own_postgres() as postgres:
            yield postgres.url
        return
    name = f"reminders_{os.getpid()}"
    asyncio.run(administer(f"{server}/postgres", f"CREATE DATABASE {name}"))
    try:
        yield f"{server}/{name}"
    finally:
        asyncio.run(administer(f"{server}/postgres", f"DROP DATABASE {name} WITH (FORCE)"))


async def waiting(database: Database, *states: str) -> int:
    [(left,)] = await database.run(select(func.count()).select_from(rings).where(rings.c.state.in_(states)))
    return int(left)


async def kill_at_random(servers: list[ServerProcess], kills: int, over_seconds: float) -> None:
    began = time.monotonic()
    for _ in range(kills):
        await asyncio.sleep(random.uniform(0.5, 1.5) * over_seconds / max(kills, 1))
        server = random.choice(servers)
        await server.end(signal.SIGKILL)
        print(f"killed after {time.monotonic() - began:.1f} s", flush=True)
        await server.start()


def megabytes(servers: list[ServerProcess]) -> list[int]:
    """Returns what each server that runs holds of memory."""
    return [psutil.Process(each.process.pid).memory_info().rss >> 20 for each in servers if each.runs and each.process]


async def run(
    database_url: str, folder: Path, reminders: int, users: int, singles: int, kills: int, *, notified: bool
) -> bool:
    database = Database(database_url)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        receivers = await stack.enter_async_context(receiving()) if notified else None
        mail = {"SMTP_URL": receivers.smtp_url} if receivers else {}
        servers = [ServerProcess(database_url, folder / f"log-{number}", **mail) for number in range(2)]
        for server in servers:
            await server.start()
            stack.push_async_callback(server.end, signal.SIGKILL)
            await server.answers("/health/ready")
        seconds = 60 + reminders / 800
        at = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(second=0, microsecond=0) + timedelta(minutes=1)
        began = time.monotonic()
        wanted = await fill(database, users, reminders, singles, at)
        print(
            f"{len(wanted)} reminders of {users + singles} users, set in {time.monotonic() - began:.0f} s", flush=True
        )
        if receivers:
            await receivers.subscribe(database, {user_id for user_id, _, _ in wanted})
        while await waiting(database, "new"):  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)
        print(f"timed {(at - datetime.now(UTC)).total_seconds():.0f} s before they ring", flush=True)
        await asyncio.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
        before, most = megabytes(servers), 0
        killing = asyncio.create_task(kill_at_random(servers, kills, reminders / (200 if receivers else 5_000)))
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while (await waiting(database, "new", "waiting") or await under_way(database)) and time.monotonic() < ends_at:
            most = max(most, *megabytes(servers), 0)
            await asyncio.sleep(POLL_SECONDS)
        await killing
        print(f"memory of the servers: {before} MB before, at most {most} MB while they rang")
        return await judged(database, wanted, at, receivers)


async def judged(database: Database, wanted: set[Key], at: datetime, receivers: Receivers | None) -> bool:
    text = events.c.after["reminder"].astext
    query = select(events.c.user_id, events.c.entity_id, events.c.revision, text.label("text"), events.c.at)
    rows = await database.run(query.where(events.c.entity == "reminder"))
    rung = Counter((row.user_id, row.entity_id, row.text) for row in rows)
    delays = {row.user_id: (row.at - at).total_seconds() for row in sorted(rows, key=lambda row: row.at)}
    own = [(row.at - at).total_seconds() for row in rows]
    small = [seconds for user_id, seconds in delays.items() if user_id != "user-0"]
    sizes = Counter(row.user_id for row in rows)
    single = [seconds for user_id, seconds in delays.items() if sizes[user_id] == 1]
    lost, doubled = len(wanted - rung.keys()), sum(count - 1 for count in rung.values())
    print(f"rung {len(rung)}, lost {lost}, doubled {doubled}, in {max(own):.1f} s: {len(own) / max(own):.0f} a second")
    print(f"first after {min(own):.2f} s, p50 {percentile(own, 50):.1f} s; last of the user with a third: ", end="")
    print(f"{delays['user-0']:.1f} s; last of the others: p50 {percentile(small, 50):.1f} s, {max(small):.1f} s")
    if single:
        print(
            f"{len(single)} users with one reminder: p50 {percentile(single, 50):.2f} s, the last {max(single):.2f} s"
        )
    came = receivers is None or receivers.judged({(row.user_id, row.revision) for row in rows})
    return not lost and not doubled and rung.keys() == wanted and came


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reminders", type=int, default=50_000)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--singles", type=int, default=20)
    parser.add_argument("--notified", action="store_true", help="with a browser and a mailbox of each user")
    parser.add_argument("--server", help="an address of a PostgreSQL, such as postgresql+asyncpg://postgres@127.0.0.1")
    given = parser.parse_args()
    given_sizes = (given.reminders, given.users, given.singles, given.kills)
    with database_of_its_own(given.server) as url, tempfile.TemporaryDirectory() as folder:
        kept = asyncio.run(run(url, Path(folder), *given_sizes, notified=given.notified))
    sys.exit(not kept)


if __name__ == "__main__":
    main()
