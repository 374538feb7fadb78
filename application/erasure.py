"""The use-case of leaving: an account and everything that is its user's is erased."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts import Password, check_unchanged
from application.ports import AccountRepository, PasswordHasher, Transaction
from application.repeating import repeated
from application.sessions import Sessions
from application.throttling import UNSEEN, PasswordCheck, Throttle, Visitor
from domain.account import Caller, User
from domain.errors import Invalid, NotAuthenticated
from domain.session import Session


class EraseAccount(Struct, forbid_unknown_fields=True):
    password: Password | None = None
    confirm: Annotated[str | None, Meta(description="Your user id, where your account has no password.")] = None


class Erasure:
    def __init__(
        self,
        accounts: AccountRepository,
        transaction: Transaction,
        passwords: PasswordHasher,
        throttle: Throttle,
        sessions: Sessions,
    ) -> None:
        self._accounts = accounts
        self._transaction = transaction
        self._check = PasswordCheck(passwords, throttle)
        self._sessions = sessions

    async def erase(self, caller: Caller, form: EraseAccount, visitor: Visitor = UNSEEN) -> None:
        """Raises `Forbidden`, `NotAuthenticated`, `RateLimited`, `WrongCredentials` and `Invalid`.

        A server that has not heard of it yet finds nothing of the user's, and stores nothing for them.
        """
        caller.check_is_user()
        user = await self._accounts.get(caller.user_id)
        if user is None:
            raise NotAuthenticated("This account no longer exists.")
        await self._confirm(user, form, visitor)
        self._sessions.felt(await self._erase(user))

    @repeated
    async def _erase(self, user: User) -> Sequence[Session]:
        async with self._transaction() as work:
            await check_unchanged(self._accounts, user)
            ended = await self._sessions.end(user.id)
            await self._accounts.delete(user.id)
            await work.commit()
        return ended

    async def _confirm(self, user: User, form: EraseAccount, visitor: Visitor) -> None:
        if user.password_hash:
            await self._check(user.email or user.id, form.password or "", user.password_hash, visitor)
        elif form.confirm != user.id:
            raise Invalid.field("confirm", "must be your user id")
