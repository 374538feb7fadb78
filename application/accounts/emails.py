"""Use-cases of the email of an account: it is confirmed by a link, and another one takes its place only by a link."""

import secrets
from datetime import timedelta
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts.accounts import check_password_unchanged
from application.accounts.inputs import Email, Password
from application.accounts.throttling import UNSEEN, PasswordCheck, Throttle, Visitor
from application.ports import AccountRepository, Clock, EmailAddresses, Mailer, PasswordHasher, Transaction
from application.retry import retried
from domain.accounts.account import Caller, User, email_key
from domain.errors import Conflict, InvalidLink, NotAuthenticated
from domain.hashing import hash_of

LINK_LIFETIME = timedelta(days=1)
USELESS = "This link was already used, is too old or is incomplete. Ask for a new one."


class ConfirmEmail(Struct, forbid_unknown_fields=True):
    token: Annotated[str, Meta(description="From the link in the mail.", examples=["3f1c….x7Gq…"])]


class ChangeEmail(Struct, forbid_unknown_fields=True):
    email: Email
    password: Password


class Emails:
    """`confirm_page` is the address of the page that the mailed link opens. The token is appended to it."""

    def __init__(
        self,
        accounts: AccountRepository,
        transaction: Transaction,
        passwords: PasswordHasher,
        throttle: Throttle,
        addresses: EmailAddresses,
        mailer: Mailer,
        clock: Clock,
        confirm_page: str,
    ) -> None:
        self._accounts = accounts
        self._transaction = transaction
        self._throttle = throttle
        self._check = PasswordCheck(passwords, throttle)
        self._addresses = addresses
        self._mailer = mailer
        self._clock = clock
        self._confirm_page = confirm_page

    async def ask(self, caller: Caller, visitor: Visitor = UNSEEN) -> str:
        """Mails a link that confirms the account's email. Returns the link, which only development may show. Raises
        `Forbidden`, `NotAuthenticated`, `RateLimited`, and `Conflict` if there is nothing to confirm."""
        user = await self._user(caller)
        if user.email is None or user.email_confirmed:
            raise Conflict("There is no address to be confirmed.")
        return await self._mail(user, user.email, visitor)

    async def change(self, caller: Caller, form: ChangeEmail, visitor: Visitor = UNSEEN) -> str:
        """Mails a link to the new address. Until it is opened, the account keeps its address. Returns the link. The
        answer is the same for a taken address, so that it does not reveal other accounts. Raises `Forbidden`,
        `NotAuthenticated`, `RateLimited`, `WrongCredentials` and `Invalid`."""
        user = await self._user(caller)
        email = self._addresses.normalize(form.email)
        await self._check(user.email or user.id, form.password, user.password_hash, visitor)
        return await self._mail(user, email, visitor)

    async def confirm(self, form: ConfirmEmail, visitor: Visitor = UNSEEN) -> None:
        """Confirms the email of the link, which becomes that of the account. The old address gets a mail about it.
        Raises `RateLimited`, `InvalidLink`, and `EmailTaken` if another account has the address by now."""
        await self._throttle.reset(visitor)
        user_id, _, secret = form.token.rpartition(".")
        before, email = await self._confirm(user_id, hash_of(secret))
        if before and email_key(before) != email_key(email):
            await self._mailer.send_email_changed(before, email)

    async def _mail(self, user: User, email: str, visitor: Visitor) -> str:
        await self._throttle.reset(visitor)
        await self._throttle.mail(email)
        secret = secrets.token_urlsafe(32)
        await self._add(user, email, secret)
        link = f"{self._confirm_page}?token={user.id}.{secret}"
        await self._mailer.send_confirmation(email, link)
        return link

    @retried
    async def _add(self, user: User, email: str, secret: str) -> None:
        async with self._transaction() as work:
            await check_password_unchanged(self._accounts, user)
            await self._accounts.add_email_link(user.id, hash_of(secret), email, self._clock() + LINK_LIFETIME)
            await work.commit()

    @retried
    async def _confirm(self, user_id: str, token_hash: bytes) -> tuple[str | None, str]:
        """Returns the address before and the new one. All other links of the account end, among them those for a new
        password: they are in the mailbox of the address before."""
        now = self._clock()
        async with self._transaction() as work:
            user = await self._accounts.get_to_change(user_id)
            email = await self._accounts.use_email_link(user_id, token_hash, now)
            if user is None or email is None:
                raise InvalidLink(USELESS)
            if user.email is None or email_key(user.email) != email_key(email):
                await self._accounts.set_email(user_id, email)
                await self._accounts.cancel_resets(user_id)
            await self._accounts.confirm_email(user_id, now)
            await work.commit()
        return user.email, email

    async def _user(self, caller: Caller) -> User:
        caller.check_is_user()
        user = await self._accounts.get(caller.user_id)
        if user is None:
            raise NotAuthenticated("This account no longer exists.")
        return user
