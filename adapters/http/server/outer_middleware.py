"""The outermost middleware, around routing. It applies to every response, also to a 404 and a crash."""

import logging
import re
import time
from random import getrandbits

import structlog
from litestar.datastructures import Headers
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, HTTPScope, Message, Receive, Scope, Send

from adapters.http.error_responses import error_body

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)

ACCESS = logging.getLogger("tasktalk.access")

log = structlog.stdlib.get_logger(ACCESS.name)


class OuterMiddleware:
    """Adds the request id, the access log and security headers, and serves HEAD as GET without a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return await self._app(scope, receive, send)
        began = time.perf_counter()
        scope = {**scope}  # the server goes by its own: it must still see HEAD
        exchange = Exchange(scope, send)
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        try:
            await self._app(scope, receive, exchange.send)
        except Exception:
            if not exchange.is_over:
                raise
        finally:
            _log(scope, exchange, time.perf_counter() - began)


class Exchange:
    """One request, with what is added to its response."""

    def __init__(self, scope: HTTPScope, send: Send) -> None:
        self._scope = scope
        self.request_id = _request_id(scope)
        self.method = str(scope["method"])
        self.status = 500
        self.is_over = False
        self._send = send
        self._bodiless = self.method == "HEAD"
        self._words: bytes | None = None
        scope["request_id"] = self.request_id  # type: ignore[typeddict-unknown-key]
        if self._bodiless:
            scope["method"] = HttpMethod.GET

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._bodiless:
            self._drop_body(message)
        elif self._words is None:
            await self._send(message)

    async def _start(self, message: HTTPResponseStartEvent) -> None:
        self.status = message["status"]
        headers = [*message["headers"]]
        if self.status >= 400 and dict(headers).get(b"content-type", b"text/plain").startswith(b"text/plain"):
            headers = self._replace_plain_text(headers)
        given = dict(headers)
        headers += [each for each in SECURITY_HEADERS if each[0] not in given]
        headers.append((b"x-request-id", self.request_id.encode()))
        await self._send({**message, "status": self.status, "headers": headers})
        if self._bodiless or self._words is not None:
            body = b"" if self._bodiless else self._words or b""
            await self._send({"type": "http.response.body", "body": body, "more_body": False})

    def _replace_plain_text(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Replaces an error that a library wrote as plain text by one in our usual form."""
        given = Headers.from_scope(self._scope)
        if self.method == "OPTIONS" and "origin" in given:
            self.status = 403  # what a page may not do, and no bad request
        self._words, media_type = error_body(self.status, self.request_id, given.get("accept", ""))
        others = [each for each in headers if each[0] not in (b"content-type", b"content-length")]
        return [
            *others,
            (b"content-type", media_type.encode()),
            (b"content-length", str(len(self._words)).encode()),
        ]

    def _drop_body(self, message: Message) -> None:
        """Raises `OSError`, as for a disconnected client, if more of the body would follow."""
        if message.get("more_body"):
            self.is_over = True
            raise OSError("the answer to HEAD has no body")


def _request_id(scope: HTTPScope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(given := value.decode("latin-1")):
            return given
    return f"{getrandbits(128):032x}"


def _log(scope: HTTPScope, exchange: Exchange, seconds: float) -> None:
    if not ACCESS.isEnabledFor(logging.INFO):
        return
    caller = scope.get("user")
    log.info(
        "request",
        method=exchange.method,
        route=scope.get("path_template", "unmatched"),
        status=exchange.status,
        ms=round(seconds * 1000, 1),
        user=caller.user_id if caller else None,
    )
