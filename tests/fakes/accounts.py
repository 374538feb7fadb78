"""Accounts in memory with their passwords, tokens and mails, and the users that tests add."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from application.ports import (
    AccessTokens,
    AccountRepository,
    EmailAddresses,
    Mailer,
    PasswordHasher,
    PasswordMatch,
    TokenClaims,
)
from domain.accounts.account import User, email_key, password_forms
from domain.errors import EmailTaken, Invalid, NotAuthenticated
from tests.fakes.work import FakeClock, FakeStore


class FakeAccounts(AccountRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def add(self, user: User) -> None:
        if (user.email and await self.by_email(user.email)) or self._is_known(user.id):
            raise EmailTaken("An account with this email exists already.")
        self._store.writing().users[user.id] = user
        self._store.writing().revisions[user.id] = 0

    async def get(self, user_id: str) -> User | None:
        return self._store.rows.users.get(user_id)

    async def get_to_change(self, user_id: str) -> User | None:
        return self._store.writing().users.get(user_id)

    def _is_known(self, user_id: str) -> bool:
        return user_id in self._store.rows.users or user_id in self._store.rows.closed

    async def by_email(self, email: str) -> User | None:
        users = self._store.rows.users.values()
        return next((user for user in users if user.email and email_key(user.email) == email_key(email)), None)

    async def set_password(self, user_id: str, password_hash: str) -> None:
        users = self._store.writing().users
        users[user_id] = replace(users[user_id], password_hash=password_hash)

    async def confirm_email(self, user_id: str, at: datetime) -> None:
        users = self._store.writing().users
        if user_id in users and not users[user_id].email_confirmed:
            users[user_id] = replace(users[user_id], email_confirmed_at=at)

    async def set_email(self, user_id: str, email: str) -> None:
        holder, users = await self.by_email(email), self._store.writing().users
        if holder and holder.id != user_id:
            raise EmailTaken("An account with this email exists already.")
        users[user_id] = replace(users[user_id], email=email, email_confirmed_at=None)

    async def add_email_link(self, user_id: str, token_hash: bytes, email: str, expires_at: datetime) -> None:
        self._store.writing().email_links[user_id, token_hash] = (email, expires_at)

    async def use_email_link(self, user_id: str, token_hash: bytes, now: datetime) -> str | None:
        links = self._store.writing().email_links
        email, expires_at = links.get((user_id, token_hash), ("", now))
        if expires_at <= now:
            return None
        _drop(links, user_id)
        return email

    async def change(self, user_id: str, values: Mapping[str, Any]) -> User:
        users = self._store.writing().users
        if user_id not in users:
            raise NotAuthenticated("This account no longer exists.")
        users[user_id] = replace(users[user_id], **values)
        return users[user_id]

    async def close(self, user_id: str, now: datetime) -> None:
        rows = self._store.writing()
        del rows.users[user_id], rows.revisions[user_id]
        for table in (
            rows.resets,
            rows.webhooks,
            rows.api_tokens,
            rows.email_links,
            rows.notifications,
            rows.push_subscriptions,
        ):
            _drop(table, user_id)
        rows.rings = {key: ring for key, ring in rows.rings.items() if key.user_id != user_id}
        rows.closed[user_id] = now

    async def closed(self, limit: int) -> Sequence[str]:
        self._store.reached()
        closed = self._store.rows.closed
        return sorted(closed, key=lambda user_id: closed[user_id])[:limit]

    async def erase(self, user_id: str, limit: int) -> bool:
        self._store.reached()
        rows = self._store.rows
        left = limit
        of_users = (rows.turns, rows.conversations, rows.tasks, rows.receipts, rows.sessions)
        for table in (*of_users, rows.oauth_codes, rows.oauth_connections):
            if (left := left - _drop(table, user_id, left)) <= 0:
                return True
        rows.events = [each for each in rows.events if each.user_id != user_id]
        rows.closed.pop(user_id, None)
        return False

    async def add_reset(self, user_id: str, token_hash: bytes, expires_at: datetime) -> None:
        self._store.writing().resets[user_id, token_hash] = expires_at

    async def cancel_resets(self, user_id: str) -> None:
        resets = self._store.writing().resets
        for key in [key for key in resets if key[0] == user_id]:
            del resets[key]

    async def use_reset(self, user_id: str, token_hash: bytes, now: datetime) -> bool:
        resets = self._store.writing().resets
        if resets.get((user_id, token_hash), now) <= now:
            return False
        await self.cancel_resets(user_id)
        return True


class FakePasswords(PasswordHasher):
    """Scheme `v1` is outdated, `v2` is today's."""

    def __init__(self) -> None:
        self.verified: list[str | None] = []

    async def hash(self, password: str) -> str:
        return f"v2:{password_forms(password)[0]}"

    async def verify(self, password: str, password_hash: str | None) -> PasswordMatch:
        self.verified.append(password_hash)
        forms = password_forms(password)
        if password_hash == f"v2:{forms[0]}":
            return PasswordMatch.RIGHT
        is_right = password_hash in [f"{scheme}:{form}" for scheme in ("v1", "v2") for form in forms]
        return PasswordMatch.OUTDATED if is_right else PasswordMatch.WRONG


class FakeTokens(AccessTokens):
    def issue(self, user_id: str, session_id: str) -> str:
        return f"token-of-{user_id}:{session_id}"

    def verify(self, token: str) -> TokenClaims:
        if not token.startswith("token-of-"):
            raise NotAuthenticated("Sign in to use this.")
        user_id, _, session_id = token.removeprefix("token-of-").partition(":")
        return TokenClaims(user_id, session_id or None)


class FakeEmailAddresses(EmailAddresses):
    def normalize(self, address: str) -> str:
        if "@" not in address:
            raise Invalid.field("email", "must be an email address")
        return address.strip()


class FakeMailer(Mailer):
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send_reset_link(self, address: str, link: str) -> None:
        self.sent.append((address, link))

    async def send_confirmation(self, address: str, link: str) -> None:
        self.sent.append((address, link))

    async def send_email_changed(self, address: str, email: str) -> None:
        self.sent.append((address, f"now {email}"))


def user(user_id: str = "ann", **values: Any) -> User:
    defaults = {"email": f"{user_id}@example.com", "name": None, "password_hash": "v2:password1"}
    return User(**{"id": user_id, "created_at": FakeClock()(), **defaults, **values})


async def add_users(store: FakeStore, *user_ids: str) -> None:
    async with store() as work:
        for user_id in user_ids:
            await FakeAccounts(store).add(user(user_id))
        await work.commit()


def _drop(table: dict[Any, Any], user_id: str, limit: int | None = None) -> int:
    """Deletes up to `limit` of a user's rows. Returns how many."""
    keys = [key for key in table if key[0] == user_id][:limit]
    for key in keys:
        del table[key]
    return len(keys)
