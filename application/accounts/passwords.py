import secrets
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts.access_revocation import AccessRevocation, EndedAccess, Integrations
from application.accounts.accounts import check_password_unchanged
from application.accounts.inputs import Email, NewPassword, Password
from application.accounts.throttling import UNSEEN, PasswordCheck, Throttle, Visitor
from application.ports import AccountRepository, Clock, EmailAddresses, Mailer, PasswordHasher, Transaction
from application.retry import retried
from domain.accounts.account import RESET_TOKEN_LIFETIME, Caller, User, check_password
from domain.errors import InvalidResetToken, NotAuthenticated
from domain.hashing import hash_of


class ForgotPassword(Struct, forbid_unknown_fields=True):
    email: Email


class ResetPassword(Struct, forbid_unknown_fields=True):
    token: Annotated[str, Meta(description="From the link in the mail.", examples=["3f1c….x7Gq…"])]
    new_password: NewPassword


class ChangePassword(Struct, forbid_unknown_fields=True):
    current_password: Password
    new_password: NewPassword
    end_tokens_and_webhooks: Annotated[
        bool | None, Meta(description="Whether your API tokens and webhooks end, too. They are kept without an answer.")
    ] = None


class Passwords:
    """`reset_page` is the address of the page that the mailed link opens. The token is appended to it."""

    def __init__(
        self,
        accounts: AccountRepository,
        transaction: Transaction,
        passwords: PasswordHasher,
        access: AccessRevocation,
        throttle: Throttle,
        addresses: EmailAddresses,
        mailer: Mailer,
        clock: Clock,
        reset_page: str,
    ) -> None:
        self._accounts = accounts
        self._transaction = transaction
        self._passwords = passwords
        self._access = access
        self._throttle = throttle
        self._check = PasswordCheck(passwords, throttle)
        self._addresses = addresses
        self._mailer = mailer
        self._clock = clock
        self._reset_page = reset_page

    async def change(
        self, caller: Caller, form: ChangePassword, visitor: Visitor = UNSEEN
    ) -> tuple[EndedAccess, Integrations]:
        """Ends the user's other sessions. Returns what has ended, and the integrations that stay valid. Raises
        `Forbidden`, `NotAuthenticated`, `RateLimited`, `WrongCredentials` and `Invalid`."""
        caller.check_is_user()
        user = await self._accounts.get(caller.user_id)
        if user is None:
            raise NotAuthenticated("This account no longer exists.")
        new = check_password("new_password", form.new_password)
        await self._check(user.email or user.id, form.current_password, user.password_hash, visitor)
        ended = await self._change(
            user, await self._passwords.hash(new), caller.session_id, integrations=bool(form.end_tokens_and_webhooks)
        )
        self._access.note_ended(user.id, ended)
        return ended, await self._access.integrations(user.id)

    async def forgot(self, form: ForgotPassword, visitor: Visitor = UNSEEN) -> str | None:
        """Returns the link that was mailed, or None if no account has this email. Only development may show it. Raises
        `RateLimited` in the same way for an email without an account."""
        await self._throttle.reset(visitor)
        email = self._addresses.normalize(form.email)
        await self._throttle.mail(email)
        user = await self._accounts.by_email(email)
        if user is None or user.email is None:
            return None
        secret = secrets.token_urlsafe(32)
        await self._add_reset(user.id, secret)
        link = f"{self._reset_page}?token={user.id}.{secret}"
        await self._mailer.send_reset_link(user.email, link)
        return link

    async def reset(self, form: ResetPassword, visitor: Visitor = UNSEEN) -> EndedAccess:
        """Sets the password and ends all sessions, API tokens and webhooks. A forgotten password may be a stolen one,
        and the person who signed up may be another than the reader of the mail, whose email is now confirmed. Raises
        `RateLimited`, `Invalid` and `InvalidResetToken`. A refused password does not use the token up."""
        await self._throttle.reset(visitor)
        new_hash = await self._passwords.hash(check_password("new_password", form.new_password))
        user_id, _, secret = form.token.rpartition(".")
        ended = await self._reset(user_id, secret, new_hash)
        self._access.note_ended(user_id, ended)
        return ended

    @retried
    async def _change(self, user: User, new_hash: str, session_id: str | None, *, integrations: bool) -> EndedAccess:
        async with self._transaction() as work:
            await check_password_unchanged(self._accounts, user)
            await self._set(user.id, new_hash)
            ended = await self._access.end(user.id, integrations=integrations, except_id=session_id)
            await work.commit()
        return ended

    @retried
    async def _add_reset(self, user_id: str, secret: str) -> None:
        async with self._transaction() as work:
            await self._accounts.add_reset(user_id, hash_of(secret), self._clock() + RESET_TOKEN_LIFETIME)
            await work.commit()

    @retried
    async def _reset(self, user_id: str, secret: str, new_hash: str) -> EndedAccess:
        now = self._clock()
        async with self._transaction() as work:
            if not await self._accounts.use_reset(user_id, hash_of(secret), now):
                raise InvalidResetToken("This link was already used, is too old or is incomplete. Ask for a new one.")
            await self._set(user_id, new_hash)
            await self._accounts.confirm_email(user_id, now)
            ended = await self._access.end(user_id, integrations=True)
            await work.commit()
        return ended

    async def _set(self, user_id: str, password_hash: str) -> None:
        """Sets the password, and cancels the links that were mailed earlier."""
        await self._accounts.set_password(user_id, password_hash)
        await self._accounts.cancel_resets(user_id)
