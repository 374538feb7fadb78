from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.database import Database
from adapters.postgres.tables import api_tokens, counters, metadata, password_resets, users, webhooks
from application.ports import AccountRepository
from domain.account import User
from domain.errors import EmailTaken

USER = select(users.c.id, users.c.email, users.c.name, users.c.password_hash, users.c.created_at)

OF_USERS = [table for table in reversed(metadata.sorted_tables) if "user_id" in table.c]
"""What refers to another table comes before it."""
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


class PostgresAccounts(AccountRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user: User) -> None:
        row = {
            "id": user.id,
            "email": user.email,
            "email_key": user.email and user.email.casefold(),
            "name": user.name,
            "password_hash": user.password_hash,
            "created_at": user.created_at,
        }
        added = postgresql.insert(users).values(row).on_conflict_do_nothing().returning(users.c.id)
        if not await self._database.write(added):
            raise EmailTaken("An account with this email exists already. Sign in, or reset its password.")
        await self._database.write(insert(counters).values(user_id=user.id))

    async def get(self, user_id: str) -> User | None:
        return await self._one((users.c.id == user_id) & users.c.erased_at.is_(None))

    async def get_to_change(self, user_id: str) -> User | None:
        """Without a key lock: what others add for the user meanwhile refers to its key."""
        open_one = USER.where(users.c.id == user_id, users.c.erased_at.is_(None))
        rows = await self._database.write(open_one.with_for_update(key_share=True))
        return User(**rows[0]) if rows else None

    async def by_email(self, email: str) -> User | None:
        return await self._one(users.c.email_key == email.casefold())

    async def set_password(self, user_id: str, password_hash: str) -> None:
        await self._database.write(update(users).where(users.c.id == user_id).values(password_hash=password_hash))

    async def close(self, user_id: str, now: datetime) -> None:
        """Without its row of counters no task can be changed."""
        gone = {"email": None, "email_key": None, "name": None, "password_hash": None, "erased_at": now}
        for table in (counters, webhooks, api_tokens, password_resets):
            await self._database.write(delete(table).where(table.c.user_id == user_id))
        await self._database.write(update(users).where(users.c.id == user_id).values(gone))

    async def closed(self, limit: int) -> Sequence[str]:
        waiting = select(users.c.id).where(users.c.erased_at.is_not(None)).order_by(users.c.erased_at).limit(limit)
        return [row.id for row in await self._database.read(waiting)]

    async def erase(self, user_id: str, limit: int) -> bool:
        left = limit
        for table in OF_USERS:
            [(gone,)] = await self._database.read(ERASE[table.name], {"owner": user_id, "most": left})
            if (left := left - gone) <= 0:
                return True
        done = delete(users).where(users.c.id == user_id, users.c.erased_at.is_not(None)).returning(users.c.id)
        await self._database.read(done)
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

    async def _one(self, which: ColumnElement[bool]) -> User | None:
        rows = await self._database.read(USER.where(which))
        return User(**rows[0]) if rows else None
