"""That many calls share a statement, and what they must not share."""

import asyncio
import gc
from collections.abc import Sequence
from contextvars import Context

import pytest

from adapters.postgres.chat.turn_repository import PostgresTurns
from adapters.postgres.driver.coalescing import Coalesced
from adapters.postgres.driver.database import Database
from adapters.postgres.driver.wakeups import PostgresWakeups
from domain.errors import Invalid, Unavailable
from tests.statements import counted

ALL = range(100)


class Doubling:
    """Refuses what is negative, remembers what it was asked together, and answers the first when it is told to."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.asked.append(list(items))
        if len(self.asked) == 1:
            await self.go.wait()
        if min(items) < 0:
            raise Invalid.field("number", "must not be negative")
        return [2 * item for item in items]


@pytest.fixture
def doubling() -> Doubling:
    return Doubling()


@pytest.fixture
def double(database: Database, doubling: Doubling) -> Coalesced[int, int]:
    return Coalesced(database, doubling)


async def asked(double: Coalesced[int, int], *items: int) -> list[asyncio.Task[int]]:
    """One after another, by somebody who is in no unit of work."""
    tasks = []
    for item in items:
        tasks.append(asyncio.create_task(double(item), context=Context()))
        await asyncio.sleep(0)
    return tasks


async def test_a_lone_call_goes_at_once_and_what_comes_meanwhile_goes_together(
    double: Coalesced[int, int], doubling: Doubling
) -> None:
    first = await asked(double, 1)
    meanwhile = await asked(double, *ALL)
    assert doubling.asked == [[1]]
    doubling.go.set()
    assert await asyncio.gather(*first, *meanwhile) == [2, *(2 * item for item in ALL)]
    assert await double(7) == 14
    assert doubling.asked == [[1], [*ALL], [7]]


async def test_one_that_is_refused_spoils_no_other(double: Coalesced[int, int], doubling: Doubling) -> None:
    doubling.go.set()
    *answers, refused = await asyncio.gather(double(1), double(2), double(-3), return_exceptions=True)
    assert answers == [2, 4]
    assert isinstance(refused, Invalid)
    assert await double(4) == 8


async def test_in_a_unit_of_work_a_call_goes_alone(
    double: Coalesced[int, int], doubling: Doubling, database: Database
) -> None:
    async with database():
        others = await asked(double, 1, 2)
        assert await double(3) == 6
    doubling.go.set()
    assert await asyncio.gather(*others) == [2, 4]
    assert doubling.asked == [[1], [3], [2]]


async def test_who_is_cancelled_waits_for_the_batch_and_the_others_are_answered(
    double: Coalesced[int, int], doubling: Doubling
) -> None:
    _, leaves, stays = await asked(double, 1, 2, 3)
    leaves.cancel()
    await asyncio.sleep(0)
    assert not leaves.done()
    doubling.go.set()
    assert await stays == 6
    with pytest.raises(asyncio.CancelledError):
        await leaves


async def test_a_database_that_is_away_is_told_to_everybody_and_asked_again_by_the_next(database: Database) -> None:
    answers = iter([Unavailable("away"), None])

    async def run(items: Sequence[int]) -> Sequence[int]:
        if error := next(answers):
            raise error
        return items

    away = Coalesced(database, run)
    told = await asyncio.gather(away(1), away(2), return_exceptions=True)
    assert [type(each) for each in told] == [Unavailable, Unavailable]
    assert await away(3) == 3


async def test_a_hundred_watchers_and_announcements_cost_a_few_statements(
    database: Database, database_url: str
) -> None:
    turns, wakeups = PostgresTurns(database), PostgresWakeups(database, database_url)
    with counted() as statements:
        await asyncio.gather(*(turns.get("ann", f"turn {number}") for number in ALL))
        await asyncio.gather(*(wakeups.announce(f"topic {number}") for number in ALL))
        await wakeups.close()
    assert len(statements) <= 4


async def test_a_text_that_can_not_be_looked_for_hides_no_turn_from_others(database: Database) -> None:
    turns = PostgresTurns(database)
    found, refused = await asyncio.gather(turns.get("ann", "t1"), turns.get("ann", "\0"), return_exceptions=True)
    assert found is None
    assert isinstance(refused, Invalid)


async def test_what_goes_wrong_when_everybody_has_left_is_told_to_nobody(
    double: Coalesced[int, int], doubling: Doubling
) -> None:
    told: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    try:
        (left,) = await asked(double, -1)
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.sleep(0)
        doubling.go.set()
        await asyncio.wait({left})
        del left
        gc.collect()
        assert told == []
    finally:
        asyncio.get_running_loop().set_exception_handler(None)
