import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.conversation import Answer, Step, ToolCall, ToolResult, Turn, TurnState
from domain.errors import TurnTaken
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(seconds=15)
LATER = NOW + timedelta(hours=1)
STEPS: list[Step] = [
    Answer("Let me look.", (ToolCall("c1", "list_tasks", '{"status": "not json'), ToolCall("c2", "nope", ""))),
    ToolResult("c1", "list_tasks", {"success": True, "message": "ok", "data": {"tasks": [], "total": 0}}),
    ToolResult("c2", "nope", {"success": False, "message": "There is no such tool", "data": None}),
    Answer("Nothing to do 🎉"),
]


async def begun(store: Store, turn_id: str = "t1") -> Turn:
    turn = Turn(
        user_id="ann",
        conversation_id="default",
        id=turn_id,
        message="hello",
        created_at=NOW,
        lease="mine",
        lease_until=UNTIL,
    )
    added: Turn = await store.do(store.turns.add(turn))
    return added


@pytest.fixture
async def opened(store: Store) -> Store:
    await store.add_user("ann")
    await store.do(store.conversations.open("ann", "default", NOW))
    return store


async def with_steps(store: Store, turn: Turn, steps: Sequence[Step]) -> Turn:
    for step in steps:
        turn = await store.do(store.turns.add_step(turn, step, NOW, UNTIL))
    return turn


async def test_a_turn_comes_back_as_it_was_stored(opened: Store) -> None:
    turn = await with_steps(opened, await begun(opened), STEPS)
    assert turn.steps == tuple(STEPS)
    ended = await opened.do(opened.turns.end(turn, TurnState.DONE, LATER))
    assert ended.state is TurnState.DONE
    assert await opened.turns.get("ann", "t1") == ended
    assert await opened.turns.newest("ann", "default", 10) == [ended]


async def test_turns_are_the_users_own(opened: Store) -> None:
    await begun(opened)
    assert await opened.turns.get("bob", "t1") is None
    assert await opened.turns.running("bob", "default") is None


async def test_turns_come_newest_first_in_keyset_pages(opened: Store) -> None:
    for turn_id in ("a", "b", "c", "d"):
        await with_steps(opened, await begun(opened, turn_id), STEPS[:1])
    page = await opened.turns.newest("ann", "default", 2)
    following = await opened.turns.newest("ann", "default", 2, before=page[-1].number)
    assert [each.id for each in [*page, *following]] == ["d", "c", "b", "a"]
    assert [each.number for each in [*page, *following]] == [4, 3, 2, 1]
    assert all(len(each.steps) == 1 for each in [*page, *following])


async def test_turns_added_at_once_get_numbers_of_their_own(opened: Store) -> None:
    await asyncio.gather(*(begun(opened, f"t{index}") for index in range(10)))
    numbers = [each.number for each in await opened.turns.newest("ann", "default", 20)]
    assert numbers == list(range(10, 0, -1))


async def test_the_running_turn_is_found_until_it_ends(opened: Store) -> None:
    turn = await begun(opened)
    assert await opened.turns.running("ann", "default") == turn
    await opened.do(opened.turns.end(turn, TurnState.FAILED, NOW, "too slow"))
    assert await opened.turns.running("ann", "default") is None
    failed = await opened.turns.get("ann", "t1")
    assert failed is not None
    assert (failed.error, failed.is_left_over(NOW)) == ("too slow", True)


async def test_a_lease_is_renewed_and_the_draft_grows_until_its_step_is_stored(opened: Store) -> None:
    turn = await begun(opened)
    assert await opened.turns.renew(turn, LATER, "Hel") is False
    assert await opened.turns.renew(turn, LATER, "lo") is False
    seen = await opened.turns.get("ann", "t1")
    assert seen is not None
    assert (seen.draft, seen.lease_until) == ("Hello", LATER)
    await with_steps(opened, turn, [Answer("Hello")])
    seen = await opened.turns.get("ann", "t1")
    assert seen is not None
    assert seen.draft == ""


@pytest.mark.parametrize("write", ["add_step", "end", "claim", "renew"])
async def test_who_lost_the_lease_can_write_nothing(opened: Store, write: str) -> None:
    stale = await begun(opened)
    claimed = await opened.do(opened.turns.claim(stale, "theirs", LATER))
    assert (claimed.lease, claimed.lease_until, claimed.draft) == ("theirs", LATER, "")
    arguments = {
        "add_step": (stale, STEPS[0], NOW, UNTIL),
        "end": (stale, TurnState.DONE, NOW),
        "claim": (stale, "mine again", LATER),
        "renew": (stale, LATER),
    }
    with pytest.raises(TurnTaken):
        await opened.do(getattr(opened.turns, write)(*arguments[write]))
    assert await opened.turns.get("ann", "t1") == claimed
    await with_steps(opened, claimed, STEPS[:1])


async def test_of_many_who_claim_one_gets_it(opened: Store) -> None:
    turn = await begun(opened)

    async def claim(name: str) -> bool:
        try:
            await opened.do(opened.turns.claim(turn, name, LATER))
        except TurnTaken:
            return False
        return True

    assert sum(await asyncio.gather(*(claim(f"server {number}") for number in range(10)))) == 1


async def test_an_interrupted_turn_is_over(opened: Store) -> None:
    turn = await begun(opened)
    await opened.do(opened.turns.interrupt(turn, NOW))
    with pytest.raises(TurnTaken):
        await opened.do(opened.turns.add_step(turn, STEPS[0], NOW, UNTIL))
    closed = await opened.turns.get("ann", "t1")
    assert closed is not None
    assert (closed.state, closed.is_left_over(LATER)) == (TurnState.INTERRUPTED, False)


async def test_a_stop_request_is_seen_at_the_next_renewal(opened: Store) -> None:
    turn = await begun(opened)
    await opened.do(opened.turns.request_stop("ann", "t1"))
    assert await opened.turns.renew(turn, LATER) is True
