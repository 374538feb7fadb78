"""A message sent twice under one key begins one turn, whatever became of the first request."""

import asyncio

import pytest

from application.chat.inputs import ChatMessage
from application.chat.replies import Reply
from application.ports import TextDelta
from domain.chat.turn import TurnState
from domain.errors import (
    Conflict,
    IdempotencyInFlight,
    IdempotencyMismatch,
    Invalid,
    ModelTimeout,
    RateLimited,
    TurnTaken,
)
from domain.idempotency import Key
from tests.unit.chat.chat_world import ADD, ANN, World, says
from tests.unit.chat.chat_world import world as world

KEY = Key("k", b"one request")
MILK = ChatMessage("buy milk")


async def say(world: World, key: Key | None = KEY, form: ChatMessage = MILK) -> Reply:
    return await world.chat.say(ANN, form, key)


async def test_a_finished_turn_is_answered_again_from_its_rows(world: World) -> None:
    world.model.answers = [[ADD], says("Added.")]
    first = await say(world)
    again = await say(world)
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.response, again.tool_calls, again.message_id) == (
        first.response,
        first.tool_calls,
        first.message_id,
    )
    assert (len(world.store.rows.turns), len(world.store.rows.tasks)) == (1, 1)


async def test_a_repeated_message_costs_no_token(world: World) -> None:
    world.limit, world.model.answers = 1, [says("ok")]
    chat = world.chat
    await chat.say(ANN, MILK, KEY)
    assert (await chat.say(ANN, MILK, KEY)).replayed
    with pytest.raises(RateLimited):
        await chat.say(ANN, MILK, Key("another", b"one request"))


async def test_a_failed_turn_goes_on_and_nothing_is_done_twice(world: World) -> None:
    world.model.answers = [[ADD], ModelTimeout("too slow"), says("Added.")]
    with pytest.raises(ModelTimeout):
        await say(world)
    reply = await say(world)
    assert (reply.response, reply.replayed) == ("Added.", False)
    assert (len(world.store.rows.turns), len(world.store.rows.tasks)) == (1, 1)


async def test_a_turn_whose_server_died_is_taken_up_when_its_lease_has_lapsed(world: World) -> None:
    turn = await world.chat.begin(ANN, MILK, KEY)
    with pytest.raises(TurnTaken) as refusal:
        await say(world)
    assert refusal.value.turn_id == turn.id
    world.clock.forward(seconds=16)
    world.model.answers = [says("Added.")]
    assert (await say(world)).message_id == turn.id


async def test_a_turn_that_the_conversation_left_behind_is_not_answered(world: World) -> None:
    await world.chat.begin(ANN, MILK, KEY)
    world.clock.forward(seconds=16)
    await world.say("never mind", says("ok"))
    assert world.turn(1).state is TurnState.INTERRUPTED
    with pytest.raises(Conflict, match="gone on"):
        await say(world)


async def test_a_key_of_another_message_is_refused_and_stores_nothing(world: World) -> None:
    world.model.answers = [says("ok")]
    await say(world)
    with pytest.raises(IdempotencyMismatch):
        await say(world, Key("k", b"another request"))
    assert len(world.store.rows.turns) == 1


async def test_of_equal_messages_that_wait_for_their_turn_one_begins(world: World) -> None:
    world.wait_seconds = 30
    chat = world.chat
    world.model.answers = [says("one"), says("two")]
    before = await chat.begin(ANN, ChatMessage("before"))
    asked = [asyncio.create_task(chat.say(ANN, MILK, KEY)) for _ in range(5)]
    await asyncio.wait(asked, timeout=0)
    chat.start(ANN, before)
    equal = await asyncio.gather(*asked, return_exceptions=True)
    assert [each.response for each in equal if isinstance(each, Reply)] == ["two"]
    assert {type(each) for each in equal if not isinstance(each, Reply)} == {IdempotencyInFlight}
    assert len(world.store.rows.turns) == 2


async def test_a_refused_message_keeps_no_key(world: World) -> None:
    with pytest.raises(Invalid):
        await say(world, form=ChatMessage("buy milk", "no/pe"))
    assert world.store.rows.receipts == {}


async def test_a_repeated_message_can_be_followed_while_its_turn_runs(world: World) -> None:
    world.model.answers = [[TextDelta("ok")]]
    chat = world.chat
    first = await chat.begin_in_background(ANN, MILK, KEY)
    second = await chat.begin_in_background(ANN, MILK, KEY)
    assert (second.id, second.state) == (first.id, TurnState.RUNNING)
    with pytest.raises(TurnTaken):
        await chat.begin_in_background(ANN, MILK, Key("another", b"one request"))
    await world.background.close()
    assert (await chat.begin_in_background(ANN, MILK, KEY)).state is TurnState.DONE
