"""The consent page: a user signs in where that is needed, sees what a client asks for, and decides."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.exceptions import HTTPException

from adapters.http.errors import status_of
from adapters.http.handlers.dependencies import Dependency
from adapters.http.oauth.authorize import CONSENT, PAGE_EXCEPTION_HANDLERS, request_of
from adapters.http.oauth.forms import MAX_FORM_BYTES, Values, form_of, one, query_of
from adapters.http.oauth.pages import back, consent, sign_in
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.json_request import JsonRequest
from adapters.http.server.own_address import OwnAddress
from adapters.http.server.refresh_cookie import NAME, RefreshCookie
from application.accounts.accounts import Accounts
from application.accounts.inputs import SignIn
from application.accounts.sessions import Sessions
from application.accounts.throttling import Visitor
from application.oauth.authorization import Asked, Authorization, AuthorizationRequest
from domain.accounts.account import Caller, User
from domain.errors import Forbidden, Invalid, NotAuthenticated, RateLimited, WrongCredentials

OTHER_ACCOUNT = "account"
"""The parameter of our own that asks for the sign-in form though somebody is signed in."""
FOREIGN = "This form was not sent from our own page, so nothing was done."


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser at the consent page."""

    asked: Asked
    request: AuthorizationRequest
    action: str
    signed_in: tuple[Caller, User] | None


class ConsentController(Controller):
    path = CONSENT
    opt = PUBLIC_ROUTE
    include_in_schema = False
    request_max_body_size = MAX_FORM_BYTES
    exception_handlers = PAGE_EXCEPTION_HANDLERS

    @get()
    async def show(
        self,
        request: JsonRequest,
        own_address: Dependency[OwnAddress],
        authorization: Dependency[Authorization],
        sessions: Dependency[Sessions],
        visitor: Dependency[Visitor],
    ) -> Response[Any]:
        visit = await _visit(request, own_address, authorization, sessions, visitor)
        if visit.signed_in is None or OTHER_ACCOUNT in query_of(request):
            return sign_in(visit.asked, visit.action)
        caller, user = visit.signed_in
        return consent(visit.asked, visit.action, user, authorization.form_token(caller, visit.request))

    @post(status_code=303)
    async def decide(
        self,
        request: JsonRequest,
        own_address: Dependency[OwnAddress],
        authorization: Dependency[Authorization],
        accounts: Dependency[Accounts],
        sessions: Dependency[Sessions],
        refresh_cookie: Dependency[RefreshCookie],
        visitor: Dependency[Visitor],
    ) -> Response[Any]:
        """Raises `Forbidden` for a form of another page, which must neither sign anybody in nor decide for them."""
        _check_own_page(request, own_address)
        form = await form_of(request)
        visit = await _visit(request, own_address, authorization, sessions, visitor)
        if one(form, "decision") == "sign-in":
            return await _sign_in(visit, form, accounts, refresh_cookie, visitor)
        return back(await _decided(visit, form, authorization))


async def _visit(
    request: JsonRequest, own: OwnAddress, authorization: Authorization, sessions: Sessions, visitor: Visitor
) -> Visit:
    if not own.is_ours(request.scope):
        raise HTTPException(status_code=421)
    query = {name: values for name, values in query_of(request).items() if name != OTHER_ACCOUNT}
    given = request_of(query)
    asked = await authorization.read(given, own.base(request.scope), visitor)
    action = f"{CONSENT}?{_without_account(request)}"
    return Visit(asked, given, action, await sessions.signed_in(request.cookies.get(NAME, "")))


def _without_account(request: JsonRequest) -> str:
    parts = request.scope["query_string"].decode("ascii", "replace").split("&")
    return "&".join(part for part in parts if part.partition("=")[0] != OTHER_ACCOUNT)


def _check_own_page(request: JsonRequest, own: OwnAddress) -> None:
    """Browsers name the origin in every form that they send, and most say whether it is the same site's."""
    is_named = request.headers.get("origin", "").lower() == own.base(request.scope).lower()
    if not is_named or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Forbidden(FOREIGN)


async def _sign_in(
    visit: Visit, form: Values, accounts: Accounts, cookie: RefreshCookie, visitor: Visitor
) -> Response[Any]:
    """Signs in as the page does, counted in the same way, and comes back to ask for consent."""
    email = one(form, "email")
    try:
        signed_in = await accounts.sign_in(SignIn(email, one(form, "password")), visitor)
    except (Invalid, WrongCredentials, RateLimited) as refusal:
        wrong = "Email or password is wrong." if isinstance(refusal, Invalid) else refusal.message
        return sign_in(visit.asked, visit.action, wrong=wrong, email=email, status=status_of(refusal))
    return back(visit.action, cookie.holding(signed_in.refresh_token))


async def _decided(visit: Visit, form: Values, authorization: Authorization) -> str:
    """Returns where the browser goes. Raises `NotAuthenticated` and `Forbidden`."""
    if visit.signed_in is None:
        raise NotAuthenticated("You were signed out meanwhile.")
    caller, _ = visit.signed_in
    authorization.check_form(caller, visit.request, one(form, "form_token"))
    if one(form, "decision") != "allow":
        return authorization.refuse(visit.asked)
    return await authorization.allow(caller, visit.asked, read_only=one(form, "access") != "write")
