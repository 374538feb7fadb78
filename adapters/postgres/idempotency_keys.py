from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.quotas import ROW_BYTES
from adapters.postgres.tables import counters
from adapters.postgres.tables import idempotency_keys as keys
from application.ports import IdempotencyKeys
from domain.errors import IdempotencyInFlight
from domain.idempotency import LIFETIME, FormerAnswer, Receipt

TRY_AGAIN_STATUS = 409
TRY_AGAIN = (
    b'{"detail":{"error":"Request in flight","code":"IDEMPOTENCY_IN_FLIGHT","message":"A request with this'
    b' Idempotency-Key is being answered. Try again in a moment.","request_id":""}}'
)
"""What the version before this one answers to a receipt of this version.

That version sends `status` and `body` as they are, and kept no refusal, so this status marks the receipts of this
version. Its clients try again, and a server of this version then answers with the result. The version after this one
drops both columns: by then the receipts of the version before are older than `LIFETIME`.
"""


class PostgresIdempotencyKeys(IdempotencyKeys):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user_id: str, key: str, now: datetime) -> Receipt | None:
        rows = await self._database.run(select(keys).where(*_live(user_id, key, now)))
        return _receipt(rows[0]) if rows else None

    async def claim(self, user_id: str, key: str, now: datetime) -> None:
        """Takes an advisory lock, since an insert would wait for a running request. `keep` does not rely on the
        lock."""
        free = func.pg_try_advisory_xact_lock(func.hashtextextended(f"{user_id} {key}", 0))
        rows = await self._database.write(select(free & ~exists().where(*_live(user_id, key, now))))
        if not rows[0][0]:
            raise IdempotencyInFlight

    async def keep(self, receipt: Receipt) -> None:
        row = _row(receipt)
        new = postgresql.insert(keys).values(row)
        replaced = new.on_conflict_do_update(
            index_elements=["user_id", "key"],
            set_={name: new.excluded[name] for name in row},
            where=keys.c.created_at <= receipt.created_at - LIFETIME,
        )
        kept = replaced.returning(keys.c.user_id).cte("kept")
        counted = update(counters).where(counters.c.user_id == kept.c.user_id)
        size = ROW_BYTES + sum(len(row[name] or b"") for name in ("body", "result"))
        counted = counted.values(bytes=counters.c.bytes + size)
        if not await self._database.write(select(kept.c.user_id).add_cte(counted.cte("counted"))):
            raise IdempotencyInFlight

    async def purge(self, now: datetime, limit: int) -> int:
        oldest = (
            select(keys.c.user_id, keys.c.key).where(keys.c.created_at <= now - LIFETIME).order_by(keys.c.created_at)
        )
        old = oldest.limit(limit).cte("old")
        same = (keys.c.user_id == old.c.user_id, keys.c.key == old.c.key)
        size = (ROW_BYTES + _length(keys.c.body) + _length(keys.c.result)).label("size")
        gone = delete(keys).where(*same).returning(keys.c.user_id, size).cte("gone")
        freed = select(gone.c.user_id, func.sum(gone.c.size).label("size")).group_by(gone.c.user_id).subquery()
        counted = update(counters).where(counters.c.user_id == freed.c.user_id)
        counted = counted.values(bytes=func.greatest(0, counters.c.bytes - freed.c.size))
        count = select(func.count()).select_from(gone)
        [(purged,)] = await self._database.run(count.add_cte(counted.cte("counted")))
        return int(purged)


def _live(user_id: str, key: str, now: datetime) -> list[ColumnElement[bool]]:
    return [keys.c.user_id == user_id, keys.c.key == key, keys.c.created_at > now - LIFETIME]


def _length(column: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.octet_length(column), 0)


def _row(receipt: Receipt) -> dict[str, Any]:
    is_result = receipt.result is not None
    return {
        "user_id": receipt.user_id,
        "key": receipt.key,
        "fingerprint": receipt.fingerprint,
        "turn_id": receipt.turn_id,
        "result": receipt.result,
        "status": TRY_AGAIN_STATUS if is_result else None,
        "body": TRY_AGAIN if is_result else None,
        "created_at": receipt.created_at,
    }


def _receipt(row: Row) -> Receipt:
    """Returns the receipt of a row. The status says which version wrote the row: when the version before ours replaces
    a receipt, it leaves our `result` in the row."""
    is_ours = row.status == TRY_AGAIN_STATUS
    is_former = row.status is not None and not is_ours
    return Receipt(
        user_id=row.user_id,
        key=row.key,
        fingerprint=row.fingerprint,
        turn_id=row.turn_id,
        result=row.result if is_ours else None,
        former=FormerAnswer(row.status, row.body) if is_former else None,
        created_at=row.created_at,
    )
