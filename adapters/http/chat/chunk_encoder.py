from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.http.chat.reply_schemas import ApprovalOut
from adapters.http.chat.ui_chunks import (
    Abort,
    ApprovalData,
    Chunk,
    ConversationData,
    ConversationReference,
    Error,
    Finish,
    FinishReason,
    FinishStep,
    Start,
    StartStep,
    TextDelta,
    TextEnd,
    TextStart,
    ToolApprovalRequest,
    ToolApprovalResponse,
    ToolInputAvailable,
    ToolInputDelta,
    ToolInputStart,
    ToolOutputAvailable,
    ToolOutputDenied,
    ToolOutputError,
)
from adapters.http.schemas import out
from application.chat.replies import approval_view_of, parsed_arguments
from application.chat.turns.decisions import SUPERSEDED
from domain.chat.approval import ApprovalDecision, ApprovalRequest
from domain.chat.messages import INTERRUPTED, Answer, CutOff, ToolCall, ToolResult
from domain.chat.turn import Step, Turn, TurnState

STOPPED = "The turn was stopped."
GONE = "There is no such turn any more."
CUT_OFF = "The assistant was cut off. POST /api/users/me/turns/{id}/resume goes on from where it stopped."

FINISHES: dict[CutOff | None, FinishReason] = {None: "stop", "length": "length", "content_filter": "content-filter"}


class ChunkEncoder:
    """Compares each state of a turn with what was sent before, and yields the chunks for the difference.

    An answer and its tool calls are one step. `_said` is the text that was sent in the open text part; it is empty if
    no part is open.
    """

    def __init__(self, *, since_decision: bool = False) -> None:
        self._since_decision = since_decision
        self._turn: Turn | None = None
        self._said = ""
        self._parts = 0
        self._in_step = False
        self._waiting: set[str] = set()

    def chunks(self, turn: Turn) -> Iterator[Chunk]:
        if self._turn is None:
            yield Start(turn.id)
        seen = len(self._turn.steps) if self._turn else self._skipped(turn)
        if self._turn is None and not seen:
            yield ConversationData(ConversationReference(turn.conversation_id, turn.id))
        self._turn = turn
        for step in turn.steps[seen:]:
            yield from self._step(step)
        yield from self._say(turn.draft)

    def _skipped(self, turn: Turn) -> int:
        since = len(turn.steps_since_decision()) + 1
        return max(len(turn.steps) - since, 0) if self._since_decision else 0

    def _step(self, step: Step) -> Iterator[Chunk]:
        match step:
            case Answer():
                yield from self._answer(step)
            case ToolResult():
                yield from self._result(step)
            case ApprovalRequest():
                yield from self._request(step)
            case ApprovalDecision():
                yield from self._decision(step)

    def end(self, error: str | None = None) -> Iterator[Chunk]:
        """Yields the last chunks. `error` says why the final state could not be read."""
        yield from self._end_text()
        if self._turn and self._turn.state in (TurnState.STOPPED, TurnState.INTERRUPTED):
            for call in self._turn.pending_calls():
                yield ToolOutputError(call.id, str(INTERRUPTED["message"]))
        if self._in_step:
            yield FinishStep()
        yield _last(self._turn) if self._turn and not error else Error(error or GONE)

    def _answer(self, answer: Answer) -> Iterator[Chunk]:
        yield from self._say(answer.text)
        yield from self._end_text()
        yield from self._begin_step()
        for call in answer.calls:
            yield from _call_chunks(call)
        self._waiting = {call.id for call in answer.calls}
        yield from self._end_step()

    def _request(self, request: ApprovalRequest) -> Iterator[Chunk]:
        yield from self._say(request.question)
        yield from self._end_text()
        yield ApprovalData(request.id, _approval(request, None))
        for call_id in request.call_ids:
            yield ToolApprovalRequest(request.id_of_call(call_id), call_id)

    def _decision(self, decision: ApprovalDecision) -> Iterator[Chunk]:
        assert self._turn, "a decision is a step of a turn"
        request = next(each for each in self._turn.approvals() if each.id == decision.approval_id)
        yield ApprovalData(request.id, _approval(request, decision))
        for call_id in request.call_ids:
            yield ToolApprovalResponse(request.id_of_call(call_id), decision.is_yes)

    def _result(self, result: ToolResult) -> Iterator[Chunk]:
        succeeded = result.output.get("success", True)
        failure = ToolOutputError(result.call_id, str(result.output.get("message")))
        if self._was_denied(result):
            yield ToolOutputDenied(result.call_id)
        else:
            yield ToolOutputAvailable(result.call_id, result.output) if succeeded else failure
        self._waiting.discard(result.call_id)
        yield from self._end_step()

    def _was_denied(self, result: ToolResult) -> bool:
        assert self._turn, "a result is a step of a turn"
        request = next((each for each in self._turn.approvals() if result.call_id in each.call_ids), None)
        decision = self._turn.decision_on(request) if request else None
        return decision is not None and not decision.is_yes

    def _say(self, text: str) -> Iterator[Chunk]:
        """Sends the part of the text that was not sent yet. A new text part begins if the text does not continue the
        one before, which happens when another server has taken over the turn."""
        if not text.startswith(self._said):
            yield from self._end_text()
        if text == self._said:
            return
        yield from self._begin_step()
        if not self._said:
            self._parts += 1
            yield TextStart(f"text-{self._parts}")
        yield TextDelta(f"text-{self._parts}", text[len(self._said) :])
        self._said = text

    def _end_text(self) -> Iterator[Chunk]:
        if self._said:
            yield TextEnd(f"text-{self._parts}")
        self._said = ""

    def _begin_step(self) -> Iterator[Chunk]:
        if not self._in_step:
            yield StartStep()
        self._in_step = True

    def _end_step(self) -> Iterator[Chunk]:
        if self._in_step and not self._waiting:
            yield FinishStep()
            self._in_step = False


def _approval(request: ApprovalRequest, decision: ApprovalDecision | None) -> Any:
    return msgspec.to_builtins(out(approval_view_of(request, decision), ApprovalOut))


def _call_chunks(call: ToolCall) -> Iterator[Chunk]:
    """Yields the chunks of a tool call. Its input is one chunk, because calls are stored whole."""
    yield ToolInputStart(call.id, call.name)
    yield ToolInputDelta(call.id, call.arguments or "{}")
    yield ToolInputAvailable(call.id, call.name, parsed_arguments(call.arguments))


def _last(turn: Turn) -> Chunk:
    match turn.state:
        case TurnState.DONE:
            return Finish(FINISHES[turn.answers()[-1].cut_off] if turn.answers() else "stop")
        case TurnState.AWAITING_APPROVAL:
            return Finish("tool-calls")
        case TurnState.STOPPED:
            return Abort(STOPPED)
        case TurnState.INTERRUPTED:
            return Error(SUPERSEDED)
        case TurnState.FAILED if turn.error:
            return Error(turn.error)
        case _:
            return Error(CUT_OFF.format(id=turn.id))
