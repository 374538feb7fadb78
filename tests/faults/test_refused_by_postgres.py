"""PostgreSQL answers, but not with what was asked for."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from bootstrap.postgres.embedded_postgres import DATABASE
from tests.faults.tools.postgres import Postgres
from tests.faults.tools.servers import ServerProcess, serving

pytestmark = pytest.mark.long

TASKS = "/api/users/me/tasks"
ANSWER_SECONDS, BUSY = 2.0, 1.0
TRIES = 4
POOL = 2
REFUSING = """
CREATE SEQUENCE tries;
CREATE TABLE refusals (state text, times bigint);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE refusal refusals;
BEGIN
  SELECT * INTO refusal FROM refusals;
  IF found AND nextval('tries') <= refusal.times THEN
    RAISE EXCEPTION 'as told' USING ERRCODE = refusal.state;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION refuse();
"""


@pytest.fixture(scope="module")
async def server(postgres: Postgres) -> AsyncIterator[ServerProcess]:
    async with serving(postgres.url, POOL_SIZE=str(POOL)) as server:
        await server.answers("/health/ready")
        yield server


@pytest.fixture(scope="module")
async def sql(postgres: Postgres, server: ServerProcess) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(host=str(postgres.folder), user="postgres", database=DATABASE)
    await connection.execute(REFUSING)
    yield connection
    await connection.close()


@pytest.fixture
async def ann(server: ServerProcess) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, timeout=30, verify=False) as client:
        form = {"email": f"{time.monotonic_ns()}@example.com", "password": "correct horse"}
        session = (await client.post("/api/auth/signup", json=form)).json()
        client.headers["Authorization"] = f"Bearer {session['token']}"
        yield client


async def refuse(sql: "asyncpg.Connection[asyncpg.Record]", state: str, times: int) -> None:
    await sql.execute("ALTER SEQUENCE tries RESTART; DELETE FROM refusals")
    await sql.execute("INSERT INTO refusals VALUES ($1, $2)", state, times)


@pytest.mark.parametrize("keyed", [False, True])
@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_what_met_another_change_is_done_again_and_once(
    ann: httpx.AsyncClient, sql: "asyncpg.Connection[asyncpg.Record]", state: str, keyed: bool
) -> None:
    await refuse(sql, state, times=TRIES - 1)
    headers = {"Idempotency-Key": "once"} if keyed else {}
    assert (await ann.post(TASKS, json={"title": "x"}, headers=headers)).status_code == 201
    assert (await ann.get(TASKS)).json()["total"] == 1


@pytest.mark.parametrize(("state", "tries"), [("40001", TRIES), ("40P01", TRIES), ("57014", 1), ("53300", 1)])
async def test_what_is_refused_for_good_is_told_soon(
    ann: httpx.AsyncClient, sql: "asyncpg.Connection[asyncpg.Record]", state: str, tries: int
) -> None:
    await refuse(sql, state, times=1_000)
    began = time.monotonic()
    answer = await ann.post(TASKS, json={"title": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert time.monotonic() - began < ANSWER_SECONDS + BUSY
    assert await sql.fetchval("SELECT last_value FROM tries") == tries
    await sql.execute("DELETE FROM refusals")
    assert (await ann.get(TASKS)).json()["total"] == 0


async def test_where_all_connections_are_taken_the_next_is_told_soon(
    ann: httpx.AsyncClient, sql: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async def create() -> tuple[int, float]:
        began = time.monotonic()
        return (await ann.post(TASKS, json={"title": "x"})).status_code, time.monotonic() - began

    async with sql.transaction():
        await sql.execute("LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE")
        answers = await asyncio.gather(*(create() for _ in range(3 * POOL)))
    assert {status for status, _ in answers} == {503}
    assert sum(took < ANSWER_SECONDS + BUSY for _, took in answers) >= 2 * POOL
    assert (await ann.post(TASKS, json={"title": "x"})).status_code == 201


async def test_clients_that_hang_up_leave_nothing_behind(
    server: ServerProcess, ann: httpx.AsyncClient, sql: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await ann.get(TASKS)
    before = server.descriptors()
    bearer = ann.headers["Authorization"]
    body = b'{"title": "left"}'
    head = f"POST {TASKS} HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\nContent-Length: {len(body)}\r\n\r\n"
    for _ in range(20):
        await asyncio.gather(*(hang_up(server.port, head.encode() + body[:length]) for length in range(50)))
    async with asyncio.timeout(60):
        while {each.status_code for each in await asyncio.gather(*(ann.get(TASKS) for _ in range(5 * POOL)))} != {200}:
            pass  # what was asked for whole is still done
        while server.descriptors() > before + 5 * POOL:
            assert (await ann.get("/health/live")).status_code == 200
        while await sql.fetchval("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"):
            pass
    open_now = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tasktalk'"
    assert await sql.fetchval(open_now) <= POOL + 2


async def hang_up(port: int, sent: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    writer.transport.abort()


async def test_a_read_only_database_is_503_and_not_ready_and_heals_by_itself(
    server: ServerProcess, sql: "asyncpg.Connection[asyncpg.Record]", ann: httpx.AsyncClient
) -> None:
    """For all sessions at once, those that are open included, as when a standby takes its place or a disk is full."""
    await sql.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    await sql.execute("SELECT pg_reload_conf()")
    try:
        await server.answers("/health/ready", 503)
        for _ in range(3):
            refused = await ann.post(TASKS, json={"title": "Milk"})
            assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
        assert (await ann.get(TASKS)).status_code == 200
    finally:
        await sql.execute("ALTER SYSTEM RESET default_transaction_read_only")
        await sql.execute("SELECT pg_reload_conf()")
    await server.answers("/health/ready")
    assert (await ann.post(TASKS, json={"title": "Milk"})).status_code == 201


async def test_a_type_that_changes_under_a_server_is_no_error_to_anybody(
    sql: "asyncpg.Connection[asyncpg.Record]", ann: httpx.AsyncClient
) -> None:
    task = (await ann.post(TASKS, json={"title": "Milk"})).json()["id"]
    for kind in ("varchar(2000)", "text", "varchar(3000)", "text"):
        await sql.execute(f"ALTER TABLE tasks ALTER title TYPE {kind}")
        answers = await asyncio.gather(
            *(ann.patch(f"{TASKS}/{task}", json={"title": f"{kind} {number}"}) for number in range(4)),
            *(ann.get(TASKS) for _ in range(4)),
        )
        assert [answer.status_code for answer in answers] == [200] * 8
