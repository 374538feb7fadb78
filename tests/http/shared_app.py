"""One Litestar application for all tests, since making one takes 100 ms. Each call says on what it works."""

from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar, cast

from litestar import Litestar
from litestar.types import ASGIApp, Receive, Scope, Send

from adapters.http.app import create_app
from adapters.http.mcp_endpoint import McpEndpoint
from adapters.http.services import Services
from application.accounts.authentication import Authenticator

T = TypeVar("T")

ORIGIN = "http://localhost:3000"
called: ContextVar[Any] = ContextVar("called")
"""Has the parts that serve the request: `services`, `authenticator` and `mcp`."""


def working_on(parts: Any, origin: str = ORIGIN) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        called.set(parts)
        await shared_app(origin)(scope, receive, send)

    return serve


@cache
def shared_app(origin: str) -> Litestar:
    mcp = _of_called(McpEndpoint, "mcp")
    return create_app(_of_called(Services, "services"), _of_called(Authenticator, "authenticator"), [origin], mcp=mcp)


def _of_called(kind: type[T], name: str) -> T:
    """Whatever is asked of it, the part with that name of the called one answers."""

    class OfCalled(kind):  # type: ignore[misc, valid-type]
        __init__ = object.__init__

        def __getattr__(self, attribute: str) -> Any:
            return getattr(getattr(called.get(), name), attribute)

    return cast("T", OfCalled())
