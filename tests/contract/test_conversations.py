import asyncio
from datetime import UTC, datetime

import pytest

from domain.conversation import Answer, Step, ToolCall, ToolResult, Turn, TurnState
from domain.errors import NotAuthenticated
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
STEPS: list[Step] = [
    Answer("Let me look.", (ToolCall("c1", "list_tasks", '{"status": "not json'), ToolCall("c2", "nope", ""))),
    ToolResult("c1", "list_tasks", {"success": True, "message": "ok", "data": {"tasks": [], "total": 0}}),
    ToolResult("c2", "nope", {"success": False, "message": "There is no such tool", "data": None}),
    Answer("Nothing to do 🎉"),
]


def turn(turn_id: str, message: str = "hello") -> Turn:
    return Turn(user_id="ann", conversation_id="default", id=turn_id, message=message, created_at=NOW)


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
    assert await store.conversations.newest_turns("bob", "default", 10) == []


async def test_a_user_who_is_gone_can_open_nothing(store: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await store.do(store.conversations.open("nobody", "default", NOW))


async def test_steps_come_back_as_they_were_stored(store: Store) -> None:
    await opened(store)
    first = await store.do(store.conversations.add_turn(turn("t1")))
    await store.do(
        *(store.conversations.add_step(first, number, step, NOW) for number, step in enumerate(STEPS, start=1)),
        store.conversations.end_turn(first, TurnState.DONE, LATER),
    )
    (stored,) = await store.conversations.newest_turns("ann", "default", 10)
    assert stored.steps == tuple(STEPS)
    assert stored.state is TurnState.DONE
    assert stored.message == "hello"


async def test_turns_come_newest_first_in_keyset_pages(store: Store) -> None:
    await opened(store)
    for turn_id in ("a", "b", "c", "d"):
        await store.do(store.conversations.add_turn(turn(turn_id)))
    page = await store.conversations.newest_turns("ann", "default", 2)
    following = await store.conversations.newest_turns("ann", "default", 2, before=page[-1].number)
    assert [each.id for each in [*page, *following]] == ["d", "c", "b", "a"]
    assert [each.number for each in [*page, *following]] == [4, 3, 2, 1]


async def test_turns_added_at_once_get_numbers_of_their_own(store: Store) -> None:
    await opened(store)
    await asyncio.gather(*(store.do(store.conversations.add_turn(turn(f"t{index}"))) for index in range(10)))
    numbers = [each.number for each in await store.conversations.newest_turns("ann", "default", 20)]
    assert numbers == list(range(10, 0, -1))
