from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.tasks.changes import Entity


class TrashRepository(Protocol):
    """Removes entities of any registered type that have been in the trash since before a time."""

    async def due(
        self, of: type[Entity], deleted_before: datetime, limit: int, except_users: Collection[str] = ()
    ) -> Mapping[str, Sequence[int]]:
        """Returns at most `limit` numbers of such entities, by user."""

    async def erase(
        self, of: type[Entity], user_id: str, ids: Sequence[int], deleted_before: datetime, limit: int
    ) -> int:
        """Erases their logged states, in at most `limit` events. Returns the number of events."""

    async def purge(
        self, of: type[Entity], user_id: str, ids: Sequence[int], deleted_before: datetime, at: datetime
    ) -> int:
        """Removes them, and their states from the log. Returns how many."""
