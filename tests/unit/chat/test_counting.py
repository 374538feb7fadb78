"""What a turn asks of the model is limited and counted, however it goes on and however it ends."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import nullcontext

import pytest
from msgspec import json

from application.chat.inputs import ChatMessage
from application.ports import Finished, Part, Prompt, TextDelta, ThoughtDelta, Usage
from domain.chat.messages import MAX_TOKENS_PER_ANSWER, UserMessage, tokens_of
from domain.chat.turn import TurnState
from domain.errors import ModelFailed, ModelTimeout, ModelUnavailable, QuotaExceeded, RateLimited, Unavailable
from domain.idempotency import Key
from tests.fakes import ScriptedModel
from tests.tasks_on import instructions_on
from tests.unit.chat.chat_world import ADD, ANN, World, says, talk
from tests.unit.chat.chat_world import world as world

KEY = Key("k", b"one request")


async def failed(world: World, key: Key | None = None) -> str:
    world.model.answers = [ModelUnavailable("away")]
    with pytest.raises(ModelUnavailable):
        await world.chat.say(ANN, ChatMessage("hello"), key)
    return world.turn().id


async def test_each_resume_counts_as_a_message(world: World) -> None:
    turn_id = await failed(world)
    world.limit = 2
    chat = world.chat
    for _ in range(2):
        world.model.answers = [ModelUnavailable("away")]
        with pytest.raises(ModelUnavailable):
            await chat.resume_to_end(ANN, turn_id)
    asked = len(world.model.prompts)
    for resume in (chat.resume_to_end, chat.resume):
        with pytest.raises(RateLimited):
            await resume(ANN, turn_id)
    assert len(world.model.prompts) == asked


async def test_a_failed_turn_that_goes_on_by_its_key_counts_as_a_message(world: World) -> None:
    await failed(world, KEY)
    world.limit = 1
    chat = world.chat
    world.model.answers = [ModelUnavailable("away")]
    with pytest.raises(ModelUnavailable):
        await chat.say(ANN, ChatMessage("hello"), KEY)
    with pytest.raises(RateLimited):
        await chat.say(ANN, ChatMessage("hello"), KEY)


async def test_a_turn_that_is_over_is_given_again_for_nothing(world: World) -> None:
    await world.say("hello", says("Hi."))
    world.limit = 1
    chat = world.chat
    for _ in range(3):
        assert (await chat.resume_to_end(ANN, "id-1")).response == "Hi."
    world.model.answers = [says("ok")]
    await chat.say(ANN, ChatMessage("and now?"))


async def test_who_has_used_up_a_day_resumes_nothing(world: World) -> None:
    world.daily_tokens = 100
    with pytest.raises(ModelTimeout):
        await world.say("hello", [ADD, Usage(100, 1)], ModelTimeout("slow"))
    with pytest.raises(QuotaExceeded):
        await world.chat.resume_to_end(ANN, "id-1")


class BreaksOff(ScriptedModel):
    """Fails after its parts."""

    def __init__(self, parts: Sequence[Part], fault: BaseException) -> None:
        super().__init__()
        self.parts, self.fault = parts, fault

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        for part in self.parts:
            yield part
        raise self.fault

    async def summarize(self, *_: object) -> AsyncGenerator[Part, None]:
        for part in self.parts:
            yield part
        raise self.fault


ENDS: dict[str, tuple[list[Part], BaseException, bool]] = {
    "never reached": ([], ModelUnavailable("away"), False),
    "refused, with a bill": ([Usage(90, 4)], ModelUnavailable("away"), True),
    "silence until the time was up": ([], ModelTimeout("slow"), True),
    "nothing that could be read": ([], ModelFailed("odd"), True),
    "a call that was cut off, with a bill": ([Usage(90, 4_000)], ModelFailed("odd"), True),
    "text": ([TextDelta("y" * 300)], ModelFailed("odd"), True),
    "thoughts": ([ThoughtDelta("Hm.")], ModelUnavailable("away"), True),
    "another's timeout": ([], TimeoutError(), True),
    "cancelled": ([], asyncio.CancelledError(), True),
}


@pytest.mark.parametrize(("parts", "fault", "counts"), ENDS.values(), ids=ENDS)
async def test_what_reached_the_provider_is_counted_however_it_ended(
    world: World, parts: list[Part], fault: BaseException, counts: bool
) -> None:
    world.model = BreaksOff(parts, fault)
    with pytest.raises((Unavailable, asyncio.CancelledError)):
        await world.say("x" * 300)
    turn = world.turn()
    told = [part for part in parts if isinstance(part, Usage)]
    assert (turn.prompt_tokens > 80, turn.model) == ((True, "scripted") if counts else (False, None))
    if told:
        assert (turn.prompt_tokens, turn.completion_tokens) == (told[0].prompt_tokens, told[0].completion_tokens)


@pytest.mark.parametrize(("fault", "tokens"), [(ModelFailed("odd"), 40), (ModelUnavailable("away"), 40)])
async def test_a_summary_that_fails_is_counted(world: World, fault: Unavailable, tokens: int) -> None:
    await talk(world, 49, says("ok"))

    class Fails(BreaksOff):
        answer = ScriptedModel.answer

    world.model = Fails([Usage(tokens, 0)], fault)
    await talk(world, 2, says("ok"))
    assert world.turn(51).prompt_tokens == 1 + tokens


async def test_empty_answers_are_counted(world: World) -> None:
    with pytest.raises(ModelFailed):
        await world.say("hello", [Usage(10, 1)], [Usage(20, 2)])
    assert (world.turn().prompt_tokens, world.turn().completion_tokens) == (30, 3)


NUMBERS = {
    2**63: MAX_TOKENS_PER_ANSWER,
    2**64: MAX_TOKENS_PER_ANSWER,
    10**30: MAX_TOKENS_PER_ANSWER,
    -1: 0,
    -(2**63): 0,
    0: 0,
    17: 17,
}


@pytest.mark.parametrize(("told", "counted"), NUMBERS.items())
async def test_numbers_of_usage_are_bounded(world: World, told: int, counted: int) -> None:
    await world.say("hello", [TextDelta("Hi."), Usage(told, told, told)])
    turn = world.turn()
    assert (turn.prompt_tokens, turn.completion_tokens, turn.cached_tokens) == (counted,) * 3
    assert turn.state is TurnState.DONE


async def test_the_sums_of_a_turn_and_of_a_user_fit_their_columns() -> None:
    assert MAX_TOKENS_PER_ANSWER * 1_000_000 < 2**53


async def test_a_finished_part_is_no_bill(world: World) -> None:
    await world.say("x" * 300, [TextDelta("y" * 300), Finished("stop")])
    assert (world.turn().prompt_tokens > 100, world.turn().completion_tokens // 10) == (True, 10)


@pytest.mark.parametrize("fault", [None, ModelTimeout("slow"), ModelFailed("odd")])
async def test_a_prompt_without_a_bill_is_counted_with_its_instructions_and_tools(
    world: World, fault: Unavailable | None
) -> None:
    world.model = BreaksOff([TextDelta("Hi.")], fault) if fault else ScriptedModel(says("Hi."))
    with pytest.raises(Unavailable) if fault else nullcontext():
        await world.say("hello")
    told = await instructions_on(world.store, world.clock).of("ann")
    read = told + json.encode(world.toolbox.definitions).decode()
    least = tokens_of([UserMessage(read), UserMessage("hello")])
    assert least <= world.turn().prompt_tokens <= least + 20
