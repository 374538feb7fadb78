"""Calls handlers without those steps of Litestar that they do not use. docs/internals.md says what the steps cost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Empty, Receive, Scope, Send
from msgspec import Struct

from adapters.http.internals.litestar_responses import JsonResponse


@dataclass(frozen=True, slots=True)
class Dependency:
    """A dependency that is made for each request. `needs` are the names of its parameters."""

    name: str
    of: Callable[..., Any]
    needs: tuple[str, ...]
    is_async: bool


class DirectCall:
    """Calls one handler. `model` is Litestar's, and reads the parameters of a request.

    What dependencies are given and return is not validated, since they are ours.
    """

    def __init__(self, handler: HTTPRouteHandler, model: Any) -> None:
        self._handler = handler
        self._call = handler.fn
        self._model = model
        self._signature: Any = handler.signature_model
        self._request = handler.resolve_request_class()
        self._dependencies = [_dependency(name, provide) for name, provide in _dependencies(model)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._request(scope, receive, send)
        result = await self._call(**await self._arguments(request))
        if isinstance(result, Struct):
            result = JsonResponse(result)
        if isinstance(result, JsonResponse):
            response: ASGIApp = result.to_asgi_response(status_code=self._handler.status_code)
        else:
            response = await self._handler.to_response(app=scope["litestar_app"], data=result, request=request)
        await response(scope, receive, send)

    async def _arguments(self, request: Any) -> dict[str, Any]:
        """Raises `ValidationException` for parameters of the request that the handler does not take."""
        given: dict[str, Any] = await self._model.to_kwargs(request)
        if given.get("data") is Empty:
            del given["data"]
        for each in self._dependencies:
            made = each.of(*[given[name] for name in each.needs])
            given[each.name] = await made if each.is_async else made
        arguments: dict[str, Any] = self._signature.parse_values_from_connection_kwargs(request, given)
        return arguments


class DirectCalls:
    """The innermost middleware. Handlers that use more of Litestar are called by Litestar."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], DirectCall] = {}

    def middleware(self, app: ASGIApp) -> ASGIApp:
        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            direct = self._calls.get((scope["path_template"], str(scope.get("method"))))
            await (direct or app)(scope, receive, send)

        return call

    def has(self, template: str, method: str) -> bool:
        return (template, method) in self._calls

    def prepare(self, app: Litestar) -> None:
        """Call this when all routes are known."""
        for route in app.routes:
            if isinstance(route, HTTPRoute):
                for method, (handler, model) in route.route_handler_map.items():
                    if _is_plain(handler, model):
                        self._calls[route.path_format, method] = DirectCall(handler, model)


def _is_plain(handler: HTTPRouteHandler, model: Any) -> bool:
    hooks = (
        handler.has_sync_callable,
        handler.resolve_guards(),
        handler.resolve_before_request(),
        handler.resolve_after_response(),
        [layer for layer in handler.ownership_layers if getattr(layer, "after_request", None)],
        handler.cache,
        handler.resolve_return_dto(),
        model.expected_form_data,
    )
    return not any(hooks) and not any(_is_generator(provide) for _, provide in _dependencies(model))


def _is_generator(provide: Provide) -> bool:
    return provide.has_sync_generator_dependency or provide.has_async_generator_dependency


def _dependencies(model: Any) -> Iterator[tuple[str, Provide]]:
    """Yields each dependency after those that it needs."""
    for batch in model.dependency_batches:
        yield from ((each.key, each.provide) for each in batch)


def _dependency(name: str, provide: Provide) -> Dependency:
    needs = tuple(provide.signature_model._fields)
    return Dependency(name, provide.dependency, needs, is_async=not provide.has_sync_callable)
