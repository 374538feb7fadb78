"""Litestar's application without some of its ways. docs/internals.md says what each costs."""

from functools import lru_cache
from typing import Any, NamedTuple

from litestar import Litestar, Router
from litestar._asgi.utils import is_valid_host
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPScope, Message, Method, Receive, RouteHandlerType, Scope, Send
from litestar.types.internal_types import RouteHandlerMapItem
from litestar.utils import normalize_path

from adapters.http.internals.litestar_calls import DirectCalls

Handlers = dict[str, RouteHandlerMapItem]
ROUTES_REMEMBERED = 1_024
FAILURE = "failure"


class Found(NamedTuple):
    """What Litestar's router finds for a method and a path."""

    app: ASGIApp
    handler: Any
    path: str
    path_params: dict[str, Any]
    template: str


class App(Litestar):
    """Answers OPTIONS with every method of an address. Where several handlers share one, Litestar keeps the answer of a
    single handler, or refuses the second controller.

    A request that needs no CORS goes straight to its route. If that fails, Litestar makes the error response.
    """

    def __init__(self, *args: Any, middleware: Any = (), **kwargs: Any) -> None:
        self._calls = DirectCalls()
        self._found = lru_cache(ROUTES_REMEMBERED)(self._find)
        super().__init__(*args, middleware=[_raise_failure, *middleware, self._calls.middleware], **kwargs)
        self._calls.prepare(self)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        found = self._found(scope["method"], scope["path"]) if scope["type"] == "http" and _is_simple(scope) else None
        if found is None:
            return await self._by_litestar(scope, receive, send)
        has_started = False

        async def noted(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await found.app(self._routed(scope, found), receive, noted)
        except Exception as error:
            if has_started:
                raise
            await self._by_litestar(scope | {FAILURE: error}, receive, send)

    async def _by_litestar(self, scope: Any, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, _without_cors(send) if _is_from_here(scope) else send)

    def _routed(self, scope: Scope, found: Found) -> Scope:
        scope["app"] = scope["litestar_app"] = self
        scope["path"], scope["path_params"] = found.path, found.path_params
        scope["route_handler"], scope["path_template"] = found.handler, found.template
        return scope

    def _find(self, method: Method, path: str) -> Found | None:
        try:
            found = Found(*self.asgi_router.handle_routing(path=normalize_path(path), method=method))
        except HTTPException:
            return None
        return found if self._calls.has(found.template, method) and not self.before_send else None

    @property
    def route_handler_method_map(self) -> Handlers:
        return _without_options(super().route_handler_method_map)

    @classmethod
    def get_route_handler_map(cls, value: "RouteHandlerType | Router") -> Handlers:
        return _without_options(super().get_route_handler_map(value))


def _without_options(known: Handlers) -> Handlers:
    return {path: {how: of for how, of in each.items() if how != "OPTIONS"} for path, each in known.items()}


def _is_simple(scope: HTTPScope) -> bool:
    """Returns whether neither CORS nor a refusal of its host can concern the request."""
    for name, value in scope["headers"]:
        if (name == b"origin" and not _is_from_here(scope)) or (name == b"host" and not is_valid_host(value)):
            return False
    return not scope.get("root_path")


def _is_from_here(scope: Scope) -> bool:
    """Returns whether a page of this host sent the request. Browsers ask for its scripts with its origin too."""
    headers = dict(scope.get("headers", ()))
    return headers.get(b"origin", b"").partition(b"://")[2] == headers.get(b"host")


def _without_cors(send: Send) -> Send:
    """Leaves out what Litestar tells every origin: for each of a hundred scripts it was half a kilobyte."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [each for each in message["headers"] if not each[0].lower().startswith(b"access-control-")]
            message["headers"] = kept
        await send(message)

    return sent


def _raise_failure(app: ASGIApp) -> ASGIApp:
    """Is the outermost middleware. It lets Litestar answer with the error of a route that was called directly."""

    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        if FAILURE in scope:
            raise scope[FAILURE]  # type: ignore[literal-required]
        await app(scope, receive, send)

    return fail
