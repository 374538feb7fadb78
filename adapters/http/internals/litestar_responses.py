from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send
from msgspec import json

from adapters.http.server.compression import MIN_BYTES, compressed, may_be_compressed

T = TypeVar("T")
BODILESS = (204, 304)


class JsonResponse(Response[T]):
    """A response without the look-ups of encoders, serializer and media type that Litestar's own does each time."""

    def __init__(
        self,
        content: T,
        *,
        status_code: int | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Iterable[Cookie] = (),
        media_type: str | None = None,
        **_: Any,
    ) -> None:
        self.content = content
        self.status_code = status_code
        self.headers = dict(headers or {})
        self.cookies = list(cookies)
        self.media_type = media_type
        self.background = None
        self.encoding = "utf-8"
        self.response_type_encoders = {}

    def to_asgi_response(self, *_: Any, status_code: int | None = None, **__: Any) -> "EncodedResponse":
        status = self.status_code or status_code or 200
        body = self.content if isinstance(self.content, bytes) else json.encode(self.content)
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        headers += [cookie.to_encoded_header() for cookie in self.cookies]
        if status in BODILESS:
            return EncodedResponse(status, headers, b"")
        kind = str(self.media_type or "application/json").encode()
        return EncodedResponse(
            status, [*headers, (b"content-type", kind), (b"content-length", b"%d" % len(body))], body
        )


class EncodedResponse(ASGIResponse):
    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self._start = {"type": "http.response.start", "status": status, "headers": headers}
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        start, body = self._start, self._body
        if len(body) >= MIN_BYTES and may_be_compressed(scope, start):
            start, body = compressed(start, body)
        await send(start)  # type: ignore[arg-type]
        await send({"type": "http.response.body", "body": body, "more_body": False})
