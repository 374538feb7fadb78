"""Work that is due at a time. It is kept as rows, and whoever does it leases them."""

from collections.abc import Sequence
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
