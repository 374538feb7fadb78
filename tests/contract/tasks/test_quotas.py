"""How much one user may keep."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.postgres.chat.conversation_repository import PostgresConversations
from adapters.postgres.chat.turn_repository import PostgresTurns
from adapters.postgres.tasks.entity_repository import PostgresEntities
from domain.chat.messages import Answer
from domain.chat.turn import Turn, TurnState
from domain.errors import NotAuthenticated, QuotaReached
from domain.idempotency import LIFETIME
from domain.quotas import Quotas
from domain.tasks.changes import Change
from domain.tasks.task import Task
from tests.contract.conftest import Store
from tests.contract.receipts import receipt
from tests.contract.tasks_world import LATER, NOW, added, changed, recorded, task
from tests.fakes import FakeStore, FakeWakeups

BIG = "x" * 1_000


def with_quotas(store: Store, **most: int) -> Store:
    """Those that are not named are none."""
    quotas = Quotas(**dict.fromkeys(("tasks", "bytes", "conversations", "api_tokens", "webhooks"), 0) | most)
    if isinstance(store.transaction, FakeStore):
        store.transaction.quotas = quotas
        return store
    database: Any = store.transaction
    return replace(
        store,
        entities=PostgresEntities(database, FakeWakeups(), quotas),
        conversations=PostgresConversations(database, quotas),
        turns=PostgresTurns(database, quotas),
    )


@pytest.fixture
async def users(store: Store) -> Store:
    await store.add_user("ann")
    await store.add_user("bob")
    return store


async def big(store: Store) -> Task:
    return (await recorded(store, Change(None, replace(task("a"), description=BIG))))[0]


async def said(store: Store, text: str, turn_id: str = "t1") -> Turn:
    await store.do(store.conversations.open("ann", "default", NOW))
    turn = Turn(user_id="ann", conversation_id="default", id=turn_id, message=text, created_at=NOW, lease="mine")
    begun: Turn = await store.do(store.turns.add(turn))
    return begun


async def test_no_more_tasks_than_the_quota_and_the_number_is_told(users: Store) -> None:
    store = with_quotas(users, tasks=3)
    await added(store, "a", "b", "c")
    with pytest.raises(QuotaReached, match="You may keep 3 tasks"):
        await added(store, "d")
    assert len(await store.tasks.following("ann", 10, after=0)) == 3
    await added(store, "his", user_id="bob")


async def test_a_batch_that_goes_over_the_quota_leaves_nothing(users: Store) -> None:
    store = with_quotas(users, tasks=3)
    await added(store, "a", "b")
    with pytest.raises(QuotaReached):
        await recorded(store, *(Change(None, task(title)) for title in "cd"))
    assert len(await store.tasks.following("ann", 10, after=0)) == 2
    assert (await store.events.span("ann")).newest == 2


async def test_a_task_in_the_trash_makes_room_and_comes_back_where_there_is_some(users: Store) -> None:
    store = with_quotas(users, tasks=2)
    one, _ = await added(store, "a", "b")
    gone = await changed(store, one, deleted_at=NOW)
    await added(store, "c")
    with pytest.raises(QuotaReached):
        await changed(store, gone, deleted_at=None)
    (other,) = [each for each in await store.tasks.following("ann", 10, after=0) if each.title == "c"]
    await changed(store, other, completed=True)


async def test_none_is_no_quota(users: Store) -> None:
    store = with_quotas(users)
    await added(store, *"abcdefgh")
    assert len(await store.tasks.following("ann", 10, after=0)) == 8


async def test_text_is_counted_in_tasks_and_in_their_log_and_what_deletes_is_let_through(users: Store) -> None:
    store = with_quotas(users, bytes=20_000)
    (one,) = await added(store, "a")
    with pytest.raises(QuotaReached, match="You may keep 20,000 bytes"):
        for number in range(30):
            one = await changed(store, one, description=f"{BIG}{number}")
    assert (await store.events.span("ann")).newest > 3
    with pytest.raises(QuotaReached):
        await big(store)
    await changed(store, one, deleted_at=NOW)
    await added(store, "his", user_id="bob")


async def test_what_is_forgotten_and_purged_no_longer_counts(users: Store) -> None:
    store = with_quotas(users, bytes=20_000)
    for _ in range(10):
        one = await big(store)
        one = await changed(store, one, description=BIG)
        await changed(store, one, deleted_at=NOW)
        await store.do(store.trash.purge(Task, "ann", [one.id], LATER, LATER))
        while await store.events.forget(LATER + timedelta(days=1), 100):
            pass
    await big(store)


async def test_erasing_the_log_of_what_is_in_the_trash_counts_once(users: Store) -> None:
    store = with_quotas(users, bytes=20_000)
    for _ in range(10):
        one = await big(store)
        await changed(store, one, deleted_at=NOW)
        while await store.trash.erase(Task, "ann", [one.id], LATER, 1):
            pass
        await store.do(store.trash.purge(Task, "ann", [one.id], LATER, LATER))
    with pytest.raises(QuotaReached):
        for _ in range(10):
            await big(store)


async def test_messages_and_answers_count_until_their_conversation_is_purged(users: Store) -> None:
    store = with_quotas(users, bytes=20_000)
    for number in range(10):
        turn = await said(store, BIG, f"t{number}")
        await store.turns.add_step(turn, Answer(4 * BIG), NOW, None)
        await store.do(store.conversations.delete("ann", "default", NOW), store.turns.hide("ann", "default", NOW))
        while await store.conversations.purge(LATER, 10):
            pass
    with pytest.raises(QuotaReached, match="bytes"):
        for number in range(10):
            turn = await said(store, 4 * BIG, f"late {number}")
            await store.do(store.turns.end(turn, TurnState.STOPPED, NOW))


async def test_answers_that_are_kept_for_repeated_requests_count_until_they_are_purged(users: Store) -> None:
    store = with_quotas(users, bytes=20_000)
    for purged in (True, False):
        for number in range(25):
            await store.do(store.keys.keep(receipt(key=f"{purged} {number}", result=BIG.encode())))
        while purged and await store.keys.purge(NOW + LIFETIME, 10):
            pass
        if purged:
            await added(store, "a")
    with pytest.raises(QuotaReached, match="bytes"):
        await added(store, "b")


async def test_while_a_turn_runs_the_next_one_waits_and_is_not_refused(users: Store) -> None:
    store = with_quotas(users, bytes=20_000)
    await said(store, BIG)
    assert await said(store, BIG, "t2") is None


async def test_no_more_conversations_than_the_quota_however_they_begin(users: Store) -> None:
    store = with_quotas(users, conversations=2)
    await store.do(store.conversations.open("ann", "one", NOW))
    await store.do(store.conversations.open("ann", "two", NOW))
    await store.do(store.conversations.open("ann", "two", NOW))
    with pytest.raises(QuotaReached, match="You may keep 2 conversations"):
        await store.do(store.conversations.open("ann", "three", NOW))
    assert await store.conversations.get("ann", "three") is None
    await store.do(store.conversations.open("bob", "three", NOW))


async def test_of_many_who_add_at_once_as_many_succeed_as_fit(users: Store) -> None:
    store = with_quotas(users, tasks=5, conversations=5)
    adding = [added(store, str(number)) for number in range(10)]
    opening = [store.do(store.conversations.open("ann", str(number), NOW)) for number in range(10)]
    outcomes = await asyncio.gather(*adding, *opening, return_exceptions=True)
    assert [isinstance(each, QuotaReached) for each in outcomes].count(True) == 10
    assert len(await store.tasks.following("ann", 10, after=0)) == 5
    assert len(await store.conversations.newest("ann", 10)) == 5


async def test_a_user_who_is_gone_is_told_so_whatever_the_quota(users: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await added(with_quotas(users, tasks=1), "a", user_id="nobody")
