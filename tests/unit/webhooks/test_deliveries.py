import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from application.due_work import CLAIMED_AT_ONCE
from application.tasks.lists.inputs import ListDraft
from application.tasks.lists.lists import Lists
from application.webhooks.deliveries import (
    EVENTS_AT_ONCE,
    LEASE_SECONDS,
    MAX_SENDINGS,
    MAX_SENDINGS_PER_USER,
    OUR_FAULT,
)
from application.webhooks.webhooks import Resumption, WebhookDraft
from domain.accounts.account import Caller
from domain.errors import Unavailable
from domain.webhooks.webhook import JITTER, RETRY_SECONDS, SEND_SECONDS, Undelivered, WebhookState
from tests.fakes import FakeAccounts, FakeEntities, FakeTasks, user
from tests.unit.webhooks.webhooks_world import ANN, BOB, HOOK, World, world

__all__ = ["world"]


async def test_events_are_sent_in_order_once_each_and_to_their_users_webhooks_only(world: World) -> None:
    one, other, his = await world.hook(), await world.hook(), await world.hook(BOB)
    await world.change(2 * EVENTS_AT_ONCE + 3)
    await world.change(1, BOB)
    await world.deliver()
    everything = [*range(1, 2 * EVENTS_AT_ONCE + 4)]
    for hook, revisions in ((one, everything), (other, everything), (his, [1])):
        assert [revision for to, revision in world.receiver.sent if to == hook] == revisions
    assert (await world.webhooks.get(ANN, one)).last_status == 204
    assert await world.deliver() == []


async def test_a_failed_event_is_tried_again_ever_later_and_the_next_ones_wait(world: World) -> None:
    hook = await world.hook()
    await world.change(2)
    world.receiver.answers = [500, Undelivered("No connection could be made."), 302]
    for failures, wait in enumerate(RETRY_SECONDS[:3], 1):
        assert await world.deliver() == [1]
        after = await world.webhooks.get(ANN, hook)
        assert (after.failures, after.position, after.state) == (failures, 0, WebhookState.ACTIVE)
        assert after.retry_at
        assert wait <= (after.retry_at - world.clock()).total_seconds() <= wait * (1 + JITTER)
        world.clock.forward(seconds=wait - 0.1)
        assert await world.deliver() == []
        world.clock.forward(seconds=wait * JITTER + 0.1)
    assert "302, a redirect" in str(after.last_error)
    assert await world.deliver() == [1, 2]
    after = await world.webhooks.get(ANN, hook)
    assert (after.failures, after.position, after.retry_at, after.last_error) == (0, 2, None, None)


async def test_what_the_owner_is_told_of_a_failure(world: World) -> None:
    hook = await world.hook()
    await world.change()
    told = []
    for answer in (404, Undelivered("No connection could be made."), ZeroDivisionError("internal")):
        world.receiver.answers = [answer]
        await world.deliver()
        after = await world.webhooks.get(ANN, hook)
        told.append((after.last_status, after.last_error))
        world.clock.forward(days=1)
    assert told == [(404, "It answered 404."), (None, "No connection could be made."), (None, OUR_FAULT)]


async def test_after_a_day_of_failures_a_webhook_is_dead_and_says_why(world: World) -> None:
    hook = await world.hook()
    await world.change()
    assert timedelta(hours=20) < timedelta(seconds=sum(RETRY_SECONDS)) < timedelta(hours=28)
    await world.fail(len(RETRY_SECONDS))
    assert (await world.webhooks.get(ANN, hook)).state is WebhookState.ACTIVE
    await world.fail(1)
    dead = await world.webhooks.get(ANN, hook)
    assert (dead.state, dead.last_error, dead.retry_at) == (WebhookState.DEAD, "It answered 500.", None)
    await world.change()
    assert await world.deliver() == []


async def test_a_dead_webhook_goes_on_from_where_it_died(world: World) -> None:
    hook = await world.hook()
    await world.change(2)
    await world.fail(len(RETRY_SECONDS) + 1)
    resumed = await world.webhooks.resume(ANN, hook, Resumption())
    assert (resumed.state, resumed.failures, resumed.position) == (WebhookState.ACTIVE, 0, 0)
    assert await world.deliver() == [1, 2]


async def test_the_event_it_died_on_can_be_skipped(world: World) -> None:
    hook = await world.hook()
    await world.change(3)
    await world.fail(len(RETRY_SECONDS) + 1)
    assert (await world.webhooks.resume(ANN, hook, Resumption(skip=True))).position == 1
    assert await world.deliver() == [2, 3]


async def test_one_that_waits_for_its_retry_can_be_told_to_try_at_once(world: World) -> None:
    hook = await world.hook()
    await world.change()
    world.receiver.answers = [500]
    assert await world.deliver() == [1]
    assert await world.deliver() == []
    await world.webhooks.resume(ANN, hook, Resumption())
    assert await world.deliver() == [1]


async def test_resuming_what_has_not_failed_changes_and_skips_nothing(world: World) -> None:
    hook = await world.hook()
    await world.change(2)
    before = await world.webhooks.get(ANN, hook)
    assert await world.webhooks.resume(ANN, hook, Resumption(skip=True)) == before
    assert await world.deliver() == [1, 2]


async def test_what_comes_of_a_sending_is_not_stored_over_a_resumption_meanwhile(world: World) -> None:
    hook = await world.hook()
    await world.change(2)
    await world.fail(1)
    world.receiver.hold.clear()
    world.receiver.answers = [500]
    (sending,) = await world.worker.start_due()
    await until(lambda: len(world.receiver.sent) == 2)
    await world.webhooks.resume(ANN, hook, Resumption(skip=True))
    world.receiver.hold.set()
    await sending
    after = await world.webhooks.get(ANN, hook)
    assert (after.position, after.failures) == (1, 0)
    assert await world.deliver() == [2]


