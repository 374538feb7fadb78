"""Servers, PostgreSQL and the wire between them fail, under clients that retry: is anything lost, doubled or stuck?

`python -m tests.faults.crash_run [--minutes 10] [--faults 100] [--pooler]`: two servers, a PostgreSQL of their own
behind a proxy of ours, and a model that also has servers killed at every boundary of a turn. Prints tables of what was
done and found; exits 1 where a promise is broken.
"""

import argparse
import asyncio
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.crash_client import Client
from tests.faults.crash_faults import Fault, Faults
from tests.faults.crash_journal import differences
from tests.faults.crash_model import Model, modelled
from tests.faults.crash_servers import Servers, kept_up
from tests.faults.postgres import Postgres, own_postgres, through
from tests.faults.proxy import Proxy, proxied
from tests.pgbouncer import pooled

SILENCE_SECONDS = 5.0
PAUSE = (0.5, 3.0)
"""Seconds from the end of a fault to the next one."""
ENVIRONMENT = {"TURN_LEASE_SECONDS": "2", "LOG_LEVEL": "WARNING"}


@dataclass
class Record:
    """When, by the monotonic clock, clients were told of success, and which faults ended."""

    successes: list[float] = field(default_factory=list)
    ends: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def told(self) -> None:
        self.successes.append(time.monotonic())

    def silence(self, end: float) -> float:
        """Until somebody is served again."""
        return next((at - end for at in self.successes if at >= end), 0.0)

    def longest(self) -> float:
        return max((self.silence(end) for ends in self.ends.values() for end in ends), default=0.0)


async def disturb(record: Record, servers: Servers, known: Mapping[str, Fault], least: int, ends_at: float) -> None:
    """Every kind in turn, in an order of its own each time."""
    done, order = 0, list[str]()
    while time.monotonic() < ends_at or done < least:
        order = order or random.sample(sorted(known), len(known))
        name = order.pop()
        await known[name]()
        await servers.is_up()
        record.ends[name].append(time.monotonic())
        done += 1
        await asyncio.sleep(random.uniform(*PAUSE))


async def run(clients_count: int, minutes: float, least: int, *, with_pooler: bool) -> bool:
    record = Record()
    servers: Servers
    with own_postgres() as postgres, tempfile.TemporaryDirectory(prefix="tt-crash-") as folder:
        model = Model(lambda: servers.kill_one(), share=0.0)
        async with (
            proxied(postgres.socket) as proxy,
            modelled(model) as place,
            database(proxy, with_pooler=with_pooler) as urls,
            kept_up(2, folder=Path(folder), OPENAI_BASE_URL=place, **urls, **ENVIRONMENT) as servers,
        ):
            await servers.are_up()
            clients = [Client(f"user{number}", servers.ports, record.told) for number in range(clients_count)]
            await asyncio.gather(*(client.enter() for client in clients))
            took = await _trouble(record, clients, servers, postgres, proxy, model, minutes, least)
            await servers.are_up()
            await asyncio.gather(*(client.settle() for client in clients))
            wrong = [line for client in clients for line in differences(client.journal, await client.found())]
        await asyncio.gather(*(client.leave() for client in clients))
        crashes = tracebacks(Path(folder))
    return _report(record, clients, model, wrong, took, crashes)


@asynccontextmanager
async def database(proxy: Proxy, *, with_pooler: bool) -> AsyncIterator[dict[str, str]]:
    """The settings that lead to it: all by the proxy, and most by a pooler in front of that."""
    direct = through(proxy.port)
    if not with_pooler:
        yield {"database_url": direct}
        return
    with pooled(direct) as url:
        yield {"database_url": url, "DIRECT_DATABASE_URL": direct}


async def _trouble(
    record: Record,
    clients: list[Client],
    servers: Servers,
    postgres: Postgres,
    proxy: Proxy,
    model: Model,
    minutes: float,
    least: int,
) -> float:
    began = time.monotonic()
    model.share = 0.003
    trouble = asyncio.create_task(
        disturb(record, servers, Faults(servers, postgres, proxy).by_name(), least, began + minutes * 60)
    )
    stopped = asyncio.Event()
    trouble.add_done_callback(lambda _: stopped.set())

    async def erase_next_batch(client: Client) -> None:
        while not stopped.is_set():
            await client.work(time.monotonic() + 1)

    try:
        await asyncio.gather(*(erase_next_batch(client) for client in clients))
    finally:
        model.share = 0.0
        trouble.cancel()
    await asyncio.gather(trouble)
    return time.monotonic() - began


def tracebacks(folder: Path) -> Counter[str]:
    """What the logs show with a stack: there should be nothing."""
    lines = (log.read_text() for log in folder.glob("*.log"))
    return Counter(name for text in lines for name in re.findall(r"^([\w.]+(?:Error|Exception|Taken))\b", text, re.M))


def _report(
    record: Record, clients: list[Client], model: Model, wrong: list[str], took: float, crashes: Counter[str]
) -> bool:
    print("| fault | times | longest silence after its end, s |\n|---|---|---|")
    for name, ends in sorted(record.ends.items()):
        print(f"| {name} | {len(ends)} | {max(map(record.silence, ends)):.1f} |")
    for name, times in sorted(model.kills.items()):
        print(f"| servers killed where a turn is “{name}” | {times} | |")
    statuses: Counter[str] = sum((client.statuses for client in clients), Counter())
    unexpected = [line for client in clients for line in client.unexpected]
    count = sum(map(len, record.ends.values())) + model.kills.total()
    writes = sum(client.journal.writes for client in clients)
    turns = sum(client.journal.messages.total() for client in clients)
    print(f"\n{count} faults in {took / 60:.1f} minutes; {len(clients)} clients, 2 servers, {os.cpu_count()} cores")
    print(f"{writes} writes acknowledged, {turns} of them whole chat turns")
    print(f"answers and errors the clients saw: {dict(statuses)}")
    slowest = {kind: max(client.slowest[kind] for client in clients) / 1000 for kind in ("chat", "other")}
    print(f"slowest answer: {slowest['other']:.1f} s, of a chat turn {slowest['chat']:.1f} s")
    print(f"turns that had to be asked for again in the end: {sum(client.resumed for client in clients)}")
    print(f"stacks in the logs: {dict(crashes)}; load of the machine: {os.getloadavg()[0]:.1f}")
    print(f"longest silence after a fault: {record.longest():.1f} s")
    print(
        "\n".join([*wrong, *unexpected]) or "nothing lost, nothing doubled, nobody stuck, nothing unexpected answered"
    )
    return not wrong and not unexpected and record.longest() <= SILENCE_SECONDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--faults", type=int, default=0, help="at least so many, however long that takes")
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--pooler", action="store_true", help="PgBouncer between the servers and PostgreSQL")
    given = parser.parse_args()
    running = run(given.clients, given.minutes, given.faults, with_pooler=given.pooler)
    sys.exit(not asyncio.run(running))


if __name__ == "__main__":
    main()
