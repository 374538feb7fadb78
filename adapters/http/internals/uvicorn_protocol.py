"""uvicorn's HTTP/1.1 with bounds for untrusted clients, and with a graceful shutdown behind proxies. uvicorn itself
accepts any amount of headers and waits for ever for a client that reads nothing. At shutdown it closes idle connections
on which a request may be arriving."""

from asyncio import TimerHandle
from http import HTTPStatus
from secrets import token_hex

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from adapters.http.error_responses import error_body
from adapters.http.server.outer_middleware import SECURITY_HEADERS

MAX_HEAD_BYTES = 65_536
"""The limit for the address with its headers, and for the trailers after a body, beyond one read of the socket."""
STALLED_SECONDS = 30.0
"""A client that reads nothing for this time is disconnected, since its response would stay in memory."""
ENDING_SECONDS = 1
"""At shutdown, an idle connection is kept for this time, since a request may be on its way."""


class BoundedHttp(HttpToolsProtocol):
    """Limits what a client may send and how slowly it may read. Errors before there is a request look like all other
    errors."""

    stalled_seconds = STALLED_SECONDS
    _patience: TimerHandle | None = None
    _pending = 0
    """Bytes since the headers, a piece of the body or the whole request was last complete."""
    _is_ending = False

    def data_received(self, data: bytes) -> None:
        self._pending += len(data)
        super().data_received(data)
        if self._pending > MAX_HEAD_BYTES and not self.transport.is_closing():
            self._refuse(431)

    def on_headers_complete(self) -> None:
        self._pending = 0
        super().on_headers_complete()
        if self._is_ending and getattr(self, "cycle", None):  # none where an upgrade is asked for
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._pending = 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._patience = self.loop.call_later(self.stalled_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._patience:
            self._patience.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._patience:
            self._patience.cancel()

    def shutdown(self) -> None:
        """Lets the next response say `Connection: close`, and closes the connection after it. If it were closed at
        once, a request that a proxy has just sent would be lost."""
        self._is_ending = True
        self.timeout_keep_alive = ENDING_SECONDS
        if getattr(self.cycle, "response_complete", True):
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(ENDING_SECONDS, self.timeout_keep_alive_handler)
        elif not self.cycle.response_started:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        self._refuse(400)

    def _refuse(self, status: int) -> None:
        """Closes the connection. If no response has begun, an error response is sent first."""
        if not getattr(self.cycle, "response_started", False) or self.cycle.response_complete:
            self.transport.write(refusal(status))
        self.transport.close()


def refusal(status: int) -> bytes:
    request_id = token_hex(16)
    body, media_type = error_body(status, request_id, "")
    told = {
        b"content-type": media_type.encode(),
        b"content-length": str(len(body)).encode(),
        b"x-request-id": request_id.encode(),
        b"connection": b"close",
    }
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
    lines += [name + b": " + value for name, value in (*SECURITY_HEADERS, *told.items())]
    return b"\r\n".join([*lines, b"", body])
