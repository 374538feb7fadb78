"""Use-cases of accounts: sign up, sign in, and get back in with a forgotten password."""

import hashlib
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from application.ports import AccountRepository, Clock, EmailAddresses, Mailer, PasswordHasher, Tokens, Transaction
from domain.account import (
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    RESET_TOKEN_LIFETIME,
    Caller,
    User,
    check_password,
    clean_name,
)
from domain.errors import EmailTaken, InvalidResetToken, NotAuthenticated, WrongCredentials

Email = Annotated[str, Meta(description="Compared without regard to case.", examples=["ann@example.com"])]
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
    name: Annotated[str | None, Meta(description="At most 100 characters.", examples=["Ann"])] = None


class SignIn(Struct, forbid_unknown_fields=True):
    email: Email
    password: Password


class ForgotPassword(Struct, forbid_unknown_fields=True):
    email: Email


class ResetPassword(Struct, forbid_unknown_fields=True):
    token: Annotated[str, Meta(description="From the link in the mail.", examples=["3f1c….x7Gq…"])]
    new_password: NewPassword


@dataclass(frozen=True, slots=True)
class Session:
    token: str
    user: User


class Accounts:
    """`reset_page` is the address of the page that the mailed link opens; the token is appended to it."""

    def __init__(
        self,
        accounts: AccountRepository,
        transaction: Transaction,
        passwords: PasswordHasher,
        tokens: Tokens,
        addresses: EmailAddresses,
        mailer: Mailer,
        clock: Clock,
        new_id: Callable[[], str],
        reset_page: str,
    ) -> None:
        self._accounts = accounts
        self._transaction = transaction
        self._passwords = passwords
        self._tokens = tokens
        self._addresses = addresses
        self._mailer = mailer
        self._clock = clock
        self._new_id = new_id
        self._reset_page = reset_page

    async def sign_up(self, form: SignUp) -> Session:
        """Raises `Invalid` and `EmailTaken`."""
        email, name = self._addresses.normalize(form.email), clean_name(form.name)
        password_hash = await self._passwords.hash(check_password("password", form.password))
        user = User(id=self._new_id(), email=email, name=name, password_hash=password_hash, created_at=self._clock())
        await self._add(user)
        return Session(self._tokens.issue(user.id), user)

    async def sign_in(self, form: SignIn) -> Session:
        """Raises `WrongCredentials`, in the same time and words for an unknown email."""
        user = await self._accounts.by_email(self._addresses.normalize(form.email))
        stored = user.password_hash if user else None
        known = await self._passwords.verify(form.password[: PASSWORD_LONGEST + 1], stored)
        if user is None or not known:
            raise WrongCredentials("Email or password is wrong.")
        await self._keep_up(user, form.password)
        return Session(self._tokens.issue(user.id), user)

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

    async def forgot_password(self, form: ForgotPassword) -> str | None:
        """The link that was mailed; None where no account has this email. Only development may show it."""
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

    async def reset_password(self, form: ResetPassword) -> None:
        """Raises `Invalid` and `InvalidResetToken`; a refused password does not use the token up."""
        new_hash = await self._passwords.hash(check_password("new_password", form.new_password))
        user_id, _, secret = form.token.rpartition(".")
        async with self._transaction() as work:
            if not await self._accounts.use_reset(user_id, _hash(secret), self._clock()):
                raise InvalidResetToken("This link is used, too old or incomplete. Ask for a new one.")
            await self._accounts.set_password(user_id, new_hash)
            await work.commit()

    async def _add(self, user: User) -> None:
        async with self._transaction() as work:
            await self._accounts.add(user)
            await work.commit()

    async def _keep_up(self, user: User, password: str) -> None:
        """A hash made with weaker parameters is replaced while the password is at hand."""
        if user.password_hash and self._passwords.is_outdated(user.password_hash):
            stronger = await self._passwords.hash(password)
            async with self._transaction() as work:
                await self._accounts.set_password(user.id, stronger)
                await work.commit()


def _hash(secret: str) -> bytes:
    """A random secret of 256 bits needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
