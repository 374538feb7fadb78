"""Work that is due at a time. It is kept as rows, and whoever does it leases them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

T = TypeVar("T")


class DueWork(Protocol[T]):
    """One kind of such work. Any number of servers do it at once."""

    @property
    def topic(self) -> str:
        """It is announced when some of this work has become due by something else than time."""

    async def claim(self, limit: int) -> Sequence[T]:
        """Leases up to `limit` rows that are due and returns them. Each goes to one caller, and nobody waits.

        One user has at most so many rows leased at a time, so that their work never stands in front of a stranger's.
        """

    async def next_due(self) -> datetime | None:
        """Returns the next time at which a row becomes due or a lease lapses. Returns None if there is none."""

    async def perform(self, item: T) -> None:
        """Does what a leased row asks for, and gives the row back."""


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    name: str
    lease: str


class JobRepository(Protocol):
    """When each periodic job is due, and which server does it. Jobs are known by their names and have no user."""

    async def register(self, names: Sequence[str], now: datetime) -> None:
        """Makes jobs known, due now. One that is known stays as it is."""

    async def claim(
        self, names: Sequence[str], now: datetime, lease: str, until: datetime, most: int
    ) -> Sequence[ClaimedJob]:
        """Leases up to `most` of these jobs that are due and nobody holds. Each goes to one caller; nobody waits."""

    async def next_due(self, names: Sequence[str], now: datetime) -> datetime | None:
        """Returns the first time after `now` at which one becomes due, or a lease lapses. Returns None if none is."""

    async def release(self, job: ClaimedJob, due_at: datetime) -> None:
        """Makes it due again then. Nothing changes if somebody else holds it by now."""
