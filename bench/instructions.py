"""`python -m bench.instructions`: instructions that a request costs the worker, counted by valgrind.

The same number twice on one machine, whatever else runs there. In process, one request after another, each when all
that the one before it left to be done is done; the second of two counts has twice the requests, so what is not theirs
cancels out.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import text

from adapters.auth import argon2_passwords
from adapters.postgres.driver.database import Database
from adapters.postgres.migration import migrate
from bench.options import options
from bootstrap.asgi import create
from bootstrap.postgres.dev_database import dev_database

REQUESTS, WARM_UP, TASKS = 10, 10, 60
ROUTES = {
    "list 50": ("GET", "/api/users/me/tasks", b""),
    "get one": ("GET", "/api/tasks/1", b""),
    "create": ("POST", "/api/users/me/tasks", b'{"title": "Buy milk"}'),
    "complete": ("PATCH", "/api/tasks/{}/complete", b""),
    "health": ("GET", "/health", b""),
}
VALGRIND = ("valgrind", "--tool=callgrind", "--instr-atstart=no")
FILL = text("""
    WITH task AS (
        INSERT INTO tasks (user_id, id, title, created_at, updated_at, revision)
        SELECT id, n, 'Task ' || n, now(), now(), n FROM users, generate_series(1, :count) n
    ) UPDATE counters SET revision = :count, last_task_id = :count, pending = :count
""")


def measured() -> dict[str, int]:
    """Thousands of instructions per request, by route."""
    with (
        tempfile.TemporaryDirectory(prefix="tasktalk-bench-") as folder,
        dev_database(Path(folder), durable=False) as url,
    ):
        asyncio.run(migrate(url))
        given = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": "x7Qz" * 12, "PYTHONHASHSEED": "0", "LOG_LEVEL": "WARNING"}
        out = Path(folder) / "counts"
        command = [*VALGRIND, f"--callgrind-out-file={out}", sys.executable, "-m", "bench.instructions", "child"]
        subprocess.run(command, env=os.environ | given, check=True, capture_output=True)
        counts = [total(out.with_name(f"counts.{number}")) for number in range(1, 3 * len(ROUTES) + 1)]
    pairs = zip(counts[1::3], counts[2::3], strict=True)
    return {route: (twice - once) // REQUESTS // 1000 for route, (once, twice) in zip(ROUTES, pairs, strict=True)}


def total(dump: Path) -> int:
    """Returns the instructions in a file that callgrind wrote."""
    return next(int(line.split()[1]) for line in dump.read_text().splitlines() if line.startswith("totals:"))


async def child() -> None:
    argon2_passwords.QUIET_SECONDS = 0  # signing up would give its memory back while requests are counted
    app, numbers = create(), iter(range(1, 10_000))
    signed_up = await _call(app, "POST", "/api/auth/signup", "", b'{"email": "a@example.com", "password": "password1"}')
    token = signed_up.partition(b'"token":"')[2].partition(b'"')[0].decode()
    await _fill()
    _control("-i", "on")
    for method, path, body in ROUTES.values():
        for count in (WARM_UP, REQUESTS, 2 * REQUESTS):
            for _ in range(count):
                await _call(app, method, path.format(next(numbers)) if "{}" in path else path, token, body)
                await _settled()
            _control("--dump")


async def _settled() -> None:
    """Waits for the announcement of a change. Otherwise the next request finds it under way or not, as the load has it:
    it may share it, and may open a connection."""
    for left in asyncio.all_tasks() - {asyncio.current_task()}:
        await left


async def _fill() -> None:
    database = Database(os.environ["DATABASE_URL"])
    async with database() as work:
        await database.write(FILL, {"count": TASKS})
        await work.commit()
    await database.close()


def _control(*what: str) -> None:
    subprocess.run(["callgrind_control", *what, str(os.getpid())], check=True, capture_output=True)


async def _call(app: Any, method: str, path: str, token: str, body: bytes) -> bytes:
    headers = [(b"host", b"bench"), (b"authorization", b"Bearer " + token.encode()), (b"accept", b"application/json")]
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "headers": headers,
    }
    scope |= {
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "client": None,
        "server": None,
        "http_version": "1.1",
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent[0]["status"] >= 300:
        raise RuntimeError(f"{sent}")
    return bytes(sent[1]["body"])


if __name__ == "__main__":
    if sys.argv[1:] == ["child"]:
        asyncio.run(child())
    else:
        options(__doc__)
        for route, thousands in measured().items():
            print(f"{route:10}{thousands:8,} thousand instructions")
