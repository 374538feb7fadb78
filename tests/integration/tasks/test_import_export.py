"""Out and in again on PostgreSQL, where a file is many statements of one unit of work."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from adapters.postgres.driver.database import Database
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from tests.equal_accounts import comparable
from tests.integration.clients import client_of

COUNT = 2_000
EXPORT, IMPORT, TASKS = "/api/users/me/export", "/api/users/me/import", "/api/users/me/tasks"


@pytest.fixture
async def client(database_url: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """`database` has emptied the tables."""
    environ = {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}
    container = Container(settings=load(environ))
    async with client_of(container) as client:
        yield client


async def enter(client: httpx.AsyncClient, name: str) -> None:
    form = {"email": f"{name}@example.com", "password": "password1"}
    token = (await client.post("/api/auth/signup", json=form)).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"


def task(number: int) -> dict[str, Any]:
    """Every third is done, every fifth in the trash; times are as early and as late as there are."""
    day = f"{1 + number % 28:02}"
    return (
        {
            "id": 3 * number,
            "title": f"Task {number} “ü” 🎉 \u2028 {{}}",
            "description": f'line one\r\nline "two", {number}' if number % 2 else None,
            "completed": number % 3 == 0,
            "created_at": f"0001-01-{day}T12:00:00.000001Z",
            "updated_at": f"2026-02-{day}T12:00:00+05:30",
            "deleted_at": f"9999-12-{day}T23:59:59.999999Z" if number % 5 == 0 else None,
        }
        | place(number)
        | dates(number)
    )


def place(number: int) -> dict[str, Any]:
    """Every fourth is in a list, and every seventh below the task after it; the order is the other way round."""
    below = {"parent_id": 3 * (number + 1)} if number % 7 == 0 and number % 5 not in (0, 4) else {}
    is_in_list = number % 4 == 0 and number % 7 not in (0, 1)
    return below | {"list_id": 8 if is_in_list else None, "position": f"a{9_999 - number}"}


def dates(number: int) -> dict[str, Any]:
    """Every tenth recurs, and its present date was moved."""
    if number % 10 != 1:
        return {"due": "2026-12-01T09:00+01:00[Europe/Berlin]", "tags": ["Home", f"ö{number % 9}"]}
    return {"due": "2026-12-03", "slot": "2026-12-01", "recurrence": "FREQ=MONTHLY;COUNT=4", "priority": "high"}


LISTS = [{"id": 8, "name": "Home", "color": "teal"}, {"id": 9, "name": "Gone", "deleted_at": "2026-11-01T00:00:00Z"}]
VIEWS = [{"name": "Soon", "filter": "#8 & (today | p1)", "sort": "-priority,due"}]


async def test_two_thousand_tasks_come_out_and_go_in_again_as_they_were(client: httpx.AsyncClient) -> None:
    await enter(client, "ann")
    given = [task(number) for number in range(1, COUNT + 1)]
    answer = await client.post(IMPORT, json={"tasks": given, "lists": LISTS, "views": VIEWS})
    assert (answer.json()["imported"], answer.json()["notes"]) == (COUNT, [])
    first = await client.get(EXPORT)
    assert [(each["id"], each["title"]) for each in first.json()["tasks"]] == [
        (number, each["title"]) for number, each in enumerate(given, 1)
    ]
    await enter(client, "bob")
    await client.post(TASKS, json={"title": "Bob's own"})
    headers = {"Content-Type": "application/json"}
    shown = await client.post(f"{IMPORT}?dry_run=true", content=first.content, headers=headers)
    done = await client.post(IMPORT, content=first.content, headers=headers)
    assert shown.json() == done.json() | {"dry_run": True, "revision": None}
    assert done.json()["imported"] == COUNT
    second = (await client.get(EXPORT)).json()
    own, *second["tasks"] = second["tasks"]
    assert own["title"] == "Bob's own"
    assert comparable(second) == comparable(first.json())
    assert [each["id"] for each in second["tasks"]] == list(range(2, COUNT + 2))
    totals = [(await client.get(f"{TASKS}?status={each}")).json()["total"] for each in ("all", "completed", "trashed")]
    assert totals == [1 + COUNT * 4 // 5, len([n for n in range(1, COUNT + 1) if n % 3 == 0 and n % 5]), COUNT // 5]


async def test_one_undo_takes_two_thousand_tasks_and_their_list_back(client: httpx.AsyncClient) -> None:
    await enter(client, "ann")
    tasks = [task(number) for number in range(1, COUNT + 1)]
    await client.post(IMPORT, json={"tasks": tasks, "lists": LISTS, "views": VIEWS})
    undone = await client.post(f"/api/users/me/events/{COUNT}/undo")
    assert undone.status_code == 200, undone.text
    assert (await client.get(TASKS)).json()["total"] == 0
    whole = (await client.get(EXPORT)).json()
    assert all(each["deleted_at"] for name in ("lists", "views", "tasks") for each in whole[name])


async def test_an_import_that_is_sent_many_times_at_once_is_done_once(client: httpx.AsyncClient) -> None:
    await enter(client, "ann")
    body, headers = {"tasks": [{"title": "x"}] * COUNT}, {"Idempotency-Key": "k"}
    answers = await asyncio.gather(*(client.post(IMPORT, json=body, headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {200, 409, 429}
    assert (await client.get(TASKS)).json()["total"] == COUNT
