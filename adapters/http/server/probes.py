"""Answers whether the process is alive before anything else looks at the request, however busy the server is."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from msgspec import json

from adapters.http.schemas import HealthOut
from application.ports import Clock

ALIVE = frozenset({"/health", "/health/live"})
"""The application has these routes too: for the OpenAPI document, and for pages of other origins, which need CORS."""


class Probes:
    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["path"] in ALIVE and _is_plain(scope):
            scope["path_template"] = scope["path"]
            await self._answer(send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, send: Send) -> None:
        body = json.encode(HealthOut("healthy", self._clock()))
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


def _is_plain(scope: HTTPScope) -> bool:
    return scope["method"] == "GET" and all(name != b"origin" for name, _ in scope["headers"])
