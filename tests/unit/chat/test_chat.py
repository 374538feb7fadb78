import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import pytest

from application.chat.inputs import ChatMessage
from application.chat.turns import ends as turn_ends
from application.chat.turns.runner import MAX_ROUNDS, OUT_OF_ROUNDS
from application.ports import Part, Prompt, TextDelta
from application.tools.toolbox import Toolbox
from domain.chat.messages import Answer, ToolCall, ToolResult, UserMessage
from domain.chat.turn import Step, Turn, TurnState
from domain.errors import Conflict, Invalid, ModelTimeout, NotFound, RateLimited, TurnTaken, Unavailable
from tests.fakes import FakeStore, FakeTurns, ScriptedModel
from tests.tasks_on import tools_on
from tests.unit.chat.chat_world import ADD, ANN, World, says
from tests.unit.chat.chat_world import world as world


async def test_a_turn_stores_message_answers_and_results_and_replies(world: World) -> None:
    reply = await world.say(" buy milk ", [TextDelta("On "), TextDelta("it."), ADD], says("Added."))
    assert (reply.response, reply.conversation_id, reply.message_id) == ("On it.\n\nAdded.", "default", "id-1")
    (use,) = reply.tool_calls
    assert (use.tool_name, use.parameters) == ("add_task", {"title": "Buy milk"})
    assert use.result["success"]
    assert use.result["data"]["title"] == "Buy milk"
    turn = world.turn()
    assert (turn.message, turn.state) == ("buy milk", TurnState.DONE)
    assert [type(step) for step in turn.steps] == [Answer, ToolResult, Answer]


async def test_the_assistants_changes_name_its_turn(world: World) -> None:
    await world.say("buy milk", [ADD], says("Added."))
    actor = world.store.rows.events[0].actor
    assert (actor.kind, actor.id) == ("turn", "id-1")


async def test_several_calls_of_one_answer_run_in_order(world: World) -> None:
    second = ToolCall("", "complete_task", '{"task_id": 1}')
    reply = await world.say("buy milk, done", [ADD, second], says("Done."))
    assert [use.tool_name for use in reply.tool_calls] == ["add_task", "complete_task"]
    assert world.store.rows.tasks["ann", 1].completed


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (ToolCall("", "drop_table", "{}"), "There is no such tool"),
        (ToolCall("", "add_task", '{"title": [3]}'), "title: must be text, not a list"),
        (ToolCall("", "add_task", '{"title": "x", "user_id": "bob"}'), "user_id: is not a known field"),
        (ToolCall("", "add_task", "{bad json"), "must be JSON"),
        (ToolCall("", "add_task", "[" * 100_000), "arguments"),
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
    assert len(reply.tool_calls) == MAX_ROUNDS


async def test_equal_call_ids_are_told_apart(world: World) -> None:
    a, b, c = (ToolCall("same", "add_task", f'{{"title": "{title}"}}') for title in "abc")
    reply = await world.say("go", [a, b], [c], says("ok"))
    assert [use.result["data"]["id"] for use in reply.tool_calls] == [1, 2, 3]


async def test_the_model_sees_the_history_then_the_message(world: World) -> None:
    await world.say("buy milk", [ADD], says("Added."))
    await world.say("and now?", says("Nothing."))
    prompt = world.model.prompts[-1]
    assert [type(message) for message in prompt.messages] == [UserMessage, Answer, ToolResult, Answer, UserMessage]
    assert prompt.messages[-1] == UserMessage("and now?")
    assert {tool.name for tool in prompt.tools} >= {"add_task", "list_tasks"}
    assert all("user_id" not in tool.parameters["properties"] for tool in prompt.tools)


async def test_where_the_model_fails_the_message_is_kept_and_the_next_turn_goes_on(world: World) -> None:
    with pytest.raises(ModelTimeout):
        await world.say("buy milk", [ADD], ModelTimeout("too slow"))
    assert world.turn().state is TurnState.FAILED
    await world.say("again?", says("ok"))
    assert [type(each) for each in world.model.prompts[-1].messages] == [UserMessage, Answer, ToolResult, UserMessage]


