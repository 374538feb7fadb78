import asyncio
from collections.abc import Coroutine
from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.ports import Span
from domain.errors import NotAuthenticated
from domain.tasks.changes import ChangeKind
from domain.tasks.task import Task
from domain.webhooks.webhook import Webhook, WebhookState
from tests.contract.conftest import Store
from tests.contract.tasks_world import LATER, NOW, added, changed

MOMENT = timedelta(microseconds=1)
UNTIL = NOW + timedelta(seconds=15)


def webhook(webhook_id: str = "w1", **values: Any) -> Webhook:
    defaults = {"user_id": "ann", "url": "https://example.com/hook", "secret": "whsec_x"}
    return Webhook(**{"id": webhook_id, "next_attempt_at": NOW, "created_at": NOW, **defaults, **values})


@pytest.fixture
async def known(store: Store) -> Store:
    await store.add_user("ann")
    await store.add_user("bob")
    return store


async def claimed(store: Store, most: int = 10, lease: str = "mine", now: Any = NOW, of_user: int = 100) -> list[str]:
    return [each.id for each in await store.webhooks.claim(now, lease, now + (UNTIL - NOW), most, of_user)]


async def due(store: Store, *ids: str) -> None:
    """Webhooks of Ann's, and an event for them."""
    for webhook_id in ids:
        await store.do(store.webhooks.add(webhook(webhook_id)))
    await added(store, "a")


async def test_a_webhook_is_found_as_it_was_added_by_its_owner_only(known: Store) -> None:
    one = webhook(
        last_error="It answered 500.", last_status=500, last_delivered_at=NOW, failures=2, state=WebhookState.DEAD
    )
    older = webhook("w0", created_at=NOW - MOMENT)
    await known.do(known.webhooks.add(one), known.webhooks.add(older))
    assert await known.webhooks.get("ann", "w1") == one
    assert await known.webhooks.get("bob", "w1") is None
    assert await known.webhooks.all("ann") == [older, one]
    assert await known.webhooks.all("bob") == []


async def test_a_deleted_webhook_is_gone(known: Store) -> None:
    await known.do(known.webhooks.add(webhook()))
    assert not await known.do(known.webhooks.delete("bob", "w1"))
    assert await known.do(known.webhooks.delete("ann", "w1"))
    assert not await known.do(known.webhooks.delete("ann", "w1"))
    assert await known.webhooks.get("ann", "w1") is None


async def test_who_adds_one_sees_all_there_are_and_must_exist(known: Store) -> None:
    await known.do(known.webhooks.add(webhook()))
    assert await known.do(known.webhooks.all_to_add("ann")) == [webhook()]
    with pytest.raises(NotAuthenticated):
        await known.do(known.webhooks.all_to_add("nobody"))


async def test_a_webhook_is_due_once_its_user_has_a_newer_event(known: Store) -> None:
    await known.do(known.webhooks.add(webhook()), known.webhooks.add(webhook("his", user_id="bob")))
    assert await claimed(known) == []
    await added(known, "a")
    assert await claimed(known) == ["w1"]


async def test_a_webhook_that_is_added_at_the_end_of_the_log_is_not_due(known: Store) -> None:
    await added(known, "a")
    await known.do(known.webhooks.add(webhook(position=1)))
    assert await claimed(known) == []
    await added(known, "b")
    assert await claimed(known) == ["w1"]


async def test_a_change_that_began_before_the_webhook_was_there_is_found(known: Store, server: str | None) -> None:
    if server is None:
        pytest.skip("the fake's changes never wait")
    await added(known, "before")
    async with known.transaction() as work:
        await known.webhooks.all_to_add("ann")
        changing = asyncio.get_running_loop().create_task(added(known, "meanwhile"), context=Context())
        await asyncio.wait([changing], timeout=0.2)
        await known.webhooks.add(webhook(position=1))
        await work.commit()
    await changing
    assert await claimed(known) == []
    await known.webhooks.find_missed()
    assert await claimed(known) == ["w1"]


async def test_purging_a_task_is_an_event_too(known: Store) -> None:
    (task,) = await added(known, "a")
    await changed(known, task, deleted_at=NOW)
    await known.do(known.webhooks.add(webhook(position=2)))
    assert await known.do(known.trash.purge(Task, "ann", [1], LATER, LATER)) == 1
    assert [each.kind for each in await known.events.page("ann", 9, after=2)] == [ChangeKind.PURGED]
    assert await claimed(known) == ["w1"]


async def test_a_claimed_webhook_is_nobody_elses_until_its_lease_has_lapsed(known: Store) -> None:
    await due(known, "w1")
    (held,) = await known.webhooks.claim(NOW, "mine", UNTIL, 10, 10)
    assert (held.lease, held.lease_until) == ("mine", UNTIL)
    assert await claimed(known, now=UNTIL - MOMENT) == []
    assert await claimed(known, now=UNTIL, lease="other") == ["w1"]
    assert not await known.webhooks.store(replace(held, position=1), "mine")
    assert await known.webhooks.store(replace(held, lease="other", lease_until=None), "other")
    assert await claimed(known, now=UNTIL) == ["w1"]


