"""Runs a turn from its last stored step to its end, on the server that holds its lease. Every step is stored before the
next begins, and the effect of a tool is stored in one unit of work with its result. So a turn that is cut off has done
exactly what its rows say, and can be continued from there."""

import asyncio
from dataclasses import dataclass, replace

import msgspec

from application.background import Background
from application.chat.model.calls import ModelCalls
from application.chat.model.context_window import ContextWindow, PriorTurns
from application.chat.model.history import History
from application.chat.model.instructions import Instructions
from application.chat.turns.approvals import Approvals
from application.chat.turns.duplicate_calls import duplicate_hint
from application.chat.turns.ends import TurnEnds
from application.chat.turns.heartbeat import LeaseHeartbeat, Stopped
from application.ports import Clock, LanguageModel, Transaction, TurnRepository, Wakeups
from application.ports.topics import conversation_topic, turn_topic
from application.retry import retried
from application.tools.results import ToolOutput, refusal_output
from application.tools.toolbox import Toolbox
from domain.accounts.account import Actor, Caller
from domain.chat.approval import ApprovalRequest
from domain.chat.messages import Answer, ToolCall, ToolResult
from domain.chat.turn import Step, Turn, TurnState
from domain.errors import Conflict, Refusal, TurnTaken, Unavailable

MAX_ROUNDS = 8
MAX_CALLS = 32
OUT_OF_CALLS = "This call did not run: there were too many in this turn. Tell the user what is done and what is not."
OUT_OF_ROUNDS = "I stopped here: this took more steps than I may take at once. Tell me to go on, or ask for less."
TOO_SLOW = "The service took too long with this. Your message is kept; try again in a moment."


@dataclass(slots=True)
class _Run:
    caller: Caller
    turn: Turn


class TurnRunner:
    """If a server dies, another server may take over its turns after `lease_seconds`."""

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
        instructions: Instructions,
        approvals: Approvals,
    ) -> None:
        self._turns = turns
        self._history = history
        self._toolbox = toolbox
        self._transaction = transaction
        self._wakeups = wakeups
        self._clock = clock
        self._heartbeat = LeaseHeartbeat(turns, wakeups, clock, lease_seconds)
        self._model = model
        self._model_calls = ModelCalls(turns, model, window, transaction, wakeups, self._heartbeat, instructions)
        self._ends = TurnEnds(turns, transaction, wakeups, self._heartbeat, background, toolbox.reading)
        self._background = background
        self._approvals = approvals

    async def run(self, caller: Caller, turn: Turn) -> Turn:
        """Raises `TurnTaken`, and `Unavailable`, after which the turn may be resumed."""
        run = _Run(replace(caller, actor=Actor("turn", turn.id)), turn)
        try:
            await self._rounds(run)
        except Stopped:
            return await self._ends.stop(run.turn)
        except (Exception, asyncio.CancelledError) as error:
            await self._ends.fail(run.turn, error)
            raise
        return run.turn

    async def _rounds(self, run: _Run) -> None:
        try:
            prior = await self._history.before(run.turn)
            async with self._heartbeat.during(run.turn):
                while run.turn.state is TurnState.RUNNING:
                    run.turn = await self._next(run.caller, run.turn, prior)
        except TimeoutError as error:
            raise Unavailable(TOO_SLOW) from error
        if prior.is_full:
            self._background.start(self._history.condense(run.turn))

    async def _next(self, caller: Caller, turn: Turn, prior: PriorTurns) -> Turn:
        if calls := turn.pending_calls():
            may_run = calls[: max(MAX_CALLS - turn.calls_made(), 0)]
            step = await self._approvals.step_before(caller, turn, may_run) if may_run else None
            return await (self._store(turn, step) if step else self._act(caller, turn, calls[0]))
        if len(turn.answers()) == MAX_ROUNDS:
            return await self._ends.finish(turn, Answer(OUT_OF_ROUNDS))
        answer, turn = await self._model_calls.answer(turn, prior)
        return await self._store(turn, answer) if answer.calls else await self._ends.finish(turn, answer)

    @retried
    async def _act(self, caller: Caller, turn: Turn, call: ToolCall) -> Turn:
        try:
            if turn.calls_made() >= MAX_CALLS:
                raise Conflict(OUT_OF_CALLS)
            if told := self._duplicate_hint(turn, call):
                return await self._store(turn, _result(call, told))
            async with self._transaction() as work:
                outcome = await self._toolbox.call(caller, call.name, call.arguments)
                after = await self._store(turn, _result(call, outcome))
                await work.commit()
        except (Unavailable, TurnTaken):
            raise
        except Refusal as refusal:
            return await self._store(turn, _result(call, refusal_output(refusal)))
        return after

    def _duplicate_hint(self, turn: Turn, call: ToolCall) -> ToolOutput | None:
        means_it = self._model.is_program or call.name in self._toolbox.reading
        return None if means_it else duplicate_hint(turn, call)

    @retried
    async def _store(self, turn: Turn, step: Step) -> Turn:
        until = None if isinstance(step, ApprovalRequest) else self._heartbeat.until()
        async with self._transaction() as work:
            after = await self._turns.add_step(turn, step, self._clock(), until)
            await self._wakeups.announce(turn_topic(turn.id))
            if until is None:
                await self._wakeups.announce(conversation_topic(turn.user_id, turn.conversation_id))
            await work.commit()
        return after


def _result(call: ToolCall, outcome: ToolOutput) -> ToolResult:
    return ToolResult(call.id, call.name, msgspec.to_builtins(outcome))
