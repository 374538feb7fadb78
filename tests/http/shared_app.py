"""One Litestar application for all tests: it takes 50 ms and more to make. Whose fakes it works on, the call says."""

from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar, cast

from litestar import Litestar

from adapters.http.app import create_app
from adapters.http.mcp_endpoint import McpEndpoint
from adapters.http.services import Services
from application.accounts.authentication import Authenticator

T = TypeVar("T")

called: ContextVar[Any] = ContextVar("called")
"""The `Api` that serves the request."""


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