async def test_what_is_stored_is_found_and_what_is_delivered_is_not_due(known: Store) -> None:
    await due(known, "w1")
    (held,) = await known.webhooks.claim(NOW, "mine", UNTIL, 10, 10)
    after = held.answered(1, 204, NOW, 0).released()
    assert await known.webhooks.store(after, "mine")
    assert await known.webhooks.get("ann", "w1") == after
    assert await claimed(known) == []
    assert not await known.webhooks.store(webhook("none"), "mine")


async def test_neither_a_dead_one_is_due_nor_one_whose_time_has_not_come(known: Store) -> None:
    await due(known, "w1", "w2")
    await known.webhooks.store(webhook("w1", state=WebhookState.DEAD), None)
    await known.webhooks.store(webhook("w2", next_attempt_at=NOW + MOMENT), None)
    assert await claimed(known) == []
    assert await claimed(known, now=NOW + MOMENT) == ["w2"]


async def test_those_that_are_due_the_longest_come_first(known: Store) -> None:
    await due(known, "w1", "w2", "w3")
    await known.webhooks.store(webhook("w1", next_attempt_at=NOW - MOMENT), None)
    await known.webhooks.store(webhook("w3", next_attempt_at=NOW - 2 * MOMENT), None)
    assert sorted(await claimed(known, most=2)) == ["w1", "w3"]
    assert await claimed(known) == ["w2"]


async def test_a_user_holds_only_so_many_at_a_time_and_those_who_hold_least_come_first(known: Store) -> None:
    await due(known, "w1", "w2", "w3", "w4")
    await known.do(known.webhooks.add(webhook("his", user_id="bob", next_attempt_at=NOW + MOMENT)))
    await added(known, "b", user_id="bob")
    later = NOW + 2 * MOMENT
    first = await known.webhooks.claim(later, "mine", UNTIL, 2, 3)
    assert {each.user_id for each in first} == {"ann", "bob"}
    assert len(await claimed(known, now=later, of_user=2)) == 1
    assert await claimed(known, now=later, of_user=2) == []
    assert len(await claimed(known, now=later, of_user=3)) == 1
    (held,) = [each for each in first if each.user_id == "ann"]
    await known.webhooks.store(held.failed("x", later, 0).released(), "mine")
    assert len(await claimed(known, now=later, of_user=3)) == 1


async def test_many_webhooks_of_a_user_at_their_bound_hide_nobody_elses(known: Store) -> None:
    await due(known, *(f"w{number}" for number in range(30)))
    assert len(await claimed(known, of_user=2)) == 2
    await known.do(known.webhooks.add(webhook("his", user_id="bob")))
    await added(known, "b", user_id="bob")
    assert await claimed(known, of_user=2) == ["his"]


async def test_when_the_next_is_due_by_time_alone(known: Store) -> None:
    assert await known.webhooks.next_due(NOW) is None
    await due(known, "w1", "w2")
    assert await known.webhooks.next_due(NOW) is None, "both are due already"
    await known.webhooks.store(webhook("w1", next_attempt_at=NOW + 5 * MOMENT), None)
    assert await known.webhooks.next_due(NOW) == NOW + 5 * MOMENT
    assert await claimed(known) == ["w2"]
    assert await known.webhooks.next_due(NOW + 5 * MOMENT) == UNTIL


async def test_of_ten_who_claim_at_once_each_webhook_has_one(known: Store) -> None:
    names = [f"w{number}" for number in range(30)]
    await due(known, *names)
    rounds = await asyncio.gather(*(claimed(known, most=4, lease=f"lease {number}") for number in range(10)))
    got = [name for each in rounds for name in each]
    rest = [name for _ in range(10) for name in await claimed(known, most=4)]
    assert sorted(got + rest) == sorted(names)


async def test_who_claims_does_not_wait_for_a_webhook_that_is_being_changed(known: Store) -> None:
    await due(known, "w1", "w2")
    async with known.transaction() as work:
        held = await known.webhooks.get_to_change("ann", "w1")
        assert held
        assert "w2" in await asyncio.wait_for(alone(claimed(known)), timeout=2)
        await known.webhooks.store(held.resumed(1, NOW), held.lease)
        await work.commit()
    assert (await known.webhooks.all("ann"))[0].position == 1


async def test_no_event_is_missed_however_changes_and_deliveries_fall_together(known: Store) -> None:
    """Each event is delivered, though its change and the storing of the one before it are at the same time."""
    await known.do(known.webhooks.add(webhook()))
    delivered: list[int] = []
    changes = asyncio.gather(*(alone(added(known, f"task {number}")) for number in range(40)))
    async with asyncio.timeout(30):
        while not changes.done() or (await known.events.span("ann")).newest > len(delivered):
            for held in await known.webhooks.claim(NOW, "mine", UNTIL, 1, 1):
                (event,) = await known.events.page("ann", 1, after=held.position)
                delivered.append(event.revision)
                assert await known.webhooks.store(held.answered(event.revision, 200, NOW, 0).released(), "mine")
            await asyncio.sleep(0)
    assert delivered == [*range(1, 41)]
    assert await known.events.span("ann") == Span(1, 40)


def alone(action: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """In a unit of work of its own, though the test holds one open."""
    return asyncio.get_running_loop().create_task(action, context=Context())
