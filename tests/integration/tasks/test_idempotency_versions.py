"""Receipts that another version of this service kept, or will answer from, while servers are replaced."""

import httpx
import pytest
from msgspec import json
from sqlalchemy import text

from adapters.postgres.driver.database import Database
from tests.integration.tasks.test_idempotency import TASKS
from tests.integration.tasks.test_idempotency import servers as servers

MILK = {"title": "Buy milk"}
KEPT_BY_THE_VERSION_BEFORE = "UPDATE idempotency_keys SET status = 201, body = :body, result = {result} RETURNING key"
READ_BY_THE_VERSION_BEFORE = "SELECT turn_id, status, body FROM idempotency_keys"


@pytest.mark.parametrize("result", ["NULL", "result"])
async def test_what_the_version_before_has_kept_is_answered_to_the_letter(
    servers: list[httpx.AsyncClient], database: Database, result: str
) -> None:
    """It leaves the `result` where it keeps another request under an old key of this version."""
    await servers[0].post(TASKS, json=MILK)
    former = b'{"id":1, "title":"as the version before wrote it"}'
    async with database() as work:
        await database.write(text(KEPT_BY_THE_VERSION_BEFORE.format(result=result)), {"body": former})
        await work.commit()
    again = await servers[1].post(TASKS, json=MILK)
    assert (again.status_code, again.content) == (201, former)
    assert (again.headers["content-type"], again.headers["idempotency-replayed"]) == ("application/json", "true")


async def test_the_version_before_asks_to_try_again_where_this_version_has_kept_a_result(
    servers: list[httpx.AsyncClient], database: Database
) -> None:
    """It sends `status` and `body` as they are, and has no answer but 500 where one of them is missing."""
    await servers[0].post(TASKS, json=MILK)
    [row] = await database.run(text(READ_BY_THE_VERSION_BEFORE))
    assert (row.turn_id, row.status) == (None, 409)
    assert json.decode(row.body)["detail"]["code"] == "IDEMPOTENCY_IN_FLIGHT"


async def test_a_turn_is_kept_as_before(servers: list[httpx.AsyncClient], database: Database) -> None:
    await servers[0].post("/api/users/me/chat", json={"message": "hello"})
    [row] = await database.run(text(READ_BY_THE_VERSION_BEFORE))
    assert (bool(row.turn_id), row.status, row.body) == (True, None, None)
