"""`python -m bench.streams [500]`: so many streamed turns at once on one worker, while others list their tasks.

A model says a word every 200 ms to every turn. Prints, without the streams, with them and as a ratio: memory, CPU (%
of one core), and the time of a list (50 of 200 tasks) on eight connections that pause between two. Then how late words
came, in how many chunks, and how the streams ended. Load, model and database share the machine with the worker, and
others may: compare within a run.
"""

import asyncio
import math
import tempfile
import time
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from adapters.postgres.migration import migrate
from bench.__main__ import SECRET, prepared, server
from bench.load import Request, Result, load
from bench.options import options
from bench.spoken import Heard, SpeakingClock
from bootstrap.asgi import close
from bootstrap.configuration.settings import load as settings
from bootstrap.container import Container
from bootstrap.postgres.dev_database import dev_database

STREAMS = 500
CONNECTIONS, PAUSE_SECONDS = 8, 0.05
OPEN_SECONDS, PHASE_SECONDS, END_SECONDS, ALL_SECONDS = 25, 8, 10, 85


@dataclass(slots=True)
class Scene:
    worker: psutil.Process
    postmaster: psutil.Process
    port: int
    listing: Request
    lists: list[float] = field(default_factory=list)
    refused: int = 0

    async def figures(self) -> dict[str, float]:
        figures = await self._cpu("", asyncio.sleep(PHASE_SECONDS))
        self.lists, self.refused, until = [], 0, time.perf_counter() + PHASE_SECONDS
        figures |= await self._cpu(" with lists", *(self._list(until) for _ in range(CONNECTIONS)))
        lists = Result(PHASE_SECONDS, sorted(self.lists) or [math.nan])
        figures |= {"lists, 1/s": lists.per_second, "lists refused": self.refused}
        figures |= {"list p50, ms": lists.percentile(0.5), "list p99, ms": lists.percentile(0.99)}
        return figures | {"memory of the worker, MiB": self.worker.memory_info().rss / 2**20}

    async def _list(self, until: float) -> None:
        while time.perf_counter() < until:
            try:
                self.lists += (await load(self.port, [self.listing], 1, 1)).latencies
            except RuntimeError:
                self.refused += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def _cpu(self, when: str, *work: Awaitable[None]) -> dict[str, float]:
        began, before = time.perf_counter(), self._spent()
        await asyncio.gather(*work)
        seconds = time.perf_counter() - began
        return {
            f"CPU of the {name}{when}, %": (now - before[name]) * 100 / seconds for name, now in self._spent().items()
        }

    def _spent(self) -> dict[str, float]:
        database = sum(map(_spent, [self.postmaster, *self.postmaster.children()]))
        return {"worker": _spent(self.worker), "database": database, "load": time.process_time()}


def _spent(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return sum(process.cpu_times()[:2])
    return 0.0


async def tokens(environment: dict[str, str], count: int) -> list[str]:
    """Of new users without passwords: 500 sign-ups would hash for half a minute."""
    container = Container(settings=settings(environment))
    users = [f"user-{number}" for number in range(count)]
    for user in users:
        await container.accounts().provision(user)
    await close(container)
    return [container.tokens().issue(user, "bench") for user in users]


async def measure(scene: Scene, clock: SpeakingClock, bearers: list[str]) -> None:
    without, heard = await scene.figures(), Heard(STREAMS)
    began = time.perf_counter()
    readers = [asyncio.create_task(heard.read(scene.port, bearer)) for bearer in bearers]
    with suppress(TimeoutError):
        await asyncio.wait_for(heard.opened.wait(), OPEN_SECONDS)
    print(f"{heard.open} of {STREAMS} streams open after {time.perf_counter() - began:.1f} s")
    began, words, heard.chunks, heard.delays = time.perf_counter(), clock.words, 0, []
    report(without, await scene.figures(), f"{STREAMS} streams")
    report_words(time.perf_counter() - began, clock.words - words, heard)
    clock.enough.set()
    _, late = await asyncio.wait(readers, timeout=END_SECONDS)
    print(f"endings: {dict(heard.endings)}; without one after {END_SECONDS} s: {len(late)}")


def report(without: dict[str, float], with_streams: dict[str, float], streams: str) -> None:
    print(f"{'':36}{'without':>12}{streams:>14}{'ratio':>8}")
    for name, before in without.items():
        ratio = f"{with_streams[name] / before:.1f}" if before >= 1 else "-"
        print(f"{name:36}{before:12.1f}{with_streams[name]:14.1f}{ratio:>8}")


def report_words(seconds: float, said: int, heard: Heard) -> None:
    delays = Result(seconds, sorted(heard.delays) or [math.nan])
    rates = (said / seconds, delays.per_second, heard.chunks / seconds)
    print("words, 1/s: {:.0f} said, {:.0f} heard in {:.0f} chunks".format(*rates))
    print(f"late by {delays.percentile(0.5):.0f} ms (p50), {delays.percentile(0.99):.0f} ms (p99)")


async def main(folder: Path, url: str) -> None:
    await migrate(url)
    environment = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": SECRET + "x7Qz", "LOG_LEVEL": "WARNING"}
    bearers = await tokens(environment, STREAMS)
    postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    async with asyncio.timeout(ALL_SECONDS), SpeakingClock() as clock:
        environment |= {"OPENAI_BASE_URL": clock.url, "MODEL_TIMEOUT_SECONDS": "300"}
        with server("bootstrap.asgi:create", environment, "--factory") as (worker, port):
            (listing,) = await asyncio.to_thread(prepared, port)
            await measure(Scene(worker, psutil.Process(postmaster), port, listing), clock, bearers)


if __name__ == "__main__":
    (STREAMS,) = options(__doc__, "streams", defaults=[STREAMS])
    with tempfile.TemporaryDirectory(prefix="tasktalk-bench-") as name, dev_database(Path(name)) as address:
        asyncio.run(main(Path(name), address))