async def test_what_a_dead_server_was_sending_is_sent_again_by_another_when_the_lease_has_lapsed(world: World) -> None:
    await world.hook()
    await world.change()
    world.receiver.hold.clear()
    (sending,) = await world.worker.start_due()
    await until(lambda: world.receiver.sent)
    sending.cancel()
    world.receiver.hold.set()
    world.worker = world.server()
    world.clock.forward(seconds=LEASE_SECONDS - 1)
    assert await world.deliver() == []
    world.clock.forward(seconds=1)
    assert await world.deliver() == [1]
    assert {revision for _, revision in world.receiver.sent} == {1}


async def test_events_that_the_log_has_forgotten_are_left_out(world: World) -> None:
    hook = await world.hook()
    await world.change(2)
    world.clock.forward(days=100)
    await world.events.forget(world.clock(), 100)
    assert await world.deliver() == []
    assert (await world.webhooks.get(ANN, hook)).position == 2
    await world.change()
    assert await world.deliver() == [3]


async def test_no_more_than_so_many_are_sent_at_once_and_a_slow_one_holds_up_no_other(world: World) -> None:
    for number in range(MAX_SENDINGS + 2):
        await stranger(world, f"user-{number}")
    world.receiver.hold.clear()
    started = [len(await world.worker.start_due()) for _ in range(MAX_SENDINGS // CLAIMED_AT_ONCE + 1)]
    assert started == [*[CLAIMED_AT_ONCE] * (MAX_SENDINGS // CLAIMED_AT_ONCE), 0]
    world.receiver.hold.set()
    await world.background.close()
    assert len(await world.deliver()) == 2


async def test_one_users_slow_receivers_keep_no_stranger_waiting(world: World) -> None:
    for _ in range(5):
        await world.hook()
    await world.change(2)
    world.receiver.hold.clear()
    assert len(await world.worker.start_due()) == MAX_SENDINGS_PER_USER
    await stranger(world, "eve")
    assert len(await world.worker.start_due()) == 1
    world.receiver.hold.set()
    await world.background.close()
    assert len(await world.deliver()) == 2 * 3


async def test_the_loop_goes_on_by_itself_when_a_place_is_free(world: World) -> None:
    for _ in range(MAX_SENDINGS_PER_USER + 1):
        await world.hook()
    await world.change()
    world.receiver.hold.clear()
    running = world.background.start(world.worker.run())
    await until(lambda: len(world.receiver.sent) == MAX_SENDINGS_PER_USER)
    world.receiver.hold.set()
    await until(lambda: len(world.receiver.sent) == MAX_SENDINGS_PER_USER + 1)
    running.cancel()
    await world.background.close()


async def stranger(world: World, user_id: str) -> None:
    """A user with a webhook and an event for it."""
    async with world.store() as work:
        await FakeAccounts(world.store).add(user(user_id))
        await work.commit()
    await world.hook(Caller(user_id))
    await world.change(1, Caller(user_id))


async def test_no_sending_begins_that_could_outlast_its_lease(world: World) -> None:
    await world.hook()
    await world.change(3)
    (sending,) = await world.worker.start_due()
    world.clock.forward(seconds=LEASE_SECONDS - SEND_SECONDS + 1)
    await sending
    assert [revision for _, revision in world.receiver.sent] == [1]
    assert await world.deliver() == [2, 3]


async def test_the_loop_delivers_what_is_announced_and_outlives_a_database_that_is_away(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.hook()
    world.store.fault = Unavailable("away")
    running = world.background.start(world.worker.run())
    await until(lambda: "SERVICE_UNAVAILABLE" in caplog.text)
    world.store.fault = RuntimeError("a bug")
    await world.wakeups.announce("webhooks")
    await until(lambda: "a bug" in caplog.text)
    world.store.fault = None
    await world.change()
    await until(lambda: len(world.receiver.sent) == 1)
    running.cancel()
    await world.background.close()


async def until(holds: Callable[[], object]) -> None:
    """Lets others run until then."""
    for _ in range(10_000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never holds")


async def test_other_entities_are_sent_only_where_they_are_subscribed(world: World) -> None:
    lists = Lists(FakeTasks(world.store), FakeEntities(world.store, world.wakeups), world.store, world.clock)
    plain, both = await world.hook(), (await world.webhooks.add(ANN, WebhookDraft(HOOK, ["list", "task"]))).id
    await world.change()
    for number in range(EVENTS_AT_ONCE + 1):
        await lists.add(ANN, ListDraft(f"list {number}"))
    await world.change()
    last = EVENTS_AT_ONCE + 3
    await world.deliver()
    assert [revision for to, revision in world.receiver.sent if to == plain] == [1, last]
    assert [revision for to, revision in world.receiver.sent if to == both] == [*range(1, last + 1)]
    await lists.delete(ANN, 1)
    await world.deliver()
    assert (await world.webhooks.get(ANN, plain)).position == last + 1


async def test_an_event_that_fails_behind_others_that_are_passed_over_is_left_out_by_itself(world: World) -> None:
    lists = Lists(FakeTasks(world.store), FakeEntities(world.store, world.wakeups), world.store, world.clock)
    hook = await world.hook()
    await lists.add(ANN, ListDraft("Home"))
    await world.change(2)
    world.receiver.answers = [500]
    assert await world.deliver() == [2]
    await world.webhooks.resume(ANN, hook, Resumption(skip=True))
    assert await world.deliver() == [3]
