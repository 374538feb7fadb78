"""The chunks of the AI SDK's UI message stream, version 1, as npm's `ai` declares them in `uiMessageChunkSchema`. Some
of its versions refuse a chunk with a field they don't know, so our own data are in `data-*` parts."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from msgspec import Struct

HEADERS = {
    "x-vercel-ai-ui-message-stream": "v1",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
}
DONE = b"data: [DONE]\n\n"
PING = b": ping\n\n"
"""A comment. Clients skip it, and proxies see that the connection is alive."""

FinishReason = Literal["stop", "length", "content-filter", "tool-calls"]
encoder = msgspec.json.Encoder()


class Chunk(Struct, frozen=True, tag_field="type", rename="camel"):
    pass


class Start(Chunk, frozen=True, tag="start"):
    message_id: str


class ConversationReference(Struct, frozen=True):
    conversation_id: str
    turn_id: str


class ConversationData(Chunk, frozen=True, tag="data-conversation"):
    data: ConversationReference


class StartStep(Chunk, frozen=True, tag="start-step"):
    pass


class TextStart(Chunk, frozen=True, tag="text-start"):
    id: str


class TextDelta(Chunk, frozen=True, tag="text-delta"):
    id: str
    delta: str


class TextEnd(Chunk, frozen=True, tag="text-end"):
    id: str


class ToolInputStart(Chunk, frozen=True, tag="tool-input-start"):
    tool_call_id: str
    tool_name: str


class ToolInputDelta(Chunk, frozen=True, tag="tool-input-delta"):
    tool_call_id: str
    input_text_delta: str


class ToolInputAvailable(Chunk, frozen=True, tag="tool-input-available"):
    tool_call_id: str
    tool_name: str
    input: Any


class ToolOutputAvailable(Chunk, frozen=True, tag="tool-output-available"):
    tool_call_id: str
    output: Any


class ToolOutputError(Chunk, frozen=True, tag="tool-output-error"):
    tool_call_id: str
    error_text: str


class ToolApprovalRequest(Chunk, frozen=True, tag="tool-approval-request"):
    approval_id: str
    tool_call_id: str


class ToolApprovalResponse(Chunk, frozen=True, tag="tool-approval-response"):
    approval_id: str
    approved: bool


class ToolOutputDenied(Chunk, frozen=True, tag="tool-output-denied"):
    tool_call_id: str


class ApprovalData(Chunk, frozen=True, tag="data-approval"):
    """The plan behind the approvals of all calls. A later one with the same id takes its place."""

    id: str
    data: Any


class FinishStep(Chunk, frozen=True, tag="finish-step"):
    pass


class Finish(Chunk, frozen=True, tag="finish"):
    finish_reason: FinishReason = "stop"


class Abort(Chunk, frozen=True, tag="abort"):
    reason: str


class Error(Chunk, frozen=True, tag="error"):
    error_text: str


def framed(chunks: Iterable[Chunk]) -> bytes:
    return b"".join(b"data: %b\n\n" % encoder.encode(chunk) for chunk in chunks)
