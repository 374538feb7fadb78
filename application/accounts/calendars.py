"""The calendars of users: their zones, first days of the week and locales."""

from datetime import datetime, timedelta

from cachetools import FIFOCache

from application.ports import AccountRepository, Clock
from domain.tasks.dates.calendar import UTC_CALENDAR, Calendar

CACHE_LIFETIME = timedelta(seconds=30)
"""How late another server may notice that a user has changed their zone."""


class Calendars:
    """Caches the calendars of `most` users for `CACHE_LIFETIME`, so that most requests need no query."""

    def __init__(self, accounts: AccountRepository, clock: Clock, most: int = 10_000) -> None:
        self._accounts = accounts
        self._clock = clock
        self._known: FIFOCache[str, tuple[Calendar, datetime]] = FIFOCache(most)

    async def now(self, user_id: str) -> tuple[datetime, Calendar]:
        """Returns the user's local time and their calendar. Raises `Unavailable`."""
        calendar = await self.of(user_id)
        return calendar.local(self._clock()), calendar

    async def of(self, user_id: str) -> Calendar:
        """Raises `Unavailable`."""
        now = self._clock()
        known, read_at = self._known.get(user_id, (None, now))
        if known and read_at <= now < read_at + CACHE_LIFETIME:
            return known
        user = await self._accounts.get(user_id)
        calendar = Calendar(user.timezone, user.week_start, user.locale, user.reminder_time) if user else UTC_CALENDAR
        self._known[user_id] = calendar, now
        return calendar

    def forget(self, user_id: str) -> None:
        self._known.pop(user_id, None)
