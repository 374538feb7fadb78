"""Whose timeout ended a turn. Only the one of whoever attends it means that somebody asked to stop."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from application.chat.inputs import ChatMessage
from application.chat.model.calls import TOO_SLOW as MODEL_TOO_SLOW
from application.chat.turns.runner import TOO_SLOW
from application.ports import Part, Prompt, TextDelta
from application.tools.toolbox import Toolbox
from domain.chat.messages import Answer, ToolResult
from domain.chat.turn import Step, Turn, TurnState
from domain.errors import ModelTimeout, Unavailable
from tests.fakes import FakeTurns, ScriptedModel
from tests.tasks_on import tools_on
from tests.unit.chat.chat_world import ADD, ANN, World, says
from tests.unit.chat.chat_world import world as world


class SlowDatabase(FakeTurns):
    """Times out where a step of this type is stored, or the past is read."""

    def __init__(self, world: World, slow: type) -> None:
        super().__init__(world.store)
        self.slow: type | None = slow

    async def add_step(self, turn: Turn, step: Step, *times: Any) -> Turn:
        if self.slow and isinstance(step, self.slow):
            raise TimeoutError
        return await super().add_step(turn, step, *times)

    async def prior_to(self, turn: Turn, limit: int) -> tuple[str, Sequence[Turn]]:
        if self.slow is Turn:
            raise TimeoutError
        return await super().prior_to(turn, limit)


class SlowModel(ScriptedModel):
    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        yield TextDelta("Once")
        async with asyncio.timeout(0):
            await asyncio.Event().wait()


class SlowToolbox(Toolbox):
    async def call(self, *_: object) -> Any:
        raise TimeoutError


@pytest.mark.parametrize("slow", [Turn, Answer, ToolResult])
async def test_the_databases_timeout_is_no_stop(world: World, slow: type) -> None:
    world.turns = turns = SlowDatabase(world, slow)
    with pytest.raises(Unavailable) as refusal:
        await world.say("buy milk", [ADD], says("Added."))
    await world.background.close()
    assert (refusal.value.message, refusal.value.turn_id) == (TOO_SLOW, "id-1")
    assert world.turn().state is TurnState.FAILED
    turns.slow, world.model.answers = None, [[ADD], says("Added.")] if slow is not ToolResult else [says("Added.")]
    assert (await world.chat.resume_to_end(ANN, "id-1")).response == "Added."
    assert len(world.store.rows.tasks) == 1


async def test_the_providers_timeout_is_no_stop(world: World) -> None:
    world.model = SlowModel()
    with pytest.raises(ModelTimeout, match=MODEL_TOO_SLOW):
        await world.chat.say(ANN, ChatMessage("a story"))
    assert world.turn().state is TurnState.FAILED


async def test_a_tools_timeout_is_no_stop(world: World) -> None:
    world.toolbox = SlowToolbox(tools_on(world.tasks, world.undo, world.store, world.clock))
    with pytest.raises(Unavailable, match=TOO_SLOW):
        await world.say("buy milk", [ADD])
    await world.background.close()
    assert world.turn().state is TurnState.FAILED


async def test_ours_is_a_stop(world: World) -> None:
    class Waits(ScriptedModel):
        async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
            yield TextDelta("Once")
            await chat.stop(ANN, "default")
            await asyncio.Event().wait()

    world.model = Waits()
    chat = world.chat
    assert (await chat.say(ANN, ChatMessage("a story"))).message_id == "id-1"
    assert world.turn().state is TurnState.STOPPED


async def test_a_stop_that_comes_with_anothers_timeout_is_a_stop(world: World) -> None:
    class TimesOutWhenStopped(ScriptedModel):
        async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
            yield TextDelta("Once")
            await chat.stop(ANN, "default")
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                raise TimeoutError from None

    world.model = TimesOutWhenStopped()
    chat = world.chat
    await chat.say(ANN, ChatMessage("a story"))
    assert world.turn().state is TurnState.STOPPED
