"""Calls handlers without those steps of Litestar that they do not use. docs/internals.md says what the steps cost."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
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


class HeaderParameters:
    """Reads those headers that are parameters. Litestar makes a mapping of all headers first."""

    def __init__(self, parameters: Iterable[Any]) -> None:
        self._defaults = {each.field_name: each.default for each in parameters}
        self._names = {each.field_alias.lower().encode(): each.field_name for each in parameters}

    def read(self, scope: Scope) -> dict[str, Any]:
        """Returns the first header of each name, or its default."""
        given = dict(self._defaults)
        for name, value in reversed(list(scope["headers"])):
            if name in self._names:
                given[self._names[name]] = value.decode("latin-1")
        return given


class DirectCall:
    """Calls one handler. `model` is Litestar's, and reads the other parameters of a request.

    What dependencies are given and return is not validated, since they are ours. Nor is a body that the request has
    decoded as the type which the handler declares.
    """

    def __init__(self, handler: HTTPRouteHandler, model: Any) -> None:
        self._handler = handler
        self._call = handler.fn
        self._headers = HeaderParameters(model.expected_header_params)
        self._extractors = _extractors_besides_headers(model)
        self._signature: Any = handler.signature_model
        body = handler.parsed_fn_signature.parameters.get("data")
        self._without_body = {"data": body.default} if body and body.has_default else {}
        self._names: tuple[str, ...] = self._signature.__struct_fields__
        self._request = handler.resolve_request_class()
        self._dependencies = [_dependency(name, provide) for name, provide in _dependencies(model)]
        self._takes_made_ones_only = {*self._names} <= {each.name for each in self._dependencies} | {"data"}

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
        given = self._headers.read(request.scope)
        for extractor in self._extractors:
            await extractor(given, request)
        if given.get("data") is Empty:
            del given["data"]
            given |= self._without_body
        for each in self._dependencies:
            made = each.of(*[given[name] for name in each.needs])
            given[each.name] = await made if each.is_async else made
        if self._takes_made_ones_only and isinstance(given.get("data"), Struct):
            return {name: given[name] for name in self._names}
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
        [each for each in model.expected_header_params if each.is_required],
    )
    return not any(hooks) and not any(_is_generator(provide) for _, provide in _dependencies(model))


def _extractors_besides_headers(model: Any) -> list[Any]:
    others = copy(model)
    others.expected_header_params = set()
    extractors: list[Any] = others._create_extractors()
    return extractors


def _is_generator(provide: Provide) -> bool:
    return provide.has_sync_generator_dependency or provide.has_async_generator_dependency


def _dependencies(model: Any) -> Iterator[tuple[str, Provide]]:
    """Yields each dependency after those that it needs."""
    for batch in model.dependency_batches:
        yield from ((each.key, each.provide) for each in batch)


def _dependency(name: str, provide: Provide) -> Dependency:
    needs = tuple(provide.signature_model._fields)
    return Dependency(name, provide.dependency, needs, is_async=not provide.has_sync_callable)
