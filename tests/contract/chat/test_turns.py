import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.chat.approval import ApprovalDecision, ApprovalRequest, Decision, PlannedChange
from domain.chat.messages import Answer, ProviderData, ToolCall, ToolResult
from domain.chat.turn import DayUsage, Step, Turn, TurnState
from domain.errors import TurnTaken
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(seconds=15)
LATER = NOW + timedelta(hours=1)
STEPS: list[Step] = [
    Answer("Let me look.", (ToolCall("c1", "list_tasks", '{"status": "not json'), ToolCall("c2", "nope", ""))),
    ToolResult("c1", "list_tasks", {"success": True, "message": "ok", "data": {"tasks": [], "total": 0}}),
    ToolResult("c2", "nope", {"success": False, "message": "There is no such tool", "data": None}),
    Answer(
        "Nothing to do 🎉", provider_data=ProviderData("host model", {"message": {"reasoning": "é"}, "calls": [{}]})
    ),
]

REQUEST = ApprovalRequest(
    id="t1.2",
    call_ids=("c1", "c2"),
    question="This would delete 2 tasks. Shall I?",
    changes=(PlannedChange("task", 1, "Milk 🥛", "deleted", {"due": "2026-12-01"}, {}),),
    total_changes=2,
    fingerprint="ab12",
    expires_at=LATER,
)


