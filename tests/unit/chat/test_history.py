"""What a model is shown of a long conversation."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from application.chat.model.history import MAX_SHOWN_TURNS
from application.ports import Part, Prompt, TextDelta
from domain.chat.conversation import Conversation
from domain.chat.messages import Answer, Message, ToolResult, UserMessage
from domain.errors import ModelTimeout
from tests.fakes import ScriptedModel
from tests.unit.chat.chat_world import ADD, World, says, talk
from tests.unit.chat.chat_world import world as world


def stored(world: World) -> Conversation:
    return world.store.rows.conversations["ann", "default"]


def questions(prompt: Prompt) -> list[str]:
    return [message.text for message in prompt.messages if isinstance(message, UserMessage)]


class Digests(ScriptedModel):
    """Its summary is all that was said, so that nothing can be missed in it."""

    async def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        said = [message.text for message in messages if isinstance(message, UserMessage)]
        yield TextDelta("|".join(filter(None, [summary, *said])))


async def test_a_short_conversation_is_shown_whole_and_not_summarized(world: World) -> None:
    await talk(world, MAX_SHOWN_TURNS)
    assert world.model.summaries == []
    assert questions(world.model.prompts[-1]) == [f"message {number}" for number in range(MAX_SHOWN_TURNS)]
    assert world.model.prompts[-1].summary == ""


async def test_every_turn_before_is_in_the_summary_or_shown_whole_and_in_order(world: World) -> None:
    world.model = Digests()
    await talk(world, 140)
    prompt = world.model.prompts[-1]
    assert prompt.summary.split("|") + questions(prompt) == [f"message {number}" for number in range(140)]
    assert MAX_SHOWN_TURNS // 2 <= len(questions(prompt)) <= MAX_SHOWN_TURNS + 1


async def test_the_budget_holds_for_long_messages_and_calls_stay_with_their_results(world: World) -> None:
    world.context_tokens = 4_000
    await talk(world, 40, [ADD], says("x" * 500))
    for prompt in world.model.prompts:
        assert sum(len(str(message)) for message in prompt.messages) < 3.5 * world.context_tokens
        assert isinstance(prompt.messages[0], UserMessage)
        called = [call.id for message in prompt.messages if isinstance(message, Answer) for call in message.calls]
        assert called == [message.call_id for message in prompt.messages if isinstance(message, ToolResult)]
    assert stored(world).summarized_until > 20


async def test_what_is_shown_grows_at_its_end_only_between_two_summaries(world: World) -> None:
    await talk(world, 140)
    starts = [questions(prompt)[0] for prompt in world.model.prompts]
    assert len(set(starts)) == len(world.model.summaries) + 1


async def test_nobody_waits_for_a_summary_and_its_fault_fails_no_turn(world: World) -> None:
    class CanNotSummarize(ScriptedModel):
        async def summarize(self, *_: Any) -> AsyncGenerator[Part, None]:
            raise ModelTimeout("too slow")
            yield

    world.model = CanNotSummarize()
    await talk(world, 80)
    assert stored(world).summarized_until == 0
    assert questions(world.model.prompts[-1])[-MAX_SHOWN_TURNS - 1] == f"message {79 - MAX_SHOWN_TURNS}"
    world.model = Digests()
    await talk(world, 10)
    assert stored(world).summary.startswith("message 0|message 1|")
    assert stored(world).summarized_until >= 50


async def test_a_summary_costs_tokens_of_the_turn_after_which_it_was_made(world: World) -> None:
    await talk(world, MAX_SHOWN_TURNS + 1, says("ok"))
    assert (world.turn(MAX_SHOWN_TURNS).prompt_tokens, world.turn(MAX_SHOWN_TURNS).completion_tokens) == (1, 1)
    assert (world.turn(MAX_SHOWN_TURNS + 1).prompt_tokens, world.turn(MAX_SHOWN_TURNS + 1).completion_tokens) == (11, 2)


async def test_a_summary_is_no_longer_than_it_may_be(world: World) -> None:
    class Talks(ScriptedModel):
        async def summarize(self, *_: Any) -> AsyncGenerator[Part, None]:
            yield TextDelta("x" * 100_000)

    world.model, world.context_tokens = Talks(), 1_000
    await talk(world, 60)
    assert len(stored(world).summary) == 500


async def test_tokens_that_no_model_tells_are_estimated(world: World) -> None:
    await world.say("hello", [TextDelta("y" * 300)])
    short = world.turn().prompt_tokens
    await world.say("x" * 300, [TextDelta("y" * 300)])
    assert (short > 100, world.turn(2).prompt_tokens > short + 100) == (True, True)
    assert world.turn(2).completion_tokens // 10 == 10
