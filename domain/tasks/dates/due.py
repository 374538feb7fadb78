"""When a task is due: on a day, at a time wherever the user is, or at a time in a zone. None of these three kinds is
ever converted into another. Their texts are those of `Temporal` (ECMA-262, RFC 9557): `2026-12-01`, `2026-12-01T09:00`
and `2026-12-01T09:00+01:00[Europe/Berlin]`."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

YEARS = (1970, 2200)


@dataclass(frozen=True, slots=True)
class Due:
    """`local` is the time that a clock shows at that place, and midnight for a day. If a clock shows the same hour
    twice, `fold` is 1 for the second. The local time is what is stored, so it stays the same if a law changes the
    offset of the zone."""

    local: datetime
    has_time: bool = False
    zone: str | None = None

    @property
    def day(self) -> date:
        return self.local.date()

    @property
    def text(self) -> str:
        if not self.has_time:
            return self.local.date().isoformat()
        if self.zone is None:
            return self.local.isoformat(timespec="minutes")
        there = in_zone(self.local, self.zone)
        return f"{there:%Y-%m-%dT%H:%M}{offset_of(there)}[{self.zone}]"

    def instant(self, here: ZoneInfo) -> datetime:
        """Returns when the task is due, in UTC. A day counts from its beginning. `here` is the zone of the account."""
        zone = ZoneInfo(self.zone) if self.zone else here
        return self.local.replace(tzinfo=zone).astimezone(UTC)

    def is_past(self, now: datetime) -> bool:
        """Returns whether it is past. A day is past when the next day has begun. `now` is in the account's zone."""
        if not self.has_time:
            return self.day < now.date()
        return self.instant(_zone_of(now)) < now

    def day_here(self, now: datetime) -> date:
        """Returns the day on which the task is due at the user's place. `now` is in the account's zone."""
        if self.zone is None:
            return self.day
        return self.instant(_zone_of(now)).astimezone(_zone_of(now)).date()

    def clock(self, now: datetime) -> datetime:
        """Returns the time that a clock shows now in the zone of the task. `now` is in the account's zone."""
        return (now.astimezone(ZoneInfo(self.zone)) if self.zone else now).replace(tzinfo=None, fold=0)

    def at(self, local: datetime) -> Self:
        """If the clock of the zone skips that time, it is moved forward."""
        moved = replace(self, local=local.replace(fold=0))
        return moved if moved.zone is None else replace(moved, local=in_zone(local, moved.zone).replace(tzinfo=None))

    def moved(self, days: int) -> Self:
        return self.at(self.local + timedelta(days=days))


def in_zone(local: datetime, zone: str) -> datetime:
    """Returns the time in the zone. If the zone has it twice, it is the earlier one. If the clock skips it, it is moved
    forward by as much as the clock skips."""
    place = ZoneInfo(zone)
    return local.replace(tzinfo=place).astimezone(UTC).astimezone(place)


def offset_of(there: datetime) -> str:
    """Returns the offset to the minute, as `Temporal` prints it. Before 1972, some offsets had seconds."""
    minutes = round((there.utcoffset() or timedelta()) / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _zone_of(now: datetime) -> ZoneInfo:
    assert isinstance(now.tzinfo, ZoneInfo), "now is in the account's zone"
    return now.tzinfo
