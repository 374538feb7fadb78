"""Idempotency keys and the results of their requests."""

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.driver.database import Database
from adapters.postgres.quotas import ROW_BYTES
from adapters.postgres.tables import counters
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
        """Takes an advisory lock, since an insert would wait for a running request. `keep` does not rely on the
        lock."""
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
        kept = replaced.returning(keys.c.user_id).cte("kept")
        counted = update(counters).where(counters.c.user_id == kept.c.user_id)
        counted = counted.values(bytes=counters.c.bytes + ROW_BYTES + len(receipt.body or b""))
        if not await self._database.write(select(kept.c.user_id).add_cte(counted.cte("counted"))):
            raise IdempotencyInFlight

    async def purge(self, now: datetime, limit: int) -> int:
        oldest = (
            select(keys.c.user_id, keys.c.key).where(keys.c.created_at <= now - LIFETIME).order_by(keys.c.created_at)
        )
        old = oldest.limit(limit).cte("old")
        same = (keys.c.user_id == old.c.user_id, keys.c.key == old.c.key)
        size = (ROW_BYTES + func.coalesce(func.octet_length(keys.c.body), 0)).label("size")
        gone = delete(keys).where(*same).returning(keys.c.user_id, size).cte("gone")
        freed = select(gone.c.user_id, func.sum(gone.c.size).label("size")).group_by(gone.c.user_id).subquery()
        counted = update(counters).where(counters.c.user_id == freed.c.user_id)
        counted = counted.values(bytes=func.greatest(0, counters.c.bytes - freed.c.size))
        count = select(func.count()).select_from(gone)
        [(purged,)] = await self._database.run(count.add_cte(counted.cte("counted")))
        return int(purged)


def _live(user_id: str, key: str, now: datetime) -> list[ColumnElement[bool]]:
    return [keys.c.user_id == user_id, keys.c.key == key, keys.c.created_at > now - LIFETIME]
