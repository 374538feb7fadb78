from typing import Annotated, Any, Literal

from litestar import Controller, Response, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET

from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import MessageOut, ResetLinkOut, SessionOut, UserOut, out
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.refresh_cookie import RefreshCookie
from application.accounts.access_revocation import EndedAccess, Integrations
from application.accounts.accounts import Accounts
from application.accounts.erasure import EraseAccount, Erasure
from application.accounts.inputs import ProfileChanges, SignIn, SignUp
from application.accounts.passwords import ChangePassword, ForgotPassword, Passwords, ResetPassword
from application.accounts.sessions import SignedIn
from application.accounts.throttling import Visitor
from domain.accounts.account import Caller

LINK_SENT = "If an account with this email exists, a link to reset its password is on its way."

ERASED = {200: ResponseSpec(MessageOut, generate_examples=False, description="Nothing is left")}

Where = Annotated[
    Literal["cookie", "body"],
    QueryParameter(description="Where the refresh token goes: a cookie that scripts can't read, or the body."),
]


class AccountController(Controller):
    path = "/api/auth"
    tags = ("Accounts",)

    @post(
        ["/signup", "/register"],
        opt=PUBLIC_ROUTE,
        security=[{}],
        summary="Sign up",
        responses=errors(400, 413, 415, 429),
    )
    async def sign_up(
        self,
        accounts: Dependency[Accounts],
        visitor: Dependency[Visitor],
        refresh_cookie: Dependency[RefreshCookie],
        data: JSONBody[SignUp],
        refresh: Where = "cookie",
    ) -> Response[SessionOut]:
        """Creates an account and signs in. The refresh token is in a cookie, or in the body if `refresh` says so."""
        return session_response(await accounts.sign_up(data, visitor), refresh, refresh_cookie, 201)

    @post(
        ["/signin", "/login"],
        opt=PUBLIC_ROUTE,
        security=[{}],
        status_code=200,
        summary="Sign in",
        responses=errors(400, 401, 413, 415, 429),
    )
    async def sign_in(
        self,
        accounts: Dependency[Accounts],
        visitor: Dependency[Visitor],
        refresh_cookie: Dependency[RefreshCookie],
        data: JSONBody[SignIn],
        refresh: Where = "cookie",
    ) -> Response[SessionOut]:
        """Returns an access token. The refresh token is in a cookie, or in the body if `refresh` asks for that."""
        return session_response(await accounts.sign_in(data, visitor), refresh, refresh_cookie)

    @post(
        "/forgot-password",
        opt=PUBLIC_ROUTE,
        security=[{}],
        status_code=200,
        summary="Ask for a link to reset the password",
        responses=errors(400, 413, 415, 429),
    )
    async def request_password_reset(
        self,
        passwords: Dependency[Passwords],
        visitor: Dependency[Visitor],
        shows_links: Dependency[bool],
        data: JSONBody[ForgotPassword],
    ) -> ResetLinkOut:
        """Returns the same answer whether or not an account has this email."""
        link = await passwords.forgot(data, visitor)
        return ResetLinkOut(LINK_SENT, link if shows_links else None)

    @post(
        "/reset-password",
        opt=PUBLIC_ROUTE,
        security=[{}],
        status_code=200,
        summary="Set a new password",
        responses=errors(400, 413, 415, 429),
    )
    async def reset_password(
        self, passwords: Dependency[Passwords], visitor: Dependency[Visitor], data: JSONBody[ResetPassword]
    ) -> MessageOut:
        """The token of the link works once, for an hour. All sessions, API tokens and webhooks of the account end."""
        ended = await passwords.reset(data, visitor)
        integrations = f": all sessions, {_counted(ended.integrations)}" if ended.integrations else ""
        return MessageOut(f"The password is changed. Sign in with it. Whatever had access has ended{integrations}.")

    @post(
        "/change-password",
        status_code=200,
        summary="Change my password",
        responses=errors(400, 401, 403, 413, 415, 429),
    )
    async def change_password(
        self,
        passwords: Dependency[Passwords],
        caller: Dependency[Caller],
        visitor: Dependency[Visitor],
        data: JSONBody[ChangePassword],
    ) -> MessageOut:
        """Ends all your other sessions. API tokens and webhooks end too if `end_tokens_and_webhooks` is true."""
        ended, kept = await passwords.change(caller, data, visitor)
        said = "The password is changed. You stay signed in here, and nowhere else."
        return MessageOut(said + _what_became(ended, kept))

    @get("/me", summary="Who am I", responses=errors(401))
    async def get_me(self, accounts: Dependency[Accounts], caller: Dependency[Caller]) -> UserOut:
        """Returns the account of the token that is sent. For an API token, that is the account of its owner."""
        user: UserOut = out(await accounts.me(caller), UserOut)
        return user

    @patch("/me", summary="Change my profile", responses=errors(400, 401, 403, 413, 415))
    async def update_me(
        self, accounts: Dependency[Accounts], caller: Dependency[Caller], data: JSONBody[ProfileChanges]
    ) -> UserOut:
        """Takes a merge patch (RFC 7396). Another time zone changes no task; it only changes when your day begins."""
        user: UserOut = out(await accounts.change(caller, data), UserOut)
        return user

    @delete("/me", status_code=200, summary="Erase my account", responses=ERASED | errors(400, 401, 403, 413, 415, 429))
    async def erase_account(
        self,
        caller: Dependency[Caller],
        erasure: Dependency[Erasure],
        visitor: Dependency[Visitor],
        refresh_cookie: Dependency[RefreshCookie],
        data: JSONBody[EraseAccount],
    ) -> Response[Any]:
        """Erases the account and everything in it, at once and for good. Download your data first."""
        await erasure.erase(caller, data, visitor)
        return refresh_cookie.clear(JsonResponse(MessageOut("Your account and everything in it is erased.")))


def session_response(signed_in: SignedIn, where: str, cookie: RefreshCookie, status: int = 200) -> Response[SessionOut]:
    in_body = where == "body"
    user: UserOut = out(signed_in.user, UserOut)
    body = SessionOut(signed_in.token, user, signed_in.refresh_token if in_body else UNSET)
    cookies: Any = [] if in_body else cookie.holding(signed_in.refresh_token)
    return JsonResponse(body, status_code=status, cookies=cookies)


def _counted(integrations: Integrations) -> str:
    connections = [_amount(integrations.connections, "connected app")] if integrations.connections else []
    *others, last = [
        _amount(integrations.api_tokens, "API token"),
        _amount(integrations.webhooks, "webhook"),
        *connections,
    ]
    return f"{', '.join(others)} and {last}"


def _amount(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _what_became(ended: EndedAccess, kept: Integrations) -> str:
    if ended.integrations:
        return f" What else had access has ended: {_counted(ended.integrations)}."
    is_any = kept.api_tokens or kept.webhooks or kept.connections
    return f" What else has access still has it: {_counted(kept)}." if is_any else ""
