"""Nothing is left of a user who leaves, in any table that there is."""

import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import String, Table, cast, func, literal_column, select

import adapters.postgres.rate_limits  # noqa: F401 — it adds its table to the metadata
from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tables import metadata
from application.accounts import erasure
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from tests.integration.clients import client_of

ME = "/api/users/me"
LAPSING = {"rate_windows"}
"""What it counts is forgotten when its window is over: a minute or an hour."""
OF_NOBODY = {"jobs", "oauth_clients"}


@pytest.fixture
async def client(database_url: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """`database` has emptied the tables."""
    environ = {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}
    container = Container(settings=load(environ))
    async with client_of(container) as client:
        yield client


async def furnish(client: httpx.AsyncClient, name: str) -> str:
    """A user with a row in each table there is for them; their id."""
    form = {"email": f"{name}@example.com", "password": "password1"}
    session = (await client.post("/api/auth/signup", json=form)).json()
    client.headers["Authorization"] = f"Bearer {session['token']}"
    calls: list[tuple[str, dict[str, Any], dict[str, str]]] = [
        ("/api/auth/forgot-password", {"email": form["email"]}, {}),
        (f"{ME}/tasks", {"title": "a"}, {"Idempotency-Key": "k"}),
        (f"{ME}/chat", {"message": "Add a task to buy milk"}, {}),
        (f"{ME}/webhooks", {"url": "http://127.0.0.1:9/x"}, {}),
    ]
    for path, body, headers in calls:
        assert (await client.post(path, json=body, headers=headers)).is_success, path
    return str(session["user"]["id"])


async def tables_that_name(database: Database, text: str) -> set[str]:
    """In any column."""
    found = set()
    for table in metadata.sorted_tables:
        row = cast(literal_column(f'"{table.name}"'), String)
        query = select(func.count()).select_from(table).where(row.contains(text))
        found |= {table.name} if (await database.run(query))[0][0] else set()
    return found


def goes_with_its_user(table: Table) -> bool:
    keys = [key for key in table.foreign_key_constraints if key.ondelete == "CASCADE"]
    return any(key.referred_table.name == "users" or goes_with_its_user(key.referred_table) for key in keys)


def test_every_table_of_users_goes_with_its_user() -> None:
    tables = {table for table in metadata.sorted_tables if table.name not in {"users", *LAPSING, *OF_NOBODY}}
    assert {table.name for table in tables if not goes_with_its_user(table)} == set()


async def test_no_row_names_the_user_who_left_and_others_lose_none(
    client: httpx.AsyncClient, database: Database
) -> None:
    bob, ann = await furnish(client, "bob"), await furnish(client, "ann")
    before = await tables_that_name(database, bob)
    assert await tables_that_name(database, ann) == before
    assert {"sessions", "password_resets", "idempotency_keys", "events", "steps", "webhooks"} <= before
    answer = await client.request("DELETE", "/api/auth/me", json={"password": "password1"})
    assert answer.status_code == 200
    assert await tables_that_name(database, ann) <= LAPSING
    assert await tables_that_name(database, "ann@example.com") == set()
    assert await tables_that_name(database, bob) == before


async def test_a_large_account_is_gone_at_once_and_erased_in_batches(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(erasure, "ROWS_AT_ONCE", 7)
    bob, ann = await furnish(client, "bob"), await furnish(client, "ann")
    titles = [{"title": f"task {number}"} for number in range(50)]
    assert (await client.post(f"{ME}/import", json={"tasks": titles})).is_success
    before = await tables_that_name(database, bob)
    answer = await client.request("DELETE", "/api/auth/me", json={"password": "password1"})
    assert answer.status_code == 200
    assert await tables_that_name(database, "ann@example.com") == set()
    assert {"tasks", "events"} <= await tables_that_name(database, ann)
    assert (await client.post(f"{ME}/tasks", json={"title": "late"})).status_code == 401
    assert (await client.get("/api/auth/me")).status_code == 401
    await furnish(client, "ann")
    unused: Any = None
    erasing = erasure.Erasure(PostgresAccounts(database), database, unused, unused, unused, unused, unused)
    batches = 1
    while await erasing.erase_next_batch():
        batches += 1
    assert batches > 100 / 7
    assert await tables_that_name(database, ann) <= LAPSING
    assert await tables_that_name(database, bob) == before
