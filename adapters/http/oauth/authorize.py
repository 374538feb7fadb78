"""The authorization endpoint (RFC 6749, 3.1): it looks at what a client asks, and hands over to the consent page."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import HTTPException

from adapters.http.errors import status_of
from adapters.http.handlers.dependencies import Dependency
from adapters.http.oauth.forms import Values, one, query_of
from adapters.http.oauth.metadata import AUTHORIZE
from adapters.http.oauth.pages import back, hop, problem
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.json_request import JsonRequest
from adapters.http.server.own_address import OwnAddress
from application.accounts.throttling import Visitor
from application.oauth.authorization import Authorization, AuthorizationRequest, RedirectedError
from application.ports import RateLimiter
from domain.errors import RateLimited, Refusal

CONSENT = "/api/auth/consent"
"""It is beside the account routes, where the session's cookie goes."""
SINGLE = tuple(name for name in AuthorizationRequest.__struct_fields__ if name != "resource")


def request_of(query: Values) -> AuthorizationRequest:
    """Raises `OAuthError` for a parameter that is given twice. What is not known is ignored (RFC 6749, 3.1)."""
    given: dict[str, Any] = {name: one(query, name) for name in SINGLE if name in query}
    return AuthorizationRequest(**given, resource=tuple(query.get("resource", ())))


def on_page_refusal(_: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    answer = problem(refusal.message, getattr(refusal, "error", refusal.code), status_of(refusal))
    if isinstance(refusal, RateLimited):
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def on_redirected(_: Request[Any, Any, Any], error: RedirectedError) -> Response[Any]:
    return back(error.location)


PAGE_EXCEPTION_HANDLERS: dict[Any, Any] = {Refusal: on_page_refusal, RedirectedError: on_redirected}


@get(AUTHORIZE, opt=PUBLIC_ROUTE, include_in_schema=False, exception_handlers=PAGE_EXCEPTION_HANDLERS)
async def authorize(
    request: JsonRequest,
    own_address: Dependency[OwnAddress],
    authorization: Dependency[Authorization],
    token_limiter: Dependency[RateLimiter],
    visitor: Dependency[Visitor],
) -> Response[Any]:
    """Tells the client of its mistakes at once, and others of theirs. A browser comes here from another site, and then
    does not send the session's cookie."""
    if not own_address.is_ours(request.scope):
        raise HTTPException(status_code=421)
    if visitor.address:
        await token_limiter.hit(f"address {visitor.address}")
    await authorization.read(request_of(query_of(request)), own_address.base(request.scope), visitor)
    return hop(f"{CONSENT}?{request.scope['query_string'].decode('ascii', 'replace')}")
