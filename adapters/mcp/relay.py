"""Relays MCP from standard input and output to a remote server, with the token in a header of each message."""

import sys
from typing import Any

import httpx2
import msgspec

from domain.errors import Refusal

VERSION = "io.modelcontextprotocol/protocolVersion"
SERVER_ERROR = -32_000
"""JSON-RPC leaves this code to implementations."""


def relay(server: str, token: str | None) -> None:
    """Sends each line of standard input to the server and writes each answer as a line, until the input ends. Raises
    `Refusal`."""
    usual = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    signed = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx2.Client(base_url=server, headers=usual | signed, timeout=120) as client:
            client_relay = Relay(client)
            for line in sys.stdin.buffer:
                if answer := client_relay.answer(line):
                    sys.stdout.buffer.write(answer + b"\n")
                    sys.stdout.buffer.flush()
    except httpx2.InvalidURL:
        raise Refusal(f"{server} is no address of a server. Write one such as http://127.0.0.1:8000.") from None


class Relay:
    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self._agreed: str | None = None
        """The protocol version of the `initialize` call. Later clients name it in each message."""

    def answer(self, line: bytes) -> bytes | None:
        """Sends the message to the server and returns its answer, or an error if the server can't be reached or
        refuses. Returns None for a notification, and for a line that is no message."""
        try:
            message = msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.MsgspecError:
            return None
        try:
            answer = self._client.post("/mcp", content=line, headers=self._headers(message))
            body = msgspec.json.decode(answer.content, type=dict[str, Any]) if answer.content else {}
        except (httpx2.HTTPError, msgspec.MsgspecError, UnicodeError) as error:
            body = {"detail": {"message": f"The server can't be reached ({type(error).__name__})."}}
        if "detail" in body:
            told = _object(body["detail"]).get("message", "The server refused.")
            body = {"jsonrpc": "2.0", "error": {"code": SERVER_ERROR, "message": told}}
        if message.get("method") == "initialize":
            self._agreed = _object(body.get("result")).get("protocolVersion")
        return msgspec.json.encode({**body, "id": message["id"]}) if "id" in message and body else None

    def _headers(self, message: dict[str, Any]) -> dict[str, str]:
        params = _object(message.get("params"))
        named = {
            "MCP-Protocol-Version": _object(params.get("_meta")).get(VERSION) or self._agreed,
            "Mcp-Method": message.get("method"),
            "Mcp-Name": params.get("name"),
        }
        return {name: value for name, value in named.items() if isinstance(value, str)}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
