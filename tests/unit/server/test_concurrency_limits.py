import asyncio

import pytest

from adapters.http.server import concurrency_limits
from adapters.http.server.concurrency_limits import ConcurrencyLimit, ConcurrencyLimits, Pacer, RequestKind, share_of


async def queued(limit: ConcurrencyLimit, who: str = "ann") -> "asyncio.Task[bool]":
    """Somebody who waits by now, or has been refused."""
    task = asyncio.create_task(limit.acquire(who))
    await asyncio.sleep(0)
    return task


async def test_who_comes_first_is_let_in_first() -> None:
    limit = ConcurrencyLimit(at_once=1, waiting=2)
    assert await limit.acquire("ann")
    first, second = await queued(limit), await queued(limit)
    limit.release("ann")
    assert await first
    assert not second.done()
    limit.release("ann")
    assert await second


async def test_what_is_too_much_is_refused_at_once() -> None:
    limit = ConcurrencyLimit(at_once=1, waiting=1)
    assert await limit.acquire("ann")
    waits = await queued(limit)
    assert not await limit.acquire("ann")
    limit.release("ann")
    assert await waits


async def test_nobody_waits_for_longer_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency_limits, "WAIT_SECONDS", 0.01)
    limit = ConcurrencyLimit(at_once=1, waiting=1)
    assert await limit.acquire("ann")
    assert not await limit.acquire("ann")
    limit.release("ann")
    assert await limit.acquire("ann"), "the place is free again"


@pytest.mark.parametrize("when", ["called in", "not yet", "at the same time"])
async def test_a_place_is_not_lost_with_who_leaves_while_waiting(when: str) -> None:
    limit = ConcurrencyLimit(at_once=1, waiting=2)
    assert await limit.acquire("ann")
    leaves, stays = await queued(limit), await queued(limit)
    if when == "called in":
        limit.release("ann")
        leaves.cancel()
    else:
        leaves.cancel()
        if when == "not yet":
            await asyncio.sleep(0)
        limit.release("ann")
    assert await stays
    limit.release("ann")
    assert await limit.acquire("ann")


async def test_one_user_holds_no_more_than_a_share_and_others_pass_by() -> None:
    limit = ConcurrencyLimit(at_once=4, waiting=10, each=2)
    assert [await limit.acquire("ann"), await limit.acquire("ann")] == [True, True]
    third = await queued(limit)
    assert [await limit.acquire("bob"), await limit.acquire("cid")] == [True, True]
    limit.release("bob")
    await asyncio.sleep(0)
    assert not third.done(), "the free place is for others"
    limit.release("ann")
    assert await third


async def test_users_take_turns_whoever_came_first() -> None:
    limit = ConcurrencyLimit(at_once=1, waiting=10)
    assert await limit.acquire("eve")
    waiting = [("ann", await queued(limit)) for _ in range(3)]
    waiting += [("bob", await queued(limit, "bob")), ("cid", await queued(limit, "cid"))]
    served, inside = [], "eve"
    while waiting:
        limit.release(inside)
        await asyncio.sleep(0)
        inside, task = next(each for each in waiting if each[1].done())
        waiting.remove((inside, task))
        served.append(inside)
    assert served == ["ann", "bob", "cid", "ann", "ann"]


async def test_where_too_many_wait_the_user_with_the_most_of_them_gives_way() -> None:
    limit = ConcurrencyLimit(at_once=1, waiting=4)
    assert await limit.acquire("eve")
    anns = [await queued(limit) for _ in range(4)]
    assert not await limit.acquire("ann")
    bobs = [await queued(limit, "bob") for _ in range(2)]
    await asyncio.sleep(0)
    assert [task.done() for task in (*anns, *bobs)] == [False, False, True, True, False, False]
    assert [anns[2].result(), anns[3].result()] == [False, False]
    assert not await limit.acquire("bob"), "as many as ann by now"
    for task in (*anns, *bobs):
        task.cancel()


@pytest.mark.parametrize("used_up", [True, False])
async def test_a_place_goes_over_to_its_user_once_that_is_known(used_up: bool) -> None:
    limit = ConcurrencyLimit(at_once=4, waiting=0, each=2)
    assert [await limit.acquire("an address"), await limit.acquire("ann")] == [True, True]
    if used_up:
        assert await limit.acquire("ann")
    assert await limit.transfer("an address", "ann") is not used_up
    assert limit.is_exhausted_for("ann")
    assert [await limit.acquire("bob"), await limit.acquire("bob")] == [True, True]


async def test_nothing_is_left_of_who_has_left() -> None:
    limit = ConcurrencyLimit(at_once=2, waiting=9, each=1)
    assert await limit.acquire("ann")
    for _ in range(3):
        waits = await queued(limit)
        waits.cancel()
        await asyncio.sleep(0)
    limit.release("ann")
    assert (limit._held, limit._queues, limit._waiting, limit._free) == ({}, {}, 0, 2)


@pytest.mark.parametrize(
    ("at_once", "percent", "share"),
    [(1, 10, 1), (2, 10, 1), (4, 10, 2), (10, 10, 4), (50, 10, 5), (1_000, 10, 100), (10, 100, 10), (1, 100, 1)],
)
def test_a_share_is_a_tenth_or_four_but_never_more_than_half_unless_it_is_so_set(
    at_once: int, percent: int, share: int
) -> None:
    assert share_of(at_once, percent) == share


def test_each_kind_has_a_limit_of_its_own() -> None:
    sized = ConcurrencyLimits.sized(1, 10, requests=1, uploads=1, turns=1, streams=1, exports=1)
    limits = {kind: sized.of(kind) for kind in RequestKind if kind is not RequestKind.UNLIMITED}
    assert len({id(each) for each in limits.values()}) == len(limits)
    assert {kind for kind, limit in limits.items() if not limit._most_waiting} == {
        RequestKind.STREAMS,
        RequestKind.EXPORTS,
    }


async def test_a_pace_lets_few_pass_at_once_and_nobody_waits_for_longer_than_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(round(seconds, 1))

    monkeypatch.setattr("asyncio.sleep", note)
    pace = Pacer(20)
    for _ in range(50):
        await pace.wait()
    assert len(waited) in (47, 48), "a tenth of a second's passed at once"
    assert waited == sorted(waited)
    assert waited[9] == 0.5
    assert waited[30:] == [1.0] * len(waited[30:])
