"""One user does their worst, and a stranger is served as if nobody were there.

`python -m tests.faults.runs.neighbours [--seconds 8] [names of attacks]`, with a PostgreSQL and a server of its own,
one worker; the attackers are a process of their own. Prints a table; exits 1 where a stranger was refused, or waited
for more than twice as long (or a twentieth of a second, below which a machine that is shared tells nothing).
"""

import argparse
import asyncio
import json
import socket
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import quantiles

import httpx

from tests.faults.tools.postgres import own_postgres
from tests.faults.tools.servers import ServerProcess, serving

PAUSE_SECONDS = 0.01
AGAIN_SECONDS = 0.2
BEGUN = "begun"
"""Until an attacker whose connection is over opens another."""
NOISE_MS = 50.0
UPLOAD_BYTES, SLOW_BYTES = 10_000_000, 80_000
TASKS, IMPORT, CHAT, EXPORT = (f"/api/users/me/{name}" for name in ("tasks", "import", "chat", "export"))
HOSTILE_FILE = b'{"tasks":[[' + b"{}," * 3_300_000 + b"{}]]}"
LARGE_FILE = json.dumps({"tasks": [{"title": "x" * 100, "description": "y" * 500}] * 5_000}).encode()
SAID = json.dumps({"role": "user", "parts": [{"type": "text", "text": "what is on my list? " * 40}]})
LARGE_CHAT = f'{{"id": "chat-%d", "messages": [{", ".join([SAID] * 220)}]}}'.encode()
SMALL_FILE = {"tasks": [{"title": "mine"}]}


@dataclass
class Seen:
    """`took` are milliseconds of the stranger's requests."""

    took: list[float] = field(default_factory=list)
    stranger: Counter[int] = field(default_factory=Counter)
    attacker: Counter[str] = field(default_factory=Counter)

    @property
    def p99(self) -> float:
        return quantiles(self.took, n=100)[98]

    @property
    def is_served(self) -> bool:
        return bool(self.stranger) and all(status < 300 for status in self.stranger)


@dataclass
class Attacker:
    """`seen` counts what it was answered; it prints `BEGUN` with the last of its first `count` connections."""

    port: int
    token: str
    count: int
    connections: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def head(self, method: str, path: str, length: int = 0) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.token}"]
        lines += ["Content-Type: application/json", f"Content-Length: {length}"] if length else []
        return "\r\n".join([*lines, "", ""]).encode()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """With small buffers: what is not read stays at the server."""
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self.port))
        self.connections += 1
        if self.connections == self.count:
            print(BEGUN, flush=True)
        return await asyncio.open_connection(sock=connection, limit=1_024)

    async def status(self, reader: asyncio.StreamReader) -> None:
        line = await reader.readline()
        self.seen[line[9:12].decode() or "closed"] += 1

    async def sent(self, path: str, body: bytes) -> None:
        reader, writer = await self.connect()
        writer.write(self.head("POST", path, len(body)) + body)
        with suppress(ConnectionError):
            await writer.drain()
            await self.status(reader)
            await reader.read()
        writer.close()


async def unread_exports(attacker: Attacker) -> None:
    reader, writer = await attacker.connect()
    writer.write(attacker.head("GET", EXPORT))
    await attacker.status(reader)
    await asyncio.sleep(5)
    writer.close()


async def unread_lists(attacker: Attacker) -> None:
    """Many on one connection: the answer to the first keeps the others waiting."""
    reader, writer = await attacker.connect()
    writer.write(attacker.head("GET", f"{TASKS}?limit=100") * 40)
    await attacker.status(reader)
    await asyncio.sleep(5)
    writer.close()


