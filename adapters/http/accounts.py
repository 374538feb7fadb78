from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from adapters.http.errors import errors
from adapters.http.identity import PUBLIC
from adapters.http.schemas import MessageOut, ResetLinkOut, SessionOut, UserOut, out
from application.accounts import Accounts, ForgotPassword, ResetPassword, SignIn, SignUp
from domain.account import Caller

LINK_SENT = "If an account with this email exists, a link to reset its password is on its way."


class AccountController(Controller):
    path = "/api/auth"
    tags = ("Accounts",)

    @post(["/signup", "/register"], opt=PUBLIC, security=[{}], summary="Sign up", responses=errors(400, 413, 415))
    async def sign_up(self, accounts: NamedDependency[Accounts], data: JSONBody[SignUp]) -> SessionOut:
        return _session(await accounts.sign_up(data))

    @post(
        ["/signin", "/login"],
        opt=PUBLIC,
        security=[{}],
        status_code=200,
        summary="Sign in",
        responses=errors(400, 401, 413, 415),
    )
    async def sign_in(self, accounts: NamedDependency[Accounts], data: JSONBody[SignIn]) -> SessionOut:
        return _session(await accounts.sign_in(data))

    @post(
        "/forgot-password",
        opt=PUBLIC,
        security=[{}],
        status_code=200,
        summary="Ask for a link to reset the password",
        responses=errors(400, 413, 415),
    )
    async def forgot_password(
        self, accounts: NamedDependency[Accounts], shows_links: NamedDependency[bool], data: JSONBody[ForgotPassword]
    ) -> ResetLinkOut:
        """The same answer whether or not an account has this email."""
        link = await accounts.forgot_password(data)
        return ResetLinkOut(LINK_SENT, link if shows_links else None)

    @post(
        "/reset-password",
        opt=PUBLIC,
        security=[{}],
        status_code=200,
        summary="Set a new password",
        responses=errors(400, 413, 415),
    )
    async def reset_password(self, accounts: NamedDependency[Accounts], data: JSONBody[ResetPassword]) -> MessageOut:
        """The token of the link works once, for an hour."""
        await accounts.reset_password(data)
        return MessageOut("The password is changed. Sign in with it.")

    @get("/me", summary="Who am I", responses=errors(401))
    async def me(self, accounts: NamedDependency[Accounts], caller: NamedDependency[Caller]) -> UserOut:
        user: UserOut = out(await accounts.me(caller), UserOut)
        return user


def _session(session: object) -> SessionOut:
    converted: SessionOut = out(session, SessionOut)
    return converted
