"""Reads a JSON-RPC message before the SDK does, so that its errors are described in our own words."""

from dataclasses import dataclass
from types import NoneType
from typing import Any

import msgspec
from mcp_types import INVALID_REQUEST, PARSE_ERROR
from starlette.types import Send

from application.tools.arguments import unpacked
from application.validation import DECODE_ERRORS

NO_JSON = "The body must be a message in JSON and UTF-8."
NO_MESSAGE = (
    'Send one message of JSON-RPC 2.0 at a time: an object with "jsonrpc": "2.0", a method, an id that is a text or a '
    "whole number where an answer is wanted, and params that are an object. Batches are not taken."
)
BOM = b"\xef\xbb\xbf"


class InvalidMessage(Exception):
    """The body is not a JSON-RPC message."""

    def __init__(self, code: int, message: str) -> None:
        error = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}
        self._body = msgspec.json.encode(error)

    async def respond(self, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(self._body)).encode())]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})


@dataclass(frozen=True, slots=True)
class Message:
    """`tool` is empty unless the message calls a tool."""

    body: bytes
    tool: str


def read_message(body: bytes) -> Message:
    """Arguments that are a JSON text become an object. Raises `InvalidMessage`."""
    body = body.removeprefix(BOM)
    try:
        message = msgspec.json.decode(body)
    except DECODE_ERRORS:
        raise InvalidMessage(PARSE_ERROR, NO_JSON) from None
    if not _is_message(message):
        raise InvalidMessage(INVALID_REQUEST, NO_MESSAGE)
    if message.get("method") != "tools/call" or not isinstance(params := message.get("params"), dict):
        return Message(body, "")
    given = params.get("arguments")
    params["arguments"] = unpacked(given, dict) or {}
    name = params.get("name")
    whole = body if params["arguments"] == given else msgspec.json.encode(message)
    return Message(whole, name if isinstance(name, str) else "")


def _is_message(message: Any) -> bool:
    """Accepts a client's response, which has no method; the SDK drops it."""
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        return False
    if "method" not in message:
        return "result" in message or "error" in message
    known = isinstance(message.get("id", 0), str | int) and not isinstance(message.get("id"), bool)
    return known and isinstance(message["method"], str) and isinstance(message.get("params", {}), dict | NoneType)
