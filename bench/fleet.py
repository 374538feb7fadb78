"""`python -m bench.fleet`: four workers with 500 streamed turns and 1,000 watchers, while others read and write.

Prints what 32 connections get done and how long it takes, and the workers' memory and CPU: without the streams and
watchers, with them, and as a ratio. Load, model, database and workers share the machine: compare within a run.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from adapters.postgres.migration import migrate
from bench.__main__ import SECRET, prepared, server
from bench.load import Request, load
from bench.options import options
from bench.spoken import Heard, SpeakingClock
from bench.streams import report, report_words, tokens
from bench.watchers import Watcher
from bootstrap.postgres.dev_database import dev_database

WORKERS, STREAMS, WATCHERS = 4, 500, 1_000
CONNECTIONS, USERS, PHASE_SECONDS, OPEN_SECONDS, ALL_SECONDS = 32, 32, 20, 60, 300


@dataclass(frozen=True, slots=True)
class Fleet:
    workers: Sequence[psutil.Process]
    port: int
    requests: Sequence[Request]

    async def figures(self) -> dict[str, float]:
        """Of three lists and one new task in turn."""
        spent, began = self._cpu(), time.perf_counter()
        latencies: list[float] = []
        while time.perf_counter() < began + PHASE_SECONDS:
            latencies += (await load(self.port, self.requests, CONNECTIONS, CONNECTIONS * 8)).latencies
        seconds = time.perf_counter() - began
        latencies.sort()
        memory = [worker.memory_info().rss / 2**20 for worker in self.workers]
        return {
            "requests, 1/s": len(latencies) / seconds,
            "p50, ms": latencies[len(latencies) // 2],
            "p99, ms": latencies[len(latencies) * 99 // 100],
            "CPU of the workers, %": (self._cpu() - spent) * 100 / seconds,
            "memory of the largest worker, MiB": max(memory),
            "memory of all workers, MiB": sum(memory),
        }

    def _cpu(self) -> float:
        return sum(sum(worker.cpu_times()[:2]) for worker in self.workers)


async def measure(fleet: Fleet, clock: SpeakingClock, bearers: Sequence[str]) -> None:
    await fleet.figures()  # as after a while
    without, heard = await fleet.figures(), Heard(STREAMS)
    began = time.perf_counter()
    watchers = [Watcher(fleet.port, bearer) for bearer in bearers[STREAMS:]]
    running = [asyncio.create_task(each.watch()) for each in watchers]
    await opened(each.open for each in watchers)
    watching = sum(each.open.is_set() for each in watchers)
    print(f"{watching} watchers open after {time.perf_counter() - began:.1f} s", flush=True)
    running += [asyncio.create_task(heard.read(fleet.port, bearer)) for bearer in bearers[:STREAMS]]
    await opened([heard.opened])
    print(f"and {heard.open} streams after {time.perf_counter() - began:.1f} s, {dict(heard.endings)}", flush=True)
    began, words, heard.chunks, heard.delays = time.perf_counter(), clock.words, 0, []
    report(without, await fleet.figures(), f"{STREAMS} + {WATCHERS}")
    report_words(time.perf_counter() - began, clock.words - words, heard)
    delays = sorted([await each.delay() for each in watchers[:200]])
    print(f"a change was heard {delays[100]:.1f} ms (p50), {delays[-2]:.1f} ms (p99) after its answer")
    clock.enough.set()
    await asyncio.sleep(5)
    print(f"endings of the streams: {dict(heard.endings)}")
    for each_running in running:
        each_running.cancel()


async def opened(events: Iterable[asyncio.Event]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(OPEN_SECONDS):
            await asyncio.gather(*(each.wait() for each in events))


async def main(url: str) -> None:
    await migrate(url)
    environment = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": SECRET + "x7Qz", "LOG_LEVEL": "WARNING"}
    environment |= {"SIGNUP_LIMIT": "1000/minute"}
    bearers = await tokens(environment, STREAMS + WATCHERS)
    async with asyncio.timeout(ALL_SECONDS), SpeakingClock() as clock:
        environment |= {"OPENAI_BASE_URL": clock.url, "MODEL_TIMEOUT_SECONDS": "600"}
        with server("bootstrap.asgi:create", environment, "--factory", "--workers", str(WORKERS)) as (parent, port):
            lists = await asyncio.to_thread(prepared, port, USERS)
            add = [replace(each, method="POST", body=b'{"title": "Buy milk"}') for each in lists]
            requests = [each for one, other in zip(lists, add, strict=True) for each in (one, one, one, other)]
            workers = [each for each in parent.children() if "resource_tracker" not in " ".join(each.cmdline())]
            await measure(Fleet(workers, port, requests), clock, bearers)


if __name__ == "__main__":
    options(__doc__)
    with tempfile.TemporaryDirectory(prefix="tasktalk-bench-") as name, dev_database(Path(name)) as address:
        asyncio.run(main(address))
