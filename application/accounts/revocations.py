"""Which access tokens are over before their time: each server remembers, so that no request has to ask the database."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from application.ports import Clock, SessionRepository, Wakeups
from application.ports.topics import SESSIONS_TOPIC
from domain.accounts.session import Session
from domain.errors import Unavailable

EVERY_SECONDS = 20.0
"""A wake-up that got lost is made good by then."""
OVERLAP = timedelta(minutes=5)
"""What is read again each time: clocks of servers differ, and units of work are committed later than they began."""

log = logging.getLogger(__name__)


class Revocations:
    """`lifetime` is that of an access token: a session that ended before has none left, and is forgotten here."""

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
        """Inside the unit of work that ends sessions."""
        await self._wakeups.announce(SESSIONS_TOPIC)

    async def run(self) -> None:
        """Without end. While the database is away, what is known stays known."""
        with self._wakeups.listen(SESSIONS_TOPIC) as waiter:
            while True:
                try:
                    await self.load()
                except Unavailable as refusal:
                    log.warning("ended sessions could not be read: %s", refusal.message)
                await waiter.wait(EVERY_SECONDS)

    async def load(self) -> None:
        """Raises `Unavailable`."""
        oldest = self._clock() - self.lifetime - OVERLAP
        ended = await self._sessions.ended_since(max(oldest, self._seen - OVERLAP) if self._seen else oldest)
        self._seen = max((each.ended_at for each in ended if each.ended_at), default=self._seen)
        self.note(ended)
        self._ended = {key: at for key, at in self._ended.items() if at > oldest}
