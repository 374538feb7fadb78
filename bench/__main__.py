"""`make bench`: tasktalk beside a bare server and beside FastAPI + SQLModel, on the same tables, interleaved.

CPU is the server process's own (user and system); as other load on the machine shows in it too, quote the ratios.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import psutil

from adapters.postgres.migration import migrate
from bench.load import Request, Result, load
from bench.options import options
from bootstrap.postgres.dev_database import dev_database

ROUNDS, REQUESTS, TASKS, USERS = 3, 2_400, 200, 32
CONNECTIONS = (32, 100, 200)
SERVERS = {
    "tasktalk": ("bootstrap.asgi:create", "--factory"),
    "bare": ("bench.bare:app",),
    "FastAPI + SQLModel": ("bench.fastapi_sqlmodel:app",),
}
FLAGS = ("--no-access-log", "--log-level", "warning", "--no-server-header", "--no-proxy-headers")
UVICORN = (sys.executable, "-m", "uvicorn")
SECRET = "bench-" * 8


def environment_of(url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "BETTER_AUTH_SECRET": SECRET + "x7Qz",
        "LOG_LEVEL": "WARNING",
        "SIGNUP_LIMIT": "1000/minute",
    }


@contextmanager
def server(
    app: str, environment: dict[str, str], *flags: str, uvicorn: Sequence[str] = UVICORN
) -> Iterator[tuple[psutil.Process, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*uvicorn, app, "--port", str(port), *FLAGS, *flags]
    process = subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(6_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def measured(process: psutil.Process, port: int, requests: Sequence[Request], connections: int) -> tuple[Result, float]:
    """The load's result, and the server's CPU milliseconds per request."""
    before = sum(process.cpu_times()[:2])
    result = asyncio.run(load(port, requests, connections, REQUESTS))
    return result, (sum(process.cpu_times()[:2]) - before) * 1000 / len(result.latencies)


def prepared(port: int, users: int = 1) -> list[Request]:
    """Signed-in users, each with a list to read."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        return [_with_tasks(client, f"user{number}@example.com") for number in range(users)]


def _with_tasks(client: httpx.Client, email: str) -> Request:
    token = client.post("/api/auth/signup", json={"email": email, "password": "password1"}).json()["token"]
    drafts = [{"op": "create", "title": f"Task {number}", "description": "Two bottles"} for number in range(TASKS)]
    for some in (drafts[:100], drafts[100:]):
        headers = {"Authorization": f"Bearer {token}"}
        batch = client.post("/api/users/me/tasks/batch", json={"operations": some}, headers=headers)
        batch.raise_for_status()
    return Request("GET", "/api/users/me/tasks", token)


def routes(lists: Sequence[Request]) -> dict[str, list[Request]]:
    """Each with the requests of all users in turn; what is completed is uncompleted then."""
    numbered = [(number, each) for number in range(1, TASKS + 1) for each in lists]
    toggles = [
        (number, each, action) for number, each in numbered[: REQUESTS // 2] for action in ("complete", "uncomplete")
    ]
    return {
        "list 50 of 200": list(lists),
        "get one": [replace(each, path=f"/api/tasks/{number}") for number, each in numbered],
        "create": [replace(each, method="POST", body=b'{"title": "Buy milk"}') for each in lists],
        "complete": [replace(each, method="PATCH", path=f"/api/tasks/{n}/{action}") for n, each, action in toggles],
        "health": [replace(lists[0], path="/health")],
    }


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tasktalk-bench-")))
        url = stack.enter_context(dev_database(folder))
        asyncio.run(migrate(url))
        environment = environment_of(url)
        servers = {
            name: stack.enter_context(server(app, environment, *flags)) for name, (app, *flags) in SERVERS.items()
        }
        requests = routes(prepared(servers["tasktalk"][1], USERS))
        print(f"{CONNECTIONS[0]} connections of {USERS} users, {REQUESTS} requests a round, medians of {ROUNDS} rounds")
        for name, route in requests.items():
            rounds = [
                {peer: measured(*servers[peer], route, CONNECTIONS[0]) for peer in servers} for _ in range(ROUNDS)
            ]
            _report(name, rounds)
        for name, route in requests.items():
            for connections in CONNECTIONS:
                result = measured(*servers["tasktalk"], route, connections)[0]
                figures = (name, connections, result.percentile(0.5), result.percentile(0.99))
                print("{:16}{:4} connections   p50 {:6.1f} ms   p99 {:6.1f} ms".format(*figures))
        print(f"memory of the worker: {servers['tasktalk'][0].memory_info().rss / 2**20:.0f} MiB")


def _report(name: str, rounds: Sequence[dict[str, tuple[Result, float]]]) -> None:
    for peer in rounds[0]:
        results = [each[peer][0] for each in rounds]
        figures = (
            statistics.median(result.per_second for result in results),
            statistics.median(result.percentile(0.5) for result in results),
            statistics.median(result.percentile(0.99) for result in results),
            statistics.median(each[peer][1] for each in rounds),
            statistics.median(each[peer][1] / each["bare"][1] for each in rounds),
        )
        row = "{:8.0f}/s   p50 {:6.1f} ms   p99 {:6.1f} ms   CPU {:.3f} ms = {:4.1f} x bare".format(*figures)
        print(f"{name:16}{peer:20}{row}", flush=True)


if __name__ == "__main__":
    options(__doc__)
    main()
