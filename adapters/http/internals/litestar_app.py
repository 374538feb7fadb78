"""Litestar's application without two of its ways. docs/internals.md says what each costs."""

from litestar import Litestar, Router
from litestar.routes import HTTPRoute
from litestar.types import RouteHandlerType
from litestar.types.internal_types import RouteHandlerMapItem

Handlers = dict[str, RouteHandlerMapItem]


class App(Litestar):
    """Answers OPTIONS with every method of an address.

    Where several handlers share one, Litestar keeps the answer of a single handler, or refuses the second controller.
    """

    @property
    def route_handler_method_map(self) -> Handlers:
        return _without_options(super().route_handler_method_map)

    @classmethod
    def get_route_handler_map(cls, value: "RouteHandlerType | Router") -> Handlers:
        return _without_options(super().get_route_handler_map(value))


def _without_options(known: Handlers) -> Handlers:
    return {path: {how: of for how, of in each.items() if how != "OPTIONS"} for path, each in known.items()}


def resolve_one_by_one(app: Litestar) -> None:
    """Resolves dependencies one after the other. Litestar uses a task group for that, but none of our dependencies
    waits for anything."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                model.dependency_batches = [{each} for batch in model.dependency_batches for each in batch]
