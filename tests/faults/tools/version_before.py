"""The version before beside this one: two servers on one database, and a person who is now at one, now at the other."""

import io
import json
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx

from tests.faults.tools.servers import ServerProcess, serving

COMMIT = "53f6b7c"
ROOT = Path(__file__).parents[3]
PACKAGES = ("domain", "application", "adapters", "bootstrap", "migrations")
TASKS, EVENTS, SYNC = "/api/users/me/tasks", "/api/users/me/events", "/api/users/me/sync"
STATE_FIELDS = ("id", "title", "description", "completed", "created_at", "updated_at", "deleted_at")
TASK_FIELDS = (*STATE_FIELDS, "revision")
EVENT_FIELDS = ("revision", "task_id", "kind", "actor", "at")


def is_in_this_clone() -> bool:
    asked = subprocess.run(
        ["git", "cat-file", "-e", f"{COMMIT}^{{commit}}"], cwd=ROOT, capture_output=True, check=False
    )
    return asked.returncode == 0


def unpack(folder: Path) -> None:
    command = ["git", "archive", COMMIT, *PACKAGES]
    archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")


@asynccontextmanager
async def both(database_url: str, code: Path) -> AsyncIterator[tuple[ServerProcess, ServerProcess]]:
    """The server of the code in that folder and ours, which migrates the database before the other one starts."""
    async with serving(database_url) as ours:
        await ours.answers("/health/ready")
        async with serving(database_url, "--no-migrate", PYTHONPATH=str(code)) as theirs:
            await theirs.answers("/health/ready")
            yield theirs, ours


@dataclass
class Person:
    """Signed in with one token at a server; `at` another one it is the same person."""

    client: httpx.AsyncClient

    async def call(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        answer = await self.client.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def add(self, title: str) -> Any:
        return await self.call("POST", TASKS, {"title": title}, 201)

    async def patch(self, task: Any, **values: Any) -> Any:
        return await self.call("PATCH", f"{TASKS}/{task['id']}", values)

    async def batch(self, *operations: Any) -> None:
        await self.call("POST", f"{TASKS}/batch", {"operations": operations})

    async def undo(self, revision: int) -> None:
        await self.call("POST", f"{EVENTS}/{revision}/undo")

    async def say(self, message: str, **headers: str) -> Any:
        return await self.call("POST", "/api/users/me/chat", {"message": message}, 200, **headers)

    async def newest(self) -> int:
        """The revision of the newest change."""
        shown = await self.call("GET", f"{EVENTS}?order=newest&limit=1")
        return int(shown["events"][0]["revision"])

    async def titles(self, status: str = "all") -> list[str]:
        shown = await self.call("GET", f"{TASKS}?status={status}")
        return [task["title"] for task in shown["tasks"]]

    async def sees(self) -> Any:
        """What both versions show of the tasks, the log and the conversation."""
        sync, trash = await self.call("GET", SYNC), await self.call("GET", f"{TASKS}?status=trashed")
        log = await self.call("GET", f"{EVENTS}?after=0&limit=100")
        said = await self.client.get("/api/users/me/conversations/default/messages")
        messages = said.json()["messages"] if said.is_success else []
        return {
            "sync": sorted((_cut(each, TASK_FIELDS) for each in sync["tasks"]), key=lambda task: task["id"]),
            "token": sync["next_token"],
            "trash": [_cut(each, TASK_FIELDS) for each in trash["tasks"]],
            "events": [_event(each) for each in log["events"]],
            "said": (said.status_code, [(each["id"], each["role"], each["text"]) for each in messages]),
        }

    @asynccontextmanager
    async def watching(self, after: int) -> AsyncIterator[AsyncIterator[Any]]:
        """The events of the feed."""
        async with self.client.stream("GET", f"{EVENTS}/stream", headers={"Last-Event-ID": str(after)}) as answer:
            assert answer.status_code == 200
            yield (json.loads(line[6:]) async for line in answer.aiter_lines() if line.startswith("data: "))


@dataclass
class Pair:
    """One person at two servers of different versions."""

    one: Person
    other: Person
    email: str

    @classmethod
    async def signed_up(cls, one: ServerProcess, other: ServerProcess) -> Self:
        """At the first of the servers."""
        here, there = (Person(httpx.AsyncClient(base_url=each.url, timeout=60, verify=False)) for each in (one, other))
        email = f"{uuid4().hex}@example.com"
        account = {"email": email, "password": "correct horse"}
        session = await here.call("POST", "/api/auth/signup", account, 201)
        for person in (here, there):
            person.client.headers["Authorization"] = f"Bearer {session['token']}"
        return cls(here, there, email)

    async def agree(self) -> Any:
        """Both servers show the same, and this is it."""
        at_one, at_other = await self.one.sees(), await self.other.sees()
        assert at_one == at_other
        return at_one

    async def leave(self) -> None:
        await self.one.client.aclose()
        await self.other.client.aclose()


def _cut(shown: Any, fields: tuple[str, ...]) -> Any:
    return {name: shown[name] for name in fields}


def _event(shown: Any) -> Any:
    states = {name: shown[name] and _cut(shown[name], STATE_FIELDS) for name in ("before", "after")}
    return _cut(shown, EVENT_FIELDS) | states
