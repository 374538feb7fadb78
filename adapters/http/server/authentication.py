"""Who calls: read from the bearer token once, before anything else of the request is looked at."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Request
from litestar.datastructures import Headers
from litestar.exceptions import NotFoundException
from litestar.types import ASGIApp, Receive, Scope, Send

from application.accounts.authentication import Authenticator
from domain.accounts.account import Caller
from domain.accounts.account import Scope as Allowed
from domain.errors import Forbidden, NotAuthenticated, Unavailable

PUBLIC = {"public": True}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BearerHolds = Callable[[], Awaitable[bool]]
"""Whether the request's token is still taken: an answer that goes on for long ends where it is not."""


def authenticated(authenticator: Authenticator) -> Callable[[ASGIApp], ASGIApp]:
    """Closed unless a route says `opt=PUBLIC`; a `{user_id}` in the path must be the caller's own, or `me`.

    Web clients know their users by the subject that their issuer gave them. The token alone says whose rows are meant.

    A route whose method does not tell which scope it needs names it as `scope` in `opt`.
    Not a guard: Litestar copies the whole handler for each.
    """

    async def authenticate(scope: Scope) -> None:
        _check_numbers(scope)
        scheme, _, token = Headers.from_scope(scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("Sign in first, and send the token as “Authorization: Bearer …”.")
        caller = await authenticator.authenticate(token.strip())
        scope["user"], scope["auth"] = caller, partial(_holds, authenticator, token.strip())
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
    """A number has one spelling: Python's `int`, by which Litestar reads addresses, knows +1, 0_1 and other scripts."""
    for value in scope["path_params"].values():
        if isinstance(value, int) and str(value) not in scope["path"].split("/"):
            raise NotFoundException


def _usual(method: str) -> Allowed:
    return Allowed.READ if method in SAFE else Allowed.WRITE


async def _holds(authenticator: Authenticator, bearer: str) -> bool:
    """What can't be asked for a moment holds meanwhile."""
    try:
        await authenticator.authenticate(bearer)
    except NotAuthenticated:
        return False
    except Unavailable:
        return True
    return True


def bearer_holds_of(request: Request[Caller, BearerHolds, Any]) -> BearerHolds:
    return request.auth


def caller_of(request: Request[Caller, Any, Any]) -> Caller:
    return request.user
