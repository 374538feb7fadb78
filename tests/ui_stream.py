"""The AI SDK's `uiMessageChunkSchema` (npm `ai` 7.0.173), as far as it is used here, and no further field.

Also what its reader makes of the chunks: `Read` refuses what `processUIMessageStream` refuses.
"""

import json
from collections.abc import Iterable
from typing import Any

import msgspec

Chunk = dict[str, Any]

TEXT = {"id": str}
CALL = {"toolCallId": str}
NAMED_CALL = CALL | {"toolName": str}
SCHEMA: dict[str, dict[str, Any]] = {
    "start": {"messageId": str},
    "start-step": {},
    "text-start": TEXT,
    "text-delta": TEXT | {"delta": str},
    "text-end": TEXT,
    "tool-input-start": NAMED_CALL,
    "tool-input-delta": CALL | {"inputTextDelta": str},
    "tool-input-available": NAMED_CALL | {"input": Any},
    "tool-output-available": CALL | {"output": Any},
    "tool-output-error": CALL | {"errorText": str},
    "tool-approval-request": CALL | {"approvalId": str},
    "tool-approval-response": {"approvalId": str, "approved": bool},
    "tool-output-denied": CALL,
    "finish-step": {},
    "finish": {"finishReason": str},
    "abort": {"reason": str},
    "error": {"errorText": str},
    "data-conversation": {"data": dict[str, str]},
    "data-approval": {"id": str, "data": dict[str, Any]},
}
FINISH_REASONS = {"stop", "length", "content-filter", "tool-calls", "error", "other"}


def parsed(stream: str) -> list[Chunk]:
    """The chunks of a whole stream: each one as the schema says, and `[DONE]` at the end."""
    *frames, done, rest = stream.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    return [_chunk(frame) for frame in frames if not frame.startswith(":")]


def chunk_of(line: str) -> Chunk | None:
    """None for what is no chunk: a comment, an empty line, the end."""
    return _chunk(line) if line.startswith("data: {") else None


def _chunk(frame: str) -> Chunk:
    assert frame.startswith("data: {"), frame
    assert "\n" not in frame
    chunk: Chunk = json.loads(frame.removeprefix("data: "))
    fields = SCHEMA[chunk["type"]]
    assert set(chunk) == {"type", *fields}, chunk
    for name, kind in fields.items():
        msgspec.convert(chunk[name], kind)
    assert chunk.get("finishReason", "stop") in FINISH_REASONS
    return chunk


def types(chunks: Iterable[Chunk]) -> list[str]:
    return [chunk["type"] for chunk in chunks]


class Read:
    """The message that a reader puts together."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self.id = ""
        self.texts: list[str] = []
        self.tools: dict[str, Any] = {}
        self.ending: Chunk = {}
        self._open: dict[str, int] = {}
        self._in_step = False
        for chunk in chunks:
            assert not self.ending, f"{chunk} after {self.ending}"
            getattr(self, "_" + chunk["type"].replace("-", "_"))(chunk)
        assert not self._open
        assert not self._in_step

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def _start(self, chunk: Chunk) -> None:
        assert not self.id, "one start only"
        self.id = chunk["messageId"]

    def _data_conversation(self, chunk: Chunk) -> None:
        self.conversation = chunk["data"]

    def _start_step(self, chunk: Chunk) -> None:
        assert not self._in_step
        self._in_step = True

    def _finish_step(self, chunk: Chunk) -> None:
        assert self._in_step
        assert not self._open
        self._in_step = False

    def _text_start(self, chunk: Chunk) -> None:
        assert self._in_step
        assert chunk["id"] not in self._open
        self._open[chunk["id"]] = len(self.texts)
        self.texts.append("")

    def _text_delta(self, chunk: Chunk) -> None:
        assert chunk["delta"]
        self.texts[self._open[chunk["id"]]] += chunk["delta"]

    def _text_end(self, chunk: Chunk) -> None:
        del self._open[chunk["id"]]

    def _tool_input_start(self, chunk: Chunk) -> None:
        assert self._in_step
        assert chunk["toolCallId"] not in self.tools
        self.tools[chunk["toolCallId"]] = {"name": chunk["toolName"], "raw": ""}

    def _tool_input_delta(self, chunk: Chunk) -> None:
        self.tools[chunk["toolCallId"]]["raw"] += chunk["inputTextDelta"]

    def _tool_input_available(self, chunk: Chunk) -> None:
        self.tools[chunk["toolCallId"]]["input"] = chunk["input"]

    def _tool_output_available(self, chunk: Chunk) -> None:
        self.tools[chunk["toolCallId"]]["output"] = chunk["output"]

    def _tool_output_error(self, chunk: Chunk) -> None:
        self.tools[chunk["toolCallId"]]["error"] = chunk["errorText"]

    def _ended(self, chunk: Chunk) -> None:
        self.ending = chunk

    _finish = _abort = _error = _ended
