from datetime import UTC, datetime

import pytest

from domain.errors import NotAuthenticated
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


async def opened(store: Store) -> None:
    await store.add_user("ann")
    await store.do(store.conversations.open("ann", "default", NOW))


async def test_opening_starts_a_conversation_once(store: Store) -> None:
    await store.add_user("ann")
    assert await store.conversations.get("ann", "default") is None
    first = await store.do(store.conversations.open("ann", "default", NOW))
    again = await store.do(store.conversations.open("ann", "default", LATER))
    assert (first.created_at, again.created_at, again.updated_at) == (NOW, NOW, LATER)
    assert await store.conversations.get("ann", "default") == again


async def test_conversations_are_the_users_own(store: Store) -> None:
    await opened(store)
    await store.add_user("bob")
    assert await store.conversations.get("bob", "default") is None
    assert await store.turns.newest("bob", "default", 10) == []


async def test_a_user_who_is_gone_can_open_nothing(store: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await store.do(store.conversations.open("nobody", "default", NOW))
