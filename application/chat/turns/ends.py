"""The ends of a turn: with an answer, stopped or failed. Each is stored and announced."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from application.background import Background
from application.chat.turns.effects import describe_changes
from application.chat.turns.heartbeat import LeaseHeartbeat
from application.ports import Transaction, TurnRepository, Wakeups
from application.ports.topics import conversation_topic, turn_topic
from application.retry import retried
from domain.chat.messages import Answer
from domain.chat.turn import Turn, TurnState
from domain.errors import ModelFailed, ModelTimeout, ModelUnavailable, TurnTaken, Unavailable

LATE_SECONDS, LATE_TRIES = 1.0, 60
"""The seconds between attempts to store a delivered answer, and their number."""
CUT_SHORT = "The server was stopped before the answer was whole. Resume the turn."
CRASHED = "Something went wrong on our side while this was answered. Your message is kept; try again in a moment."
MODEL_REFUSALS = (ModelUnavailable, ModelFailed, ModelTimeout)

log = logging.getLogger(__name__)


class TurnEnds:
    """Ends turns. `reading` are the names of the tools that change nothing."""

    def __init__(
        self,
        turns: TurnRepository,
        transaction: Transaction,
        wakeups: Wakeups,
        heartbeat: LeaseHeartbeat,
        background: Background,
        reading: frozenset[str],
    ) -> None:
        self._turns = turns
        self._transaction = transaction
        self._wakeups = wakeups
        self._heartbeat = heartbeat
        self._background = background
        self._reading = reading

    async def finish(self, turn: Turn, answer: Answer) -> Turn:
        """Returns the ended turn. If the answer can't be stored now, it is delivered first and stored later. That is
        safe, because all tool steps are stored already."""
        try:
            return await self._end_with(turn, answer)
        except (Unavailable, TimeoutError) as fault:
            log.warning("the answer of turn %s is delivered and not stored yet: %s", turn.id, fault)
            self._background.start(self._finish_late(turn, answer))
            return replace(turn, steps=(*turn.steps, answer), state=TurnState.DONE)

    async def _finish_late(self, turn: Turn, answer: Answer) -> None:
        """Raises `TurnTaken` if another server has taken over the turn."""
        for _ in range(LATE_TRIES):
            await asyncio.sleep(LATE_SECONDS)
            with suppress(Unavailable, TimeoutError):
                await self._end_with(turn, answer)
                return

    @retried
    async def _end_with(self, turn: Turn, answer: Answer) -> Turn:
        ended = await self._turns.add_step(turn, answer, self._heartbeat.now(), None)
        await self._announce_end(turn)
        return ended

    @retried
    async def stop(self, turn: Turn) -> Turn:
        """Stops the turn and keeps the text that viewers have seen. A turn that has just ended stays as it is."""
        async with self._transaction() as work:
            stored = await self._turns.get(turn.user_id, turn.id) or turn
            if stored.state is not TurnState.RUNNING:
                await work.commit()
                return stored
            stopped = replace(stored, lease=turn.lease)
            if stopped.draft:
                said, until = Answer(stopped.draft), self._heartbeat.until()
                stopped = await self._turns.add_step(stopped, said, self._heartbeat.now(), until)
            ended = await self._end(stopped, TurnState.STOPPED)
            await work.commit()
        return ended

    async def fail(self, turn: Turn, error: BaseException) -> None:
        """Stores the failure with a sentence about what was already done. A turn that another server took over is left
        alone. If the database has just become unavailable, this does not wait for it again."""
        match error:
            case TurnTaken():
                return
            case Unavailable():
                refusal = error
            case _:
                refusal = Unavailable(CUT_SHORT if isinstance(error, asyncio.CancelledError) else CRASHED)
        refusal.turn_id = turn.id
        refusal.message += describe_changes(turn, self._reading)
        failing = self._mark_failed(turn, refusal)
        if error is refusal and not isinstance(
            error, MODEL_REFUSALS
        ):  # a database that just went away is not waited for
            self._background.start(failing)
        else:
            await failing

    async def _mark_failed(self, turn: Turn, refusal: Unavailable) -> None:
        try:
            await self._end(turn, TurnState.FAILED, refusal.message)
        except (Unavailable, TurnTaken, TimeoutError):
            log.warning("turn %s failed and could not be marked so", turn.id)

    @retried
    async def _end(self, turn: Turn, state: TurnState, error: str | None = None) -> Turn:
        async with self._transaction() as work:
            ended = await self._turns.end(turn, state, self._heartbeat.now(), error)
            await self._announce_end(turn)
            await work.commit()
        return ended

    async def _announce_end(self, turn: Turn) -> None:
        await self._wakeups.announce(turn_topic(turn.id))
        await self._wakeups.announce(conversation_topic(turn.user_id, turn.conversation_id))
