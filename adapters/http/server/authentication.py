"""Authenticates each request by its bearer token, before anything else of it is read."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException
from litestar.types import ASGIApp, Receive, Scope, Send

from adapters.http.handlers.dependencies import Dependency
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.headers import header
from adapters.http.server.own_address import OwnAddress
from application.accounts.authentication import Authenticator
from application.accounts.throttling import Visitor
from domain.accounts.account import Caller
from domain.accounts.account import Scope as Allowed
from domain.errors import Forbidden, NotAuthenticated, Unavailable
from domain.oauth.resources import API

PUBLIC_ROUTE = {"public": True}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TokenIsValid = Callable[[], Awaitable[bool]]
"""Returns whether the request's token is still valid. A long response ends if it is not."""


def authenticated(authenticator: Authenticator, own_address: Callable[[], OwnAddress]) -> Callable[[ASGIApp], ASGIApp]:
    """Requires a token unless a route has `opt=PUBLIC_ROUTE`.

    A `{user_id}` in the path must be the caller's own id, the caller's subject at another issuer, or `me`. Only the
    token decides whose rows are read.

    A token that is for certain addresses is accepted there only: for `/mcp` at the route that names it as `resource` in
    `opt`, and for the API at all others.

    A route whose method does not imply the scope names it as `scope` in `opt`. This is middleware and not a guard,
    since Litestar copies the whole handler for each guard.
    """

    async def authenticate(scope: Scope) -> None:
        _check_numbers(scope)
        scheme, _, token = header(scope, b"authorization").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("Sign in first, and send the token as “Authorization: Bearer …”.")
        path = scope["route_handler"].opt.get("resource", API)
        accepts = partial(authenticator.authenticate, token.strip(), lambda: own_address().base(scope) + path)
        caller = await accepts()
        scope["user"], scope["auth"] = caller, partial(_is_valid, accepts)
        if scope["path_params"].get("user_id", "me") not in ("me", caller.user_id, caller.subject):
            raise Forbidden("This address belongs to another user. Use your own id, or “me”.")
        caller.check(scope["route_handler"].opt.get("scope") or _usual(scope["method"]))  # type: ignore[typeddict-item]

    def middleware(app: ASGIApp) -> ASGIApp:
        async def let_in(scope: Scope, receive: Receive, send: Send) -> None:
            if not scope["route_handler"].opt.get("public"):
                await authenticate(scope)
            await app(scope, receive, send)

        return let_in

    return middleware


def _check_numbers(scope: Scope) -> None:
    """Refuses other spellings of a number in the path: Python's `int` accepts +1, 0_1 and digits of other scripts."""
    for value in scope["path_params"].values():
        if isinstance(value, int) and str(value) not in scope["path"].split("/"):
            raise NotFoundException


def _usual(method: str) -> Allowed:
    return Allowed.READ if method in SAFE else Allowed.WRITE


async def _is_valid(accepts: Callable[[], Awaitable[Caller]]) -> bool:
    """Returns whether the token is still valid. Returns True if that can't be checked right now."""
    try:
        await accepts()
    except NotAuthenticated:
        return False
    except Unavailable:
        return True
    return True


def token_is_valid_of(request: Request[Caller, TokenIsValid, Any]) -> TokenIsValid:
    return request.auth


def caller_of(request: Request[Caller, Any, Any]) -> Caller:
    return request.user


def visitor_of(request: Request[Any, Any, Any], trusted_proxies: Dependency[TrustedProxies]) -> Visitor:
    peer = request.client.host if request.client else None
    address = trusted_proxies.client(peer, request.headers.getall("x-forwarded-for", []))
    return Visitor(address, request.headers.get("user-agent"))
