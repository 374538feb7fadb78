"""Servers are killed at every boundary of a turn and at random, under clients that retry: is anything lost or doubled?

`python -m tests.faults.crash_run [--turns 200] [--users 10]`, with the embedded PostgreSQL, two servers and a model of
our own that is slow enough to be interrupted. Prints what was done and found; exits 1 where a promise is broken.
"""

import argparse
import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import msgspec

from adapters.postgres.migration import migrate
from bootstrap.dev_database import dev_database

SECRET = "crash-run-3k9Xw2Lq8Zr5Tn7Vb1Hm6Jd4"
BOUNDARIES = ("asked", "calling", "called", "told", "answering", "answered")
RESTART_SECONDS, RETRY_SECONDS, PATIENCE = 0.3, 0.2, 300
SHUT = b"data: [DONE]\n\n"


class Model:
    """Adds a task per message, then says so, slowly; at some boundaries it has its caller's server killed."""

    def __init__(self, kill: Any, share: float) -> None:
        self.kill, self.share = kill, share
        self.kills: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            request = msgspec.json.decode(await reader.readexactly(length))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
            await self._answer(request["messages"][-1], writer)
            writer.write(SHUT)
            await writer.drain()
        writer.close()

    async def _answer(self, last: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if last["role"] == "tool":
            await self._perhaps("told")
            for word in ["I", "have", "put", "that", "on", "your", "list,", "as", "you", "said."]:
                await self._send(writer, {"content": f"{word} "})
                await self._perhaps("answering", 0.1)
            await self._send(writer, {}, "stop")
            self._soon("answered")
        else:
            await self._perhaps("asked")
            call = {"name": "add_task", "arguments": msgspec.json.encode({"title": last["content"]}).decode()}
            await self._send(writer, {"tool_calls": [{"index": 0, "id": "c", "function": call}]})
            await self._perhaps("calling")
            await self._send(writer, {}, "tool_calls")
            self._soon("called")

    async def _send(self, writer: asyncio.StreamWriter, delta: dict[str, Any], finish: str | None = None) -> None:
        chunk = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        writer.write(b"data: " + msgspec.json.encode(chunk) + b"\n\n")
        await writer.drain()
        await asyncio.sleep(0.01)

    async def _perhaps(self, boundary: str, share: float = 1.0) -> None:
        if random.random() < self.share * share:
            self.kills[boundary] += 1
            self.kill()
            await asyncio.sleep(0.05)

    def _soon(self, boundary: str) -> None:
        """Somewhere in the milliseconds in which the server stores what it was told."""
        if random.random() < self.share:
            self.kills[boundary] += 1
            asyncio.get_running_loop().call_later(random.uniform(0, 0.02), self.kill)


class Servers:
    def __init__(self, environment: dict[str, str], count: int) -> None:
        self._environment = environment
        self.ports = [_free_port() for _ in range(count)]
        self.processes: dict[int, asyncio.subprocess.Process] = {}

    def kill(self) -> None:
        """One of them, or all."""
        for port in random.choice([[port] for port in self.ports] + [self.ports]):
            with suppress(ProcessLookupError, KeyError):
                os.kill(self.processes[port].pid, signal.SIGKILL)

    async def keep(self, port: int) -> None:
        flags = ["--factory", "--port", str(port), "--no-access-log", "--log-level", "critical"]
        while True:
            command = (sys.executable, "-m", "uvicorn", "bootstrap.asgi:create", *flags)
            self.processes[port] = await asyncio.create_subprocess_exec(*command, env=self._environment)
            try:
                await self.processes[port].wait()
            except asyncio.CancelledError:
                self.processes[port].kill()
                await self.processes[port].wait()
                raise
            await asyncio.sleep(RESTART_SECONDS)


class Client:
    """Sends each message with a key of its own until it is answered, to any server."""

    def __init__(self, name: str, ports: list[int]) -> None:
        self.name, self.ports = name, ports
        self.headers: dict[str, str] = {}
        self.statuses: Counter[str] = Counter()

    async def enter(self) -> None:
        form = {"email": f"{self.name}@example.com", "password": "correct horse"}
        session = await self._insist("POST", "/api/auth/signup", {}, form)
        self.headers = {"Authorization": f"Bearer {session['token']}"}

    async def talk(self, turns: int) -> None:
        for number in range(turns):
            key = {"Idempotency-Key": f"{self.name}-{number}"}
            reply = await self._insist("POST", "/api/users/me/chat", key, {"message": f"item {number}"})
            assert reply["response"], reply

    async def found(self, turns: int) -> list[str]:
        """What is wrong; nothing should be."""
        page = await self._insist("GET", "/api/users/me/tasks?limit=100", {})
        messages = await self._insist("GET", "/api/users/me/conversations/default/messages?limit=100", {})
        titles = Counter(task["title"] for task in page["tasks"])
        said = Counter(each["text"] for each in messages["messages"] if each["role"] == "user")
        expected = Counter(f"item {number}" for number in range(turns))
        wrong = {"tasks lost": expected - titles, "tasks doubled": titles - expected}
        wrong |= {"messages lost": expected - said, "messages doubled": said - expected}
        return [f"{self.name}: {what}: {dict(which)}" for what, which in wrong.items() if which]

    async def _insist(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        for _ in range(PATIENCE):
            url = f"http://127.0.0.1:{random.choice(self.ports)}{path}"
            try:
                async with httpx.AsyncClient(timeout=30) as client:
                    answer = await client.request(method, url, headers=self.headers | headers, json=body)
                self.statuses[str(answer.status_code)] += 1
                if answer.is_success:
                    return answer.json()
                if answer.status_code == 400 and "EMAIL_EXISTS" in answer.text:
                    path = "/api/auth/signin"
            except httpx.TransportError as error:
                self.statuses[type(error).__name__] += 1
            await asyncio.sleep(RETRY_SECONDS)
        raise AssertionError(f"{self.name} is stuck at {method} {path}: {dict(self.statuses)}")


@asynccontextmanager
async def serving(url: str, share: float) -> AsyncIterator[tuple[Servers, Model]]:
    servers: Servers
    model = Model(lambda: servers.kill(), share)
    listener = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    place = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    environment = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": SECRET, "OPENAI_BASE_URL": place, "LOG_LEVEL": "CRITICAL"}
    limits = {"CHAT_LIMIT": "100000/minute", "TURN_LEASE_SECONDS": "2"}
    servers = Servers(os.environ | environment | limits, count=2)
    keepers = [asyncio.create_task(servers.keep(port)) for port in servers.ports]
    try:
        yield servers, model
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        listener.close()


async def run(url: str, turns: int, users: int, share: float) -> bool:
    await migrate(url)
    began = time.monotonic()
    async with serving(url, share) as (servers, model):
        clients = [Client(f"user{number}", servers.ports) for number in range(users)]
        each = turns // users
        await asyncio.gather(*(client.enter() for client in clients))
        await asyncio.gather(*(client.talk(each) for client in clients))
        model.share = 0
        wrong = [line for client in clients for line in await client.found(each)]
    statuses: Counter[str] = sum((client.statuses for client in clients), Counter())
    print(f"{each * users} turns of {users} users on 2 servers in {time.monotonic() - began:.0f} s")
    print(f"kills: {dict(model.kills)}")
    print(f"answers and errors the clients saw: {dict(statuses)}")
    print("\n".join(wrong) or "nothing lost, nothing doubled, nobody stuck")
    return not wrong


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--share", type=float, default=0.03, help="of the boundaries at which a server is killed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tasktalk-crash-") as folder:
        Path(folder).chmod(0o755)
        with dev_database(Path(folder)) as url:
            kept = asyncio.run(run(url, given.turns, given.users, given.share))
    sys.exit(not kept)


if __name__ == "__main__":
    main()
