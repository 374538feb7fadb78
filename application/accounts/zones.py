"""The time zones of users."""

from datetime import datetime, timedelta

from application.ports import AccountRepository, Clock
from domain.zones import UTC_ZONE, zone

CACHE_LIFETIME = timedelta(seconds=30)
"""How late another server may notice that a user has changed their zone."""


class UserTimeZones:
    """Caches the zones of `most` users for `CACHE_LIFETIME`, so that most chat turns need no query."""

    def __init__(self, accounts: AccountRepository, clock: Clock, most: int = 10_000) -> None:
        self._accounts = accounts
        self._clock = clock
        self._most = most
        self._known: dict[str, tuple[str, datetime]] = {}

    async def now(self, user_id: str) -> tuple[datetime, str]:
        """Returns the user's local time and the name of their zone. Raises `Unavailable`."""
        now = self._clock()
        name = await self._of(user_id, now)
        return now.astimezone(zone(name)), name

    def forget(self, user_id: str) -> None:
        self._known.pop(user_id, None)

    async def _of(self, user_id: str, now: datetime) -> str:
        name, read_at = self._known.get(user_id, ("", now))
        if name and read_at <= now < read_at + CACHE_LIFETIME:
            return name
        user = await self._accounts.get(user_id)
        self._remember(user_id, (user.timezone if user else UTC_ZONE, now))
        return self._known[user_id][0]

    def _remember(self, user_id: str, read: tuple[str, datetime]) -> None:
        self._known.pop(user_id, None)
        self._known[user_id] = read
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
