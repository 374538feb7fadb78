"""Converts stored messages to the form of the AI SDK. They are the same as those that its client builds from the
stream."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, to_builtins

from adapters.http.chat.chunk_encoder import ChunkEncoder
from adapters.http.chat.ui_chunks import (
    ApprovalData,
    Chunk,
    ConversationData,
    StartStep,
    TextDelta,
    TextEnd,
    TextStart,
    ToolApprovalRequest,
    ToolApprovalResponse,
    ToolInputAvailable,
    ToolOutputAvailable,
    ToolOutputDenied,
    ToolOutputError,
)
from application.chat.messages import MessageView
from domain.chat.turn import TurnState

Part = dict[str, Any]


class UIMetadata(Struct, rename="camel"):
    number: int
    state: TurnState
    created_at: datetime


class UIMessageOut(Struct):
    """A `UIMessage` of npm's `ai`. Its parts have the types of that package."""

    id: str
    role: Literal["user", "assistant"]
    parts: list[dict[str, Any]]
    metadata: UIMetadata


class UIMessagePageOut(Struct):
    """The messages are sorted from oldest to newest."""

    messages: list[UIMessageOut]
    limit: int
    previous_cursor: int | None
    next_cursor: int | None


def ui_message(view: MessageView) -> UIMessageOut:
    metadata = UIMetadata(view.number, view.state, view.created_at)
    if view.role == "user":
        return UIMessageOut(view.id, "user", [{"type": "text", "text": view.text}], metadata)
    encoder = ChunkEncoder()
    chunks = list(encoder.chunks(view.turn))
    if view.state is not TurnState.RUNNING:
        chunks += encoder.end()
    made = _Parts()
    for chunk in chunks:
        made.take(chunk)
    return UIMessageOut(view.id, "assistant", made.parts, metadata)


class _Parts:
    """Builds the parts from chunks. Each part keeps the place where it began."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._open: dict[str, Part] = {}
        self._approvals: dict[str, Part] = {}

    def take(self, chunk: Chunk) -> None:
        match chunk:
            case ConversationData():
                self.parts.append({"type": "data-conversation", "data": to_builtins(chunk.data)})
            case ApprovalData():
                self._data(chunk)
            case StartStep():
                self.parts.append({"type": "step-start"})
            case TextStart() | TextDelta() | TextEnd():
                self._text(chunk)
            case ToolInputAvailable() | ToolOutputAvailable() | ToolOutputError() | ToolOutputDenied():
                self._tool(chunk)
            case ToolApprovalRequest():
                self._approvals[chunk.approval_id] = part = self._open[chunk.tool_call_id]
                part |= {"state": "approval-requested", "approval": {"id": chunk.approval_id}}
            case ToolApprovalResponse():
                part, given = self._approvals[chunk.approval_id], {"id": chunk.approval_id, "approved": chunk.approved}
                part |= {"state": "approval-responded", "approval": given}

    def _text(self, chunk: TextStart | TextDelta | TextEnd) -> None:
        match chunk:
            case TextStart():
                self._begin(chunk.id, {"type": "text", "text": "", "state": "streaming"})
            case TextDelta():
                self._open[chunk.id]["text"] += chunk.delta
            case TextEnd():
                self._open[chunk.id]["state"] = "done"

    def _data(self, chunk: ApprovalData) -> None:
        part = {"type": "data-approval", "id": chunk.id, "data": chunk.data}
        if known := self._open.get(chunk.id):
            known |= part
        else:
            self._begin(chunk.id, part)

    def _tool(self, chunk: ToolInputAvailable | ToolOutputAvailable | ToolOutputError | ToolOutputDenied) -> None:
        name = chunk.tool_call_id
        match chunk:
            case ToolInputAvailable():
                part = {"type": f"tool-{chunk.tool_name}", "toolCallId": name, "state": "input-available"}
                self._begin(name, {**part, "input": chunk.input})
            case ToolOutputAvailable():
                self._open[name] |= {"state": "output-available", "output": chunk.output}
            case ToolOutputError():
                self._open[name] |= {"state": "output-error", "errorText": chunk.error_text}
            case ToolOutputDenied():
                self._open[name] |= {"state": "output-denied"}

    def _begin(self, name: str, part: Part) -> None:
        self._open[name] = part
        self.parts.append(part)
