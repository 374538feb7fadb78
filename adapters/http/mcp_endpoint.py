"""The `/mcp` endpoint: it authorizes requests and tells clients where to get a token (RFC 9728). The SDK handles the
messages."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Protocol

from litestar import Litestar, Request, Response, asgi, get
from litestar.datastructures import Headers
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.types import Receive, Send
from litestar.types import Scope as AsgiScope
from msgspec import Struct

from adapters.http.error_responses import on_refusal
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.own_address import OwnAddress
from application.ports import RateLimiter
from domain.accounts.account import Scope
from domain.errors import InsufficientScope, NotAuthenticated, Refusal
from domain.oauth.resources import MCP

PATH = MCP
METADATA_AT_ROOT = "/.well-known/oauth-protected-resource"
"""Clients look here if they don't know the path, or find nothing under it."""
METADATA = METADATA_AT_ROOT + PATH
HEADERS = ("MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Session-Id")
"""Request headers that browsers may send."""


class ProtectedResource(Struct):
    """The metadata that a client needs to get a token for this server (RFC 9728)."""

    resource: str
    scopes_supported: list[str]
    bearer_methods_supported: list[str]
    resource_name: str
    authorization_servers: list[str]


class McpApplication(Protocol):
    """The application that answers the authorized requests."""

    def run(self) -> AbstractAsyncContextManager[None]: ...

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class McpEndpoint:
    """`authorization_servers` are other issuers. They come before ours, since who names one has users there.

    Starts the SDK at the first request, since that takes 20 MiB and a third of a second.
    """

    def __init__(
        self,
        create: Callable[[], McpApplication],
        limiter: RateLimiter,
        own: OwnAddress,
        authorization_servers: Sequence[str] = (),
    ) -> None:
        self._create = create
        self._limiter = limiter
        self._own = own
        self._authorization_servers = list(authorization_servers)

    @asynccontextmanager
    async def running(self, _: Litestar) -> AsyncIterator[None]:
        self._wanted = asyncio.Event()
        self._opened: asyncio.Future[McpApplication] = asyncio.get_running_loop().create_future()
        keeper = asyncio.create_task(self._keep_open())
        try:
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    async def _keep_open(self) -> None:
        """Enters and leaves the SDK in one task, as it requires."""
        await self._wanted.wait()
        try:
            application = await asyncio.to_thread(self._create)
        except Exception as error:  # noqa: BLE001 - it is raised in each request, instead of leaving them to wait
            self._opened.set_exception(error)
            return
        async with application.run():
            self._opened.set_result(application)
            await asyncio.Event().wait()

    async def answer(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Raises `RateLimited`, `InsufficientScope` and `HTTPException`."""
        self._check(scope)
        await self._limiter.hit(scope["user"].user_id)
        scope["base"] = self._own.base(scope)  # type: ignore[typeddict-unknown-key]
        self._wanted.set()
        await (await asyncio.shield(self._opened))(scope, receive, send)

    def _check(self, scope: AsgiScope) -> None:
        if scope["method"] != "POST":  # type: ignore[typeddict-item]
            raise MethodNotAllowedException(headers={"Allow": "POST"})
        if not self._own.is_ours(scope):
            raise HTTPException(status_code=421)
        if not self._own.is_own_page(scope):
            raise HTTPException(status_code=403)
        media_type = Headers.from_scope(scope).get("content-type", "").partition(";")[0]
        if media_type.strip().lower() != "application/json":
            raise HTTPException(status_code=415)

    def handlers(self) -> list[Any]:
        @asgi(
            PATH,
            copy_scope=True,
            opt={"scope": Scope.READ, "resource": PATH},
            exception_handlers={Refusal: self.on_refusal},
        )
        async def mcp(scope: AsgiScope, receive: Receive, send: Send) -> None:
            await self.answer(scope, receive, send)

        @get([METADATA, METADATA_AT_ROOT], opt=PUBLIC_ROUTE, include_in_schema=False)
        async def metadata(request: Request[Any, Any, Any]) -> ProtectedResource:
            base = self._own.base(request.scope)
            return ProtectedResource(
                resource=base + PATH,
                scopes_supported=list(Scope),
                bearer_methods_supported=["header"],
                resource_name="Tasktalk",
                authorization_servers=[*self._authorization_servers, base],
            )

        return [mcp, metadata]

    def on_refusal(self, request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
        answer = on_refusal(request, refusal)
        where = f'resource_metadata="{self._own.base(request.scope)}{METADATA}"'
        if isinstance(refusal, InsufficientScope):
            challenge = f'Bearer error="insufficient_scope", scope="{refusal.scope}", {where}'
            answer.headers["WWW-Authenticate"] = challenge
        elif isinstance(refusal, NotAuthenticated):
            answer.headers["WWW-Authenticate"] = f'Bearer {where}, scope="{" ".join(Scope)}"'
        return answer
