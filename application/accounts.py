"""Use-cases of accounts: sign up, sign in, and get back in with a forgotten password."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Annotated

from msgspec import Meta, Struct

from application.ports import AccountRepository, Clock, EmailAddresses, Mailer, PasswordHasher, Transaction
from application.repeating import repeated
from application.sessions import Sessions, SignedIn
from application.throttling import UNSEEN, WRONG, PasswordCheck, Throttle, Visitor
from domain.account import (
    NAME_LONGEST,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    RESET_TOKEN_LIFETIME,
    Caller,
    User,
    check_password,
    clean_name,
)
from domain.errors import EmailTaken, InvalidResetToken, NotAuthenticated, WrongCredentials
from domain.session import Session

Email = Annotated[
    str,
    Meta(
        description="Compared without regard to case.",
        examples=["ann@example.com"],
        extra_json_schema={"format": "email"},
    ),
]
NewPassword = Annotated[
    str,
    Meta(
        description=f"{PASSWORD_SHORTEST}–{PASSWORD_LONGEST} characters.",
        examples=["correct horse battery"],
        extra_json_schema={"minLength": PASSWORD_SHORTEST, "maxLength": PASSWORD_LONGEST, "format": "password"},
    ),
]
Password = Annotated[str, Meta(examples=["correct horse battery"], extra_json_schema={"format": "password"})]


class SignUp(Struct, forbid_unknown_fields=True):
    email: Email
    password: NewPassword
    name: Annotated[
        str | None,
        Meta(
            description=f"At most {NAME_LONGEST} characters.",
            examples=["Ann"],
            extra_json_schema={"maxLength": NAME_LONGEST},
        ),
    ] = None


class SignIn(Struct, forbid_unknown_fields=True):
    email: Email
    password: Password


class ForgotPassword(Struct, forbid_unknown_fields=True):
    email: Email


class ResetPassword(Struct, forbid_unknown_fields=True):
    token: Annotated[str, Meta(description="From the link in the mail.", examples=["3f1c….x7Gq…"])]
    new_password: NewPassword


class ChangePassword(Struct, forbid_unknown_fields=True):
    current_password: Password
    new_password: NewPassword


class Accounts:
    """`reset_page` is the address of the page that the mailed link opens; the token is appended to it."""

    def __init__(
        self,
        accounts: AccountRepository,
        transaction: Transaction,
        passwords: PasswordHasher,
        sessions: Sessions,
        throttle: Throttle,
        addresses: EmailAddresses,
        mailer: Mailer,
        clock: Clock,
        new_id: Callable[[], str],
        reset_page: str,
    ) -> None:
        self._accounts = accounts
        self._transaction = transaction
        self._passwords = passwords
        self._sessions = sessions
        self._throttle = throttle
        self._check = PasswordCheck(passwords, throttle)
        self._addresses = addresses
        self._mailer = mailer
        self._clock = clock
        self._new_id = new_id
        self._reset_page = reset_page

    @repeated
    async def sign_up(self, form: SignUp, visitor: Visitor = UNSEEN) -> SignedIn:
        """Raises `Invalid`, `EmailTaken` and `RateLimited`."""
        await self._throttle.sign_up(visitor)
        email, name = self._addresses.normalize(form.email), clean_name(form.name)
        password_hash = await self._passwords.hash(check_password("password", form.password))
        user = User(id=self._new_id(), email=email, name=name, password_hash=password_hash, created_at=self._clock())
        async with self._transaction() as work:
            await self._accounts.add(user)
            signed_in = await self._sessions.start(user, visitor)
            await work.commit()
        return signed_in

    @repeated
    async def sign_in(self, form: SignIn, visitor: Visitor = UNSEEN) -> SignedIn:
        """Raises `RateLimited` and `WrongCredentials`, in the same time and words for an unknown email."""
        email = self._addresses.normalize(form.email)
        user = await self._accounts.by_email(email)
        await self._check(email, form.password, user.password_hash if user else None, visitor)
        assert user is not None, "without a stored hash no password is right"
        stronger = await self._stronger(user, form.password)
        async with self._transaction() as work:
            await self._check_unchanged(user)
            if stronger:
                await self._accounts.set_password(user.id, stronger)
            signed_in = await self._sessions.start(user, visitor)
            await work.commit()
        return signed_in

    async def appear(self, user_id: str) -> None:
        """A user whom somebody else vouches for is known from their first call on, without email or password."""
        if await self._accounts.get(user_id) is None:
            user = User(id=user_id, email=None, name=None, password_hash=None, created_at=self._clock())
            with suppress(EmailTaken):
                await self._add(user)

    async def me(self, caller: Caller) -> User:
        """Raises `NotAuthenticated` where the account is gone."""
        user = await self._accounts.get(caller.user_id)
        if user is None:
            raise NotAuthenticated("This account no longer exists.")
        return user

    @repeated
    async def change_password(self, caller: Caller, form: ChangePassword, visitor: Visitor = UNSEEN) -> None:
        """Ends the user's other sessions. Raises `Forbidden`, `RateLimited`, `WrongCredentials` and `Invalid`."""
        caller.check_is_user()
        user = await self.me(caller)
        new = check_password("new_password", form.new_password)
        await self._check(user.email or user.id, form.current_password, user.password_hash, visitor)
        new_hash = await self._passwords.hash(new)
        async with self._transaction() as work:
            await self._check_unchanged(user)
            ended = await self._set(user.id, new_hash, but=caller.session_id)
            await work.commit()
        self._sessions.felt(ended)

    @repeated
    async def forgot_password(self, form: ForgotPassword, visitor: Visitor = UNSEEN) -> str | None:
        """The link that was mailed; None where no account has this email. Only development may show it."""
        await self._throttle.reset(visitor)
        user = await self._accounts.by_email(self._addresses.normalize(form.email))
        if user is None or user.email is None:
            return None
        secret = secrets.token_urlsafe(32)
        async with self._transaction() as work:
            await self._accounts.add_reset(user.id, _hash(secret), self._clock() + RESET_TOKEN_LIFETIME)
            await work.commit()
        link = f"{self._reset_page}?token={user.id}.{secret}"
        await self._mailer.send_reset_link(user.email, link)
        return link

    @repeated
    async def reset_password(self, form: ResetPassword, visitor: Visitor = UNSEEN) -> None:
        """Ends all sessions of the user: a forgotten password may be a stolen one.

        Raises `RateLimited`, `Invalid` and `InvalidResetToken`; a refused password does not use the token up.
        """
        await self._throttle.reset(visitor)
        new_hash = await self._passwords.hash(check_password("new_password", form.new_password))
        user_id, _, secret = form.token.rpartition(".")
        async with self._transaction() as work:
            if not await self._accounts.use_reset(user_id, _hash(secret), self._clock()):
                raise InvalidResetToken("This link is used, too old or incomplete. Ask for a new one.")
            ended = await self._set(user_id, new_hash)
            await work.commit()
        self._sessions.felt(ended)

    async def _set(self, user_id: str, password_hash: str, but: str | None = None) -> Sequence[Session]:
        """The sessions that end by it; links that were mailed before are over, too."""
        await self._accounts.set_password(user_id, password_hash)
        await self._accounts.cancel_resets(user_id)
        return await self._sessions.end(user_id, but=but)

    @repeated
    async def _add(self, user: User) -> None:
        async with self._transaction() as work:
            await self._accounts.add(user)
            await work.commit()

    async def _check_unchanged(self, user: User) -> None:
        """A password that was right when it was looked at may be over by now: who set another waits, or is seen."""
        now = await self._accounts.get_to_change(user.id)
        if now is None or now.password_hash != user.password_hash:
            raise WrongCredentials(WRONG)

    async def _stronger(self, user: User, password: str) -> str | None:
        """A hash made with weaker parameters is replaced while the password is at hand."""
        outdated = user.password_hash and self._passwords.is_outdated(user.password_hash)
        return await self._passwords.hash(password) if outdated else None


def _hash(secret: str) -> bytes:
    """A random secret of 256 bits needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