class Dies(BaseException):
    """The server is killed here."""


async def test_a_call_cut_off_before_its_result_is_completed_in_the_history(world: World) -> None:
    class DyingToolbox(Toolbox):
        async def call(self, *_: object) -> Any:
            raise Dies

    world.toolbox = DyingToolbox(tools_on(world.tasks, world.undo, world.store, world.clock))
    with pytest.raises(Dies):
        await world.say("buy milk", [ADD])
    world.clock.forward(seconds=16)
    await world.say("again?", says("ok"))
    cut_off = world.model.prompts[-1].messages[2]
    assert isinstance(cut_off, ToolResult)
    assert "cut off" in cut_off.output["message"]
    assert world.turn(1).state is TurnState.INTERRUPTED


class FailingTurns(FakeTurns):
    """The database goes away when a step of this type is stored."""

    def __init__(self, store: FakeStore, failing: type, fault: BaseException) -> None:
        super().__init__(store)
        self.failing: type | None = failing
        self.fault = fault

    async def add_step(self, turn: Turn, step: Step, *times: Any) -> Turn:
        if self.failing and isinstance(step, self.failing):
            raise self.fault
        return await super().add_step(turn, step, *times)


async def test_an_effect_and_its_result_are_stored_together_or_not_at_all(world: World) -> None:
    world.turns = FailingTurns(world.store, ToolResult, Unavailable("gone"))
    with pytest.raises(Unavailable):
        await world.say("buy milk", [ADD], says("Added."))
    assert world.store.rows.tasks == {}


@pytest.mark.parametrize("step", [Answer, ToolResult])
async def test_a_turn_whose_server_died_goes_on_from_its_last_step_on_another(world: World, step: type) -> None:
    world.turns = turns = FailingTurns(world.store, step, Dies())
    with pytest.raises(Dies):
        await world.say("buy milk", [ADD], says("Added."))
    turns.failing = None
    with pytest.raises(TurnTaken):
        await world.chat.resume(ANN, "id-1")
    world.clock.forward(seconds=16)
    world.model.answers = [[ADD], says("Added.")] if step is Answer else [says("Added.")]
    other = world.chat
    await other.resume(ANN, "id-1")
    await world.background.close()
    turn = world.turn()
    assert turn.state is TurnState.DONE
    assert [type(each) for each in turn.steps] == [Answer, ToolResult, Answer]
    assert [task.title for task in world.store.rows.tasks.values()] == ["Buy milk"]


async def test_a_failed_turn_can_be_resumed_at_once_and_a_finished_one_is_given_as_it_is(world: World) -> None:
    with pytest.raises(ModelTimeout):
        await world.say("buy milk", [ADD], ModelTimeout("too slow"))
    assert world.turn().error == "too slow Before that, this was done: Added task 1: Buy milk."
    world.model.answers = [says("Added.")]
    chat = world.chat
    await chat.resume(ANN, "id-1")
    await world.background.close()
    assert (await chat.resume(ANN, "id-1")).answers()[-1].text == "Added."
    assert len(world.store.rows.tasks) == 1


async def test_a_turn_that_the_conversation_left_behind_is_not_resumed(world: World) -> None:
    with pytest.raises(ModelTimeout):
        await world.say("buy milk", ModelTimeout("too slow"))
    await world.say("never mind", says("ok"))
    with pytest.raises(Conflict, match="gone on"):
        await world.chat.resume(ANN, "id-1")
    with pytest.raises(NotFound):
        await world.chat.resume(ANN, "nothing")


async def test_a_second_message_waits_for_its_turn_and_is_then_refused_with_the_running_ones_id(world: World) -> None:
    chat = world.chat
    running = await chat.begin(ANN, ChatMessage("one"))
    with pytest.raises(TurnTaken) as refusal:
        await chat.begin(ANN, ChatMessage("two"))
    assert refusal.value.turn_id == running.id
    assert len(world.store.rows.turns) == 1


