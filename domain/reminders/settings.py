from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from domain.accounts.profile import clean_time_of_day
from domain.errors import Invalid

_TIMES = ("quiet_from", "quiet_to", "morning_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSettings:
    """Mail goes to a confirmed address only. From `quiet_from` to `quiet_to`, which may be on the next day, push and
    mail wait. At `morning_time`, a mail says what is due on that day; None is no such mail. All three are local times
    of day."""

    push: bool = True
    mail: bool = False
    quiet_from: str | None = None
    quiet_to: str | None = None
    morning_time: str | None = None

    def quiet_until(self, now: datetime) -> datetime | None:
        if self.quiet_from is None or self.quiet_to is None:
            return None
        begins, ends, clock = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_to), now.time()
        if begins < ends:
            is_quiet, is_tomorrow = begins <= clock < ends, False
        else:
            is_quiet, is_tomorrow = clock >= begins or clock < ends, clock >= begins
        day = now.date() + timedelta(days=int(is_tomorrow))
        return _next(datetime.combine(day, ends, now.tzinfo), now) if is_quiet else None

    def next_morning(self, now: datetime) -> datetime | None:
        if self.morning_time is None:
            return None
        today = datetime.combine(now.date(), time.fromisoformat(self.morning_time), now.tzinfo)
        if today.astimezone(UTC) > now.astimezone(UTC):
            return today
        return datetime.combine(now.date() + timedelta(days=1), today.time(), now.tzinfo)


def _next(time: datetime, now: datetime) -> datetime:
    """Returns when the clock shows that time after `now`. In the night in which an hour comes twice, the first may be
    over. Times of one zone compare by their clocks, so instants are compared."""
    return time if time.astimezone(UTC) > now.astimezone(UTC) else time.replace(fold=1)


def clean_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values as they are stored. Raises `Invalid`."""
    return {
        name: clean_time_of_day(name, value) if name in _TIMES and value is not None else value
        for name, value in values.items()
    }


def check_quiet_hours(settings: ReminderSettings) -> None:
    """Raises `Invalid` if only one end of the quiet hours is known, or if they never end."""
    if (settings.quiet_from is None) != (settings.quiet_to is None):
        missing = "quiet_from" if settings.quiet_from is None else "quiet_to"
        raise Invalid.field(missing, "give both ends of the quiet hours, or null for both")
    if settings.quiet_from and settings.quiet_from == settings.quiet_to:
        raise Invalid.field("quiet_to", "must differ from quiet_from")
