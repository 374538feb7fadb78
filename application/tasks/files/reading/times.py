from datetime import UTC, date, datetime, tzinfo

from domain.tasks.dates.due import Due
from domain.tasks.dates.due_text import parse_due

NO_TIME_BEFORE = 1900
"""Programs write none as the first time that they know, in the year 1 or 1601."""
MAX_ESTIMATE_MINUTES = 100 * 60


def moment(text: str, here: tzinfo = UTC) -> datetime | None:
    """Returns the time in UTC. A time without an offset is one in the zone `here`. Returns None for none,
    such as `0001-01-01T00:00:00Z`. Raises `ValueError`."""
    try:
        found = datetime.fromisoformat(text.strip())
        there = found if found.tzinfo else found.replace(tzinfo=here)
        return there.astimezone(UTC) if found.year >= NO_TIME_BEFORE else None
    except OverflowError:
        raise ValueError("is outside of the years 1 to 9999") from None


def at_moment(time: datetime, zone: str) -> Due:
    """Returns the due time of a moment in UTC, as a clock in the zone shows it. Raises `ValueError`."""
    return parse_due(f"{_minutes(time)}Z[{zone}]")


def at_clock(local: datetime, zone: str | None = None) -> Due:
    """Returns the due time that a clock shows, in the zone or anywhere. Raises `ValueError`."""
    return parse_due(_minutes(local) + (f"[{zone}]" if zone else ""))


def on_day(day: date) -> Due:
    """Raises `ValueError`."""
    return parse_due(day.isoformat())


def read_day(text: str) -> Due | None:
    """Returns the day that a date or a time begins with, or None for none. Raises `ValueError`."""
    day = date.fromisoformat(text.strip()[:10])
    return on_day(day) if day.year >= NO_TIME_BEFORE else None


def _minutes(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat(timespec="minutes")


def estimate_text(minutes: float) -> str:
    """Returns the time as ISO 8601. Raises `ValueError` for none, and for more than a task may have."""
    whole = round(minutes)
    if not 1 <= whole <= MAX_ESTIMATE_MINUTES:
        raise ValueError(f"must be 1 minute to {MAX_ESTIMATE_MINUTES // 60} hours")
    hours, rest = divmod(whole, 60)
    return f"PT{f'{hours}H' if hours else ''}{f'{rest}M' if rest else ''}"
