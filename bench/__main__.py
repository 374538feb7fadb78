"""`make bench`: tasktalk beside a bare server on the same database and SQL, interleaved, medians of three rounds.

CPU is the server process's own (user and system), so other load on the machine hardly shows; quote the ratios.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import psutil

from adapters.postgres.migration import migrate
from bench.load import Request, Result, load
from bootstrap.dev_database import dev_database

ROUNDS, CONNECTIONS, REQUESTS, TASKS = 3, 32, 4_000, 200
SECRET = "bench-" * 8
ANN = {"email": "ann@example.com", "password": "password1"}


@contextmanager
def server(app: str, environment: dict[str, str], *flags: str) -> Iterator[tuple[psutil.Process, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([*command, *flags], env=os.environ | environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def measured(process: psutil.Process, port: int, request: Request) -> tuple[Result, float]:
    """The load's result, and the server's CPU milliseconds per request."""
    before = sum(process.cpu_times()[:2])
    result = asyncio.run(load(port, request, CONNECTIONS, REQUESTS))
    return result, (sum(process.cpu_times()[:2]) - before) * 1000 / len(result.latencies)


def prepared(port: int) -> Request:
    """A signed-in user with a list to read."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        session = client.post("/api/auth/signup", json=ANN).json()
        headers = {"Authorization": f"Bearer {session['token']}"}
        for number in range(TASKS):
            client.post("/api/users/me/tasks", json={"title": f"Task {number}"}, headers=headers).raise_for_status()
    os.environ["BENCH_OWNER"] = session["user"]["id"]
    return Request("GET", "/api/users/me/tasks", session["token"])


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tasktalk-bench-")))
        url = stack.enter_context(dev_database(folder))
        asyncio.run(migrate(url))
        environment = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": SECRET + "x7Qz", "LOG_LEVEL": "WARNING"}
        ours = stack.enter_context(server("bootstrap.asgi:create", environment, "--factory"))
        listing = prepared(ours[1])
        bare = stack.enter_context(server("bench.bare:app", environment | {"BENCH_OWNER": os.environ["BENCH_OWNER"]}))
        requests = {"list 50 of 200": listing, "create": replace(listing, method="POST", body=b'{"title": "Buy milk"}')}
        print(f"{CONNECTIONS} connections, {REQUESTS} requests a round, median of {ROUNDS} interleaved rounds")
        for name, request in requests.items():
            rounds = [(measured(*ours, request), measured(*bare, request)) for _ in range(ROUNDS)]
            _report(name, rounds)
        print(f"memory of the worker: {ours[0].memory_info().rss / 2**20:.0f} MiB")


def _report(name: str, rounds: list[tuple[tuple[Result, float], tuple[Result, float]]]) -> None:
    for label, side in (("tasktalk", 0), ("bare", 1)):
        results = [each[side][0] for each in rounds]
        figures = (
            statistics.median(result.per_second for result in results),
            statistics.median(result.percentile(0.5) for result in results),
            statistics.median(result.percentile(0.99) for result in results),
            statistics.median(each[side][1] for each in rounds),
        )
        print("{:16}{:10}{:8.0f}/s   p50 {:6.1f} ms   p99 {:6.1f} ms   CPU {:.3f} ms".format(name, label, *figures))
    ratio = statistics.median(ours[1] / bare[1] for ours, bare in rounds)
    print(f"{name:16}{'ratio':10}CPU of tasktalk / bare: {ratio:.1f}")


if __name__ == "__main__":
    main()
