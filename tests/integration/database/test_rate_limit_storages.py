"""What the storages of rate limits do beyond the contract of the port."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from adapters.postgres.driver.database import Database
from adapters.postgres.rate_limits import PostgresStorage
from adapters.rate_limits import MovingWindowLimits, redis_storage
from domain.errors import RateLimited, Unavailable

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def storage(database: Database) -> PostgresStorage:
    return PostgresStorage(database)


async def refusal(limits: MovingWindowLimits) -> RateLimited:
    with pytest.raises(RateLimited) as refused:
        await limits.hit("ada")
    return refused.value


async def test_limiters_of_different_names_count_apart(storage: PostgresStorage) -> None:
    for name in ("chat", "sign-in"):
        limits = MovingWindowLimits(storage, "1/minute", name)
        await limits.hit("ada")
        assert (await refusal(limits)).limit == 1


@pytest.mark.parametrize("several", ["2/minute; 3 per hour", "3/hour;2/minute"])
async def test_of_several_limits_each_one_refuses_and_none_counts_what_is_refused(
    storage: PostgresStorage, several: str
) -> None:
    limits = MovingWindowLimits(storage, several, "chat")
    await limits.hit("ada")
    await limits.hit("ada")
    for _ in range(3):
        refused = await refusal(limits)
        assert (refused.limit, refused.window_seconds, refused.retry_after) == (2, 60, 60)
    await storage.clear("LIMITER/chat/ada/2/1/minute")
    await limits.hit("ada")
    refused = await refusal(limits)
    assert (refused.limit, refused.window_seconds, refused.retry_after) == (3, 3600, 3600)


class JustFreed(PostgresStorage):
    """The oldest call leaves the window right after one more was refused."""

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        return False


async def test_a_place_that_is_free_by_now_is_worth_a_second(database: Database) -> None:
    assert (await refusal(MovingWindowLimits(JustFreed(database), "1/minute", "chat"))).retry_after == 1


async def test_several_calls_at_a_time_pass_together_or_not_at_all(storage: PostgresStorage) -> None:
    assert not await storage.acquire_entry("ada", limit=3, expiry=60, amount=4)
    assert await storage.acquire_entry("ada", limit=3, expiry=60, amount=2)
    assert not await storage.acquire_entry("ada", limit=3, expiry=60, amount=2)
    assert await storage.acquire_entry("ada", limit=3, expiry=60, amount=1)
    assert (await storage.get_moving_window("ada", limit=3, expiry=60))[1] == 3


@pytest.mark.parametrize(
    ("meanwhile", "admitted"), [("'{}'", True), ("array_fill(clock_timestamp(), ARRAY[2])", False)]
)
async def test_a_call_that_waited_for_another_reckons_with_what_that_left(
    database: Database, database_url: str, meanwhile: str, admitted: bool
) -> None:
    other = Database(database_url)
    storage = PostgresStorage(other)
    assert await storage.acquire_entry("ada", limit=2, expiry=60)
    async with database() as work:
        await database.write(text(f"UPDATE rate_windows SET hits = {meanwhile}"))
        waiting = asyncio.create_task(storage.acquire_entry("ada", limit=2, expiry=60, amount=2))
        await until_someone_waits(database)
        await work.commit()
    assert await waiting is admitted
    await other.close()


async def until_someone_waits(database: Database) -> None:
    async with asyncio.timeout(5):
        while not await database.run(text(WAITING)):
            await database.run(text("SELECT pg_sleep(0.01)"))


async def test_a_purge_forgets_the_subjects_whose_window_is_empty(storage: PostgresStorage, database: Database) -> None:
    for key in ("ada", "bob", "cem"):
        await storage.acquire_entry(key, limit=2, expiry=60)
        await expire(database, key)
    await storage.acquire_entry("ada", limit=2, expiry=60)
    assert await storage.purge() == 2
    assert await keys(database) == {"ada"}


async def test_calls_that_left_the_window_are_not_kept(storage: PostgresStorage, database: Database) -> None:
    await storage.acquire_entry("ada", limit=2, expiry=60)
    await database.run(text("UPDATE rate_windows SET hits = ARRAY[clock_timestamp() - interval '1 min'] RETURNING key"))
    await storage.acquire_entry("ada", limit=2, expiry=60)
    assert [row.kept for row in await database.run(text("SELECT cardinality(hits) AS kept FROM rate_windows"))] == [1]


async def test_purging_comes_with_the_calls(database: Database) -> None:
    storage = PostgresStorage(database, purge_every=3)
    await storage.acquire_entry("ada", limit=2, expiry=60)
    await expire(database, "ada")
    await storage.acquire_entry("bob", limit=2, expiry=60)
    assert await keys(database) == {"ada", "bob"}
    await storage.acquire_entry("bob", limit=2, expiry=60)
    assert await keys(database) == {"bob"}


async def expire(database: Database, key: str) -> None:
    past = "UPDATE rate_windows SET expires_at = clock_timestamp() WHERE key = :key RETURNING key"
    await database.run(text(past), {"key": key})


async def keys(database: Database) -> set[str]:
    return {row.key for row in await database.run(text("SELECT key FROM rate_windows"))}


async def test_a_subject_or_everyone_can_be_let_off(storage: PostgresStorage) -> None:
    for key in ("ada", "bob", "cem"):
        await storage.acquire_entry(key, limit=1, expiry=60)
    await storage.clear("ada")
    assert [await storage.acquire_entry(key, limit=1, expiry=60) for key in ("ada", "bob")] == [True, False]
    assert await storage.reset() == 3
    assert await storage.acquire_entry("bob", limit=1, expiry=60)


async def test_fixed_windows_are_not_there(storage: PostgresStorage) -> None:
    for call in (storage.get("ada"), storage.incr("ada", 60), storage.get_expiry("ada")):
        with pytest.raises(NotImplementedError):
            await call


async def test_without_the_database_calls_are_refused_for_now(storage: PostgresStorage) -> None:
    assert await storage.check()
    away = Database("postgresql+asyncpg://postgres@127.0.0.1:1/none")
    assert not await PostgresStorage(away).check()
    with pytest.raises(Unavailable):
        await MovingWindowLimits(PostgresStorage(away), "20/minute", "chat").hit("ada")
    await away.close()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


async def goodbye(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.mark.parametrize("answer", [silence, nonsense, goodbye])
async def test_with_a_broken_redis_calls_are_refused_for_now(answer: Answer) -> None:
    async with await asyncio.start_server(answer, "127.0.0.1") as server, asyncio.timeout(3):
        await refused_for_now(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}")


async def test_without_redis_calls_are_refused_for_now() -> None:
    await refused_for_now("redis://127.0.0.1:1")
    await refused_for_now("redis+unix:///nowhere/redis.sock")


async def refused_for_now(url: str) -> None:
    storage = redis_storage(url)
    with pytest.raises(Unavailable):
        await MovingWindowLimits(storage, "20/minute", "chat").hit("ada")
    await storage.close()


@pytest.mark.parametrize("url", ["", "localhost", "http://:secret@host:1", "redis://:secret@host", "redis://h:secret"])
def test_what_is_no_redis_url_is_said_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="must be a URL such as") as refused:
        redis_storage(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("limit", ["", "20", "20/fortnight", "x/minute", "20/minute; then 3"])
def test_what_is_no_limit_stops_the_start(storage: PostgresStorage, limit: str) -> None:
    with pytest.raises(ValueError):
        MovingWindowLimits(storage, limit, "chat")
