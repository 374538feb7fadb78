"""Ports of what is stored about requests."""

from datetime import datetime
from typing import Protocol

from domain.idempotency import Receipt


class IdempotencyKeys(Protocol):
    """What is older than a key's lifetime counts as absent."""

    async def find(self, user_id: str, key: str, now: datetime) -> Receipt | None: ...

    async def claim(self, user_id: str, key: str, now: datetime) -> None:
        """Nobody else can claim it until this unit of work ends.

        Raises `IdempotencyInFlight`, without waiting, where another holds it or has just kept a receipt under it.
        """

    async def purge(self, now: datetime, limit: int) -> int:
        """Forgets up to `limit` of all users' that are older. Returns how many."""

    async def keep(self, receipt: Receipt) -> None:
        """Raises `IdempotencyInFlight` where there is a receipt, `NotAuthenticated` where the user is gone."""


class RateLimiter(Protocol):
    async def hit(self, subject: str) -> None:
        """Counts one call of `subject`. Raises `RateLimited` without counting it if the limit is reached."""
