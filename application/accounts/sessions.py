"""Use-cases of sessions: short access tokens, and refresh tokens that can be used once."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts.revocations import Revocations
from application.accounts.throttling import Visitor
from application.ports import AccessTokens, AccountRepository, Clock, SessionRepository, Transaction
from application.retry import retried
from domain.accounts.account import Caller, User
from domain.accounts.session import Session, clean_user_agent
from domain.errors import InvalidRequest, NotAuthenticated
from domain.hashing import hash_of

REFUSED = "Sign in again: the refresh token is missing, used before, ended or expired."
TOKEN = re.compile(r"([^\x00]{1,255})\.([A-Za-z0-9_-]{1,64})\.[A-Za-z0-9_-]{43}")
"""The user, the session (the token family) and 256 random bits."""


class Refresh(Struct, forbid_unknown_fields=True):
    refresh_token: Annotated[str, Meta(description="The newest; it is used up.", examples=["3f1c….9b2e….x7Gq…"])]


@dataclass(frozen=True, slots=True)
class SignedIn:
    token: str = field(repr=False)
    user: User
    refresh_token: str = field(repr=False)


class Sessions:
    """`key` derives each refresh token from the one before it, so that using one twice within `GRACE` returns the same
    next token. `lifetime` is that of a refresh token."""

    def __init__(
        self,
        sessions: SessionRepository,
        accounts: AccountRepository,
        transaction: Transaction,
        tokens: AccessTokens,
        revocations: Revocations,
        clock: Clock,
        new_id: Callable[[], str],
        key: str,
        lifetime: timedelta,
    ) -> None:
        self._sessions = sessions
        self._accounts = accounts
        self._transaction = transaction
        self._tokens = tokens
        self._revocations = revocations
        self._clock = clock
        self._new_id = new_id
        self._key = key.encode()
        self._lifetime = lifetime

    @retried
    async def start(self, user: User, visitor: Visitor) -> SignedIn:
        now, session_id = self._clock(), self._new_id()
        refresh_token = f"{user.id}.{session_id}.{secrets.token_urlsafe(32)}"
        session = Session(
            user_id=user.id,
            id=session_id,
            refresh_hash=hash_of(refresh_token),
            created_at=now,
            expires_at=now + self._lifetime,
            user_agent=clean_user_agent(visitor.user_agent),
        )
        async with self._transaction() as work:
            await self._sessions.forget(user.id, now - self._revocations.lifetime)
            await self._sessions.add(session)
            await work.commit()
        return SignedIn(self._tokens.issue(user.id, session_id), user, refresh_token)

    async def refresh(self, token: str) -> SignedIn:
        """Raises `NotAuthenticated` with one message for every reason. The use of an older token ends its session."""
        following = self._next_token(token)
        session = await self._rotate(token, following)
        if session.ended_at:
            self.note_ended([session])
            raise NotAuthenticated(REFUSED)
        user = await self._accounts.get(session.user_id)
        if user is None:
            raise NotAuthenticated(REFUSED)
        return SignedIn(self._tokens.issue(user.id, session.id), user, following)

    async def signed_in(self, token: str) -> tuple[Caller, User] | None:
        """Returns whose refresh token this is, without using it up. Returns None if it is not the newest of a live
        session, or the one before for a moment."""
        found = TOKEN.fullmatch(token)
        session = await self._live(found[1], found[2]) if found else None
        if session is None or not session.accepts(hash_of(token), self._clock()):
            return None
        user = await self._accounts.get(session.user_id)
        return (Caller(user.id, session_id=session.id), user) if user else None

    async def sign_out(self, caller: Caller) -> None:
        caller.check_is_user()
        if caller.session_id is None:
            raise InvalidRequest("This token does not come from signing in here. Sign out where you got it.")
        await self._end(caller, only=caller.session_id)

    async def sign_out_everywhere(self, caller: Caller) -> None:
        caller.check_is_user()
        await self._end(caller)

    async def end(self, user_id: str, *, only: str | None = None, except_id: str | None = None) -> Sequence[Session]:
        """Ends sessions. It is called inside a unit of work. After the commit, pass its result to `note_ended`."""
        ended = await self._sessions.end(user_id, self._clock(), only=only, except_id=except_id)
        if ended:
            await self._revocations.announce()
        return ended

    def note_ended(self, ended: Sequence[Session]) -> None:
        """Refuses access tokens of these sessions at once on this server. Other servers follow within seconds."""
        self._revocations.note(ended)

    @retried
    async def _live(self, user_id: str, session_id: str) -> Session | None:
        async with self._transaction():
            session = await self._sessions.get_to_change(user_id, session_id)
        return session if session and session.is_live(self._clock()) else None

    @retried
    async def _end(self, caller: Caller, only: str | None = None) -> None:
        async with self._transaction() as work:
            ended = await self.end(caller.user_id, only=only)
            await work.commit()
        self.note_ended(ended)

    @retried
    async def _rotate(self, token: str, following: str) -> Session:
        now = self._clock()
        async with self._transaction() as work:
            session = await self._sessions.get_to_change(*_family(token))
            if session is None or not session.is_live(now):
                raise NotAuthenticated(REFUSED)
            after = session.rotated(hash_of(token), hash_of(following), now, self._lifetime)
            await self._sessions.store(after)
            if after.ended_at:
                await self._revocations.announce()
            await work.commit()
        return after

    def _next_token(self, token: str) -> str:
        made = hmac.digest(self._key, b"refresh token after " + token.encode("utf-8", "surrogatepass"), "sha256")
        return f"{token.rpartition('.')[0]}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"


async def check_signed_in(sessions: SessionRepository, caller: Caller) -> None:
    """Raises `NotAuthenticated` if the caller's session has ended since the request arrived. Call it inside a unit of
    work, after taking the lock that requests that end access also take. Otherwise, a request that waited for them could
    create new access for a user who has been signed out."""
    if caller.session_id is None:
        return
    session = await sessions.get_to_change(caller.user_id, caller.session_id)
    if session is None or session.ended_at:
        raise NotAuthenticated("You were signed out. Sign in again.")


def _family(token: str) -> tuple[str, str]:
    match = TOKEN.fullmatch(token)
    if match is None:
        raise NotAuthenticated(REFUSED)
    return match[1], match[2]
