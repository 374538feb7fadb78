import asyncio
from datetime import timedelta

from tests.contract.conftest import Store
from tests.contract.tasks_world import NOW

MOMENT = timedelta(microseconds=1)
UNTIL = NOW + timedelta(seconds=60)
NAMES = ["a", "b", "c"]


async def claimed(store: Store, most: int = 10, lease: str = "mine", now: object = NOW) -> list[str]:
    return sorted(job.name for job in await store.jobs.claim(NAMES, now, lease, UNTIL, most))  # type: ignore[arg-type]


async def test_a_registered_job_is_due_at_once_and_registered_once(store: Store) -> None:
    assert await claimed(store) == []
    await store.jobs.register(["a", "b"], NOW)
    assert await claimed(store) == ["a", "b"]
    await store.jobs.register(["a", "b", "c"], NOW)
    assert await claimed(store) == ["c"]


async def test_a_job_that_this_server_does_not_know_is_left_to_others(store: Store) -> None:
    await store.jobs.register(["a", "of a newer server"], NOW)
    assert await claimed(store) == ["a"]


async def test_a_claimed_job_is_nobody_elses_until_it_is_released_or_its_lease_has_lapsed(store: Store) -> None:
    await store.jobs.register(NAMES, NOW)
    (held,) = await store.jobs.claim(NAMES, NOW, "mine", UNTIL, 1)
    assert held.name not in await claimed(store)
    await store.jobs.release(held, NOW + 2 * MOMENT)
    assert await claimed(store, now=NOW + MOMENT) == []
    assert await claimed(store, now=NOW + 2 * MOMENT, lease="other") == [held.name]
    await store.jobs.release(held, NOW)
    assert await claimed(store, now=NOW + 3 * MOMENT) == [], "another holds it by now"
    assert await claimed(store, now=UNTIL) == NAMES


async def test_when_the_next_is_due_by_time_alone(store: Store) -> None:
    await store.jobs.register(NAMES, NOW)
    assert await store.jobs.next_due(NAMES, NOW) is None
    for job in await store.jobs.claim(NAMES, NOW, "mine", UNTIL, 1):
        await store.jobs.release(job, NOW + 7 * MOMENT)
    assert await store.jobs.next_due(NAMES, NOW) == NOW + 7 * MOMENT
    await claimed(store)
    assert await store.jobs.next_due(NAMES, NOW + 7 * MOMENT) == UNTIL


async def test_of_ten_who_claim_at_once_each_job_has_one(store: Store) -> None:
    await store.jobs.register(NAMES, NOW)
    rounds = await asyncio.gather(*(claimed(store, most=1, lease=f"lease {number}") for number in range(10)))
    got = [name for each in rounds for name in each]
    assert len(set(got)) == len(got)
    assert sorted(got + await claimed(store)) == NAMES
