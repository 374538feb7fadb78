from datetime import datetime
from typing import Protocol

from domain.idempotency import Receipt


class IdempotencyKeys(Protocol):
    """A key that is older than its lifetime counts as absent."""

    async def find(self, user_id: str, key: str, now: datetime) -> Receipt | None: ...

    async def claim(self, user_id: str, key: str, now: datetime) -> None:
        """Nobody else can claim the key until this unit of work ends. Raises `IdempotencyInFlight` at once if another
        request holds it or has just stored a receipt under it."""

    async def purge(self, now: datetime, limit: int) -> int:
        """Deletes up to `limit` keys of all users that are older than their lifetime. Returns how many."""

    async def keep(self, receipt: Receipt) -> None:
        """Stores the receipt. Raises `IdempotencyInFlight` if the key has one already, and `NotAuthenticated` if the
        user no longer exists."""


class RateLimiter(Protocol):
    async def hit(self, subject: str) -> None:
        """Counts one call of `subject`. Raises `RateLimited` without counting it if the limit is reached."""
