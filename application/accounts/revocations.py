"""The access tokens that were ended early. Each server keeps them in memory, so that requests need no query."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from application.ports import Clock, SessionRepository, Wakeups
from application.ports.topics import SESSIONS_TOPIC
from domain.accounts.session import Session
from domain.errors import Unavailable

EVERY_SECONDS = 20.0
"""How often ended sessions are read, since a wake-up may be lost."""
OVERLAP = timedelta(minutes=5)
"""The time that each reading repeats, because clocks of servers differ and units of work commit later than they begin.
"""

log = logging.getLogger(__name__)


class Revocations:
    """`lifetime` is that of an access token. A session that ended longer ago has no valid access token, and is
    forgotten.
    """

    def __init__(self, sessions: SessionRepository, wakeups: Wakeups, clock: Clock, lifetime: timedelta) -> None:
        self.lifetime = lifetime
        self._sessions = sessions
        self._wakeups = wakeups
        self._clock = clock
        self._ended: dict[tuple[str, str], datetime] = {}
        self._seen: datetime | None = None

    def is_ended(self, user_id: str, session_id: str) -> bool:
        return (user_id, session_id) in self._ended

    def note(self, ended: Iterable[Session]) -> None:
        self._ended |= {(each.user_id, each.id): each.ended_at for each in ended if each.ended_at}

    async def announce(self) -> None:
        """Wakes the other servers. It is called inside the unit of work that ends sessions."""
        await self._wakeups.announce(SESSIONS_TOPIC)

    async def run(self) -> None:
        """Reads ended sessions until it is cancelled. While the database is away, the known ones stay known."""
        with self._wakeups.listen(SESSIONS_TOPIC) as waiter:
            while True:
                try:
                    await self.load()
                except Unavailable as refusal:
                    log.warning("ended sessions could not be read: %s", refusal.message)
                await waiter.wait(EVERY_SECONDS)

    async def load(self) -> None:
        oldest = self._clock() - self.lifetime - OVERLAP
        ended = await self._sessions.ended_since(max(oldest, self._seen - OVERLAP) if self._seen else oldest)
        self._seen = max((each.ended_at for each in ended if each.ended_at), default=self._seen)
        self.note(ended)
        self._ended = {key: at for key, at in self._ended.items() if at > oldest}
