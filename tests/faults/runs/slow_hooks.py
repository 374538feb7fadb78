"""Webhooks that answer late and names that hang: a stranger's events arrive as if nobody else were there.

`python -m tests.faults.runs.slow_hooks [--seconds 20]`, with a PostgreSQL and a server of its own, one worker. Prints a
table; exits 1 where a stranger's p99 is more than twice what it was in peace (or 0.25 s, where that is more), or where
a request of theirs is refused.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.faults.runs.overload import percentile
from tests.faults.tools.postgres import own_postgres
from tests.faults.tools.servers import ServerProcess, serving
from tests.signing_up import signed_up

ME = "/api/users/me"
LATE_SECONDS = 9.5
HANGING_SECONDS = 40
ATTACKERS, HOOKS = 10, 5
EVENTS = 100
PAUSE_SECONDS = 0.2
MIN_SECONDS = 0.25
HANGING_NAMES = f"""
import socket, time
resolve = socket.getaddrinfo

def getaddrinfo(host, *rest, **options):
    if str(host).endswith(".hanging.example"):
        time.sleep({HANGING_SECONDS})
    return resolve(host, *rest, **options)

socket.getaddrinfo = getaddrinfo
"""


@dataclass
class Seen:
    """`delays` are milliseconds from the answer to a change until its event arrived."""

    delays: list[float] = field(default_factory=list)
    refused: int = 0


class Hooks:
    """Answers 204 to all, to those at `/late` after `LATE_SECONDS`. Notes when each of the others came."""

    def __init__(self) -> None:
        self.port = 0
        self._came: asyncio.Queue[float] = asyncio.Queue()

    async def arrival(self) -> float:
        return await self._came.get()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"POST /late"):
                await asyncio.sleep(LATE_SECONDS)
            else:
                self._came.put_nowait(time.perf_counter())
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()


@asynccontextmanager
async def hooks() -> AsyncIterator[Hooks]:
    made = Hooks()
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0, backlog=1000) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made


async def user(server: ServerProcess, name: str, *urls: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=server.url, timeout=60)
    form = {"email": f"{name}@example.com", "password": "correct horse battery"}
    token = (await signed_up(client, form))["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    for url in urls:
        (await client.post(f"{ME}/webhooks", json={"url": url})).raise_for_status()
    return client


async def watched(stranger: httpx.AsyncClient, receiver: Hooks, seconds: float) -> Seen:
    """One change after the other, each as soon as the one before it has arrived."""
    seen, ends_at = Seen(), time.perf_counter() + seconds
    while time.perf_counter() < ends_at:
        seen.refused += (await stranger.post(f"{ME}/tasks", json={"title": "mine"})).is_error
        changed = time.perf_counter()
        seen.delays.append((await receiver.arrival() - changed) * 1000)
        await asyncio.sleep(PAUSE_SECONDS)
    return seen


async def attacked(server: ServerProcess, kind: str, url: str) -> None:
    """`url` has a place for a number, so that each hook has a name of its own."""
    tasks = {"tasks": [{"title": f"task {number}"} for number in range(EVENTS)]}
    for number in range(ATTACKERS):
        urls = [url.format(number * HOOKS + each) for each in range(HOOKS)]
        attacker = await user(server, f"{kind}-{number}", *urls)
        (await attacker.post(f"{ME}/import", json=tasks)).raise_for_status()
        await attacker.aclose()


def row(name: str, seen: Seen) -> str:
    cells = [name, str(len(seen.delays)), *(f"{percentile(seen.delays, share):.0f}" for share in (50, 99))]
    return f"| {' | '.join([*cells, f'{max(seen.delays):.0f}', str(seen.refused)])} |"


async def run(database_url: str, folder: Path, seconds: float) -> bool:
    (folder / "sitecustomize.py").write_text(HANGING_NAMES)
    async with hooks() as receiver, serving(database_url, PYTHONPATH=str(folder)) as server:
        await server.answers("/health/ready")
        stranger = await user(server, "stranger", f"http://localhost:{receiver.port}/mine")
        print("| a stranger's deliveries | number | p50 ms | p99 ms | longest | refused |\n|---|---|---|---|---|---|")
        found = {"in peace": await watched(stranger, receiver, seconds)}
        print(row("in peace", found["in peace"]), flush=True)
        for kind, url in {
            "late": f"http://127.0.0.1:{receiver.port}/late/{{}}",
            "hanging": f"http://name-{{}}.hanging.example:{receiver.port}/",
        }.items():
            await attacked(server, kind, url)
            name = f"{ATTACKERS * HOOKS} {kind} hooks of {ATTACKERS} users"
            found[name] = await watched(stranger, receiver, seconds)
            print(row(name, found[name]), flush=True)
        await stranger.aclose()
    bound = max(2 * percentile(found["in peace"].delays, 99), MIN_SECONDS * 1000)
    return all(percentile(each.delays, 99) <= bound and not each.refused for each in found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each load")
    given = parser.parse_args()
    with own_postgres() as postgres, tempfile.TemporaryDirectory() as folder:
        kept = asyncio.run(run(postgres.url, Path(folder), given.seconds))
    sys.exit(not kept)


if __name__ == "__main__":
    main()
