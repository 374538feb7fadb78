"""A write that a model sends again."""

import pytest

from application.chat.turns.duplicate_calls import HINT
from domain.chat.messages import ToolCall
from domain.errors import ModelTimeout
from tests.unit.chat.chat_world import ADD, ANN, World, says
from tests.unit.chat.chat_world import world as world

SAME = {
    "another id": ToolCall("b", "add_task", '{"title": "Buy milk"}'),
    "no id": ToolCall("", "add_task", '{"title": "Buy milk"}'),
    "other white space": ToolCall("c", "add_task", '{ "title":"Buy milk" }'),
    "an escaped letter": ToolCall("d", "add_task", '{"title": "Buy mil\\u006b"}'),
}
each_same = pytest.mark.parametrize("same", SAME.values(), ids=SAME)
EGGS = ToolCall("", "add_task", '{"title": "Buy eggs"}')
LIST = ToolCall("", "list_tasks", "{}")


def titles(world: World) -> list[str]:
    return [task.title for task in world.store.rows.tasks.values()]


@each_same
async def test_the_same_write_twice_in_one_answer_runs_once(world: World, same: ToolCall) -> None:
    reply = await world.say("add milk", [ADD, same], says("Added."))
    assert titles(world) == ["Buy milk"]
    assert [use.result["success"] for use in reply.tool_calls] == [True, True]
    assert reply.tool_calls[1].result["message"] == HINT


async def test_an_answer_that_is_sent_twice_runs_once(world: World) -> None:
    await world.say("add milk and eggs", [ADD, EGGS, ADD, EGGS], says("Added."))
    assert titles(world) == ["Buy milk", "Buy eggs"]


@each_same
async def test_the_same_write_in_a_later_round_is_answered_with_a_hint(world: World, same: ToolCall) -> None:
    reply = await world.say("add milk", [ADD], [LIST], [same], says("Added."))
    assert titles(world) == ["Buy milk"]
    assert reply.tool_calls[-1].result["message"] == HINT


@pytest.mark.parametrize("later", [[[ADD, ADD]], [[ADD], [ADD]], [[ADD, ADD, ADD]]])
async def test_after_the_hint_what_was_refused_is_meant(world: World, later: list[list[ToolCall]]) -> None:
    await world.say("add milk, milk and milk", [ADD, ADD, ADD], *later, says("Added."))
    assert titles(world) == ["Buy milk"] * 3


async def test_a_model_that_forgets_what_it_did_is_told_every_other_time(world: World) -> None:
    await world.say("add milk", *[[ADD]] * 8)
    assert titles(world) == ["Buy milk"] * 4


@pytest.mark.parametrize(
    "message",
    [
        "add milk three times",
        "add milk 3 times",
        "put milk on it thrice",
        "add milk 3x",
        "füge dreimal Milch hinzu",
        "ajoute du lait trois fois",
        "añade leche tres veces",
        "adicione leite três vezes",
        "添加三次牛奶",
        "добавь молоко три раза",
    ],
)
async def test_whoever_asks_for_several_gets_several(world: World, message: str) -> None:
    await world.say(message, [ADD, ADD, ADD], says("Added."))
    assert titles(world) == ["Buy milk"] * 3


@pytest.mark.parametrize("message", ["add milk", "füg mal Milch hinzu", "add 2 milk", "add milk by 3 o'clock"])
async def test_a_number_alone_asks_for_one(world: World, message: str) -> None:
    await world.say(message, [ADD, ADD], says("Added."))
    assert titles(world) == ["Buy milk"]


async def test_what_differs_runs_each_time(world: World) -> None:
    described = ToolCall("", "add_task", '{"title": "Buy milk", "description": "2 l"}')
    await world.say("add milk", [ADD, described], says("Added."))
    assert titles(world) == ["Buy milk"] * 2


async def test_reading_again_is_no_repeat(world: World) -> None:
    reply = await world.say("what is there?", [LIST, LIST], [LIST], says("Nothing."))
    assert [use.result["message"] for use in reply.tool_calls] == ["0 of 0 tasks, newest first"] * 3


async def test_what_failed_may_be_tried_again(world: World) -> None:
    complete = ToolCall("", "complete_task", '{"task_id": 1}')
    await world.say("add milk, done", [complete], [ADD], [complete], says("Done."))
    assert world.store.rows.tasks["ann", 1].completed


async def test_a_new_turn_may_do_the_same(world: World) -> None:
    for _ in range(2):
        await world.say("add milk", [ADD], says("Added."))
    assert titles(world) == ["Buy milk"] * 2


async def test_an_answer_given_anew_does_not_repeat_what_was_done(world: World) -> None:
    await world.say("add milk", [ADD], says("Added."))
    world.model.answers = [[ADD], says("It is there.")]
    chat = world.chat
    await chat.reply(ANN, await chat.regenerate(ANN, "default", None))
    assert titles(world) == ["Buy milk"]


async def test_a_resumed_turn_does_not_repeat_what_was_done(world: World) -> None:
    with pytest.raises(ModelTimeout):
        await world.say("add milk", [ADD], ModelTimeout("slow"))
    world.model.answers = [[ADD], says("Added.")]
    await world.chat.resume_to_end(ANN, "id-1")
    assert titles(world) == ["Buy milk"]


async def test_a_program_means_what_it_calls(world: World) -> None:
    world.model.is_program = True
    await world.say("add tasks: milk, milk", [ADD, ADD], says("Added."))
    assert titles(world) == ["Buy milk"] * 2
