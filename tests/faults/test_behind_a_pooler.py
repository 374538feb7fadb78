"""Servers behind PgBouncer in transaction mode, as hosts have it."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.faults.tools.postgres import Postgres
from tests.faults.tools.servers import ServerProcess, serving
from tests.servers.pgbouncer import PROGRAM, pooled

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed (Debian: apt install pgbouncer)"),
]
TASKS = "/api/users/me/tasks"
USERS, ROUNDS = 20, 10


@pytest.fixture(scope="module")
def pooler(postgres: Postgres) -> Iterator[str]:
    with pooled(postgres.url) as url:
        yield url


@pytest.fixture(scope="module")
async def server(postgres: Postgres, pooler: str) -> AsyncIterator[ServerProcess]:
    async with serving(pooler, "--workers", "2", DIRECT_DATABASE_URL=postgres.url) as server:
        await server.answers("/health/ready")
        yield server


async def test_every_request_of_many_is_answered(server: ServerProcess) -> None:
    """Two workers with ten connections each share eight sessions."""
    async with httpx.AsyncClient(base_url=server.url, timeout=30, verify=False) as client:
        users = [await entered(client, number) for number in range(USERS)]
        answers = await asyncio.gather(*(use(client, headers) for headers in users))
    counted = sum(answers, Counter())
    assert {status for status in counted if status >= 400} == set(), counted


async def entered(client: httpx.AsyncClient, number: int) -> dict[str, str]:
    form = {"email": f"{number}-{time.monotonic_ns()}@example.com", "password": "correct horse"}
    answer = await client.post("/api/auth/signup", json=form)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def use(client: httpx.AsyncClient, headers: dict[str, str]) -> Counter[int]:
    found: Counter[int] = Counter()
    for turn in range(ROUNDS):
        made = await client.post(TASKS, json={"title": f"Task {turn}"}, headers=headers)
        task = f"{TASKS}/{made.json()['id']}"
        answers = [
            made,
            await client.get(TASKS, headers=headers),
            await client.patch(task, json={"completed": True}, headers=headers),
            await client.get("/api/users/me/sync", headers=headers),
            await client.post("/api/users/me/chat", json={"message": "Show my tasks"}, headers=headers),
        ]
        found.update(answer.status_code for answer in answers)
    return found


async def test_without_a_way_around_it_the_start_asks_for_one(pooler: str) -> None:
    async with serving(pooler) as server:
        assert server.process
        assert await asyncio.wait_for(server.process.wait(), 60) == 1
        assert "set DIRECT_DATABASE_URL" in server.log.read_text()
