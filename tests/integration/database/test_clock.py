"""Time is the database's, however wrong the server's own is."""

from datetime import UTC, datetime, timedelta
from itertools import chain, repeat

import httpx
import pytest
from dependency_injector import providers
from sqlalchemy import text

from adapters.postgres.driver.clock import DatabaseClock
from adapters.postgres.driver.database import Database
from bootstrap.asgi import build, close
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from domain.errors import Unavailable

SHIFTS = [timedelta(seconds=20), timedelta(minutes=-6), timedelta(days=31), timedelta(days=-400), timedelta(0)]
NEAR = timedelta(seconds=2)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize("shift", SHIFTS)
async def test_a_wrong_clock_does_not_count_and_is_said_once(
    database: Database, shift: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    ours = DatabaseClock(database, lambda: now() + shift)
    assert abs(ours() - now() - shift) < NEAR, "nobody was asked yet"
    for _ in range(3):
        await ours.ask()
        assert abs(ours() - now()) < NEAR
    assert len(caplog.records) == (shift != timedelta(0))
    assert f"{abs(shift.total_seconds()):.0f} s" in caplog.text or not shift


async def test_a_clock_that_jumps_changes_nothing_but_the_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    jumps = [timedelta(0)]
    ours = DatabaseClock(database, lambda: now() + jumps[-1])
    await ours.ask()
    before = ours()
    for jump in (timedelta(days=1), timedelta(hours=-1), timedelta(0)):
        jumps.append(jump)
        assert before < ours() < before + NEAR
        await ours.ask()
        assert before < ours() < before + NEAR
    assert len(caplog.records) == 3


async def test_a_slow_answer_counts_for_what_it_is_worth(database: Database) -> None:
    """Three answers, of which the first two take four and two seconds by this clock."""
    ticks = chain([0.0, 0.0, 4.0, 4.0, 6.0, 6.0], repeat(6.0))
    ours = DatabaseClock(database, now, lambda: next(ticks))
    await ours.ask()
    assert abs(ours() - now()) < NEAR / 4


async def test_a_small_difference_is_left(database: Database) -> None:
    ours = DatabaseClock(database, now)
    for _ in range(20):
        before = ours()
        await ours.ask()
        assert ours() > before


async def test_without_the_database_a_server_has_no_time_until_it_comes(database: Database) -> None:
    nowhere = Database("postgresql+asyncpg://postgres@127.0.0.1:1/nowhere")
    ours = DatabaseClock(nowhere, now)
    await ours.start()
    with pytest.raises(Unavailable):
        ours()
    await nowhere.close()


async def test_a_database_that_goes_away_leaves_its_time(database_url: str) -> None:
    database = Database(database_url)
    ours = DatabaseClock(database, lambda: now() + timedelta(days=31))
    await ours.start()
    await database.close()
    assert abs(ours() - now()) < NEAR


TASKS = "/api/users/me/tasks"
TURN = (
    "INSERT INTO conversations (user_id, id, last_turn, created_at, updated_at)"
    " SELECT id, 'talk', 1, now(), now() FROM users",
    "INSERT INTO turns (user_id, id, conversation_id, number, message, state, created_at, lease, lease_until)"
    " SELECT id, 'turn', 'talk', 1, 'hi', 'running', now(), 'theirs', now() + interval '15 s' FROM users",
)
ENVIRON = {"BETTER_AUTH_SECRET": "x7Qz" * 12, "TURN_WAIT_SECONDS": "0"}


@pytest.mark.parametrize("shift", SHIFTS)
async def test_a_server_with_a_wrong_clock_ends_and_purges_nothing_before_its_time(
    database: Database, database_url: str, shift: timedelta
) -> None:
    """A turn that another server holds, a trash, and what was signed out elsewhere."""
    Container.own_clock.override(providers.Object(lambda: now() + shift))
    try:
        await _keeps_time(database, database_url)
    finally:
        Container.own_clock.reset_last_overriding()


async def _keeps_time(database: Database, database_url: str) -> None:
    app = build(load(ENVIRON | {"DATABASE_URL": database_url}))
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        form = {"email": "ann@example.com", "password": "correct horse"}
        session = (await client.post("/api/auth/signup", json=form)).json()
        client.headers["Authorization"] = f"Bearer {session['token']}"
        task = (await client.post(TASKS, json={"title": "Milk"})).json()
        assert abs(datetime.fromisoformat(task["created_at"]) - now()) < NEAR * 5
        await client.delete(f"{TASKS}/{task['id']}")
        await _a_turn_elsewhere(database)
        waits = await client.post("/api/users/me/chat", json={"message": "hello", "conversation_id": "talk"})
        assert waits.status_code == 409, "the other server's lease holds"
        container = Container(settings=load(ENVIRON | {"DATABASE_URL": database_url}))
        await container.clock().start()
        for job in container.housekeeping().jobs:
            await job.batch()
        assert await database.run(text("SELECT id FROM tasks WHERE deleted_at IS NOT NULL"))
        await database.run(text("UPDATE sessions SET ended_at = clock_timestamp() RETURNING id"))
        await container.revocations().load()
        assert container.revocations()._ended, "a sign-out elsewhere is seen"
        await close(container)


async def _a_turn_elsewhere(database: Database) -> None:
    async with database() as work:
        for statement in TURN:
            await database.write(text(statement))
        await work.commit()
