import itertools
from typing import Any

import pytest

from application.chat import NOTHING_SAID, OUT_OF_ROUNDS, ROUNDS_MOST, Chat, ChatMessage, Reply
from application.ports import Part, TextDelta, Usage
from application.tasks import Tasks
from application.tools import Toolbox
from domain.account import Caller
from domain.conversation import Answer, ToolCall, ToolResult, TurnState, UserMessage
from domain.errors import Invalid, ModelTimeout, NotFound, RateLimited, Unavailable
from tests.fakes import (
    FakeAccounts,
    FakeClock,
    FakeConversations,
    FakeRateLimiter,
    FakeStore,
    FakeTasks,
    ScriptedModel,
    user,
)

ANN = Caller("ann")
ADD = ToolCall("", "add_task", '{"title": "Buy milk"}')


class World:
    def __init__(self) -> None:
        self.clock, self.store, self.model = FakeClock(), FakeStore(), ScriptedModel()
        self.tasks = Tasks(FakeTasks(self.store), self.store, self.clock)
        self.context_tokens = 16_000

    async def say(self, text: str, *answers: Any, conversation: str | None = None) -> Reply:
        self.model.answers = list(answers) or [[TextDelta("ok")]]
        return await self.chat.say(ANN, ChatMessage(text, conversation))

    @property
    def chat(self) -> Chat:
        ids = (f"turn-{len(self.store.rows.turns) + number}" for number in itertools.count(1))
        return Chat(
            FakeConversations(self.store),
            Toolbox(self.tasks),
            self.model,
            FakeRateLimiter(1000, 60, self.clock),
            self.store,
            self.clock,
            lambda: next(ids),
            self.context_tokens,
        )

    def turn(self, number: int = 1) -> Any:
        return self.store.rows.turns["ann", f"turn-{number}"]


@pytest.fixture
async def world() -> World:
    world = World()
    async with world.store() as work:
        await FakeAccounts(world.store).add(user("ann"))
        await work.commit()
    return world


def says(text: str) -> list[Part]:
    return [TextDelta(text), Usage(1, 1)]


async def test_a_turn_stores_message_answers_and_results_and_replies(world: World) -> None:
    reply = await world.say(" buy milk ", [TextDelta("On "), TextDelta("it."), ADD], says("Added."))
    assert (reply.response, reply.conversation_id, reply.message_id) == ("Added.", "default", "turn-1")
    (use,) = reply.tool_calls
    assert (use.tool_name, use.parameters) == ("add_task", {"title": "Buy milk"})
    assert use.result["success"]
    assert use.result["data"]["title"] == "Buy milk"
    turn = world.turn()
    assert (turn.message, turn.state) == ("buy milk", TurnState.DONE)
    assert [type(step) for step in turn.steps] == [Answer, ToolResult, Answer]


async def test_the_assistants_changes_name_its_turn(world: World) -> None:
    await world.say("buy milk", [ADD], says("Added."))
    actor = world.store.rows.events[0][1].actor
    assert (actor.kind, actor.id) == ("turn", "turn-1")


async def test_several_calls_of_one_answer_run_in_order(world: World) -> None:
    second = ToolCall("", "complete_task", '{"task_id": 1}')
    reply = await world.say("buy milk, done", [ADD, second], says("Done."))
    assert [use.tool_name for use in reply.tool_calls] == ["add_task", "complete_task"]
    assert world.store.rows.tasks["ann", 1].completed


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (ToolCall("", "drop_table", "{}"), "There is no such tool"),
        (ToolCall("", "add_task", '{"title": 3}'), "title: must be text, not a whole number"),
        (ToolCall("", "add_task", '{"title": "x", "user_id": "bob"}'), "user_id: is not a known field"),
        (ToolCall("", "add_task", "{bad json"), "must be JSON"),
        (ToolCall("", "add_task", "[" * 100_000), "body"),
        (ToolCall("", "complete_task", '{"task_id": 99}'), "There is no task 99"),
        (ToolCall("", "add_task", '{"title": "\\u0000"}'), "NUL"),
    ],
)
async def test_a_bad_call_is_told_to_the_model_and_changes_nothing(world: World, call: ToolCall, told: str) -> None:
    reply = await world.say("go", [call], says("Sorry."))
    assert not reply.tool_calls[0].result["success"]
    assert told in reply.tool_calls[0].result["message"]
    assert world.store.rows.tasks == {}
    last = world.model.prompts[-1].messages[-1]
    assert isinstance(last, ToolResult)
    assert told in last.output["message"]


async def test_a_model_that_never_stops_calling_is_stopped(world: World) -> None:
    reply = await world.say("go", *([ADD] for _ in range(50)))
    assert reply.response == OUT_OF_ROUNDS
    assert len(reply.tool_calls) == ROUNDS_MOST


async def test_a_silent_model_still_gets_an_answer(world: World) -> None:
    assert (await world.say("go", [])).response == NOTHING_SAID


