"""Equal requests at once, on two servers of one PostgreSQL."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import func, select, text

from adapters.postgres.driver.database import Database
from adapters.postgres.idempotency_keys import PostgresIdempotencyKeys
from adapters.postgres.tables import steps, tasks, turns
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from domain.errors import IdempotencyInFlight
from domain.idempotency import Receipt
from tests.integration.clients import client_of

SETTINGS = load({"DATABASE_URL": "postgresql://127.0.0.1:1/none", "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)})
TASKS, CHAT = "/api/users/me/tasks", "/api/users/me/chat"


@pytest.fixture
async def servers(database: Database, database_url: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Each with a pool and use-cases of its own; Ann is signed up."""
    settings = replace(SETTINGS, database_url=database_url, connect_args={})
    containers = [Container(settings=settings) for _ in range(2)]
    async with client_of(containers[0]) as one, client_of(containers[1]) as other:
        yield await _signed_in([one, other])


async def _signed_in(clients: list[httpx.AsyncClient]) -> list[httpx.AsyncClient]:
    form = {"email": "ann@example.com", "password": "password1"}
    token = (await clients[0].post("/api/auth/signup", json=form)).json()["token"]
    for client in clients:
        client.headers.update({"Authorization": f"Bearer {token}", "Idempotency-Key": "one"})
    return clients


async def fifty(servers: list[httpx.AsyncClient], path: str, body: dict[str, str]) -> list[httpx.Response]:
    return await asyncio.gather(*(servers[number % 2].post(path, json=body) for number in range(50)))


async def test_fifty_equal_tasks_make_one_row_and_each_gets_its_answer_or_is_told_to_wait(
    servers: list[httpx.AsyncClient], database: Database
) -> None:
    answers = await fifty(servers, TASKS, {"title": "Buy milk"})
    assert {answer.status_code for answer in answers} <= {201, 409}
    answered = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in answered}) == 1
    assert [answer.headers.get("Idempotency-Replayed") for answer in answered].count(None) == 1
    told = {answer.json()["detail"]["code"] for answer in answers if answer.status_code == 409}
    assert told <= {"IDEMPOTENCY_IN_FLIGHT"}
    again = await servers[1].post(TASKS, json={"title": "Buy milk"})
    assert (again.content, again.headers["Idempotency-Replayed"]) == (answered[0].content, "true")
    assert (await database.run(select(func.count()).select_from(tasks)))[0][0] == 1


async def test_a_message_is_answered_fifty_times_more_from_its_rows(
    servers: list[httpx.AsyncClient], database: Database
) -> None:
    first = await servers[0].post(CHAT, json={"message": "add a task to buy milk"})
    answers = await fifty(servers, CHAT, {"message": "add a task to buy milk"})
    answered = [answer for answer in answers if answer.status_code != 503]
    assert answered, "on a busy machine some may wait too long for a place, but not all"
    assert all((answer.status_code, answer.json()) == (200, first.json()) for answer in answered)
    assert (await database.run(select(func.count()).select_from(turns)))[0][0] == 1


async def test_fifty_equal_messages_at_once_make_one_turn(servers: list[httpx.AsyncClient], database: Database) -> None:
    answers = await fifty(servers, CHAT, {"message": "add a task to buy milk"})
    told = {answer.json()["detail"]["code"] for answer in answers if answer.status_code != 200}
    assert told <= {"IDEMPOTENCY_IN_FLIGHT", "TURN_RUNNING", "RATE_LIMITED"}
    assert len({answer.content for answer in answers if answer.status_code == 200}) == 1
    for table in (turns, tasks):
        assert (await database.run(select(func.count()).select_from(table)))[0][0] == 1
    assert (await database.run(select(func.count()).select_from(steps)))[0][0] == 3


async def test_where_the_lock_does_not_hold_the_row_still_decides(database: Database, database_url: str) -> None:
    """As with a database that has no advisory locks: what was kept meanwhile is seen when the answer is to be."""
    other = Database(database_url)
    now = datetime.now(UTC)
    receipt = Receipt(user_id="ann", key="k", fingerprint=b"", result=b"", created_at=now)
    async with other() as work:
        await other.write(text("INSERT INTO users (id, created_at) VALUES ('ann', now())"))
        await work.commit()
    with pytest.raises(IdempotencyInFlight):
        async with database():
            await PostgresIdempotencyKeys(database).claim("ann", "k", now)
            async with other() as work:
                await PostgresIdempotencyKeys(other).keep(receipt)
                await work.commit()
            await PostgresIdempotencyKeys(database).keep(receipt)
    await other.close()
