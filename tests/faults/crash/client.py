"""A user who does everything that can be done, and does not give up until it is acknowledged."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from tests.faults.crash.journal import ENDED, Journal, Known, StoredState

RETRY_SECONDS, PATIENCE_SECONDS = 0.1, 240
TASKS, CONVERSATIONS = "/api/users/me/tasks", "/api/users/me/conversations"
NEW_EACH_TIME = httpx.Limits(max_keepalive_connections=0)
EXPECTED = ("200", "201", "409", "503")
Told = Callable[[], None]


class Client:
    """`told` is called at each success. `statuses` and `slowest` are of the answers that were seen."""

    def __init__(self, name: str, ports: list[int], told: Told) -> None:
        self.name, self.ports, self.told = name, ports, told
        self.journal = Journal()
        self.statuses: Counter[str] = Counter()
        self.unexpected: list[str] = []
        self.slowest: Counter[str] = Counter()
        self.resumed = 0
        self._headers: dict[str, str] = {}
        self._number = 0
        self._last: list[str] = []
        self._http = httpx.AsyncClient(timeout=30, verify=False, limits=NEW_EACH_TIME)

    async def enter(self) -> None:
        form = {"email": f"{self.name}@example.com", "password": "correct horse battery"}
        session = await self._insist("POST", "/api/auth/signup", form)
        self._headers = {"Authorization": f"Bearer {session['token']}"}

    async def work(self, ends_at: float) -> None:
        ways = (self.add, self.change, self.complete, self.delete, self.restore, self.batch, self.undo, self.bring)
        while time.monotonic() < ends_at:
            await random.choice((*ways, self.converse, self.rename, self.talk, self.talk))()

    async def add(self) -> int:
        title = self._word()
        task = await self._insist("POST", TASKS, {"title": title}, keyed=True)
        self.journal.tasks[task["id"]] = Known(title)
        self.journal.done(events=1)
        return int(task["id"])

    async def change(self) -> int:
        """Gives the revision."""
        number, title = await self._any(self.journal.live()), self._word()
        task = await self._insist("PATCH", f"/api/tasks/{number}", {"title": title})
        self.journal.tasks[number].title = title
        self.journal.done(events=1)
        return int(task["revision"])

    async def complete(self) -> None:
        number = await self._any(self.journal.live(completed=False))
        await self._insist("PATCH", f"/api/tasks/{number}/complete")
        self.journal.tasks[number].completed = True
        self.journal.done(events=1)

    async def delete(self) -> None:
        number = await self._any(self.journal.live())
        await self._insist("DELETE", f"/api/tasks/{number}")
        self.journal.tasks[number].trashed = True
        self.journal.done(events=1)

    async def restore(self) -> None:
        if not self.journal.trashed():
            await self.delete()
        number = random.choice(self.journal.trashed())
        await self._insist("POST", f"{TASKS}/{number}/restore", keyed=True)
        self.journal.tasks[number].trashed = False
        self.journal.done(events=1)

    async def batch(self) -> None:
        title, number = self._word(), await self._any(self.journal.live(completed=False))
        operations = [{"op": "create", "title": title}, {"op": "complete", "id": number}]
        body = await self._insist("POST", f"{TASKS}/batch", {"operations": operations}, keyed=True)
        self.journal.tasks[body["results"][0]["task"]["id"]] = Known(title)
        self.journal.tasks[number].completed = True
        self.journal.done(events=2)

    async def undo(self) -> None:
        await self._any(self.journal.live())
        before = {number: task.title for number, task in self.journal.tasks.items()}
        revision = await self.change()
        changed = next(number for number, task in self.journal.tasks.items() if before[number] != task.title)
        await self._insist("POST", f"/api/users/me/events/{revision}/undo", keyed=True)
        self.journal.tasks[changed].title = before[changed]
        self.journal.done(events=1)

    async def bring(self) -> None:
        titles = [self._word() for _ in range(3)]
        rows = [{"title": title} for title in titles]
        await self._insist("POST", "/api/users/me/import", {"tasks": rows}, keyed=True)
        self.journal.titles.update(titles)
        self.journal.done(events=3)

    async def converse(self) -> str:
        title = self._word()
        body = await self._insist("POST", CONVERSATIONS, {"title": title}, keyed=True)
        self.journal.conversations[body["id"]] = title
        self.journal.done()
        return str(body["id"])

    async def rename(self) -> None:
        known, title = list(self.journal.conversations), self._word()
        one = random.choice(known) if known else await self.converse()
        await self._insist("PATCH", f"{CONVERSATIONS}/{one}", {"title": title})
        self.journal.conversations[one] = title
        self.journal.done()

    async def talk(self) -> None:
        message = self._word()
        reply = await self._insist("POST", "/api/users/me/chat", {"message": message}, keyed=True)
        assert reply["response"], reply
        self.journal.titles[message] += 1
        self.journal.messages[message] += 1
        self.journal.done(events=1)

    async def leave(self) -> None:
        await self._http.aclose()

    async def found(self) -> StoredState:
        tasks = await self._all(f"{TASKS}?limit=100", "tasks", "cursor")
        tasks += await self._all(f"{TASKS}?limit=100&status=trashed", "tasks", "cursor")
        events = await self._all("/api/users/me/events?limit=100", "events", "after")
        talks = await self._all(f"{CONVERSATIONS}?limit=100", "conversations", "cursor")
        titles = {each["id"]: each["title"] for each in talks if each["id"] != "default"}
        messages = await self._messages() if self.journal.messages else []
        return StoredState(tasks, len(events), titles, messages)

    async def settle(self) -> None:
        """What was left over when its server died, its answer told and not stored yet, goes on when it is asked for."""
        left = [each for each in await self._messages() if each["state"] not in ENDED] if self.journal.messages else []
        for each in left:
            if each["role"] == "assistant":
                self.resumed += 1
                await self._insist("POST", f"/api/users/me/turns/{each['id']}/resume")

    async def _messages(self) -> list[dict[str, Any]]:
        return await self._all(f"{CONVERSATIONS}/default/messages?limit=100&after=0", "messages", "after")

    async def _all(self, path: str, name: str, cursor: str) -> list[dict[str, Any]]:
        page = await self._insist("GET", path)
        rows = list(page[name])
        while (following := page["next_cursor"]) is not None:
            base = path.replace("&after=0", "")
            page = await self._insist("GET", f"{base}&{cursor}={following}")
            rows += page[name]
        return rows

    async def _any(self, numbers: list[int]) -> int:
        return random.choice(numbers) if numbers else await self.add()

    def _word(self) -> str:
        self._number += 1
        return f"{self.name} {self._number}"

    async def _insist(self, method: str, path: str, body: Any = None, *, keyed: bool = False) -> Any:
        self._number += 1
        headers = self._headers | ({"Idempotency-Key": f"{self.name}-{self._number}"} if keyed else {})
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends_at:
            answer = await self._once(method, path, headers, body)
            if answer is not None and answer.is_success:
                self.told()
                return answer.json()
            if answer is not None and method == "DELETE" and answer.status_code == 404:
                return self.told()  # its first answer got lost
            await asyncio.sleep(RETRY_SECONDS)
        raise AssertionError(f"{self.name} is stuck at {method} {path}: {self._last}; {dict(self.statuses)}")

    async def _once(self, method: str, path: str, headers: dict[str, str], body: Any) -> httpx.Response | None:
        began = time.monotonic()
        url = f"http://127.0.0.1:{random.choice(self.ports)}{path}"
        try:
            answer = await self._http.request(method, url, headers=headers, json=body)
        except httpx.TransportError as error:
            self.statuses[type(error).__name__] += 1
            self._last = [*self._last[-9:], type(error).__name__]
            return None
        self.statuses[status := str(answer.status_code)] += 1
        self._last = [*self._last[-9:], f"{status} {answer.text[:300]}"]
        kind = "chat" if path.endswith(("/chat", "/resume")) else "other"
        self.slowest[kind] = max(self.slowest[kind], int((time.monotonic() - began) * 1000))
        if status not in EXPECTED and not (method == "DELETE" and status == "404"):
            self.unexpected.append(f"{status} to {method} {path}: {answer.text[:200]}")
        return answer
