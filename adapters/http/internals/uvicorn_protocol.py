"""uvicorn's HTTP/1.1, made for strangers and for proxies.

By itself it takes any amount of headers, waits for ever for a reader that takes nothing, and when it ends hangs up on
connections that a request may be on its way on.
"""

from asyncio import TimerHandle
from http import HTTPStatus
from secrets import token_hex

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from adapters.http.errors import in_words
from adapters.http.server.edge import SECURITY_HEADERS

HEAD_BYTES_MOST = 65_536
"""Beyond what the socket gives at once: of an address with its headers, of the trailers behind a body."""
STALLED_SECONDS = 30.0
"""A reader that takes nothing for so long is cut off: what waits for it would stay in memory."""
ENDING_SECONDS = 1
"""A server that ends waits so long for a request that may be on its way on a connection kept alive."""


class BoundedHttp(HttpToolsProtocol):
    """What is refused before it is a request has the shape that every error has."""

    stalled_seconds = STALLED_SECONDS
    _patience: TimerHandle | None = None
    _pending = 0
    """Bytes since something was whole: the headers, a piece of the body, or all of it."""
    _is_ending = False

    def data_received(self, data: bytes) -> None:
        self._pending += len(data)
        super().data_received(data)
        if self._pending > HEAD_BYTES_MOST and not self.transport.is_closing():
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
        """The next answer says `Connection: close`: hung up on at once, a proxy loses what it has just sent."""
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
        """Hangs up; with words where no other answer is under way."""
        if not getattr(self.cycle, "response_started", False) or self.cycle.response_complete:
            self.transport.write(refusal(status))
        self.transport.close()


def refusal(status: int) -> bytes:
    request_id = token_hex(16)
    body, media_type = in_words(status, request_id, "")
    told = {
        b"content-type": media_type.encode(),
        b"content-length": str(len(body)).encode(),
        b"x-request-id": request_id.encode(),
        b"connection": b"close",
    }
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
    lines += [name + b": " + value for name, value in (*SECURITY_HEADERS, *told.items())]
    return b"\r\n".join([*lines, b"", body])
