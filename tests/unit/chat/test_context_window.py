"""What a model is shown stays within its context, whatever was said and found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from msgspec import json

from application.chat.model.context_window import MIN_KEPT_TURNS, MIN_ROOM, ContextWindow, PriorTurns, fit_turns
from application.chat.model.shortening import common_limit, shorten_turn
from application.ports import Prompt, TextDelta
from application.tools.results import short_form
from domain.chat.messages import Answer, Message, ProviderData, ToolCall, ToolResult, UserMessage, tokens_of
from domain.chat.turn import Step, Turn
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH
from tests.fakes import FakeClock, ScriptedModel
from tests.unit.chat.chat_world import ADD, World, says
from tests.unit.chat.chat_world import world as world

LIST = ToolCall("", "list_tasks", "{}")
TODAY = "Monday, 2026-11-23 (UTC)"
BUDGETS = [4_000, 16_000, 60_000]


def size(prompt: Prompt) -> int:
    """In tokens, by what is sent: three bytes of it, which is less than a token of most texts."""
    told = [prompt.instructions, prompt.summary, json.encode(prompt.tools).decode()]
    return (sum(len(text.encode()) for text in told) + sum(map(sent, prompt.messages))) // 3


def sent(message: Message) -> int:
    match message:
        case UserMessage(text):
            return len(text.encode())
        case Answer(text, calls):
            return len(text.encode()) + sum(len(call.name + call.arguments) for call in calls)
        case ToolResult():
            return len(json.encode(message.output))


def assert_whole(messages: Sequence[Message]) -> None:
    """Calls stand with their results, and arguments are JSON."""
    calls = [call for message in messages if isinstance(message, Answer) for call in message.calls]
    assert [call.id for call in calls] == [each.call_id for each in messages if isinstance(each, ToolResult)]
    for call in calls:
        json.decode(call.arguments)


def results(messages: Iterable[Message | Step]) -> list[dict[str, Any]]:
    return [message.output for message in messages if isinstance(message, ToolResult)]


async def with_long_tasks(
    world: World, count: int = 100, text: str = "x", length: int = MAX_DESCRIPTION_LENGTH
) -> None:
    long = text * (length // len(text))
    for number in range(0, count, 25):
        adds = [
            ToolCall("", "add_task", json.encode({"title": f"Task {each}", "description": long}).decode())
            for each in range(number, min(number + 25, count))
        ]
        await world.say("prepare", adds, says("Added."))


@pytest.mark.long
@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("text", ["x", "牛", "🥛", '"\\/'], ids=["x", "牛", "🥛", "quotes"])
async def test_31_lists_of_long_tasks_fit_and_the_next_turn_still_knows_them(
    world: World, budget: int, text: str
) -> None:
    world.context_tokens = budget
    await with_long_tasks(world, 100, text)
    rounds: list[Any] = [[LIST] * 6, *([LIST] * 5 for _ in range(5)), says("You have many.")]
    await world.say("what is there, all of it?", *rounds)
    assert tokens_of(world.turn(5).messages()) > 31 * 2 * MAX_DESCRIPTION_LENGTH // 3
    await world.say("and now?", says("The same."))
    assert max(map(size, world.model.prompts)) <= budget
    for prompt in world.model.prompts:
        assert_whole(prompt.messages)
    last = world.model.prompts[-1].messages
    assert UserMessage("what is there, all of it?") in last
    assert Answer("You have many.") in last
    assert last[-1] == UserMessage("and now?")


async def test_the_step_keeps_the_whole_result_and_the_model_reads_how_to_get_the_rest(world: World) -> None:
    world.context_tokens = 9_000
    await with_long_tasks(world, length=450)
    await world.say("what is there?", [LIST], says("Much."))
    stored = results(world.turn(5).steps)[0]
    (shown,) = results(world.model.prompts[-1].messages[-1:])
    assert len(stored["data"]["tasks"]) == 100
    assert all(len(task["description"]) == 450 for task in stored["data"]["tasks"])
    assert 20 < len(shown["data"]["tasks"]) < 100
    assert shown["data"]["tasks"][0]["title"] == stored["data"]["tasks"][0]["title"]
    assert shown["data"]["total"] == 100
    assert "You are shown a part of this" in shown["message"]
    assert f"only the first {len(shown['data']['tasks'])} are here" in shown["message"]
    assert "Call again" in shown["message"]


def _short(message: Message) -> Message:
    return replace(message, output=short_form(message.output)) if isinstance(message, ToolResult) else message


async def test_what_fits_is_shown_as_it_is(world: World) -> None:
    await world.say("buy milk", [ADD], says("Added."))
    await world.say("what is there?", [LIST], says("Milk."))
    whole = [_short(each) for turn in (1, 2) for each in world.turn(turn).messages()]
    assert world.model.prompts[-1].messages == whole[:-1]


async def test_a_program_is_shown_its_own_turn_whole(world: World) -> None:
    world.model.is_program = True
    await with_long_tasks(world)
    await world.say("what is there?", [LIST], says("Much."))
    (shown,) = results(world.model.prompts[-1].messages[-1:])
    assert shown == results(world.turn(5).steps)[0]


async def test_a_program_is_shown_the_turns_before_without_long_lists(world: World) -> None:
    world.model.is_program = True
    await with_long_tasks(world)
    await world.say("hello", says("Hi."))
    await world.say("what is there?", [LIST], says("Much."))
    assert [message.text for message in world.model.prompts[-1].messages if isinstance(message, UserMessage)][-2:] == [
        "hello",
        "what is there?",
    ]
    await world.say("and now?", says("The same."))
    *before, last = world.model.prompts[-1].messages
    assert last == UserMessage("and now?")
    (listed,) = [message.output for message in before if isinstance(message, ToolResult)]
    assert listed["data"] is None, "what a program needs of a long list, it stores with its answer"


@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize(
    "said",
    [
        "x" * 100_000,
        "牛" * 30_000,
        "\u200b" * 30_000,
    ],
)
async def test_long_answers_fit_and_the_last_turns_stay(world: World, budget: int, said: str) -> None:
    world.context_tokens = budget
    for number in range(5):
        await world.say(f"{number} " + "q" * 4_990, [TextDelta(said + ".")])
    await world.say("and now?", says("ok"))
    assert max(map(size, world.model.prompts)) <= budget
    last = world.model.prompts[-1].messages
    asked = [message.text[:1] for message in last if isinstance(message, UserMessage)]
    assert asked[-1 - MIN_KEPT_TURNS :] == ["2", "3", "4", "a"]


@pytest.mark.parametrize("budget", BUDGETS)
async def test_a_thousand_calls_at_once_fit(world: World, budget: int) -> None:
    world.context_tokens = budget
    calls = [
        ToolCall("", "add_task", f'{{"title": "{number}", "description": "{"d" * 50}"}}') for number in range(1_000)
    ]
    await world.say("go", calls, says("Added."))
    await world.say("and now?", says("ok"))
    assert max(map(size, world.model.prompts)) <= budget
    for prompt in world.model.prompts:
        assert_whole(prompt.messages)


@pytest.mark.parametrize("arguments", ["{bad" * 10_000, '{"title": "' + "x" * 50_000 + '"}', "[" * 90_000, "3" * 9_000])
async def test_long_arguments_fit_and_stay_json(world: World, arguments: str) -> None:
    world.context_tokens = 4_000
    await world.say("go", [ToolCall("", "add_task", arguments)], says("Sorry."))
    assert size(world.model.prompts[-1]) <= 4_000
    assert_whole(world.model.prompts[-1].messages)


async def test_a_long_summary_is_cut() -> None:
    prompt = window(4_000).prompt(asking("hi"), PriorTurns("牛" * 4_000, [], 0, is_full=False), TODAY)
    assert size(prompt) <= 4_000
    assert prompt.summary.startswith("牛")


async def test_what_a_provider_wants_back_takes_room_too() -> None:
    data = ProviderData("tiny", {"reasoning_content": "r" * 30_000})
    old: list[Message] = [UserMessage("before"), Answer("So.", provider_data=data)]
    prompt = window(4_000).prompt(
        asking("hi"), PriorTurns("", [old, old, old], tokens_of(old) * 3, is_full=True), TODAY
    )
    assert prompt.messages == [UserMessage("hi")]


async def test_a_conversation_has_some_room_however_many_tools_there_are() -> None:
    assert window(10).room == MIN_ROOM


def window(budget: int) -> ContextWindow:
    return ContextWindow(ScriptedModel(), [], budget)


def asking(text: str) -> Turn:
    return Turn(user_id="ann", conversation_id="default", id="t", message=text, created_at=FakeClock()())


def test_the_users_own_words_are_cut_last() -> None:
    question = UserMessage("q" * 3_000)
    call = ToolCall("1", "list_tasks", "{}")
    output = {"success": True, "message": "found", "data": ["x" * 100] * 500}
    shown = shorten_turn([question, Answer("", (call,)), ToolResult("1", "list_tasks", output)], 2_100)
    assert shown[0] == question
    assert tokens_of(shown) <= 2_100
    assert len(results(shown)[0]["data"]) > 10


@pytest.mark.parametrize(
    ("sizes", "budget", "most"),
    [([], 10, 0), ([1, 2, 3], 10, 3), ([1, 2, 30], 10, 7), ([30, 30, 30], 30, 10), ([5, 5], 0, 0), ([5, 5], -7, 0)],
)
def test_the_longest_are_cut_to_one_length(sizes: list[int], budget: int, most: int) -> None:
    assert common_limit(sizes, budget) == most
    assert sum(min(each, most) for each in sizes) <= max(budget, 0)


def test_the_newest_turns_are_shortened_rather_than_dropped() -> None:
    huge: list[Message] = [UserMessage("huge"), Answer("y" * 90_000)]
    small: list[Message] = [UserMessage("small"), Answer("ok")]
    for turns in ([huge, small, huge, small], [huge, huge, huge, huge], [small, huge, small, small, huge]):
        kept = fit_turns(turns, 2_000)
        asked = [messages[0] for messages in kept]
        assert asked == [messages[0] for messages in turns][: len(asked)]
        assert len(asked) >= MIN_KEPT_TURNS
        assert sum(map(tokens_of, kept)) <= 2_000


def test_a_step_is_not_changed_by_being_shortened() -> None:
    output = {"success": True, "message": "found", "data": {"tasks": [{"title": "x" * 900}] * 50, "total": 50}}
    before = replace(ToolResult("1", "list_tasks", output))
    shorten_turn([UserMessage("q"), Answer("", (ToolCall("1", "list_tasks", "{}"),)), before], 300)
    assert before.output == output
    assert len(output["data"]["tasks"]) == 50  # type: ignore[index]
