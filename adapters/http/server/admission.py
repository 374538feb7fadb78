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

from adapters.http.errors import HTTP_ERRORS, encoded
from adapters.http.schemas import ErrorDetail
from adapters.http.server.askers import Asker, Askers
from adapters.http.server.body_buffer import BodyBuffer, has_body
from adapters.http.server.concurrency_limits import (
    WAIT_SECONDS,
    ConcurrencyLimit,
    ConcurrencyLimits,
    Kind,
    Pace,
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
        kind: Callable[[HTTPScope], Kind],
        askers: Askers,
        cors: CORSConfig | None = None,
    ) -> None:
        self._app = app
        self._limits = limits
        self._kind = kind
        self._askers = askers
        self._cors = cors
        self._refusals = Pace(REFUSALS_PER_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or (kind := self._kind(scope)) is Kind.UNLIMITED:
            return await self._app(scope, receive, send)
        asker = self._askers.of(scope)
        scope["asker"] = asker  # type: ignore[typeddict-unknown-key]
        try:
            try:
                receive = await self._let_in(scope, kind, asker, receive)
            except HTTPException as refusal:
                return await self._refuse(scope, send, refusal)
            await self._app(scope, receive, self._answering(kind, asker, send))
        finally:
            asker.leave_all()

    async def _let_in(self, scope: HTTPScope, kind: Kind, asker: Asker, receive: Receive) -> Receive:
        """Returns the callable to read the body with. Raises `HTTPException`."""
        limit = self._limits.of(kind)
        if scope["method"] not in BODILESS and has_body(scope):
            body = BodyBuffer(receive)
            if not await body.wait():
                raise HTTPException(status_code=TOO_SLOW, headers={"Connection": "close"})
            receive = body.receive
            if not body.is_whole:
                await asker.enter(self._limits.uploads)
                return Upload(body, asker, self._limits.uploads, limit).receive
        await asker.enter(limit)
        if kind is Kind.EXPORTS:
            await asker.enter(self._limits.requests)
        return receive

    def _answering(self, kind: Kind, asker: Asker, send: Send) -> Send:
        if kind is Kind.REQUESTS:
            return Answering(asker, self._limits.requests, send).send
        return Exporting(asker, self._limits.requests, send).send if kind is Kind.EXPORTS else send

    async def _refuse(self, scope: HTTPScope, send: Send, refusal: HTTPException) -> None:
        given, status = Headers.from_scope(scope), refusal.status_code
        if status != TOO_SLOW:
            await self._refusals.keep()
        code, title, message = HTTP_ERRORS[status]
        detail = ErrorDetail(title, code, message, str(scope.get("request_id", "")))
        body, media_type = encoded(status, detail, given.get("accept", ""))
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
    """A large body, which the application reads after authentication. At its end, the request gives up its upload
    permit for one of `limit`."""

    def __init__(self, body: BodyBuffer, asker: Asker, uploads: ConcurrencyLimit, limit: ConcurrencyLimit) -> None:
        self._body = body
        self._asker = asker
        self._uploads = uploads
        self._limit: ConcurrencyLimit | None = limit

    async def receive(self) -> ReceiveMessage:
        """Raises `HTTPException` if no permit becomes free in time."""
        message = await self._body.receive()
        if self._limit and self._body.is_read:
            limit, self._limit = self._limit, None
            await self._asker.enter(limit)
            self._asker.leave(self._uploads)
        return message


class Answering:
    """Releases the permit before the response is sent, since the client may read it slowly."""

    def __init__(self, asker: Asker, limit: ConcurrencyLimit, send: Send) -> None:
        self._asker = asker
        self._limit = limit
        self._send = send

    async def send(self, message: Message) -> None:
        self._asker.leave(self._limit)
        await self._send(message)


class Exporting(Answering):
    """Acquires the permit again for the next page that is read."""

    async def send(self, message: Message) -> None:
        await super().send(message)
        if message["type"] == "http.response.start" or message.get("more_body"):
            await self._enter_again()

    async def _enter_again(self) -> None:
        """Waits without a limit, since the export has begun."""
        while True:
            try:
                return await self._asker.enter(self._limit)
            except HTTPException:
                await asyncio.sleep(WAIT_SECONDS)


def kinds(app: Litestar) -> Callable[[HTTPScope], Kind]:
    """Returns the function that looks up the kind of a request in the routes of `app`. Preflight requests are never
    refused."""

    @lru_cache(ROUTES_REMEMBERED)
    def of_route(method: Method, path: str) -> Kind:
        return kind_of(app.asgi_router.handle_routing(path=normalize_path(path), method=method)[1].opt)

    def kind(scope: HTTPScope) -> Kind:
        try:
            return of_route(scope["method"], scope["path"]) if scope["method"] != "OPTIONS" else Kind.UNLIMITED
        except HTTPException:
            return Kind.REQUESTS

    return kind