async def test_equal_call_ids_are_told_apart(world: World) -> None:
    call = ToolCall("same", "add_task", '{"title": "a"}')
    reply = await world.say("go", [call, call], [call], says("ok"))
    assert [use.result["data"]["id"] for use in reply.tool_calls] == [1, 2, 3]


async def test_the_model_sees_the_history_then_the_message(world: World) -> None:
    await world.say("buy milk", [ADD], says("Added."))
    await world.say("and now?", says("Nothing."))
    prompt = world.model.prompts[-1]
    assert [type(message) for message in prompt.messages] == [UserMessage, Answer, ToolResult, Answer, UserMessage]
    assert prompt.messages[-1] == UserMessage("and now?")
    assert {tool.name for tool in prompt.tools} >= {"add_task", "list_tasks"}
    assert all("user_id" not in tool.parameters["properties"] for tool in prompt.tools)


async def test_old_turns_are_dropped_whole_when_the_budget_is_full(world: World) -> None:
    for number in range(120):
        await world.say(f"message {number}", [ADD], says("x" * 300))
    world.context_tokens = 2_000
    await world.say("last", says("ok"))
    messages = world.model.prompts[-1].messages
    assert isinstance(messages[0], UserMessage)
    assert 9 < len(messages) < 60
    assert messages[-5] == UserMessage("message 119")
    world.context_tokens = 1_000_000
    await world.say("last", says("ok"))
    assert len(world.model.prompts[-1].messages) == 120 * 4 + 2 + 1


async def test_where_the_model_fails_the_message_is_kept_and_the_next_turn_goes_on(world: World) -> None:
    with pytest.raises(ModelTimeout):
        await world.say("buy milk", [ADD], ModelTimeout("too slow"))
    assert world.turn().state is TurnState.FAILED
    await world.say("again?", says("ok"))
    assert [type(each) for each in world.model.prompts[-1].messages] == [UserMessage, Answer, ToolResult, UserMessage]


async def test_a_call_cut_off_before_its_result_is_completed_in_the_history(world: World) -> None:
    class Dies(Exception):
        pass

    async def die(*_: object) -> None:
        raise Dies

    chat = world.chat
    chat._toolbox.call = die  # type: ignore[method-assign, assignment]
    world.model.answers = [[ADD]]
    with pytest.raises(Dies):
        await chat.say(ANN, ChatMessage("buy milk"))
    await world.say("again?", says("ok"))
    cut_off = world.model.prompts[-1].messages[2]
    assert isinstance(cut_off, ToolResult)
    assert "cut off" in cut_off.output["message"]


async def test_an_effect_and_its_result_are_stored_together_or_not_at_all(world: World) -> None:
    add_step = FakeConversations.add_step

    class Fails(FakeConversations):
        async def add_step(self, turn: Any, number: int, step: Any, now: Any) -> None:
            if isinstance(step, ToolResult):
                raise Unavailable("gone")
            await add_step(self, turn, number, step, now)

    chat = world.chat
    chat._conversations = Fails(world.store)
    world.model.answers = [[ADD], says("Added.")]
    with pytest.raises(Unavailable):
        await chat.say(ANN, ChatMessage("buy milk"))
    assert world.store.rows.tasks == {}


async def test_an_answer_that_can_not_be_stored_is_still_delivered(world: World) -> None:
    class LosesTheEnd(FakeConversations):
        async def end_turn(self, *_: Any) -> None:
            raise Unavailable("gone")

    chat = world.chat
    chat._conversations = LosesTheEnd(world.store)
    world.model.answers = [[ADD], says("Added.")]
    reply = await chat.say(ANN, ChatMessage("buy milk"))
    assert reply.response == "Added."
    assert world.store.rows.tasks["ann", 1].title == "Buy milk"
    assert [type(step) for step in world.turn().steps] == [Answer, ToolResult]


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001, "a\x00"])
async def test_a_bad_message_costs_nothing(world: World, text: str) -> None:
    with pytest.raises(Invalid, match="message"):
        await world.say(text)
    assert world.store.rows.turns == {}


async def test_over_the_limit_nothing_is_stored_and_no_model_asked(world: World) -> None:
    chat = world.chat
    chat._limiter = FakeRateLimiter(1, 60, world.clock)
    world.model.answers = [says("a"), says("b")]
    await chat.say(ANN, ChatMessage("one"))
    with pytest.raises(RateLimited):
        await chat.say(ANN, ChatMessage("two"))
    assert len(world.store.rows.turns) == 1
    assert len(world.model.prompts) == 1


async def test_an_unknown_conversation_is_not_found_and_a_bad_id_is_refused(world: World) -> None:
    with pytest.raises(NotFound):
        await world.say("hi", conversation="someone-elses")
    with pytest.raises(Invalid, match="conversation_id"):
        await world.say("hi", conversation="../etc")
    assert (await world.say("hi", conversation="default")).conversation_id == "default"