async def slow_uploads(attacker: Attacker) -> None:
    reader, writer = await attacker.connect()
    writer.write(attacker.head("POST", IMPORT, UPLOAD_BYTES) + b'{"tasks":[')
    status = asyncio.create_task(attacker.status(reader))
    while not status.done():
        writer.write(b" " * (SLOW_BYTES // 4))
        await asyncio.sleep(0.25)
    writer.close()


async def large_chats(attacker: Attacker) -> None:
    await attacker.sent(CHAT, LARGE_CHAT % time.monotonic_ns())


async def hostile_files(attacker: Attacker) -> None:
    await attacker.sent(IMPORT, HOSTILE_FILE)


async def large_files(attacker: Attacker) -> None:
    await attacker.sent(IMPORT, LARGE_FILE)


ATTACKS: dict[str, tuple[int, Callable[[Attacker], Awaitable[None]]]] = {
    "unread exports": (30, unread_exports),
    "unread lists": (30, unread_lists),
    "slow uploads": (30, slow_uploads),
    "large chats": (20, large_chats),
    "hostile files": (8, hostile_files),
    "large files": (8, large_files),
}


async def stranger(url: str, token: str, seconds: float, seen: Seen) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    asked = [("GET", TASKS, None), ("POST", TASKS, {"title": "x"}), ("POST", IMPORT, SMALL_FILE), ("GET", EXPORT, None)]
    asked += [("POST", IMPORT, {"tasks": [{"title": "y", "description": "z" * 900}] * 300})]
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        ends_at, number = time.perf_counter() + seconds, 0
        while time.perf_counter() < ends_at:
            method, path, body = asked[number % len(asked)]
            number += 1
            began = time.perf_counter()
            answer = await client.request(method, path, json=body)
            seen.took.append((time.perf_counter() - began) * 1000)
            seen.stranger[answer.status_code] += 1
            await asyncio.sleep(PAUSE_SECONDS)


async def signed_up(server: ServerProcess, tasks: int) -> str:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        form = {"email": f"{time.monotonic_ns()}@example.com", "password": "correct horse"}
        token = str((await client.post("/api/auth/signup", json=form)).json()["token"])
        client.headers["Authorization"] = f"Bearer {token}"
        file = {"tasks": [{"title": "x" * 100, "description": "y" * 1_000}] * tasks}
        assert (await client.post(IMPORT, json=file)).status_code == 200
    return token


async def attacked(server: ServerProcess, name: str | None, seconds: float) -> Seen:
    """The stranger's service under the attack, which has begun before."""
    seen = Seen()
    victim = await signed_up(server, 50)
    if name is None:
        await stranger(server.url, victim, seconds, seen)
        return seen
    own = ["--port", str(server.port), "--token", await signed_up(server, 8_000), "--seconds", str(seconds + 2), name]
    command = [sys.executable, "-m", "tests.faults.runs.neighbours", *own]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    assert (await process.stdout.readline()).decode().strip() == BEGUN
    await stranger(server.url, victim, seconds, seen)
    answered, _ = await process.communicate()
    seen.attacker.update(json.loads(answered))
    return seen


async def attack(name: str, port: int, token: str, seconds: float) -> None:
    """The attackers' own process. Prints what they were answered."""
    count, once = ATTACKS[name]
    attacker = Attacker(port, token, count)

    async def again_and_again() -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await once(attacker)
            await asyncio.sleep(AGAIN_SECONDS)

    attacks = asyncio.gather(*(again_and_again() for _ in range(count)))
    with suppress(TimeoutError):
        await asyncio.wait_for(attacks, seconds)
    print(json.dumps(attacker.seen))


def row(name: str, seen: Seen, server: ServerProcess) -> str:
    middle = quantiles(seen.took, n=100)[49]
    cells = [name, f"{middle:.0f}", f"{seen.p99:.0f}", f"{max(seen.took):.0f}", str(dict(seen.stranger))]
    return f"| {' | '.join([*cells, str(dict(seen.attacker)), f'{server.memory() / 1e6:.0f}'])} |"


async def run(database_url: str, names: list[str], seconds: float, **environment: str) -> bool:
    kept = True
    print("| attack | p50 | p99 | longest, ms | stranger | attacker | MB |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        async with serving(database_url, **environment) as server:
            await server.answers("/health/ready")
            alone = await attacked(server, None, seconds)
            seen = await attacked(server, name, seconds)
            print(row("nobody", alone, server), row(name, seen, server), sep="\n", flush=True)
            kept &= seen.is_served and seen.p99 <= max(2 * alone.p99, NOISE_MS)
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of each attack")
    parser.add_argument("names", nargs="*", help=", ".join(ATTACKS))
    parser.add_argument("--port", type=int, help="attack the server there, as the one with --token")
    parser.add_argument("--token")
    given = parser.parse_args()
    if given.port:
        return asyncio.run(attack(given.names[0], given.port, given.token, given.seconds))
    with own_postgres() as postgres:
        kept = asyncio.run(run(postgres.url, given.names or [*ATTACKS], given.seconds))
    sys.exit(not kept)


if __name__ == "__main__":
    main()
