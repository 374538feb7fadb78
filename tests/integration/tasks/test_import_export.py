"""Out and in again on PostgreSQL, where a file is many statements of one unit of work."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from adapters.http.app import create_app
from adapters.http.server.outer_middleware import OuterMiddleware
from adapters.postgres.driver.database import Database
from bootstrap.asgi import close
from bootstrap.configuration.settings import load
from bootstrap.container import Container

COUNT = 2_000
EXPORT, IMPORT, TASKS = "/api/users/me/export", "/api/users/me/import", "/api/users/me/tasks"


@pytest.fixture
async def client(database_url: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """`database` has emptied the tables."""
    environ = {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}
    container = Container(settings=load(environ))
    app = create_app(container.services(), container.authenticator())
    transport = httpx.ASGITransport(OuterMiddleware(app))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
    await close(container)


async def enter(client: httpx.AsyncClient, name: str) -> None:
    form = {"email": f"{name}@example.com", "password": "password1"}
    token = (await client.post("/api/auth/signup", json=form)).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"


def task(number: int) -> dict[str, Any]:
    """Every third is done, every fifth in the trash; times are as early and as late as there are."""
    day = f"{1 + number % 28:02}"
    return {
        "title": f"Task {number} “ü” 🎉 \u2028 {{}}",
        "description": f'line one\r\nline "two", {number}' if number % 2 else None,
        "completed": number % 3 == 0,
        "created_at": f"0001-01-{day}T12:00:00.000001Z",
        "updated_at": f"2026-02-{day}T12:00:00+05:30",
        "deleted_at": f"9999-12-{day}T23:59:59.999999Z" if number % 5 == 0 else None,
    }


def numberless(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in task.items() if k not in ("id", "user_id", "revision", "position")} for task in tasks]


async def test_two_thousand_tasks_come_out_and_go_in_again_as_they_were(client: httpx.AsyncClient) -> None:
    await enter(client, "ann")
    given = [task(number) for number in range(1, COUNT + 1)]
    assert (await client.post(IMPORT, json={"tasks": given})).json()["imported"] == COUNT
    first = await client.get(EXPORT)
    assert [(each["id"], each["title"]) for each in first.json()["tasks"]] == [
        (number, each["title"]) for number, each in enumerate(given, 1)
    ]
    await enter(client, "bob")
    await client.post(TASKS, json={"title": "Bob's own"})
    headers = {"Content-Type": "application/json"}
    assert (await client.post(IMPORT, content=first.content, headers=headers)).json()["imported"] == COUNT
    _, *second = (await client.get(EXPORT)).json()["tasks"]
    assert numberless(second) == numberless(first.json()["tasks"])
    assert [each["id"] for each in second] == list(range(2, COUNT + 2))
    totals = [(await client.get(f"{TASKS}?status={each}")).json()["total"] for each in ("all", "completed", "trashed")]
    assert totals == [1 + COUNT * 4 // 5, len([n for n in range(1, COUNT + 1) if n % 3 == 0 and n % 5]), COUNT // 5]


async def test_an_import_that_is_sent_many_times_at_once_is_done_once(client: httpx.AsyncClient) -> None:
    await enter(client, "ann")
    body, headers = {"tasks": [{"title": "x"}] * COUNT}, {"Idempotency-Key": "k"}
    answers = await asyncio.gather(*(client.post(IMPORT, json=body, headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert (await client.get(TASKS)).json()["total"] == COUNT
