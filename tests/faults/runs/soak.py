"""Half of what a server can do, for a long time: does it grow, leak or fail?

`python -m tests.faults.runs.soak [--minutes 20]`, with a PostgreSQL and a server of its own, one worker. Prints a
table, a line per minute; exits 1 where memory grows by 5 % after the first fifth, descriptors grow, or anything
unexpected is answered.
"""

import argparse
import asyncio
import os
import sys
import time
from collections import Counter
from statistics import mean
from typing import Any

import httpx

from tests.faults.tools.postgres import own_postgres
from tests.faults.tools.servers import ServerProcess, serving
from tests.signing_up import signed_up

CLIENTS, WARM_SECONDS, LINES = 16, 15, 20
TASKS = "/api/users/me/tasks"
MAX_GROWTH, MAX_DESCRIPTORS = 0.05, 5
ROUND: tuple[tuple[str, str, Any], ...] = (
    ("POST", TASKS, {"title": "soak"}),
    ("GET", TASKS, None),
    ("GET", "/api/tasks/1", None),
    ("PATCH", "/api/tasks/1/complete", None),
    ("PATCH", "/api/tasks/1", {"title": "soaked"}),
    ("GET", "/api/users/me/events?order=newest", None),
    ("POST", "/api/users/me/chat", {"message": "how many tasks do I have?"}),
)


class User:
    """One round after the other, each not before its time."""

    def __init__(self, url: str, seen: Counter[int]) -> None:
        limits = httpx.Limits(keepalive_expiry=1)  # before the server ends an idle connection
        self._http = httpx.AsyncClient(base_url=url, timeout=30, verify=False, limits=limits)
        self._seen = seen

    async def enter(self, number: int) -> None:
        form = {"email": f"soak{number}@example.com", "password": "correct horse battery"}
        session = await signed_up(self._http, form)
        self._http.headers["Authorization"] = f"Bearer {session['token']}"

    async def work(self, ends_at: float, round_seconds: float) -> None:
        while (began := time.monotonic()) < ends_at:
            for method, path, body in ROUND:
                self._seen[(await self._http.request(method, path, json=body)).status_code] += 1
            await asyncio.sleep(max(0.0, began + round_seconds - time.monotonic()))

    async def leave(self) -> None:
        await self._http.aclose()


async def capacity(users: list[User], seen: Counter[int]) -> float:
    """Requests in a second, where nobody pauses."""
    before, began = seen.total(), time.monotonic()
    await asyncio.gather(*(user.work(began + WARM_SECONDS, 0) for user in users))
    return (seen.total() - before) / (time.monotonic() - began)


async def watch(server: ServerProcess, ends_at: float, seen: Counter[int]) -> list[tuple[int, int]]:
    """Memory and descriptors, again and again."""
    samples, every = [], max(1.0, (ends_at - time.monotonic()) / LINES)
    print("| s | requests | MB | descriptors | load of the machine |\n|---|---|---|---|---|")
    began = time.monotonic()
    while time.monotonic() < ends_at:
        await asyncio.sleep(every)
        samples.append((server.memory(), server.descriptors()))
        memory, descriptors = samples[-1]
        passed, load = time.monotonic() - began, os.getloadavg()[0]
        print(f"| {passed:.0f} | {seen.total()} | {memory / 1e6:.1f} | {descriptors} | {load:.1f} |", flush=True)
    return samples


async def run(database_url: str, minutes: float) -> bool:
    seen: Counter[int] = Counter()
    async with serving(database_url) as server:
        await server.answers("/health/ready")
        users = [User(server.url, seen) for _ in range(CLIENTS)]
        for number, user in enumerate(users):
            await user.enter(number)
        most = await capacity(users, seen)
        print(f"at most {most:.0f} requests/s; half of that for {minutes:g} minutes\n")
        round_seconds = len(ROUND) * CLIENTS / (most / 2)
        ends_at = time.monotonic() + minutes * 60
        watching = asyncio.create_task(watch(server, ends_at, seen))
        await asyncio.gather(*(user.work(ends_at, round_seconds) for user in users))
        samples = await watching
        await asyncio.gather(*(user.leave() for user in users))
    return _report(samples, seen)


def _report(samples: list[tuple[int, int]], seen: Counter[int]) -> bool:
    fifth = max(1, len(samples) // 5)
    (memory, descriptors), (memory_then, descriptors_then) = (
        tuple(mean(column) for column in zip(*part, strict=True)) for part in (samples[:fifth], samples[-fifth:])
    )
    growth = memory_then / memory - 1
    print(f"\nmemory, the last fifth over the first: {growth:+.1%}; descriptors: {descriptors_then - descriptors:+.1f}")
    print(f"answers: {dict(sorted(seen.items()))}")
    return growth < MAX_GROWTH and descriptors_then - descriptors < MAX_DESCRIPTORS and set(seen) <= {200, 201}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    given = parser.parse_args()
    with own_postgres() as postgres:
        kept = asyncio.run(run(postgres.url, given.minutes))
    sys.exit(not kept)


if __name__ == "__main__":
    main()
