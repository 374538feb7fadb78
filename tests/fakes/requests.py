"""Idempotency keys and rate limits in memory."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from application.ports import IdempotencyKeys, RateLimiter
from domain.errors import IdempotencyInFlight, NotAuthenticated, RateLimited
from domain.idempotency import LIFETIME, Receipt
from tests.fakes.work import FakeStore


class FakeIdempotencyKeys(IdempotencyKeys):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def find(self, user_id: str, key: str, now: datetime) -> Receipt | None:
        self._store.reached()
        receipt = self._store.rows.receipts.get((user_id, key))
        return receipt if receipt and receipt.created_at > now - LIFETIME else None

    async def purge(self, now: datetime, limit: int) -> int:
        self._store.reached()
        receipts = self._store.rows.receipts
        old = [name for name, each in receipts.items() if each.created_at <= now - LIFETIME][:limit]
        for name in old:
            del receipts[name]
        return len(old)

    async def claim(self, user_id: str, key: str, now: datetime) -> None:
        if await self.find(user_id, key, now) or not self._store.claim((user_id, key)):
            raise IdempotencyInFlight

    async def keep(self, receipt: Receipt) -> None:
        rows = self._store.writing()
        if receipt.user_id not in rows.users:
            raise NotAuthenticated("This account no longer exists.")
        if await self.find(receipt.user_id, receipt.key, receipt.created_at):
            raise IdempotencyInFlight
        rows.receipts[receipt.user_id, receipt.key] = receipt


class FakeRateLimiter(RateLimiter):
    """An exact moving window, by the fake clock."""

    def __init__(self, limit: int, window_seconds: int, clock: Callable[[], datetime]) -> None:
        self.limit, self._window, self._clock = limit, window_seconds, clock
        self._hits: dict[str, list[datetime]] = {}

    def subjects(self) -> list[str]:
        return list(self._hits)

    def count(self, subject: str) -> int:
        return len(self._hits.get(subject, []))

    async def hit(self, subject: str) -> None:
        now, window = self._clock(), timedelta(seconds=self._window)
        hits = self._hits[subject] = [hit for hit in self._hits.get(subject, []) if hit > now - window]
        if len(hits) >= self.limit:
            wait = (hits[0] + window - now).total_seconds()
            raise RateLimited(self.limit, self._window, max(1, math.ceil(wait)))
        hits.append(now)
