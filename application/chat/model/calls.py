"""Calls the language model for the next answer of a turn. Its text is shown while it arrives, and its usage counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

from application.chat.model.accumulator import DRAFT_SECONDS, Accumulator
from application.chat.model.context_window import ContextWindow, PriorTurns
from application.chat.model.instructions import Instructions
from application.chat.turns.effects import describe_results
from application.chat.turns.heartbeat import LeaseHeartbeat
from application.chat.usage import UsageMeter
from application.ports import LanguageModel, Prompt, Transaction, TurnRepository, Wakeups
from application.ports.topics import turn_topic
from domain.chat.messages import Answer, CutOff
from domain.chat.turn import Turn
from domain.errors import ModelFailed, ModelTimeout
from domain.text import is_visible

TOO_SLOW = "The assistant took too long. Your message is kept; try again in a moment."
NO_ANSWER = "The assistant gave no answer, twice. Your message is kept; try again, or say it in other words."
BROKE_OFF = "The assistant broke off in the middle of its answer. Your message is kept; try again in a moment."
CUT_OFF: dict[CutOff, str] = {
    "length": "\n\n(The answer was cut off here, because it got too long. Tell me to go on for the rest.)",
    "content_filter": "\n\n(The answer was cut off here by a filter of the assistant's provider.)",
}


class ModelCalls:
    def __init__(
        self,
        turns: TurnRepository,
        model: LanguageModel,
        window: ContextWindow,
        transaction: Transaction,
        wakeups: Wakeups,
        heartbeat: LeaseHeartbeat,
        instructions: Instructions,
    ) -> None:
        self._turns = turns
        self._model = model
        self._window = window
        self._meter = UsageMeter(turns, model, transaction)
        self._wakeups = wakeups
        self._heartbeat = heartbeat
        self._instructions = instructions

    async def answer(self, turn: Turn, prior: PriorTurns) -> tuple[Answer, Turn]:
        """Returns the answer, and the turn with its usage. After an empty answer the model is called once more. If that
        is empty too, the answer is made from the results of the turn's tools. Raises `ModelFailed` if no tool ran, and
        what the model raises."""
        for _ in range(2):
            answer, turn = await self._ask(turn, prior)
            if answer.calls or is_visible(answer.text):
                return answer, turn
        if came := describe_results(turn):
            return Answer(came), turn
        await self._meter.charge(turn)
        raise ModelFailed(NO_ANSWER)

    async def _ask(self, turn: Turn, prior: PriorTurns) -> tuple[Answer, Turn]:
        prompt = await self._prompt(turn, prior)
        accumulator = Accumulator(f"{turn.id}-{len(turn.steps)}", self._window.sent(prompt))
        try:
            async with self._meter.counting(turn, accumulator), self._shown(turn, accumulator):
                async with aclosing(self._model.answer(prompt)) as parts:
                    async for part in parts:
                        accumulator.add(part)
                answer = _whole(accumulator)
        except TimeoutError as error:
            raise ModelTimeout(TOO_SLOW) from error
        return answer, accumulator.with_usage(turn, self._model.name)

    async def _prompt(self, turn: Turn, prior: PriorTurns) -> Prompt:
        if self._model.is_program:
            dates, lists = await self._instructions.for_program(turn.user_id)
            return replace(self._window.prompt(turn, prior, ""), dates=dates, lists=lists)
        return self._window.prompt(turn, prior, await self._instructions.of(turn.user_id))

    @asynccontextmanager
    async def _shown(self, turn: Turn, accumulator: Accumulator) -> AsyncIterator[None]:
        showing = asyncio.create_task(self._show(turn, accumulator))
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _show(self, turn: Turn, accumulator: Accumulator) -> None:
        """Writes the text while it arrives. If that fails, viewers see it when the step is stored."""
        while True:
            await asyncio.sleep(DRAFT_SECONDS)
            if text := accumulator.take_unshown():
                await self._turns.renew(turn, self._heartbeat.until(), text)
                await self._wakeups.announce(turn_topic(turn.id))


def _whole(accumulator: Accumulator) -> Answer:
    """Raises `ModelFailed` if the text was cut off. After complete tool calls, the model is called again."""
    answer = accumulator.answer()
    if not accumulator.is_finished and not answer.calls:
        raise ModelFailed(BROKE_OFF)
    reason = accumulator.finish_reason
    if (reason == "length" or reason == "content_filter") and is_visible(answer.text) and not answer.calls:
        return replace(answer, text=answer.text + CUT_OFF[reason], cut_off=reason)
    return answer
