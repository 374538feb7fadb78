"""When a task is due: a day, an hour wherever its user is, or an hour somewhere. The three kinds stay apart for ever.

As text they are what `Temporal` prints (ECMA-262, RFC 9557): `2026-12-01`, `2026-12-01T09:00` and
`2026-12-01T09:00+01:00[Europe/Berlin]`.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from domain.zones import canonical_zone_name

YEARS = (1970, 2200)
DAY_SPELLING = "2026-12-01"
TIME_SPELLING = "2026-12-01T09:00"
ZONED_SPELLING = "2026-12-01T09:00+01:00[Europe/Berlin]"
SPELLINGS = f"write a day as {DAY_SPELLING}, a time as {TIME_SPELLING}, or a time with its zone as {ZONED_SPELLING}"
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TEXT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[Tt](?P<time>\d\d:\d\d)(?::(?P<seconds>\d\d(?:[.,]\d+)?))?"
    r"(?P<offset>[Zz]|[+-]\d\d:\d\d)?"
    r"(?:\[(?P<zone>[^\[\]]*)\])?(?P<more>\[.*)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Due:
    """`local` is what a clock shows there, at midnight for a day; `fold` tells the second of two like hours apart.

    Kept is the local time, so it stays where a law moves the zone's offset.
    """

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
        there = _somewhere(self.local, self.zone)
        return f"{there:%Y-%m-%dT%H:%M}{_offset(there)}[{self.zone}]"

    def instant(self, here: ZoneInfo) -> datetime:
        """Returns when it is due, in UTC; a day is due at its beginning. `here` is the zone of the account."""
        zone = ZoneInfo(self.zone) if self.zone else here
        return self.local.replace(tzinfo=zone).astimezone(UTC)

    def is_past(self, now: datetime) -> bool:
        """`now` is in the account's zone. A day is past when the next one has begun."""
        if not self.has_time:
            return self.day < now.date()
        return self.instant(_zone_of(now)) < now

    def day_here(self, now: datetime) -> date:
        """Returns the day on which it is due where its user is. `now` is in the account's zone."""
        if self.zone is None:
            return self.day
        return self.instant(_zone_of(now)).astimezone(_zone_of(now)).date()

    def clock(self, now: datetime) -> datetime:
        """Returns what the clock shows now where the task is due, as a naive time. `now` is in the account's zone."""
        return (now.astimezone(ZoneInfo(self.zone)) if self.zone else now).replace(tzinfo=None, fold=0)

    def at(self, local: datetime) -> Self:
        """Returns the same kind of due at another local time; one that its clock skips is moved forward."""
        moved = replace(self, local=local.replace(fold=0))
        return moved if moved.zone is None else replace(moved, local=_somewhere(local, moved.zone).replace(tzinfo=None))

    def moved(self, days: int) -> Self:
        return self.at(self.local + timedelta(days=days))


def parse_due(text: str, here: str | None = None) -> Due:
    """Reads the three kinds, and what other programs write for them: `:00`, `[!Zone]`, a zone without its offset.

    `Z` or an offset without a zone names an instant, but no place: they are read where `here`, the account's zone, is
    given. Raises `ValueError` with the right spelling.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError(SPELLINGS)
    day = parse_day(match["day"])
    if match["time"] is None:
        return Due(datetime.combine(day, time()))
    local = datetime.combine(day, _time(match["time"], match["seconds"]))
    if match["more"]:
        raise ValueError(f"has more in brackets than a zone: {SPELLINGS}")
    return _bounded(_timed(local, match["offset"], match["zone"], here))


def parse_day(text: str) -> date:
    """Raises `ValueError`."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"write a day as {DAY_SPELLING}")
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError(f"{text} is no day of the calendar") from None
    _check_year(day.year)
    return day


def _time(text: str, seconds: str | None) -> time:
    if seconds and seconds.strip("0.,"):
        raise ValueError(f"is to the minute, so leave out the seconds: {TIME_SPELLING}")
    try:
        return time.fromisoformat(text)
    except ValueError:
        hint = "midnight is 00:00 of the next day" if text.startswith("24:") else "hours are 00 to 23, minutes 00 to 59"
        raise ValueError(f"{text} is no time of day: {hint}") from None


def _timed(local: datetime, offset: str | None, zone: str | None, here: str | None) -> Due:
    if zone is not None:
        return _zoned(local, offset, _zone(zone))
    if offset is None:
        return Due(local, has_time=True)
    if here is None:
        raise ValueError(f"has an offset but no zone: write {ZONED_SPELLING}, or {TIME_SPELLING} for any zone")
    return _at_instant(local, offset, here)


def _zone(annotation: str) -> str:
    """RFC 9557, 3.1: an exclamation mark says that the annotation must be understood, which it is."""
    name = annotation.removeprefix("!")
    if re.fullmatch(r"[+-]\d\d(:?\d\d)?", name, re.ASCII):
        raise ValueError(f"has an offset where the name of a zone is needed: write {ZONED_SPELLING}")
    if "=" in name:
        raise ValueError(f"has an annotation that is no zone: {SPELLINGS}")
    return canonical_zone_name(name)


def _zoned(local: datetime, offset: str | None, zone: str) -> Due:
    if offset is None:
        return Due(_somewhere(local, zone).replace(tzinfo=None), has_time=True, zone=zone)
    if offset in "Zz":
        return _at_instant(local, offset, zone)
    for fold in (0, 1):
        there = local.replace(tzinfo=ZoneInfo(zone), fold=fold)
        if _offset(there) == offset and _somewhere(there.replace(tzinfo=None), zone).replace(tzinfo=None) == local:
            return Due(_folded(local, zone, fold), has_time=True, zone=zone)
    right = Due(_somewhere(local, zone).replace(tzinfo=None), has_time=True, zone=zone)
    raise ValueError(f"{zone} is not at {offset} then: write {right.text}")


def _at_instant(local: datetime, offset: str, zone: str) -> Due:
    shift = timedelta() if offset in "Zz" else _shift(offset)
    there = (local - shift).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return Due(there.replace(tzinfo=None), has_time=True, zone=zone)


def _shift(offset: str) -> timedelta:
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(f"{offset} is no offset from UTC: write {ZONED_SPELLING}")
    return timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)


def _folded(local: datetime, zone: str, fold: int) -> datetime:
    """Returns `local` with `fold` where the zone has that hour twice."""
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=each).utcoffset() for each in (0, 1))
    return local.replace(fold=fold if first != second else 0)


def _somewhere(local: datetime, zone: str) -> datetime:
    """Returns the time in the zone: the earlier of two, and one that its clock skips as much later as it skips."""
    place = ZoneInfo(zone)
    return local.replace(tzinfo=place).astimezone(UTC).astimezone(place)


def _offset(there: datetime) -> str:
    """Returns the offset to the minute, as `Temporal` prints it: before 1972, some zones had seconds."""
    minutes = round((there.utcoffset() or timedelta()) / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _zone_of(now: datetime) -> ZoneInfo:
    assert isinstance(now.tzinfo, ZoneInfo), "now is in the account's zone"
    return now.tzinfo


def _bounded(due: Due) -> Due:
    _check_year(due.local.year)
    return due


def _check_year(year: int) -> None:
    if not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(f"must be in the years {YEARS[0]} to {YEARS[1]}")
