"""How a user counts days: the zone of their account, the first day of their week, and when a day rings."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.accounts.account import DAY_TIME
from domain.tasks.dates.recurrence import WEEKDAYS
from domain.zones import UTC_ZONE, zone

FIRST_DAYS = {"monday": WEEKDAYS[0], "saturday": WEEKDAYS[5], "sunday": WEEKDAYS[6]}


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week_start` is "monday", "sunday" or "saturday". `locale` is a language tag (RFC 5646)."""

    timezone: str = UTC_ZONE
    week_start: str = "monday"
    locale: str = "en"
    reminder_time: str = DAY_TIME

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.timezone)

    @property
    def first_day(self) -> str:
        return FIRST_DAYS.get(self.week_start, WEEKDAYS[0])

    def local(self, now: datetime) -> datetime:
        return now.astimezone(self.zone)


UTC_CALENDAR = Calendar()
