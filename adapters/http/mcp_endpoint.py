"""`/mcp`: who may come in, and what a client that may not is told (RFC 9728). What is said inside is the SDK's."""

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

from adapters.http.errors import on_refusal
from adapters.http.server.authentication import PUBLIC
from adapters.http.server.own_address import OwnAddress
from application.ports import RateLimiter
from domain.accounts.account import Scope
from domain.errors import InsufficientScope, NotAuthenticated, Refusal

PATH = "/mcp"
METADATA_AT_ROOT = "/.well-known/oauth-protected-resource"
"""Where clients look that know nothing of the path, or don't find it there."""
METADATA = METADATA_AT_ROOT + PATH
HEADERS = ("MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Session-Id")
"""That browsers may send."""


class ProtectedResource(Struct, omit_defaults=True):
    """RFC 9728: what a client must know of this server to get a token for it."""

    resource: str
    scopes_supported: list[str]
    bearer_methods_supported: list[str]
    resource_name: str
    authorization_servers: list[str] = []


class Inside(Protocol):
    """What answers the requests that were let in."""

    def run(self) -> AbstractAsyncContextManager[None]: ...

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class McpEndpoint:
    """Opened by the first who comes: the SDK takes 20 MiB and a third of a second, which others shall not pay for."""

    def __init__(
        self,
        open_up: Callable[[], Inside],
        limiter: RateLimiter,
        own: OwnAddress,
        authorization_servers: Sequence[str] = (),
    ) -> None:
        self._open_up = open_up
        self._limiter = limiter
        self._own = own
        self._authorization_servers = list(authorization_servers)

    @asynccontextmanager
    async def running(self, _: Litestar) -> AsyncIterator[None]:
        self._wanted = asyncio.Event()
        self._opened: asyncio.Future[Inside] = asyncio.get_running_loop().create_future()
        keeper = asyncio.create_task(self._keep_open())
        try:
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    async def _keep_open(self) -> None:
        """In one task from beginning to end, as the SDK wants it."""
        await self._wanted.wait()
        try:
            inside = await asyncio.to_thread(self._open_up)
        except Exception as error:  # noqa: BLE001 - it is raised in each request, instead of leaving them to wait
            self._opened.set_exception(error)
            return
        async with inside.run():
            self._opened.set_result(inside)
            await asyncio.Event().wait()

    async def answer(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Raises `RateLimited`, `InsufficientScope` and `HTTPException`."""
        self._check(scope)
        await self._limiter.hit(scope["user"].user_id)
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
        @asgi(PATH, copy_scope=True, opt={"scope": Scope.READ}, exception_handlers={Refusal: self.on_refusal})
        async def mcp(scope: AsgiScope, receive: Receive, send: Send) -> None:
            await self.answer(scope, receive, send)

        @get([METADATA, METADATA_AT_ROOT], opt=PUBLIC, include_in_schema=False)
        async def metadata(request: Request[Any, Any, Any]) -> ProtectedResource:
            return ProtectedResource(
                resource=self._own.base(request.scope) + PATH,
                scopes_supported=list(Scope),
                bearer_methods_supported=["header"],
                resource_name="Tasktalk",
                authorization_servers=self._authorization_servers,
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
