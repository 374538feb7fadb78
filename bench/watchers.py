"""`python -m bench.watchers [1000]`: so many live feeds on one worker, while their tasks change.

Prints the memory of the worker without and with them, its CPU while they are silent, and how long after the answer to a
change its watcher hears of it, for changes one after another. Load, database and worker share the machine.
"""

import asyncio
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from adapters.postgres.migration import migrate
from bench.__main__ import SECRET, server
from bench.load import Request, load
from bench.options import options
from bench.streams import tokens
from bootstrap.postgres.dev_database import dev_database

WATCHERS = 1_000
CHANGES, SILENT_SECONDS, ALL_SECONDS = 500, 15, 100


class Watcher:
    """`at` is when it last heard of a new task."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.open, self.heard = asyncio.Event(), asyncio.Event()
        self.at = 0.0

    async def watch(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(Request("GET", "/api/users/me/events/stream", self.token).encoded())
        while line := await reader.readline():
            if line.startswith(b": watching"):
                self.open.set()
            if line.startswith(b"data: ") and json.loads(line[6:])["kind"] == "created":
                self.at = time.perf_counter()
                self.heard.set()

    async def delay(self) -> float:
        """Milliseconds from the answer to the change to the event; less than nothing where the event came first."""
        self.heard.clear()
        await load(self.port, [Request("POST", "/api/users/me/tasks", self.token, b'{"title": "Buy milk"}')], 1, 1)
        answered = time.perf_counter()
        await asyncio.wait_for(self.heard.wait(), 5)
        return (self.at - answered) * 1000


async def measure(worker: psutil.Process, watchers: list[Watcher]) -> None:
    before = worker.memory_info().rss / 2**20
    began = time.perf_counter()
    running = [asyncio.create_task(watcher.watch()) for watcher in watchers]
    await asyncio.gather(*(watcher.open.wait() for watcher in watchers))
    print(f"{len(watchers)} watchers open after {time.perf_counter() - began:.1f} s")
    spent = sum(worker.cpu_times()[:2])
    await asyncio.sleep(SILENT_SECONDS)
    silent = (sum(worker.cpu_times()[:2]) - spent) * 100 / SILENT_SECONDS
    memory = worker.memory_info().rss / 2**20
    each = (memory - before) * 1024 / len(watchers)
    print(f"memory {before:.0f} MiB without, {memory:.0f} MiB with them: {each:.0f} KiB each")
    print(f"CPU while nothing changes: {silent:.0f} % of a core")
    delays = [await random.choice(watchers).delay() for _ in range(CHANGES)]
    p50, p99 = statistics.median(delays), statistics.quantiles(delays, n=100)[-1]
    print(f"heard {p50:.1f} ms (p50), {p99:.1f} ms (p99), {max(delays):.1f} ms (most) after the answer to the change")
    for each_running in running:
        each_running.cancel()


async def main(url: str) -> None:
    await migrate(url)
    environment = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": SECRET + "x7Qz", "LOG_LEVEL": "WARNING"}
    bearers = await tokens(environment, WATCHERS)
    async with asyncio.timeout(ALL_SECONDS):
        with server("bootstrap.asgi:create", environment, "--factory") as (worker, port):
            await load(port, [Request("GET", "/api/users/me/tasks", bearers[0])], 10, 200)
            await measure(worker, [Watcher(port, bearer) for bearer in bearers])


if __name__ == "__main__":
    (WATCHERS,) = options(__doc__, "watchers", defaults=[WATCHERS])
    with tempfile.TemporaryDirectory(prefix="tasktalk-bench-") as name, dev_database(Path(name)) as address:
        asyncio.run(main(address))
