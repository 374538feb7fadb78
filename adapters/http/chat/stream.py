"""A turn as a stream of events, from its beginning, for any number of readers on any server.

What is sent follows only from the turn's rows, so a reader that comes late or reconnects gets the same events.
"""

import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing

from litestar.response import Stream

from adapters.http.chat.bodies import EVENT_STREAM
from adapters.http.chat.ui_chunks import (
    DONE,
    HEADERS,
    PING,
    Abort,
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
    ToolInputAvailable,
    ToolInputDelta,
    ToolInputStart,
    ToolOutputAvailable,
    ToolOutputError,
    framed,
)
from adapters.http.handlers.idempotency import replay_headers
from application.chat.replies import parsed_arguments
from application.chat.turns.queue import SUPERSEDED
from domain.chat.conversation import INTERRUPTED, Answer, CutOff, ToolCall, ToolResult, Turn, TurnState
from domain.errors import Refusal

PING_SECONDS = 14.0
"""A turn is read once a second, so a silence ends within 15 seconds."""
STOPPED = "The turn was stopped."
GONE = "There is no such turn any more."
CUT_OFF = "The assistant was cut off. POST /api/users/me/turns/{id}/resume goes on from where it stopped."

FINISHES: dict[CutOff | None, FinishReason] = {None: "stop", "length": "length", "content_filter": "content-filter"}
Snapshots = AsyncGenerator[Turn, None]


def streamed(snapshots: Snapshots, *, replayed: bool = False) -> Stream:
    return Stream(
        frames(snapshots), status_code=200, media_type=EVENT_STREAM, headers=HEADERS | replay_headers(replayed)
    )


async def frames(snapshots: Snapshots, clock: Callable[[], float] = time.monotonic) -> AsyncGenerator[bytes, None]:
    """Yields the chunks of a turn until it ends. An error is sent as a chunk, because the HTTP status has been sent
    already."""
    encoder, sent_at = ChunkEncoder(), clock()
    async with aclosing(snapshots):
        try:
            async for turn in snapshots:
                frame = framed(encoder.chunks(turn)) or (PING if clock() - sent_at >= PING_SECONDS else b"")
                if frame:
                    yield frame
                    sent_at = clock()
            yield framed(encoder.end())
        except Refusal as refusal:
            yield framed(encoder.end(refusal.message))
    yield DONE


class ChunkEncoder:
    """Compares each state of a turn with what was sent before, and yields the chunks for the difference.

    An answer and its tool calls are one step. `_said` is the text that was sent in the open text part; it is empty if
    no part is open.
    """

    def __init__(self) -> None:
        self._turn: Turn | None = None
        self._said = ""
        self._parts = 0
        self._in_step = False
        self._waiting: set[str] = set()

    def chunks(self, turn: Turn) -> Iterator[Chunk]:
        if self._turn is None:
            yield Start(turn.id)
            yield ConversationData(ConversationReference(turn.conversation_id, turn.id))
        seen = len(self._turn.steps) if self._turn else 0
        self._turn = turn
        for step in turn.steps[seen:]:
            yield from self._answer(step) if isinstance(step, Answer) else self._result(step)
        yield from self._say(turn.draft)

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

    def _result(self, result: ToolResult) -> Iterator[Chunk]:
        succeeded = result.output.get("success", True)
        failure = ToolOutputError(result.call_id, str(result.output.get("message")))
        yield ToolOutputAvailable(result.call_id, result.output) if succeeded else failure
        self._waiting.discard(result.call_id)
        yield from self._end_step()

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
        if not self._waiting:
            yield FinishStep()
            self._in_step = False


def _call_chunks(call: ToolCall) -> Iterator[Chunk]:
    """Yields the chunks of a tool call. Its input is one chunk, because calls are stored whole."""
    yield ToolInputStart(call.id, call.name)
    yield ToolInputDelta(call.id, call.arguments or "{}")
    yield ToolInputAvailable(call.id, call.name, parsed_arguments(call.arguments))


def _last(turn: Turn) -> Chunk:
    match turn.state:
        case TurnState.DONE:
            return Finish(FINISHES[turn.answers()[-1].cut_off] if turn.answers() else "stop")
        case TurnState.STOPPED:
            return Abort(STOPPED)
        case TurnState.INTERRUPTED:
            return Error(SUPERSEDED)
        case TurnState.FAILED if turn.error:
            return Error(turn.error)
        case _:
            return Error(CUT_OFF.format(id=turn.id))
