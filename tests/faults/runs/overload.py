"""More than can be served: what is let in is served in time, and the rest is told so at once.

`python -m tests.faults.runs.overload [--seconds 10]`, with a PostgreSQL and a server of its own, one worker. Prints a
table; exits 1 where a promise is broken. "Normal" is the greatest load that is let in whole: as many connections as
requests that are served and that wait.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles

import httpx

from bench.load import Request
from tests.faults.tools.postgres import own_postgres
from tests.faults.tools.servers import ServerProcess, serving
from tests.signing_up import signed_up

POOL, WAITING = 10, 90
NORMAL = POOL + WAITING
TIMES = 10
USERS = 10
"""One alone would be let in with a share of the places only."""
PROBE_SECONDS = 0.2
BACK_OFF_SECONDS = 1.0
"""What Retry-After asks for."""


@dataclass
class Seen:
    """`served`, `shed` and `probed` are milliseconds."""

    served: list[float] = field(default_factory=list)
    shed: list[float] = field(default_factory=list)
    probed: list[float] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


async def client(port: int, request: bytes, ends_at: float, seen: Seen, *, polite: bool) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < ends_at:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        took = (time.perf_counter() - began) * 1000
        status = head[9:12].decode()
        if status.startswith("2"):
            seen.served.append(took)
        elif status == "503" and b"retry-after: 1" in head and b"x-request-id" in head:
            seen.shed.append(took)
            await asyncio.sleep(BACK_OFF_SECONDS if polite else 0)
        else:
            seen.others[status] += 1
    writer.close()


async def probe(url: str, ends_at: float, seen: Seen) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        while time.perf_counter() < ends_at:
            began = time.perf_counter()
            if (await client.get("/health/live")).status_code == 200:
                seen.probed.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(PROBE_SECONDS)


async def loaded(
    server: ServerProcess, requests: list[Request], connections: int, seconds: float, *, polite: bool
) -> Seen:
    seen = Seen()
    ends_at = time.perf_counter() + seconds
    sent = [request.encoded() for request, _ in zip(cycle(requests), range(connections), strict=False)]
    clients = (client(server.port, each, ends_at, seen, polite=polite) for each in sent)
    await asyncio.gather(probe(server.url, ends_at, seen), *clients)
    return seen


def percentile(values: list[float], share: int) -> float:
    return quantiles(values, n=100)[share - 1] if len(values) > 1 else 0.0


def row(name: str, seen: Seen, seconds: float, server: ServerProcess) -> str:
    cells = [name, f"{len(seen.served) / seconds:.0f}", f"{len(seen.shed) / seconds:.0f}"]
    for values in (seen.served, seen.shed):
        cells += [f"{percentile(values, 50):.0f}", f"{percentile(values, 99):.0f}"]
    cells += [f"{percentile(seen.probed, 99):.0f}", f"{server.memory() / 1e6:.0f}", str(dict(seen.others) or "-")]
    return f"| {' | '.join(cells)} |"


async def prepared(server: ServerProcess, name: str) -> str:
    """A token of a user with fifty tasks."""
    await server.answers("/health/ready")
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        form = {"email": f"{name}@example.com", "password": "correct horse battery"}
        token = (await signed_up(client, form))["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for number in range(50):
            await client.post("/api/users/me/tasks", json={"title": f"task {number}"})
    return str(token)


async def run(database_url: str, seconds: float) -> bool:
    sizes = {"POOL_SIZE": str(POOL), "REQUESTS_WAITING": str(WAITING)}
    async with serving(database_url, **sizes) as server:
        tokens = [await prepared(server, f"user{number}") for number in range(USERS)]
        requests = [Request("GET", "/api/users/me/tasks", token) for token in tokens]
        print("| clients | served/s | shed/s | p50 | p99 | shed p50 | p99 | /health/live p99 | MB | others |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        found = {}
        plan = {
            "half": (NORMAL // 2, True),
            "all that are let in": (NORMAL, True),
            "ten times as many, that wait as asked": (TIMES * NORMAL, True),
            "ten times as many, that do not": (TIMES * NORMAL, False),
            "all that are let in, again": (NORMAL, True),
        }
        await loaded(server, requests, NORMAL, seconds / 2, polite=True)
        memory = server.memory()
        for name, (connections, polite) in plan.items():
            found[name] = await loaded(server, requests, connections, seconds, polite=polite)
            print(row(f"{connections}: {name}", found[name], seconds, server), flush=True)
        grown = server.memory() / memory - 1
    normal, polite_flood, flood, *_ = list(found.values())[1:]
    ratios = [percentile(each.served, 99) / percentile(normal.served, 99) for each in (polite_flood, flood)]
    print(f"p99 at ten times over normal: {ratios[0]:.2f} where clients wait as asked, {ratios[1]:.2f} where not")
    print(f"memory over that of the first normal load: {grown:+.1%}")
    return max(ratios) <= 2 and not any(each.others for each in found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of each load")
    given = parser.parse_args()
    with own_postgres() as postgres:
        kept = asyncio.run(run(postgres.url, given.seconds))
    sys.exit(not kept)


if __name__ == "__main__":
    main()