async def begun(store: Store, turn_id: str = "t1", user_id: str = "ann", state: TurnState = TurnState.RUNNING) -> Turn:
    turn = Turn(
        user_id=user_id,
        conversation_id="default",
        id=turn_id,
        message="hello",
        created_at=NOW,
        lease="mine",
        lease_until=UNTIL,
        state=state,
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


async def over(store: Store, turn_id: str, steps: Sequence[Step] = ()) -> Turn:
    turn = await with_steps(store, await begun(store, turn_id), steps)
    ended: Turn = await store.do(store.turns.end(turn, TurnState.DONE, NOW))
    return ended


async def test_a_request_of_an_approval_holds_a_turn_up_until_it_is_claimed(opened: Store) -> None:
    turn = await with_steps(opened, await begun(opened), STEPS[:1])
    held_up = await opened.do(opened.turns.add_step(turn, REQUEST, NOW, None))
    stored = await opened.turns.get("ann", "t1")
    assert stored == held_up
    assert stored
    assert (stored.state, stored.awaited(), stored.lease_until) == (TurnState.AWAITING_APPROVAL, REQUEST, None)
    assert await opened.turns.running("ann", "default") is None
    claimed = await opened.do(opened.turns.claim(held_up, "yours", UNTIL))
    decision = ApprovalDecision(REQUEST.id, Decision.APPROVED, "yes")
    decided = await opened.do(opened.turns.add_step(claimed, decision, NOW, UNTIL))
    assert await opened.turns.get("ann", "t1") == decided
    assert (decided.state, decided.decision_on(REQUEST)) == (TurnState.RUNNING, decision)
    with pytest.raises(TurnTaken):
        await opened.do(opened.turns.claim(held_up, "theirs", UNTIL))


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
        await over(opened, turn_id, STEPS[:1])
    page = await opened.turns.newest("ann", "default", 2)
    following = await opened.turns.newest("ann", "default", 2, before=page[-1].number)
    assert [each.id for each in [*page, *following]] == ["d", "c", "b", "a"]
    assert [each.number for each in [*page, *following]] == [4, 3, 2, 1]
    assert all(len(each.steps) == 1 for each in [*page, *following])
    between = await opened.turns.newest("ann", "default", 9, before=4, after=1)
    assert [each.number for each in between] == [3, 2]


async def test_turns_added_at_once_get_numbers_of_their_own(opened: Store) -> None:
    await asyncio.gather(*(begun(opened, f"t{index}", state=TurnState.DONE) for index in range(10)))
    numbers = [each.number for each in await opened.turns.newest("ann", "default", 20)]
    assert numbers == list(range(10, 0, -1))


async def test_while_a_turn_runs_none_is_added_to_its_conversation(opened: Store) -> None:
    turn = await begun(opened)
    await opened.do(opened.conversations.open("ann", "other", NOW))
    assert await begun(opened, "t2") is None
    assert await opened.turns.get("ann", "t2") is None
    elsewhere = replace(turn, conversation_id="other", id="t3")
    assert await opened.do(opened.turns.add(elsewhere)) == elsewhere
    await opened.do(opened.turns.end(turn, TurnState.STOPPED, NOW))
    assert (await begun(opened, "t2")).number == 2


async def test_what_came_before_a_turn_is_the_summary_and_the_turns_since(opened: Store) -> None:
    before = [await over(opened, turn_id, STEPS[:2]) for turn_id in ("a", "b", "c", "d")]
    await opened.do(opened.turns.hide("ann", "default", LATER, "c"))
    now = await begun(opened, "now")
    assert await opened.turns.prior_to(before[0], 9) == ("", [])
    assert await opened.turns.prior_to(now, 9) == ("", [before[3], before[1], before[0]])
    assert await opened.turns.prior_to(now, 2) == ("", [before[3], before[1]])
    conversation = await opened.conversations.get("ann", "default")
    assert conversation
    await opened.do(opened.conversations.summarize(conversation, "Milk.", 1))
    assert await opened.turns.prior_to(now, 9) == ("Milk.", [before[3], before[1]])
    assert await opened.turns.prior_to(replace(now, user_id="bob"), 9) == ("", [])
    await opened.do(opened.conversations.delete("ann", "default", LATER))
    assert await opened.turns.prior_to(now, 9) == ("", [])


async def test_the_running_turn_is_found_until_it_ends(opened: Store) -> None:
    turn = await begun(opened)
    assert await opened.turns.running("ann", "default") == turn
    await opened.do(opened.turns.end(turn, TurnState.FAILED, NOW, "too slow"))
    assert await opened.turns.running("ann", "default") is None
    failed = await opened.turns.get("ann", "t1")
    assert failed is not None
    assert (failed.error, failed.is_resumable(NOW)) == ("too slow", True)


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


async def test_many_who_renew_and_look_at_once_each_get_their_own(opened: Store) -> None:
    users = [f"user {number}" for number in range(20)]
    for user in users:
        await opened.add_user(user)
        await opened.do(opened.conversations.open(user, "default", NOW))
    turns = [await begun(opened, user_id=user) for user in users]
    await opened.do(opened.turns.request_stop(users[3], "t1"))
    stale = replace(turns[5], lease="stale")
    asked = await asyncio.gather(
        *(opened.turns.renew(turn, LATER, f"{turn.user_id}, ") for turn in turns),
        *(opened.turns.renew(turn, UNTIL, "twice") for turn in turns[:3]),
        opened.turns.renew(stale, LATER, "never"),
        return_exceptions=True,
    )
    assert [number for number, stop in enumerate(asked[:23]) if stop] == [3]
    assert isinstance(asked[-1], TurnTaken)
    seen = await asyncio.gather(*(opened.turns.get(user, "t1") for user in [*users, *users, "nobody"]))
    drafts = [f"{user}, twice" if user in users[:3] else f"{user}, " for user in users]
    assert [each.draft for each in seen if each] == drafts * 2
    assert [each.user_id for each in seen if each] == users * 2
    assert seen[-1] is None


async def test_who_look_at_one_turn_at_once_all_see_it_whole(opened: Store) -> None:
    turn = await with_steps(opened, await begun(opened), STEPS)
    assert await asyncio.gather(*(opened.turns.get("ann", "t1") for _ in range(5))) == [turn] * 5


async def test_a_unit_of_work_sees_its_own_steps_and_nobody_else_does(opened: Store) -> None:
    turn = await begun(opened)
    async with opened.transaction():
        after = await opened.turns.add_step(turn, STEPS[0], NOW, UNTIL)
        assert await opened.turns.get("ann", "t1") == after
    assert await opened.turns.get("ann", "t1") == turn


async def test_a_renewal_that_is_given_up_does_not_come_after_the_step(opened: Store) -> None:
    turn = await begun(opened)
    for number in range(10):
        renewals = [asyncio.create_task(opened.turns.renew(turn, UNTIL, "late")) for _ in range(3)]
        for _ in range(number):
            await asyncio.sleep(0)
        for renewal in renewals:
            renewal.cancel()
        await asyncio.gather(*renewals, return_exceptions=True)
        turn = await with_steps(opened, turn, [Answer("Hello")])
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
    assert (closed.state, closed.is_resumable(LATER)) == (TurnState.INTERRUPTED, False)


async def test_what_an_answer_used_is_kept_whoever_holds_the_lease(opened: Store) -> None:
    turn = await with_steps(opened, await begun(opened), STEPS)
    ended = await opened.do(opened.turns.end(turn, TurnState.DONE, NOW))
    await opened.do(opened.turns.charge(replace(ended, lease="lost", model="tiny", prompt_tokens=7)))
    kept = await opened.turns.get("ann", "t1")
    assert kept == replace(ended, model="tiny", prompt_tokens=7)


async def test_a_stop_request_is_seen_at_the_next_renewal(opened: Store) -> None:
    turn = await begun(opened)
    await opened.do(opened.turns.request_stop("ann", "t1"))
    assert await opened.turns.renew(turn, LATER) is True


async def test_turns_come_oldest_first_in_keyset_pages_while_others_are_added(opened: Store) -> None:
    for turn_id in ("a", "b", "c"):
        await over(opened, turn_id, STEPS[:2])
    page = await opened.turns.following("ann", "default", 2, after=0)
    await begun(opened, "d")
    following = await opened.turns.following("ann", "default", 2, after=page[-1].number)
    assert [each.id for each in [*page, *following]] == ["a", "b", "c", "d"]
    assert page[0].steps == tuple(STEPS[:2])
    assert await opened.turns.following("bob", "default", 2, after=0) == []


async def test_a_hidden_turn_is_read_by_its_id_only_and_its_number_is_not_used_again(opened: Store) -> None:
    for turn_id in ("a", "b", "c"):
        await over(opened, turn_id)
    await opened.do(opened.turns.hide("ann", "default", LATER, "b"))
    assert [each.id for each in await opened.turns.newest("ann", "default", 2)] == ["c", "a"]
    assert [each.id for each in await opened.turns.following("ann", "default", 2, after=0)] == ["a", "c"]
    await opened.do(opened.turns.hide("bob", "default", LATER))
    await opened.do(opened.turns.hide("ann", "default", LATER))
    assert await opened.turns.newest("ann", "default", 2) == []
    hidden = await opened.turns.get("ann", "c")
    assert hidden is not None
    assert hidden.hidden
    assert (await begun(opened, "d")).number == 4


async def test_a_turn_is_found_by_what_its_client_calls_the_message_while_it_is_shown(opened: Store) -> None:
    for turn_id, client_id in (("a", "m1"), ("b", "m1"), ("c", None)):
        turn = Turn(
            user_id="ann",
            conversation_id="default",
            id=turn_id,
            message="hi",
            client_message_id=client_id,
            created_at=NOW,
            lease="mine",
        )
        added = await opened.do(opened.turns.add(turn))
        await opened.do(opened.turns.end(added, TurnState.DONE, NOW))
    found = await opened.turns.of_client_message("ann", "default", "m1")
    assert found is not None
    assert (found.id, found.client_message_id) == ("b", "m1")
    assert await opened.turns.of_client_message("bob", "default", "m1") is None
    assert await opened.turns.of_client_message("ann", "other", "m1") is None
    await opened.do(opened.turns.hide("ann", "default", LATER, "b"))
    found = await opened.turns.of_client_message("ann", "default", "m1")
    assert found is not None
    assert found.id == "a"


async def test_turns_are_hidden_from_one_number_up_to_another(opened: Store) -> None:
    for turn_id in ("a", "b", "c", "d"):
        await over(opened, turn_id)
    await opened.do(opened.turns.hide_between("bob", "default", 1, 9, LATER))
    await opened.do(opened.turns.hide_between("ann", "default", 2, 4, LATER))
    assert [each.id for each in await opened.turns.newest("ann", "default", 9)] == ["d", "a"]


async def test_feedback_does_not_touch_the_turn_that_runs(opened: Store) -> None:
    turn = await begun(opened)
    await opened.do(opened.turns.set_feedback("ann", "t1", "down", "too slow"))
    await with_steps(opened, turn, STEPS[:1])
    judged = await opened.turns.get("ann", "t1")
    assert judged is not None
    assert (judged.feedback, judged.feedback_comment, len(judged.steps)) == ("down", "too slow", 1)
    await opened.do(opened.turns.set_feedback("ann", "t1", None, None))
    assert await opened.turns.get("ann", "t1") == replace(judged, feedback=None, feedback_comment=None)


async def test_what_a_turn_has_used_is_stored_with_its_step(opened: Store) -> None:
    turn = await begun(opened)
    used = replace(turn, model="tiny", prompt_tokens=2**40, completion_tokens=2, cached_tokens=1, model_milliseconds=9)
    stored = await with_steps(opened, used, STEPS[:1])
    assert await opened.turns.get("ann", "t1") == stored


async def test_usage_is_summed_by_day_and_model(opened: Store) -> None:
    for turn_id, model, at in (("a", "x", NOW), ("b", "y", NOW), ("c", "x", NOW), ("d", "x", NOW + timedelta(days=1))):
        turn = Turn(user_id="ann", conversation_id="default", id=turn_id, message="hi", created_at=at, lease="mine")
        added = await opened.do(opened.turns.add(turn))
        used = replace(added, model=model, prompt_tokens=10, completion_tokens=1, model_milliseconds=5)
        await opened.do(opened.turns.end(await with_steps(opened, used, STEPS[:1]), TurnState.DONE, NOW))
    await opened.do(opened.turns.hide("ann", "default", LATER))

    def of(day: int, model: str, turns: int) -> DayUsage:
        return DayUsage(
            date=date(2026, 11, day),
            model=model,
            turns=turns,
            prompt_tokens=10 * turns,
            completion_tokens=turns,
            cached_tokens=0,
            model_milliseconds=5 * turns,
        )

    assert await opened.turns.usage("ann", NOW) == [of(24, "x", 1), of(23, "x", 2), of(23, "y", 1)]
    assert await opened.turns.usage("ann", NOW + timedelta(days=1)) == [of(24, "x", 1)]
    assert await opened.turns.usage("bob", NOW) == []


async def test_days_are_those_of_utc(opened: Store) -> None:
    turn = Turn(
        user_id="ann",
        conversation_id="default",
        id="late",
        message="hi",
        created_at=datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC),
    )
    await opened.do(opened.turns.add(turn))
    assert [each.date for each in await opened.turns.usage("ann", NOW)] == [date(2026, 11, 23)]


async def test_a_turn_ends_once(opened: Store) -> None:
    turn = await begun(opened)
    await opened.do(opened.turns.end(turn, TurnState.DONE, NOW))
    with pytest.raises(TurnTaken):
        await opened.do(opened.turns.end(turn, TurnState.FAILED, NOW, "too late"))
    ended = await opened.turns.get("ann", "t1")
    assert ended is not None
    assert (ended.state, ended.error) == (TurnState.DONE, None)
