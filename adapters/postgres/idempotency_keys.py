"""Idempotency keys and what became of their requests."""

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.database import Database
from adapters.postgres.tables import idempotency_keys as keys
from application.ports import IdempotencyKeys
from domain.errors import IdempotencyInFlight
from domain.idempotency import LIFETIME, Receipt

RECEIPT = [keys.c[field.name] for field in fields(Receipt)]


class PostgresIdempotencyKeys(IdempotencyKeys):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user_id: str, key: str, now: datetime) -> Receipt | None:
        rows = await self._database.run(select(*RECEIPT).where(*_live(user_id, key, now)))
        return Receipt(**rows[0]) if rows else None

    async def claim(self, user_id: str, key: str, now: datetime) -> None:
        """An advisory lock, as an insert would wait for the one that is under way. `keep` doesn't rely on it."""
        free = func.pg_try_advisory_xact_lock(func.hashtextextended(f"{user_id} {key}", 0))
        rows = await self._database.write(select(free & ~exists().where(*_live(user_id, key, now))))
        if not rows[0][0]:
            raise IdempotencyInFlight

    async def keep(self, receipt: Receipt) -> None:
        new = postgresql.insert(keys).values(asdict(receipt))
        replaced = new.on_conflict_do_update(
            index_elements=["user_id", "key"],
            set_={column.name: new.excluded[column.name] for column in RECEIPT},
            where=keys.c.created_at <= receipt.created_at - LIFETIME,
        )
        if not await self._database.write(replaced.returning(keys.c.key)):
            raise IdempotencyInFlight

    async def purge(self, now: datetime) -> None:
        gone = delete(keys).where(keys.c.created_at <= now - LIFETIME).returning(keys.c.key).cte("gone")
        await self._database.run(select(func.count()).select_from(gone))


def _live(user_id: str, key: str, now: datetime) -> list[ColumnElement[bool]]:
    return [keys.c.user_id == user_id, keys.c.key == key, keys.c.created_at > now - LIFETIME]
