"""Lets in what can be served soon; what is too much is refused before it costs anything."""

from litestar.config.cors import CORSConfig
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from adapters.http.arrival import Arrival, has_body
from adapters.http.errors import HTTP_ERRORS, encoded
from adapters.http.lanes import Lanes, Pace
from adapters.http.schemas import ErrorDetail

TOO_SLOW, BUSY = 408, 503
REFUSALS_PER_SECOND = 1_000
"""Who asks again at once, many times over, would take the time of those who were let in."""
TOLD = {TOO_SLOW: ("Connection", "close"), BUSY: ("Retry-After", "1")}


class Admission:
    """`cors` says which pages may read the refusals."""

    def __init__(self, app: ASGIApp, lanes: Lanes, cors: CORSConfig | None = None) -> None:
        self._app = app
        self._lanes = lanes
        self._cors = cors
        self._refusals = Pace(REFUSALS_PER_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or (lane := self._lanes.of(scope)) is None:
            return await self._app(scope, receive, send)
        if has_body(scope):
            body = Arrival(receive)
            if not await body.wait():
                return await self._refuse(scope, send, TOO_SLOW)
            lane, receive = lane if body.is_whole else self._lanes.uploads, body.receive
        if not await lane.enter():
            await self._refusals.keep()
            return await self._refuse(scope, send, BUSY)
        try:
            await self._app(scope, receive, send)
        finally:
            lane.leave()

    async def _refuse(self, scope: HTTPScope, send: Send, status: int) -> None:
        given = Headers.from_scope(scope)
        code, title, message = HTTP_ERRORS[status]
        detail = ErrorDetail(title, code, message, str(scope.get("request_id", "")))
        body, media_type = encoded(status, detail, given.get("accept", ""))
        headers = dict([("Content-Type", media_type), ("Content-Length", str(len(body))), TOLD[status]])
        headers |= self._readable_by(given.get("origin"))
        named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": named})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _readable_by(self, origin: str | None) -> dict[str, str]:
        if self._cors is None or origin is None or not self._cors.is_origin_allowed(origin):
            return {}
        return {**self._cors.simple_headers, "Access-Control-Allow-Origin": origin, "Vary": "Origin"}
