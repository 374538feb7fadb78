"""Content negotiation: JSON, or one server-sent event for clients that accept nothing else."""

from collections.abc import Iterable
from typing import Any

from starlette.types import Message, Send

JSON, EVENT_STREAM = b"application/json", b"text/event-stream"
EVENT = b"event: message\r\ndata: %b\r\n\r\n"
STREAM_HEADERS = ((b"content-type", EVENT_STREAM), (b"cache-control", b"no-cache, no-transform"))

Headers = Iterable[tuple[bytes, bytes]]


def wants_events(headers: Headers) -> bool:
    accepted = b",".join(value for name, value in headers if name == b"accept").lower()
    kinds = {each.partition(b";")[0].strip() for each in accepted.split(b",")}
    return EVENT_STREAM in kinds and not kinds & {JSON, b"application/*", b"*/*"}


class NegotiatedResponse:
    def __init__(self, send: Send, *, as_events: bool) -> None:
        self._send = send
        self._as_events = as_events
        self._held: dict[str, Any] | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if self._as_events and _is_json(message):
            self._held = dict(message)
        elif self._held is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_event(self._held)

    async def _send_event(self, start: dict[str, Any]) -> None:
        body = EVENT % self._body
        others = [each for each in start["headers"] if each[0] not in (b"content-type", b"content-length")]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**start, "headers": [*others, *STREAM_HEADERS, length]})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _is_json(message: Message) -> bool:
    """Returns False for errors, which always stay JSON."""
    if message["type"] != "http.response.start" or message["status"] != 200:
        return False
    headers: dict[bytes, bytes] = dict(message["headers"])
    return headers.get(b"content-type", b"").startswith(JSON)
