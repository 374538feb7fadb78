"""The use-case of leaving: an account and all its data are erased."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts.accounts import check_password_unchanged
from application.accounts.inputs import Password
from application.accounts.sessions import Sessions
from application.accounts.throttling import UNSEEN, PasswordCheck, Throttle, Visitor
from application.oauth.connections import Connections
from application.ports import AccountRepository, Clock, PasswordHasher, Transaction
from application.retry import retried
from domain.accounts.account import Caller, User
from domain.accounts.session import Session
from domain.errors import Invalid, NotAuthenticated, Unavailable
from domain.oauth.connections import Connection

ROWS_AT_ONCE = 5_000
ACCOUNTS_AT_ONCE = 20
PATIENCE_SECONDS = 1.0
"""How long the request waits for the data to be erased. A large account is erased by a job afterwards."""


class EraseAccount(Struct, forbid_unknown_fields=True):
    password: Password | None = None
    confirm: Annotated[str | None, Meta(description="Your user id, where your account has no password.")] = None


class Erasure:
    """The account is closed at once, in one unit of work. Its data is erased afterwards in batches of bounded time."""

    def __init__(
        self,
        accounts: AccountRepository,
        transaction: Transaction,
        passwords: PasswordHasher,
        throttle: Throttle,
        sessions: Sessions,
        connections: Connections,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._transaction = transaction
        self._check = PasswordCheck(passwords, throttle)
        self._sessions = sessions
        self._connections = connections
        self._clock = clock

    async def erase(self, caller: Caller, form: EraseAccount, visitor: Visitor = UNSEEN) -> None:
        """Raises `Forbidden`, `NotAuthenticated`, `RateLimited`, `WrongCredentials` and `Invalid`. Other servers find
        no account from now on, so they store nothing more for this user."""
        caller.check_is_user()
        user = await self._accounts.get(caller.user_id)
        if user is None:
            raise NotAuthenticated("This account no longer exists.")
        await self._confirm(user, form, visitor)
        sessions, connections = await self._close(user)
        self._sessions.note_ended(sessions)
        self._connections.note_ended(connections)
        with suppress(Unavailable):
            await self._erase_some(user.id)

    async def erase_next_batch(self) -> bool:
        """Erases a batch of each closed account. Returns whether more is left."""
        is_more = False
        for user_id in await self._accounts.closed(ACCOUNTS_AT_ONCE):
            is_more |= await self._accounts.erase(user_id, ROWS_AT_ONCE)
        return is_more

    async def _erase_some(self, user_id: str) -> None:
        ends_at = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while asyncio.get_running_loop().time() < ends_at:
            if not await self._accounts.erase(user_id, ROWS_AT_ONCE):
                return

    @retried
    async def _close(self, user: User) -> tuple[Sequence[Session], Sequence[Connection]]:
        async with self._transaction() as work:
            await check_password_unchanged(self._accounts, user)
            ended = await self._sessions.end(user.id), await self._connections.end_all(user.id)
            await self._accounts.close(user.id, self._clock())
            await work.commit()
        return ended

    async def _confirm(self, user: User, form: EraseAccount, visitor: Visitor) -> None:
        if user.password_hash:
            await self._check(user.email or user.id, form.password or "", user.password_hash, visitor)
        elif form.confirm != user.id:
            raise Invalid.field("confirm", "must be your user id")
