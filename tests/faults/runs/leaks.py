"""Fifty users at two server processes at once, by HTTP, chat and MCP: does anybody see a word of another's?

`python -m tests.faults.runs.leaks [--calls 5000] [--users 50]`, with the embedded PostgreSQL. Prints what was done and
found; exits 1 where something leaked.
"""

import argparse
import asyncio
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx

from tests.e2e.conftest import new_server
from tests.signing_up import signed_up

AT_ONCE = 16
MCP = {"Accept": "application/json, text/event-stream"}
READS = ("tasks", "tasks?status=trashed", "events?order=newest", "sync", "conversations", "export", "usage", "webhooks")


class User:
    """Every word this user writes has `mark` in it."""

    def __init__(self, client: httpx.AsyncClient, number: int) -> None:
        self.client, self.mark = client, f"mark{number:04}x"
        self.headers: dict[str, str] = {}

    async def sign_up(self) -> None:
        form = {"email": f"{self.mark}@example.com", "password": "correct horse battery"}
        session = await signed_up(self.client, form)
        self.headers = {"Authorization": f"Bearer {session['token']}"}

    async def call(self) -> httpx.Response:
        return await random.choice(CALLS)(self)

    async def send(self, method: str, path: str, **options: object) -> httpx.Response:
        headers = self.headers | dict(options.pop("headers", {}))  # type: ignore[call-overload]
        return await self.client.request(method, path, headers=headers, **options)  # type: ignore[arg-type]


def _number() -> int:
    return random.randint(1, 12)


def _add(user: User) -> Awaitable[httpx.Response]:
    return user.send("POST", "/api/users/me/tasks", json={"title": f"{user.mark} {_number()}"})


def _read(user: User) -> Awaitable[httpx.Response]:
    return user.send("GET", f"/api/users/me/{random.choice(READS)}")


def _change(user: User) -> Awaitable[httpx.Response]:
    path = random.choice(("", "/complete", "/uncomplete"))
    return user.send("PATCH", f"/api/tasks/{_number()}{path}", json={"description": user.mark} if not path else None)


def _delete(user: User) -> Awaitable[httpx.Response]:
    return user.send("DELETE", f"/api/tasks/{_number()}")


def _undo(user: User) -> Awaitable[httpx.Response]:
    return user.send("POST", f"/api/users/me/events/{_number()}/undo")


def _say(user: User) -> Awaitable[httpx.Response]:
    said = random.choice((f"add a task: {user.mark}", "show my tasks", f"finish task {_number()}", "undo that"))
    return user.send("POST", "/api/users/me/chat", json={"message": said})


def _use_tool(user: User) -> Awaitable[httpx.Response]:
    name, arguments = random.choice((("list_tasks", {}), ("add_task", {"title": user.mark})))
    params = {"name": name, "arguments": arguments}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return user.send("POST", "/mcp", json=call, headers=MCP)


CALLS: tuple[Callable[[User], Awaitable[httpx.Response]], ...] = (
    _add,
    _read,
    _read,
    _change,
    _delete,
    _undo,
    _say,
    _use_tool,
)


async def run(url: str, calls: int, users: int) -> tuple[Counter[int], list[str]]:
    """How often each status was answered, and where somebody's words were seen by another."""
    statuses: Counter[int] = Counter()
    leaks: list[str] = []
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        everybody = [User(client, number) for number in range(users)]
        await asyncio.gather(*(user.sign_up() for user in everybody))

        async def erase_next_batch(share: int) -> None:
            for _ in range(share):
                user = random.choice(everybody)
                answer = await user.call()
                statuses[answer.status_code] += 1
                seen = [other.mark for other in everybody if other is not user and other.mark in answer.text]
                leaks.extend(f"{user.mark} saw {mark} at {answer.request.url}" for mark in seen)

        await asyncio.gather(*(erase_next_batch(calls // AT_ONCE) for _ in range(AT_ONCE)))
    return statuses, leaks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--users", type=int, default=50)
    arguments = parser.parse_args()
    with new_server() as server:
        server.start("--workers", "2")
        statuses, leaks = asyncio.run(run(server.url, arguments.calls, arguments.users))
    print(f"{sum(statuses.values())} calls of {arguments.users} users: {dict(sorted(statuses.items()))}")
    print("\n".join(leaks[:20]) or "nobody saw a word of another's")
    sys.exit(bool(leaks) or any(status >= 500 for status in statuses))


if __name__ == "__main__":
    main()
