"""Servers behind nginx are told to end, one after the other, while they are used."""

import asyncio
import signal
import tempfile
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.faults.crash.servers import kept_up
from tests.faults.tools.nginx import PROGRAM, nginx
from tests.faults.tools.postgres import Postgres
from tests.signing_up import signed_up

pytestmark = pytest.mark.long

CLIENTS, ROUNDS = 12, 2
TASKS = "/api/users/me/tasks"


async def use(url: str, number: int, stopped: asyncio.Event, seen: Counter[str]) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=30, verify=False) as client:
        form = {"email": f"roll{number}@example.com", "password": "correct horse"}
        session = await signed_up(client, form)
        client.headers["Authorization"] = f"Bearer {session['token']}"
        while not stopped.is_set():
            for method, path, body in (("POST", TASKS, {"title": "x"}), ("GET", TASKS, None)):
                try:
                    answer = await client.request(method, path, json=body)
                    seen[str(answer.status_code)] += 1
                except httpx.TransportError as error:
                    seen[repr(error)] += 1


@pytest.mark.timeout(300)
@pytest.mark.skipif(PROGRAM is None, reason="nginx is not installed")
async def test_no_request_fails_while_servers_are_replaced(postgres: Postgres) -> None:
    seen: Counter[str] = Counter()
    stopped = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="tt-roll-") as folder:
        async with kept_up(2, postgres.url, Path(folder)) as servers, nginx(servers.ports) as url:
            await servers.are_up()
            users = [asyncio.create_task(use(url, number, stopped, seen)) for number in range(CLIENTS)]
            for server in servers.servers * ROUNDS:
                assert server.process
                ended = asyncio.create_task(server.process.wait())
                server.send(signal.SIGTERM)
                await asyncio.wait_for(ended, 30)
                await server.answers("/health/ready")
            stopped.set()
            await asyncio.gather(*users)
    assert set(seen) == {"200", "201"}, seen
    assert seen["201"] > CLIENTS * ROUNDS
