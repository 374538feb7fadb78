"""Who calls: read from the bearer token once, before anything else of the request is looked at."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler

from application.identity import Identity
from domain.account import Caller, Scope
from domain.errors import Forbidden, NotAuthenticated, Unavailable

PUBLIC = {"public": True}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BearerHolds = Callable[[], Awaitable[bool]]
"""Whether the request's token is still taken: an answer that goes on for long ends where it is not."""
Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]


def guard(identity: Identity) -> Guard:
    """Closed unless a route says `opt=PUBLIC`; a `{user_id}` in the path must be the caller's own, or `me`.

    Web clients know their users by the subject that their issuer gave them. The token alone says whose rows are meant.

    A route whose method does not tell which scope it needs names it as `scope` in `opt`.
    Asynchronous, as Litestar runs other guards in threads, which each request would wait for.
    """

    async def authenticate(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        if handler.opt.get("public"):
            return
        _check_numbers(connection)
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("Sign in first, and send the token as “Authorization: Bearer …”.")
        caller = await identity.authenticate(token.strip())
        connection.scope["user"], connection.scope["auth"] = caller, partial(_holds, identity, token.strip())
        if connection.path_params.get("user_id", "me") not in ("me", caller.user_id, caller.subject):
            raise Forbidden("This address belongs to another user. Use your own id, or “me”.")
        caller.check(handler.opt.get("scope") or _usual(connection.scope["method"]))  # type: ignore[typeddict-item]

    return authenticate


def _check_numbers(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """A number has one spelling: Python's `int`, by which Litestar reads addresses, knows +1, 0_1 and other scripts."""
    for value in connection.path_params.values():
        if isinstance(value, int) and str(value) not in connection.scope["path"].split("/"):
            raise NotFoundException


def _usual(method: str) -> Scope:
    return Scope.READ if method in SAFE else Scope.WRITE


async def _holds(identity: Identity, bearer: str) -> bool:
    """What can't be asked for a moment holds meanwhile."""
    try:
        await identity.authenticate(bearer)
    except NotAuthenticated:
        return False
    except Unavailable:
        return True
    return True


def bearer_holds_of(request: Request[Caller, BearerHolds, Any]) -> BearerHolds:
    return request.auth


def caller_of(request: Request[Caller, Any, Any]) -> Caller:
    return request.user
