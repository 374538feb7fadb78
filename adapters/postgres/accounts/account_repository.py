from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.tables import (
    api_tokens,
    counters,
    email_links,
    metadata,
    notifications,
    password_resets,
    push_subscriptions,
    rings,
    users,
    webhooks,
)
from application.ports import AccountRepository
from domain.accounts.account import User, email_key
from domain.errors import EmailTaken, NotAuthenticated

COLUMNS = [users.c[field.name] for field in fields(User)]
USER = select(*COLUMNS)

OF_USERS = [table for table in reversed(metadata.sorted_tables) if "user_id" in table.c]
"""Tables come before those they refer to."""
ERASE = {
    table.name: text(f"""
        WITH gone AS (
            DELETE FROM {table.name}
            WHERE ctid = ANY (ARRAY (SELECT ctid FROM {table.name} WHERE user_id = :owner LIMIT :most))
            RETURNING 1
        )
        SELECT count(*) FROM gone
    """)  # noqa: S608
    for table in OF_USERS
}


CLOSED = (
    counters,
    webhooks,
    api_tokens,
    password_resets,
    email_links,
    rings,
    notifications,
    push_subscriptions,
)
"""Tables whose rows go at once when an account is closed."""


class PostgresAccounts(AccountRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user: User) -> None:
        if user.email and not user.email.isascii():
            await self._correct_key(user.email.casefold())
        if not (await self._insert(user) or (await self._correct_key(_key(user)) and await self._insert(user))):
            raise EmailTaken("An account with this email exists already. Sign in, or reset its password.")
        await self._database.write(insert(counters).values(user_id=user.id))

    async def get(self, user_id: str) -> User | None:
        return await self._one((users.c.id == user_id) & users.c.erased_at.is_(None))

    async def get_to_change(self, user_id: str) -> User | None:
        """Locks the row, but not its key: inserts of other rows that refer to it need not wait."""
        open_one = USER.where(users.c.id == user_id, users.c.erased_at.is_(None))
        rows = await self._database.write(open_one.with_for_update(key_share=True))
        return _user(rows[0]) if rows else None

    async def by_email(self, email: str) -> User | None:
        """Looks under the case-folded key too, which servers of earlier versions wrote."""
        key, folded = email_key(email), email.casefold()
        rows = await self._database.run(USER.where(or_(users.c.email_key == key, users.c.email_key == folded)))
        return next((user for user in map(_user, rows) if _key(user) == key), None)

    async def set_password(self, user_id: str, password_hash: str) -> None:
        await self._database.write(update(users).where(users.c.id == user_id).values(password_hash=password_hash))

    async def confirm_email(self, user_id: str, at: datetime) -> None:
        unconfirmed = (users.c.id == user_id, users.c.email_confirmed_at.is_(None))
        await self._database.write(update(users).where(*unconfirmed).values(email_confirmed_at=at))

    async def set_email(self, user_id: str, email: str) -> None:
        key = email_key(email)
        taken = select(users.c.id).where(or_(users.c.email_key == key, users.c.email_key == email.casefold()))
        if await self._database.write(taken.where(users.c.id != user_id)):
            raise EmailTaken("An account with this email exists already.")
        values = {"email": email, "email_key": key, "email_confirmed_at": None}
        await self._database.write(update(users).where(users.c.id == user_id).values(values))

    async def add_email_link(self, user_id: str, token_hash: bytes, email: str, expires_at: datetime) -> None:
        expired = (email_links.c.user_id == user_id, email_links.c.expires_at <= func.now())
        await self._database.write(delete(email_links).where(*expired))
        row = {"user_id": user_id, "token_hash": token_hash, "email": email, "expires_at": expires_at}
        await self._database.write(insert(email_links).values(row))

    async def use_email_link(self, user_id: str, token_hash: bytes, now: datetime) -> str | None:
        own = email_links.c.user_id == user_id
        valid = (own, email_links.c.token_hash == token_hash, email_links.c.expires_at > now)
        found = await self._database.write(select(email_links.c.email).where(*valid).with_for_update())
        if not found:
            return None
        await self._database.write(delete(email_links).where(own))
        return str(found[0].email)

    async def change(self, user_id: str, values: Mapping[str, Any]) -> User:
        changed = update(users).where(users.c.id == user_id).values(**values).returning(*COLUMNS)
        rows = await self._database.write(changed)
        if not rows:
            raise NotAuthenticated("This account no longer exists.")
        return _user(rows[0])

    async def close(self, user_id: str, now: datetime) -> None:
        """Deletes the user's counters too, without which no task can be changed."""
        gone = {"email": None, "email_key": None, "name": None, "password_hash": None, "erased_at": now}
        for table in CLOSED:
            await self._database.write(delete(table).where(table.c.user_id == user_id))
        await self._database.write(update(users).where(users.c.id == user_id).values(gone))

    async def closed(self, limit: int) -> Sequence[str]:
        waiting = select(users.c.id).where(users.c.erased_at.is_not(None)).order_by(users.c.erased_at).limit(limit)
        return [row.id for row in await self._database.run(waiting)]

    async def erase(self, user_id: str, limit: int) -> bool:
        left = limit
        for table in OF_USERS:
            [(gone,)] = await self._database.run(ERASE[table.name], {"owner": user_id, "most": left})
            if (left := left - gone) <= 0:
                return True
        done = delete(users).where(users.c.id == user_id, users.c.erased_at.is_not(None)).returning(users.c.id)
        await self._database.run(done)
        return False

    async def add_reset(self, user_id: str, token_hash: bytes, expires_at: datetime) -> None:
        expired = (password_resets.c.user_id == user_id, password_resets.c.expires_at <= func.now())
        await self._database.write(delete(password_resets).where(*expired))
        row = {"user_id": user_id, "token_hash": token_hash, "expires_at": expires_at}
        await self._database.write(insert(password_resets).values(row))

    async def cancel_resets(self, user_id: str) -> None:
        await self._database.write(delete(password_resets).where(password_resets.c.user_id == user_id))

    async def use_reset(self, user_id: str, token_hash: bytes, now: datetime) -> bool:
        reset = password_resets.alias()
        valid = exists().where(reset.c.user_id == user_id, reset.c.token_hash == token_hash, reset.c.expires_at > now)
        spent = delete(password_resets).where(password_resets.c.user_id == user_id, valid)
        return bool(await self._database.write(spent.returning(password_resets.c.user_id)))

    async def _insert(self, user: User) -> bool:
        row = {column.name: getattr(user, column.name) for column in COLUMNS}
        row["email_key"] = _key(user)
        added = postgresql.insert(users).values(row).on_conflict_do_nothing().returning(users.c.id)
        return bool(await self._database.write(added))

    async def _correct_key(self, key: str | None) -> bool:
        """Returns whether the key has become free. Earlier versions stored `straße@` under `strasse@`."""
        if key is None:
            return False
        holders = await self._database.write(USER.where(users.c.email_key == key).with_for_update())
        wrong = [holder for holder in map(_user, holders) if _key(holder) != key]
        for holder in wrong:
            await self._database.write(update(users).where(users.c.id == holder.id).values(email_key=_key(holder)))
        return bool(wrong)

    async def _one(self, which: ColumnElement[bool]) -> User | None:
        rows = await self._database.run(USER.where(which))
        return _user(rows[0]) if rows else None


def _user(row: Row) -> User:
    return User(**row)


def _key(user: User) -> str | None:
    return user.email and email_key(user.email)
