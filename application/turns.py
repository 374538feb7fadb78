"""Running a turn: from its last stored step to its end, on whatever server holds its lease.

Every step is stored before the next begins, and a tool's effect in one unit of work with its result, so a turn that
is cut off anywhere has done exactly what its rows say, and running it again goes on from there.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, replace

import msgspec

from application.attendance import Attendance, Stopped, turn_topic
from application.background import Background
from application.context_window import ContextWindow, Past
from application.deeds import what_was_done
from application.history import History
from application.model_calls import ModelCalls
from application.ports import Clock, LanguageModel, Transaction, TurnRepository, Wakeups
from application.repeated_calls import repeat_of
from application.repeating import repeated
from application.tools import Outcome, Toolbox, refused
from domain.account import Actor, Caller
from domain.conversation import Answer, Step, ToolCall, ToolResult, Turn, TurnState
from domain.errors import Conflict, ModelFailed, ModelTimeout, ModelUnavailable, Refusal, TurnTaken, Unavailable

ModelRefusal = (ModelUnavailable, ModelFailed, ModelTimeout)
ROUNDS_MOST = 8
CALLS_MOST = 32
LATE_SECONDS, LATE_TRIES = 1.0, 60
"""Between tries to store an answer that was delivered."""
OUT_OF_CALLS = "This call did not run: there were too many in this turn. Tell the user what is done and what is not."
OUT_OF_ROUNDS = "I stopped here: this took more steps than I may take at once. Tell me to go on, or ask for less."
CUT_SHORT = "The server was stopped before the answer was whole. Resume the turn."
TOO_SLOW = "The service took too long with this. Your message is kept; try again in a moment."
CRASHED = "Something went wrong on our side while this was answered. Your message is kept; try again in a moment."
log = logging.getLogger(__name__)


def conversation_topic(user_id: str, conversation_id: str) -> str:
    """Announced when a turn of it ends, so that the next may begin."""
    return f"conversation {user_id} {conversation_id}"


@dataclass(slots=True)
class _Run:
    """A turn on its way: `turn` is as its last step left it."""

    caller: Caller
    turn: Turn


class TurnRunner:
    """`lease_seconds` is how long a turn waits for a server that died before another may take it up."""

    def __init__(
        self,
        turns: TurnRepository,
        history: History,
        window: ContextWindow,
        toolbox: Toolbox,
        model: LanguageModel,
        transaction: Transaction,
        wakeups: Wakeups,
        clock: Clock,
        lease_seconds: float,
        background: Background,
    ) -> None:
        self._turns = turns
        self._history = history
        self._toolbox = toolbox
        self._transaction = transaction
        self._wakeups = wakeups
        self._clock = clock
        self._attendance = Attendance(turns, wakeups, clock, lease_seconds)
        self._model_calls = ModelCalls(turns, model, window, transaction, wakeups, self._attendance)
        self._background = background

    async def run(self, caller: Caller, turn: Turn) -> Turn:
        """Gives the turn as it ended. Raises `Unavailable` (it is left over then) and `TurnTaken`."""
        run = _Run(replace(caller, actor=Actor("turn", turn.id)), turn)
        try:
            await self._rounds(run)
        except Stopped:
            return await self._stop(run.turn)
        except (Exception, asyncio.CancelledError) as error:
            await self._fail(run.turn, error)
            raise
        return run.turn

    async def _rounds(self, run: _Run) -> None:
        try:
            past = await self._history.before(run.turn)
            async with self._attendance.during(run.turn):
                while run.turn.state is TurnState.RUNNING:
                    run.turn = await self._next(run.caller, run.turn, past)
        except TimeoutError as error:
            raise Unavailable(TOO_SLOW) from error
        if past.is_full:
            self._background.start(self._history.condense(run.turn))

    async def _next(self, caller: Caller, turn: Turn, past: Past) -> Turn:
        if calls := turn.open_calls():
            return await self._act(caller, turn, calls[0])
        if len(turn.answers()) == ROUNDS_MOST:
            return await self._finish(turn, Answer(OUT_OF_ROUNDS))
        answer, turn = await self._model_calls.answer(turn, past)
        return await self._store(turn, answer) if answer.calls else await self._finish(turn, answer)

    @repeated
    async def _act(self, caller: Caller, turn: Turn, call: ToolCall) -> Turn:
        try:
            if turn.calls_made() >= CALLS_MOST:
                raise Conflict(OUT_OF_CALLS)
            if call.name not in self._toolbox.reading and (told := repeat_of(turn, call)):
                return await self._store(turn, _result(call, told))
            async with self._transaction() as work:
                outcome = await self._toolbox.call(caller, call.name, call.arguments)
                after = await self._store(turn, _result(call, outcome))
                await work.commit()
        except (Unavailable, TurnTaken):
            raise
        except Refusal as refusal:
            return await self._store(turn, _result(call, refused(refusal)))
        return after

    @repeated
    async def _store(self, turn: Turn, step: Step) -> Turn:
        async with self._transaction() as work:
            after = await self._turns.add_step(turn, step, self._clock(), self._attendance.until())
            await self._wakeups.announce(turn_topic(turn.id))
            await work.commit()
        return after

    async def _finish(self, turn: Turn, answer: Answer) -> Turn:
        """The answer is delivered even where it can't be stored yet: the steps before it hold all that was done."""
        try:
            return await self._end_with(turn, answer)
        except Unavailable as refusal:
            log.warning("the answer of turn %s is delivered and not stored yet: %s", turn.id, refusal.message)
            self._background.start(self._finish_late(turn, answer))
            return replace(turn, steps=(*turn.steps, answer), state=TurnState.DONE)

    async def _finish_late(self, turn: Turn, answer: Answer) -> None:
        """Raises `TurnTaken` where somebody took the turn up meanwhile."""
        for _ in range(LATE_TRIES):
            await asyncio.sleep(LATE_SECONDS)
            with suppress(Unavailable):
                await self._end_with(turn, answer)
                return

    @repeated
    async def _end_with(self, turn: Turn, answer: Answer) -> Turn:
        ended = await self._turns.add_step(turn, answer, self._clock(), None)
        await self._announce_end(turn)
        return ended

    @repeated
    async def _stop(self, turn: Turn) -> Turn:
        """What the model said until then is kept as it was seen by whoever watched. A turn that just ended stays so."""
        async with self._transaction() as work:
            stored = await self._turns.get(turn.user_id, turn.id) or turn
            if stored.state is not TurnState.RUNNING:
                await work.commit()
                return stored
            stopped = replace(stored, lease=turn.lease)
            if stopped.draft:
                stopped = await self._store(stopped, Answer(stopped.draft))
            ended = await self._end(stopped, TurnState.STOPPED)
            await work.commit()
        return ended

    async def _fail(self, turn: Turn, error: BaseException) -> None:
        """What is done already is said with what went wrong. A turn that another server took up is that one's."""
        match error:
            case TurnTaken():
                return
            case Unavailable():
                refusal = error
            case _:
                refusal = Unavailable(CUT_SHORT if isinstance(error, asyncio.CancelledError) else CRASHED)
        refusal.turn_id = turn.id
        refusal.message += what_was_done(turn, self._toolbox.reading)
        failing = self._mark_failed(turn, refusal)
        if error is refusal and not isinstance(error, ModelRefusal):  # a database that just went away is not waited for
            self._background.start(failing)
        else:
            await failing

    async def _mark_failed(self, turn: Turn, refusal: Unavailable) -> None:
        try:
            await self._end(turn, TurnState.FAILED, refusal.message)
        except (Unavailable, TurnTaken):
            log.warning("turn %s failed and could not be marked so", turn.id)

    @repeated
    async def _end(self, turn: Turn, state: TurnState, error: str | None = None) -> Turn:
        async with self._transaction() as work:
            ended = await self._turns.end(turn, state, self._clock(), error)
            await self._announce_end(turn)
            await work.commit()
        return ended

    async def _announce_end(self, turn: Turn) -> None:
        await self._wakeups.announce(turn_topic(turn.id))
        await self._wakeups.announce(conversation_topic(turn.user_id, turn.conversation_id))


def _result(call: ToolCall, outcome: Outcome) -> ToolResult:
    return ToolResult(call.id, call.name, msgspec.to_builtins(outcome))
