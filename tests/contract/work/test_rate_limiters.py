import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import uuid4

import pytest
import redis.asyncio
from sqlalchemy import text

from adapters.postgres.driver.database import Database
from adapters.postgres.rate_limits import PostgresStorage
from adapters.rate_limits import MovingWindowLimits, redis_storage
from application.ports import RateLimiter
from domain.errors import RateLimited
from tests.fakes import FakeClock, FakeRateLimiter

REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
SERVERS = 2

Limiters = list[RateLimiter]


@dataclass(frozen=True)
class World:
    """`limiters(20, 60)` are those of two servers; `age` makes every call so far some seconds older."""

    limiters: Callable[[int, int], Limiters]
    age: Callable[[float], Awaitable[None]]
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep


@pytest.fixture(params=["fake", "embedded", "external", "redis"])
def server(request: pytest.FixtureRequest) -> str | None:
    """The address of what counts; None for the fake."""
    names = {"embedded": "database_url", "external": "external_url"}
    if request.param in names:
        return str(request.getfixturevalue(names[request.param]))
    return REDIS_URL if request.param == "redis" else None


@pytest.fixture
async def world(server: str | None) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        if server is None:
            yield fake_world()
        elif server == REDIS_URL:
            yield await redis_world(stack)
        else:
            yield postgres_world(stack, server)


def fake_world() -> World:
    clock = FakeClock()

    async def forward(seconds: float) -> None:
        clock.forward(seconds=seconds)

    return World(lambda limit, seconds: [FakeRateLimiter(limit, seconds, clock)] * SERVERS, forward, forward)


def postgres_world(stack: AsyncExitStack, url: str) -> World:
    databases = [Database(url) for _ in range(SERVERS)]
    for database in databases:
        stack.push_async_callback(database.close)
    name = uuid4().hex

    def limiters(limit: int, seconds: int) -> Limiters:
        storages = [PostgresStorage(database) for database in databases]
        return [MovingWindowLimits(storage, f"{limit}/{seconds} second", name) for storage in storages]

    async def age(seconds: float) -> None:
        older = "UPDATE rate_windows SET hits = ARRAY(SELECT hit - :age * interval '1 s' FROM unnest(hits) AS hit)"
        await databases[0].run(text(f"{older} RETURNING key"), {"age": seconds})

    return World(limiters, age)


async def redis_world(stack: AsyncExitStack) -> World:
    client = redis.asyncio.Redis.from_url(REDIS_URL, decode_responses=True)
    stack.push_async_callback(client.aclose)
    try:
        await client.ping()
    except redis.ConnectionError:
        pytest.skip(f"no Redis at {REDIS_URL}; name one by TEST_REDIS_URL")
    storages = [redis_storage(REDIS_URL) for _ in range(SERVERS)]
    for storage in storages:
        stack.push_async_callback(storage.close)
    name = uuid4().hex

    def limiters(limit: int, seconds: int) -> Limiters:
        return [MovingWindowLimits(storage, f"{limit}/{seconds} second", name) for storage in storages]

    async def age(seconds: float) -> None:
        async for key in client.scan_iter(match=f"*{name}*"):
            hits = await client.lrange(key, 0, -1)
            for place, hit in enumerate(hits):
                await client.lset(key, place, str(float(hit) - seconds))

    return World(limiters, age)


async def admitted(limiter: RateLimiter, calls: int, subject: str = "ada") -> int:
    return sum([await admits(limiter, subject) for _ in range(calls)])


async def admits(limiter: RateLimiter, subject: str = "ada") -> bool:
    try:
        await limiter.hit(subject)
    except RateLimited:
        return False
    return True


async def refusal(limiter: RateLimiter) -> RateLimited:
    with pytest.raises(RateLimited) as refused:
        await limiter.hit("ada")
    return refused.value


async def test_the_last_call_of_the_limit_passes_and_the_next_is_told_when_to_come_back(world: World) -> None:
    limiter, _ = world.limiters(20, 60)
    assert await admitted(limiter, 1) == 1
    await world.age(5)
    assert await admitted(limiter, 19) == 19
    await world.age(15.25)
    refused = await refusal(limiter)
    assert (refused.limit, refused.window_seconds, refused.retry_after) == (20, 60, 40)


async def test_a_call_right_after_the_last_one_waits_no_longer_than_the_window(world: World) -> None:
    limiter, _ = world.limiters(1, 60)
    assert await admits(limiter)
    assert (await refusal(limiter)).retry_after == 60


async def test_a_wait_of_a_moment_is_told_as_a_second(world: World) -> None:
    limiter, _ = world.limiters(1, 60)
    assert await admits(limiter)
    await world.age(59.1)
    assert (await refusal(limiter)).retry_after == 1


async def test_one_call_leaves_the_window_at_a_time(world: World) -> None:
    limiter, _ = world.limiters(3, 60)
    for _ in range(3):
        assert await admits(limiter)
        await world.age(10)
    assert await admitted(limiter, 5) == 0
    await world.age(30.1)
    assert await admitted(limiter, 5) == 1
    await world.age(10)
    assert await admitted(limiter, 5) == 1


async def test_no_burst_gets_twice_the_limit_through(world: World) -> None:
    limiter, _ = world.limiters(20, 60)
    assert await admits(limiter)
    await world.age(59)
    assert await admitted(limiter, 25) == 19
    await world.age(2)
    assert await admitted(limiter, 25) == 1
    assert (await refusal(limiter)).retry_after == 58


async def test_a_refused_call_is_not_counted(world: World) -> None:
    limiter, _ = world.limiters(3, 60)
    assert await admitted(limiter, 3) == 3
    await world.age(30)
    assert await admitted(limiter, 10) == 0
    await world.age(30.1)
    assert await admitted(limiter, 10) == 3


async def test_subjects_do_not_take_from_each_other(world: World) -> None:
    limiter, _ = world.limiters(2, 60)
    for subject in ("ada", "bob", "ada/2", "", "Zoë 日本", "a" * 255):
        assert await admitted(limiter, 3, subject) == 2


async def test_servers_share_the_count_and_a_rush_gets_exactly_the_limit(world: World) -> None:
    limiters = world.limiters(20, 60)
    answers = await asyncio.gather(*(admits(limiters[call % SERVERS]) for call in range(100)))
    assert answers.count(True) == 20
    assert [await admits(limiter) for limiter in limiters] == [False, False]


async def test_who_waits_as_told_is_let_in(world: World) -> None:
    limiter, _ = world.limiters(2, 1)
    assert await admitted(limiter, 2) == 2
    await world.wait((await refusal(limiter)).retry_after)
    assert await admitted(limiter, 2) == 2
