"""What becomes of answers that are none, or not whole, and of turns that fail after they did something."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from application.chat.conversations import Conversations
from application.chat.inputs import ChatMessage
from application.chat.model.calls import BROKE_OFF, CUT_OFF, NO_ANSWER
from application.chat.replies import STOPPED
from application.chat.turns.decisions import SUPERSEDED
from application.chat.turns.ends import CRASHED, CUT_SHORT
from application.ports import Finished, Part, Prompt, TextDelta, ThoughtDelta, Usage
from domain.chat.messages import Answer, ToolCall, UserMessage
from domain.chat.turn import Turn, TurnState
from domain.errors import Conflict, ModelFailed, ModelTimeout, ModelUnavailable, Unavailable
from tests.fakes import ScriptedModel
from tests.unit.chat.chat_world import ADD, ANN, World, says
from tests.unit.chat.chat_world import world as world

EMPTY: dict[str, list[Part]] = {
    "no parts": [],
    "empty text": [TextDelta("")],
    "white space": [TextDelta(" \n"), TextDelta("\t")],
    "zero-width": [TextDelta("\u200b\u2060\ufeff")],
    "soft hyphens": [TextDelta("\u00ad" * 3)],
    "Hangul fillers": [TextDelta("\u3164\u115f")],
    "thoughts only": [ThoughtDelta("The user wants milk.")],
    "thoughts and white space": [ThoughtDelta("Hm."), TextDelta(" ")],
    "usage only": [Usage(7, 0)],
    "thoughts up to the limit": [ThoughtDelta("Hm."), Finished("length")],
}
each_empty = pytest.mark.parametrize("empty", EMPTY.values(), ids=EMPTY)
LIST = ToolCall("", "list_tasks", "{}")
DONE = "Before that, this was done: Added task 1: Buy milk."


@each_empty
async def test_an_empty_answer_is_asked_for_once_more(world: World, empty: list[Part]) -> None:
    assert (await world.say("hello", empty, says("Hi."))).response == "Hi."
    assert world.model.prompts[0] == world.model.prompts[1]
    assert [type(step) for step in world.turn().steps] == [Answer]


@each_empty
async def test_two_empty_answers_are_told_as_none(world: World, empty: list[Part]) -> None:
    with pytest.raises(ModelFailed, match="gave no answer") as refusal:
        await world.say("hello", empty, empty)
    assert refusal.value.message == NO_ANSWER
    assert (refusal.value.turn_id, world.turn().state, world.turn().steps) == ("id-1", TurnState.FAILED, ())
    assert len(world.model.prompts) == 2


@each_empty
async def test_after_tools_ran_an_empty_answer_is_made_of_their_results(world: World, empty: list[Part]) -> None:
    reply = await world.say("buy milk", [ADD], empty, empty)
    assert reply.response == "Added task 1: Buy milk"
    assert (world.turn().state, world.turn().answers()[-1].text) == (TurnState.DONE, reply.response)


async def test_tasks_that_were_found_are_told(world: World) -> None:
    await world.say("buy milk", [ADD], says("Added."))
    assert (await world.say("what is there?", [LIST], [], [])).response == "1 of 1 tasks, newest first\n1. Buy milk"


@pytest.mark.parametrize(
    "call",
    [
        ToolCall("", "add_task", "{bad json"),
        ToolCall("", "add_task", '{"title": {}}'),
        ToolCall("", "drop_table", "{}"),
        ToolCall("", "complete_task", '{"task_id": 99}'),
    ],
)
async def test_what_could_not_be_done_is_not_told_as_done(world: World, call: ToolCall) -> None:
    assert (await world.say("go", [call], [], [])).response.startswith("Not done: ")


async def test_many_results_are_told_in_part(world: World) -> None:
    adds = [ToolCall("", "add_task", f'{{"title": "{"x" * 190}{number}"}}') for number in range(30)]
    told = (await world.say("go", adds, [], [])).response
    assert told.endswith("\nand 10 more")
    assert len(told) < 3_000


@pytest.mark.parametrize("reason", ["length", "content_filter"])
async def test_an_answer_that_was_cut_off_says_so(world: World, reason: str) -> None:
    reply = await world.say("a story", [TextDelta("Once upon"), Finished(reason)])  # type: ignore[arg-type]
    assert reply.response == f"Once upon{CUT_OFF[reason]}"  # type: ignore[index]
    assert world.turn().answers()[-1].cut_off == reason


async def test_a_text_whose_stream_broke_off_is_no_answer(world: World) -> None:
    world.model.breaks_off = True
    with pytest.raises(ModelFailed, match="broke off") as refusal:
        await world.say("a story", [TextDelta("Once upon"), Usage(5, 2)])
    assert (refusal.value.message, world.turn().state) == (BROKE_OFF, TurnState.FAILED)
    assert world.turn().completion_tokens == 2


async def test_an_end_for_an_unknown_reason_is_an_end(world: World) -> None:
    assert (await world.say("hi", [TextDelta("Hello."), Finished(None)])).response == "Hello."


async def test_words_before_a_call_are_read_wherever_the_answer_is(world: World) -> None:
    reply = await world.say("buy milk", [TextDelta("Let me see."), LIST], [TextDelta("So."), ADD], says("Added."))
    assert reply.response == "Let me see.\n\nSo.\n\nAdded."
    conversations = Conversations(world.conversations, world.turns, world.store, world.clock, lambda: "")
    page = await conversations.messages(ANN, "default", 10)
    assert page.messages[-1].text == reply.response
    exported = [each async for each in conversations.export(await conversations.get(ANN, "default"))]
    assert exported[-1].text == reply.response


@pytest.mark.parametrize("fault", [ModelTimeout("slow."), ModelUnavailable("away."), ModelFailed("odd.")])
async def test_what_was_done_before_a_fault_is_said_with_it(world: World, fault: Unavailable) -> None:
    bad = ToolCall("", "complete_task", '{"task_id": 99}')
    with pytest.raises(type(fault)) as refusal:
        await world.say("buy milk", [LIST, ADD, bad], fault)
    assert refusal.value.message.endswith(f". {DONE}")
    assert world.turn().error == refusal.value.message


@pytest.mark.parametrize("calls", [[], [LIST], [ToolCall("", "complete_task", '{"task_id": 99}')]])
async def test_where_nothing_was_done_a_fault_says_nothing_of_it(world: World, calls: list[ToolCall]) -> None:
    with pytest.raises(ModelTimeout) as refusal:
        await world.say("go", *([calls] if calls else []), ModelTimeout("slow."))
    assert refusal.value.message == "slow."


async def replied(world: World, turn: Turn) -> str:
    return (await world.chat.reply(ANN, turn)).response


async def test_a_turn_that_was_stopped_before_a_word_says_so(world: World) -> None:
    await world.say("hi", says("Hi."))
    stopped = replace(world.turn(), state=TurnState.STOPPED, steps=())
    assert await replied(world, stopped) == STOPPED


@pytest.mark.parametrize(
    ("state", "refusal", "told"),
    [(TurnState.INTERRUPTED, Conflict, SUPERSEDED), (TurnState.FAILED, Unavailable, CUT_SHORT)],
)
async def test_a_turn_that_was_interrupted_is_no_empty_answer(
    world: World, state: TurnState, refusal: type[Exception], told: str
) -> None:
    await world.say("hi", says("Hi."))
    with pytest.raises(refusal, match=told):
        await replied(world, replace(world.turn(), state=state, steps=()))


async def test_a_crash_leaves_no_turn_stuck(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        await world.say("buy milk", [ADD], ZeroDivisionError())
    assert (world.turn().state, world.turn().error) == (TurnState.FAILED, f"{CRASHED} {DONE}")
    world.model.answers = [says("Added.")]
    assert (await world.chat.resume_to_end(ANN, "id-1")).response == "Added."


async def test_a_server_that_ends_says_what_was_done(world: World) -> None:
    class Waits(ScriptedModel):
        async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
            async for part in super().answer(prompt):
                yield part
            if len(self.prompts) == 2:
                running.cancel()

    world.model = Waits([ADD], says("Added."))
    chat = world.chat
    turn = await chat.begin(ANN, ChatMessage("buy milk"))
    running = chat.start(ANN, turn)
    chat.start = lambda *_: running  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="stopped before the answer was whole") as refusal:
        await chat.reply(ANN, turn)
    assert refusal.value.message == f"{CUT_SHORT} {DONE}"
    assert refusal.value.turn_id == turn.id


async def test_the_model_is_shown_what_it_said_before_a_call(world: World) -> None:
    await world.say("buy milk", [TextDelta("Let me see."), ADD], says("Added."))
    question, first, *_ = world.model.prompts[1].messages
    assert question == UserMessage("buy milk")
    assert isinstance(first, Answer)
    assert first.text == "Let me see."
