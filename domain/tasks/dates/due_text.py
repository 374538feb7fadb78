import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.tasks.dates.due import YEARS, Due, in_zone, offset_of
from domain.zones import canonical_zone_name

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


def parse_due(text: str, here: str | None = None) -> Due:
    """Reads a day, a local time, or a time with a zone, also in other programs' spellings: with seconds of `:00`, with
    `[!Zone]`, or with a zone but no offset. A `Z` or an offset alone names no zone. It is accepted only if `here`, the
    account's zone, is given. Raises `ValueError` for other text; its message shows the right spelling."""
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


def read_due(text: str) -> Due:
    """Reads the text of a `Due` as it was stored. The local time and the zone count. The offset may be wrong by now, if
    a law has changed that of the zone."""
    match = _TEXT.fullmatch(text)
    assert match is not None, "the text of a Due"
    if match["time"] is None:
        return Due(datetime.fromisoformat(match["day"]))
    local = datetime.fromisoformat(f"{match['day']}T{match['time']}")
    zone = match["zone"]
    if zone is None:
        return Due(local, has_time=True)
    is_second = offset_of(local.replace(tzinfo=ZoneInfo(zone), fold=1)) == match["offset"]
    return Due(_folded(local, zone, int(is_second)), has_time=True, zone=zone)


def parse_day(text: str) -> date:
    """Raises `ValueError` if the text is no day of the calendar, or is spelled in another way."""
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
    """An exclamation mark means that programs must understand the zone (RFC 9557, 3.1), and we do."""
    name = annotation.removeprefix("!")
    if re.fullmatch(r"[+-]\d\d(:?\d\d)?", name, re.ASCII):
        raise ValueError(f"has an offset where the name of a zone is needed: write {ZONED_SPELLING}")
    if "=" in name:
        raise ValueError(f"has an annotation that is no zone: {SPELLINGS}")
    return canonical_zone_name(name)


def _zoned(local: datetime, offset: str | None, zone: str) -> Due:
    if offset is None:
        return Due(in_zone(local, zone).replace(tzinfo=None), has_time=True, zone=zone)
    if offset in "Zz":
        return _at_instant(local, offset, zone)
    for fold in (0, 1):
        there = local.replace(tzinfo=ZoneInfo(zone), fold=fold)
        if offset_of(there) == offset and in_zone(there.replace(tzinfo=None), zone).replace(tzinfo=None) == local:
            return Due(_folded(local, zone, fold), has_time=True, zone=zone)
    right = Due(in_zone(local, zone).replace(tzinfo=None), has_time=True, zone=zone)
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
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=each).utcoffset() for each in (0, 1))
    return local.replace(fold=fold if first != second else 0)


def _bounded(due: Due) -> Due:
    _check_year(due.local.year)
    return due


def _check_year(year: int) -> None:
    if not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(f"must be in the years {YEARS[0]} to {YEARS[1]}")
