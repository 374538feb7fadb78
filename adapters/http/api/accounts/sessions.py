from typing import Annotated, Any

from litestar import Controller, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import CookieParameter, JSONBody

from adapters.http.api.accounts.accounts import session_response
from adapters.http.error_responses import on_refusal
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import MessageOut, SessionOut
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.json_request import JsonRequest
from adapters.http.server.refresh_cookie import NAME, RefreshCookie
from application.accounts.sessions import Refresh, Sessions
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated

SIGNED_IN = {200: ResponseSpec(SessionOut, generate_examples=False, description="A new access token")}
SIGNED_OUT = {200: ResponseSpec(MessageOut, generate_examples=False, description="It is over")}


class SessionController(Controller):
    path = "/api/auth"
    tags = ("Accounts",)

    @post(
        "/refresh",
        opt=PUBLIC_ROUTE,
        security=[{}],
        status_code=200,
        summary="Get a new access token",
        responses=SIGNED_IN | errors(400, 401, 413, 415),
    )
    async def refresh_session(
        self,
        request: JsonRequest,
        sessions: Dependency[Sessions],
        refresh_cookie: Dependency[RefreshCookie],
        cookie: Annotated[str | None, CookieParameter(name=NAME, required=False)] = None,
        data: JSONBody[Refresh | None] = None,
    ) -> Response[Any]:
        """Takes the refresh token from the cookie or from the body, and returns the next one in the same place.

        Each refresh token works once. Using one again more than ten seconds later ends the session.
        """
        try:
            signed_in = await sessions.refresh(data.refresh_token if data else cookie or "")
        except NotAuthenticated as refusal:
            refused = on_refusal(request, refusal)
            return refresh_cookie.clear(refused) if cookie and not data else refused
        return session_response(signed_in, "body" if data else "cookie", refresh_cookie)

    @post("/signout", status_code=200, summary="Sign out here", responses=SIGNED_OUT | errors(400, 401, 403))
    async def sign_out(
        self,
        sessions: Dependency[Sessions],
        caller: Dependency[Caller],
        refresh_cookie: Dependency[RefreshCookie],
    ) -> Response[Any]:
        """Ends this session with its access token and refresh token: at once on this server, within seconds on all."""
        await sessions.sign_out(caller)
        return refresh_cookie.clear(JsonResponse(MessageOut("You are signed out.")))

    @post(
        "/signout-everywhere", status_code=200, summary="Sign out everywhere", responses=SIGNED_OUT | errors(401, 403)
    )
    async def sign_out_everywhere(
        self,
        sessions: Dependency[Sessions],
        caller: Dependency[Caller],
        refresh_cookie: Dependency[RefreshCookie],
    ) -> Response[Any]:
        """Ends all sessions of this account, and this one too. API tokens stay; revoke them one by one."""
        await sessions.sign_out_everywhere(caller)
        return refresh_cookie.clear(JsonResponse(MessageOut("You are signed out everywhere.")))
