"""The access tokens that were ended early. Each server keeps them in memory, so that requests need no query."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from application.ports import Clock, Wakeups
from application.ports.topics import SESSIONS_TOPIC
from domain.errors import Unavailable

EVERY_SECONDS = 20.0
"""How often ended access is read, since a wake-up may be lost."""
OVERLAP = timedelta(minutes=5)
"""The time that each reading repeats, because clocks of servers differ and units of work commit later than they begin.
"""

log = logging.getLogger(__name__)


class Access(Protocol):
    """A session or a connection: what access tokens name, and what ends them early."""

    @property
    def user_id(self) -> str: ...

    @property
    def id(self) -> str: ...

    @property
    def ended_at(self) -> datetime | None: ...


class AccessRepository(Protocol):
    async def ended_since(self, since: datetime) -> Sequence[Access]: ...


class Revocations:
    """`lifetime` is that of an access token. A session or connection that ended longer ago has no valid access token,
    and is forgotten."""

    def __init__(self, accesses: AccessRepository, wakeups: Wakeups, clock: Clock, lifetime: timedelta) -> None:
        self.lifetime = lifetime
        self._accesses = accesses
        self._wakeups = wakeups
        self._clock = clock
        self._ended: dict[tuple[str, str], datetime] = {}
        self._seen: datetime | None = None

    def is_ended(self, user_id: str, access_id: str) -> bool:
        return (user_id, access_id) in self._ended

    def note(self, ended: Iterable[Access]) -> None:
        self._ended |= {(each.user_id, each.id): each.ended_at for each in ended if each.ended_at}

    async def announce(self) -> None:
        await self._wakeups.announce(SESSIONS_TOPIC)

    async def run(self) -> None:
        """Reads what has ended until it is cancelled. While the database is away, the known ones stay known."""
        with self._wakeups.listen(SESSIONS_TOPIC) as waiter:
            while True:
                try:
                    await self.load()
                except Unavailable as refusal:
                    log.warning("ended access could not be read: %s", refusal.message)
                await waiter.wait(EVERY_SECONDS)

    async def load(self) -> None:
        oldest = self._clock() - self.lifetime - OVERLAP
        ended = await self._accesses.ended_since(max(oldest, self._seen - OVERLAP) if self._seen else oldest)
        self._seen = max((each.ended_at for each in ended if each.ended_at), default=self._seen)
        self.note(ended)
        self._ended = {key: at for key, at in self._ended.items() if at > oldest}
