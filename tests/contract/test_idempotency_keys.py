import asyncio
from collections.abc import Coroutine
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.errors import IdempotencyInFlight, NotAuthenticated
from domain.idempotency import LIFETIME, Receipt
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + LIFETIME
MOMENT = timedelta(microseconds=1)


def receipt(**values: Any) -> Receipt:
    defaults = {"user_id": "ann", "key": "k", "fingerprint": b"\x00\xff", "created_at": NOW}
    return Receipt(**{**defaults, **values})


@pytest.fixture
async def known(store: Store) -> Store:
    await store.add_user("ann")
    await store.add_user("bob")
    return store


@pytest.mark.parametrize(
    "kept", [receipt(result=b'{"id":1}'), receipt(turn_id="t1"), receipt(key="!" * 255, result=b"")]
)
async def test_a_receipt_comes_back_as_it_was_kept(known: Store, kept: Receipt) -> None:
    await known.do(known.keys.claim("ann", kept.key, NOW), known.keys.keep(kept))
    assert await known.keys.find("ann", kept.key, NOW) == kept


async def test_keys_are_the_users_own(known: Store) -> None:
    await known.do(known.keys.keep(receipt(result=b"1")))
    assert await known.keys.find("bob", "k", NOW) is None
    assert await known.keys.find("ann", "K", NOW) is None
    await known.do(known.keys.claim("bob", "k", NOW), known.keys.keep(receipt(user_id="bob", result=b"2")))
    assert await known.keys.find("ann", "k", NOW) == receipt(result=b"1")


async def test_what_is_not_committed_was_not_kept(known: Store) -> None:
    async with known.transaction():
        await known.keys.claim("ann", "k", NOW)
        await known.keys.keep(receipt())
    assert await known.keys.find("ann", "k", NOW) is None
    await known.do(known.keys.claim("ann", "k", NOW))


async def test_a_claimed_key_is_in_flight_for_others_at_once_and_free_when_the_unit_of_work_ends(known: Store) -> None:
    async with known.transaction() as work:
        await known.keys.claim("ann", "k", NOW)
        with pytest.raises(IdempotencyInFlight):
            await asyncio.wait_for(alone(claimed(known, "ann")), timeout=2)
        await alone(claimed(known, "bob"))
        await work.commit()
    await claimed(known, "ann")


async def claimed(store: Store, user_id: str) -> None:
    async with store.transaction():
        await store.keys.claim(user_id, "k", NOW)


def alone(action: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """In a unit of work of its own, though the test holds one open."""
    return asyncio.get_running_loop().create_task(action, context=Context())


async def test_a_kept_key_can_not_be_claimed_or_kept_again(known: Store) -> None:
    await known.do(known.keys.keep(receipt(result=b"1")))
    with pytest.raises(IdempotencyInFlight):
        await known.do(known.keys.claim("ann", "k", NOW))
    with pytest.raises(IdempotencyInFlight):
        await known.do(known.keys.keep(receipt(result=b"2")))
    assert await known.keys.find("ann", "k", NOW) == receipt(result=b"1")


async def test_a_key_is_forgotten_after_its_lifetime_and_may_be_used_for_something_else(known: Store) -> None:
    await known.do(known.keys.keep(receipt(result=b"1")))
    assert await known.keys.find("ann", "k", LATER - MOMENT)
    again = receipt(fingerprint=b"else", turn_id="t1", created_at=LATER)
    await known.do(known.keys.claim("ann", "k", LATER), known.keys.keep(again))
    assert await known.keys.find("ann", "k", LATER) == again


async def test_old_keys_of_everybody_are_purged(known: Store) -> None:
    await known.do(known.keys.keep(receipt(result=b"1")))
    await known.do(known.keys.keep(receipt(key="newer", created_at=NOW + MOMENT)))
    assert await known.keys.purge(LATER, 10) == 1
    assert await known.keys.purge(LATER, 10) == 0
    assert await known.keys.find("ann", "k", NOW) is None
    assert await known.keys.find("ann", "newer", NOW)


async def test_many_old_keys_are_purged_a_few_at_a_time(known: Store) -> None:
    for number in range(5):
        await known.do(known.keys.keep(receipt(key=f"k{number}", result=b"1")))
    assert [await known.keys.purge(LATER, 2) for _ in range(4)] == [2, 2, 1, 0]


async def test_a_user_who_is_gone_can_keep_nothing(known: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await known.do(known.keys.keep(receipt(user_id="nobody")))
