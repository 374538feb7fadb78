import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.accounts.session import Session
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def session(user_id: str, session_id: str, **values: Any) -> Session:
    defaults = {"refresh_hash": b"one", "created_at": NOW, "expires_at": NOW + 60 * MINUTE}
    return Session(**{"user_id": user_id, "id": session_id, **defaults, **values})


@pytest.fixture
async def users(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    await store.do(*(store.sessions.add(session(*each)) for each in (("ann", "a"), ("ann", "b"), ("bob", "a"))))


async def ids(store: Store, since: datetime) -> set[tuple[str, str]]:
    return {(each.user_id, each.id) for each in await store.sessions.ended_since(since)}


@pytest.mark.usefixtures("users")
async def test_a_session_is_stored_as_a_whole_under_its_user(store: Store) -> None:
    used = session("ann", "a", refresh_hash=b"two", previous_hash=b"one", rotated_at=NOW, user_agent="Firefox")
    await store.do(store.sessions.store(used))
    assert await store.do(store.sessions.get_to_change("ann", "a")) == used
    assert await store.do(store.sessions.get_to_change("bob", "a")) == session("bob", "a")
    assert await store.do(store.sessions.get_to_change("bob", "b")) is None


@pytest.mark.usefixtures("users")
async def test_one_session_ends_or_all_but_one_and_each_once(store: Store) -> None:
    await store.do(store.sessions.add(session("ann", "c")))
    [one] = await store.do(store.sessions.end("ann", NOW, only="a"))
    assert one == session("ann", "a", ended_at=NOW)
    assert [each.id for each in await store.do(store.sessions.end("ann", NOW + MINUTE, except_id="c"))] == ["b"]
    assert [each.id for each in await store.do(store.sessions.end("ann", NOW + MINUTE))] == ["c"]
    assert await store.do(store.sessions.end("ann", NOW + MINUTE)) == []
    assert await store.do(store.sessions.get_to_change("bob", "a")) == session("bob", "a")


@pytest.mark.usefixtures("users")
async def test_what_ended_lately_is_told_of_all_users(store: Store) -> None:
    await store.do(store.sessions.end("ann", NOW, only="a"), store.sessions.end("bob", NOW + MINUTE))
    assert await ids(store, NOW - MINUTE) == {("ann", "a"), ("bob", "a")}
    assert await ids(store, NOW) == {("bob", "a")}


@pytest.mark.usefixtures("users")
async def test_what_ended_or_expired_before_is_forgotten(store: Store) -> None:
    await store.do(store.sessions.end("ann", NOW, only="a"), store.sessions.end("bob", NOW))
    await store.do(store.sessions.forget("ann", NOW + MINUTE))
    assert await ids(store, NOW - MINUTE) == {("bob", "a")}
    assert await store.do(store.sessions.get_to_change("ann", "b"))
    await store.do(store.sessions.forget("ann", NOW + 61 * MINUTE))
    assert await store.do(store.sessions.get_to_change("ann", "b")) is None


@pytest.mark.usefixtures("users")
async def test_sessions_go_with_their_user(store: Store) -> None:
    await store.do(store.sessions.end("ann", NOW), store.sessions.end("bob", NOW))
    await store.do(store.accounts.close("ann", NOW))
    assert not await store.accounts.erase("ann", 10)
    assert await ids(store, NOW - MINUTE) == {("bob", "a")}
    assert await store.accounts.get("ann") is None


@pytest.mark.usefixtures("users")
async def test_whoever_would_change_a_session_waits_for_the_other(store: Store, server: str | None) -> None:
    if server is None:
        pytest.skip("the fake has one thread")
    order = []

    async def change(name: str, seen: asyncio.Event, go: asyncio.Event) -> None:
        async with store.transaction() as work:
            await store.sessions.get_to_change("ann", "a")
            order.append(name)
            seen.set()
            await go.wait()
            order.append(name)
            await work.commit()

    seen, go = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(change("first", seen, go))
    await seen.wait()
    second = asyncio.create_task(change("second", asyncio.Event(), go))
    await store.accounts.get("ann")
    go.set()
    await asyncio.gather(first, second)
    assert order == ["first", "first", "second", "second"]
