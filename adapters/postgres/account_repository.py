from datetime import datetime

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.database import Database
from adapters.postgres.tables import counters, password_resets, users
from application.ports import AccountRepository
from domain.account import User
from domain.errors import EmailTaken

USER = select(users.c.id, users.c.email, users.c.name, users.c.password_hash, users.c.created_at)


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
        return await self._one(users.c.id == user_id)

    async def get_to_change(self, user_id: str) -> User | None:
        """Without a key lock: what others add for the user meanwhile refers to its key."""
        rows = await self._database.write(USER.where(users.c.id == user_id).with_for_update(key_share=True))
        return User(**rows[0]) if rows else None

    async def by_email(self, email: str) -> User | None:
        return await self._one(users.c.email_key == email.casefold())

    async def set_password(self, user_id: str, password_hash: str) -> None:
        await self._database.write(update(users).where(users.c.id == user_id).values(password_hash=password_hash))

    async def delete(self, user_id: str) -> None:
        await self._database.write(delete(users).where(users.c.id == user_id))

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
        rows = await self._database.run(USER.where(which))
        return User(**rows[0]) if rows else None