async def test_five_messages_at_once_all_succeed_and_each_sees_those_before(world: World) -> None:
    world.wait_seconds = 30
    chat = world.chat
    world.model.answers = [says(f"answer {number}") for number in range(5)]
    await asyncio.gather(*(chat.say(ANN, ChatMessage(f"message {number}")) for number in range(5)))
    assert [len(prompt.messages) for prompt in world.model.prompts] == [1, 3, 5, 7, 9]


async def test_leaving_does_not_stop_a_turn(world: World) -> None:
    chat = world.chat
    world.model.answers = [[ADD], says("Added.")]
    asking = asyncio.create_task(chat.say(ANN, ChatMessage("buy milk")))
    await asyncio.wait([asking], timeout=0)
    asking.cancel()
    await world.background.close()
    assert world.turn().state is TurnState.DONE


async def test_a_stop_that_comes_with_the_end_leaves_the_turn_done(world: World) -> None:
    await world.say("buy milk", [ADD], says("Added."))
    assert (await world.chat._runner._ends.stop(world.turn())).state is TurnState.DONE
    assert world.turn().state is TurnState.DONE


class Talks(ScriptedModel):
    """Says one word after another until it is cancelled."""

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        while True:
            yield TextDelta("word ")
            await asyncio.sleep(0.01)


async def test_a_stop_ends_the_answer_and_keeps_what_was_seen_of_it(world: World) -> None:
    world.model = Talks()
    chat = world.chat
    turn = await chat.begin(ANN, ChatMessage("tell me a story"))
    chat.start(ANN, turn)
    assert await chat.stop(ANN, "default", "a stale id") is False
    seen = ""
    async for now in chat.follow(turn):
        seen = now.draft or seen
        if seen and not now.stop_requested:
            assert await chat.stop(ANN, "default", turn.id)
    stopped = world.turn()
    assert stopped.state is TurnState.STOPPED
    assert stopped.answers()[-1].text.startswith(seen)
    assert await chat.stop(ANN, "default") is False


async def test_an_answer_that_can_not_be_stored_is_still_delivered_and_stored_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class LosesTheEnd(FakeTurns):
        lost = 0

        async def add_step(self, turn: Turn, step: Step, now: datetime, until: datetime | None) -> Turn:
            self.lost += until is None
            if until is None and self.lost <= 3:
                raise Unavailable("gone")
            return await super().add_step(turn, step, now, until)

    monkeypatch.setattr(turn_ends, "LATE_SECONDS", 0.01)
    world.turns = LosesTheEnd(world.store)
    reply = await world.say("buy milk", [ADD], says("Added."))
    assert reply.response == "Added."
    assert world.store.rows.tasks["ann", 1].title == "Buy milk"
    assert [type(step) for step in world.turn().steps] == [Answer, ToolResult]
    await world.background.close()
    assert world.turn().state is TurnState.DONE
    assert [type(step) for step in world.turn().steps] == [Answer, ToolResult, Answer]


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001, "a\x00"])
async def test_a_bad_message_costs_nothing(world: World, text: str) -> None:
    with pytest.raises(Invalid, match="message"):
        await world.say(text)
    assert world.store.rows.turns == {}


async def test_over_the_limit_nothing_is_stored_and_no_model_asked(world: World) -> None:
    world.limit = 1
    chat = world.chat
    world.model.answers = [says("a"), says("b")]
    await chat.say(ANN, ChatMessage("one"))
    with pytest.raises(RateLimited):
        await chat.say(ANN, ChatMessage("two"))
    assert len(world.store.rows.turns) == 1
    assert len(world.model.prompts) == 1


async def test_an_unknown_conversation_is_started_and_a_bad_id_is_refused(world: World) -> None:
    assert (await world.say("hi", says("Hello."), conversation="another")).conversation_id == "another"
    with pytest.raises(Invalid, match="conversation_id"):
        await world.say("hi", conversation="../etc")
    assert (await world.say("hi", conversation="default")).conversation_id == "default"
