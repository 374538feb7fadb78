"""Admission control: a request that can't be served soon is refused before it costs anything."""

import asyncio
from collections.abc import Callable
from functools import lru_cache

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPScope, Message, Method, Receive, ReceiveMessage, Scope, Send
from litestar.utils import normalize_path

from adapters.http.error_responses import encode_error
from adapters.http.errors import HTTP_ERRORS
from adapters.http.schemas import ErrorDetail
from adapters.http.server.body_buffer import BodyBuffer, has_body
from adapters.http.server.clients import ClientPermits, Clients
from adapters.http.server.concurrency_limits import (
    WAIT_SECONDS,
    ConcurrencyLimit,
    ConcurrencyLimits,
    Pacer,
    RequestKind,
    kind_of,
)

TOO_SLOW = 408
REFUSALS_PER_SECOND = 1_000
"""Refusals are paced, since clients that retry at once would take the time of the admitted requests."""
ROUTES_REMEMBERED = 1_024
BODILESS = ("GET", "HEAD")
"""The routes of these methods read no body, so admission does not wait for one."""


class Admission:
    """`kind` returns the kind of a request by its route. `cors` says which pages may read the refusals."""

    def __init__(
        self,
        app: ASGIApp,
        limits: ConcurrencyLimits,
        kind: Callable[[HTTPScope], RequestKind],
        clients: Clients,
        cors: CORSConfig | None = None,
    ) -> None:
        self._app = app
        self._limits = limits
        self._kind = kind
        self._clients = clients
        self._cors = cors
        self._refusals = Pacer(REFUSALS_PER_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or (kind := self._kind(scope)) is RequestKind.UNLIMITED:
            return await self._app(scope, receive, send)
        permits = self._clients.of(scope)
        scope["permits"] = permits  # type: ignore[typeddict-unknown-key]
        try:
            try:
                receive = await self._admit(scope, kind, permits, receive)
            except HTTPException as refusal:
                return await self._refuse(scope, send, refusal)
            await self._app(scope, receive, self._send_for(kind, permits, send))
        finally:
            permits.release_all()

    async def _admit(self, scope: HTTPScope, kind: RequestKind, permits: ClientPermits, receive: Receive) -> Receive:
        """Returns the callable to read the body with. Raises `HTTPException`."""
        limit = self._limits.of(kind)
        if scope["method"] not in BODILESS and has_body(scope):
            body = BodyBuffer(receive)
            if not await body.wait():
                raise HTTPException(status_code=TOO_SLOW, headers={"Connection": "close"})
            receive = body.receive
            if not body.is_whole:
                await permits.acquire(self._limits.uploads)
                return Upload(body, permits, self._limits.uploads, limit).receive
        await permits.acquire(limit)
        if kind is RequestKind.EXPORTS:
            await permits.acquire(self._limits.requests)
        return receive

    def _send_for(self, kind: RequestKind, permits: ClientPermits, send: Send) -> Send:
        if kind is RequestKind.REQUESTS:
            return ReleasingSend(permits, self._limits.requests, send).send
        return ExportSend(permits, self._limits.requests, send).send if kind is RequestKind.EXPORTS else send

    async def _refuse(self, scope: HTTPScope, send: Send, refusal: HTTPException) -> None:
        given, status = Headers.from_scope(scope), refusal.status_code
        if status != TOO_SLOW:
            await self._refusals.wait()
        code, title, message = HTTP_ERRORS[status]
        detail = ErrorDetail(title, code, message, str(scope.get("request_id", "")))
        body, media_type = encode_error(status, detail, given.get("accept", ""))
        headers = {"Content-Type": media_type, "Content-Length": str(len(body)), **(refusal.headers or {})}
        headers |= self._readable_by(given.get("origin"))
        named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": named})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _readable_by(self, origin: str | None) -> dict[str, str]:
        if self._cors is None or origin is None or not self._cors.is_origin_allowed(origin):
            return {}
        return {**self._cors.simple_headers, "Access-Control-Allow-Origin": origin, "Vary": "Origin"}


class Upload:
    """A large body that the application reads after authentication. When all of it is read, the request exchanges its
    upload permit for one of `limit`."""

    def __init__(
        self, body: BodyBuffer, permits: ClientPermits, uploads: ConcurrencyLimit, limit: ConcurrencyLimit
    ) -> None:
        self._body = body
        self._permits = permits
        self._uploads = uploads
        self._limit: ConcurrencyLimit | None = limit

    async def receive(self) -> ReceiveMessage:
        """Raises `HTTPException` if no permit becomes free in time."""
        message = await self._body.receive()
        if self._limit and self._body.is_read:
            limit, self._limit = self._limit, None
            await self._permits.acquire(limit)
            self._permits.release(self._uploads)
        return message


class ReleasingSend:
    """Releases the permit before the response is sent, since the client may read it slowly."""

    def __init__(self, permits: ClientPermits, limit: ConcurrencyLimit, send: Send) -> None:
        self._permits = permits
        self._limit = limit
        self._send = send

    async def send(self, message: Message) -> None:
        self._permits.release(self._limit)
        await self._send(message)


class ExportSend(ReleasingSend):
    """Releases the permit while a page is sent, and acquires it again before the next page is read."""

    async def send(self, message: Message) -> None:
        await super().send(message)
        if message["type"] == "http.response.start" or message.get("more_body"):
            await self._acquire_again()

    async def _acquire_again(self) -> None:
        """Waits for a permit without a time limit, because the export has already begun."""
        while True:
            try:
                return await self._permits.acquire(self._limit)
            except HTTPException:
                await asyncio.sleep(WAIT_SECONDS)


def kinds(app: Litestar) -> Callable[[HTTPScope], RequestKind]:
    """Returns the function that looks up the kind of a request. Preflight requests are never refused."""

    @lru_cache(ROUTES_REMEMBERED)
    def of_route(method: Method, path: str) -> RequestKind:
        return kind_of(app.asgi_router.handle_routing(path=normalize_path(path), method=method)[1].opt)

    def kind(scope: HTTPScope) -> RequestKind:
        try:
            return of_route(scope["method"], scope["path"]) if scope["method"] != "OPTIONS" else RequestKind.UNLIMITED
        except HTTPException:
            return RequestKind.REQUESTS

    return kind
