"""Ports of due work. It is kept as rows, which a server leases while it works on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

T = TypeVar("T")


class DueWork(Protocol[T]):
    """One kind of due work. Any number of servers may work on it at once."""

    @property
    def topic(self) -> str:
        """The topic that is announced when work becomes due for another reason than the time."""

    async def claim(self, limit: int) -> Sequence[T]:
        """Leases up to `limit` due rows. Each row goes to one caller, and nobody waits. The number of leased rows per
        user is limited, so that the work of one user does not delay that of others."""

    async def next_due(self) -> datetime | None:
        """Returns the next time at which a row becomes due or a lease expires, or None."""

    async def perform(self, item: T) -> None:
        """Does the work of a leased row, and then releases the row."""


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    name: str
    lease: str


class JobRepository(Protocol):
    """Jobs are identified by their names and belong to no user."""

    async def register(self, names: Sequence[str], now: datetime) -> None:
        """Adds jobs that are due now. Known jobs stay as they are."""

    async def claim(
        self, names: Sequence[str], now: datetime, lease: str, until: datetime, most: int
    ) -> Sequence[ClaimedJob]:
        """Leases up to `most` of these jobs that are due and not leased. Each goes to one caller, and nobody waits."""

    async def next_due(self, names: Sequence[str], now: datetime) -> datetime | None:
        """Returns the first time after `now` at which a job becomes due or a lease expires, or None."""

    async def release(self, job: ClaimedJob, due_at: datetime) -> None:
        """Makes the job due at that time. Nothing changes if another server holds it."""
