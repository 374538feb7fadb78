"""Conditions on days, as the user counts them. A day and a time without a zone are compared by their text. A time with
a zone is compared as an instant, with the bounds of the day in the zone of the account."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from application.tasks.filters.tree import Side
from application.tasks.query.filter import And, Compare, Filter, IsSet, Not, Or

MARGIN = timedelta(days=2)
"""By how much the local day of an instant may differ from that at the user's place, rounded up. So one range of the
index of local times has all tasks that can match."""
_DAY = timedelta(days=1)
FIRST, LAST = date(1900, 1, 1), date(2300, 1, 1)
"""All dates of tasks are between them."""


@dataclass(frozen=True, slots=True)
class Days:
    first: date | None
    last: date | None

    @classmethod
    def at(cls, side: Side, day: date) -> "Days":
        if side is Side.BEFORE:
            return cls(None, day - _DAY)
        return cls(day + _DAY, None) if side is Side.AFTER else cls(day, day)

    @property
    def widened(self) -> "Days":
        return Days(self.first and self.first - MARGIN, self.last and self.last + MARGIN)


def has_day(field: str, days: Days) -> Filter:
    from_first = [Compare(field, ">=", days.first.isoformat())] if days.first else []
    to_last = [Compare(field, "<=", days.last.isoformat())] if days.last else []
    return And((*from_first, *to_last))


def has_instant(field: str, days: Days, zone: ZoneInfo) -> Filter:
    from_first = [Compare(field, ">=", begin_of(days.first, zone))] if days.first else []
    to_last = [Compare(field, "<", begin_of(days.last + _DAY, zone))] if days.last else []
    return And((*from_first, *to_last))


def is_due(days: Days, zone: ZoneInfo) -> Filter:
    here = And((Not(IsSet("due_at")), _has_local_time(days)))
    return And((_has_local_time(days.widened), Or((here, has_instant("due_at", days, zone)))))


def is_overdue(now: datetime) -> Filter:
    minute = now.replace(second=0, microsecond=0, tzinfo=None)
    is_begun = now.second or now.microsecond
    local = Compare("due_key", "<=" if is_begun else "<", minute.isoformat(timespec="minutes"))
    here = And((Not(IsSet("due_at")), local))
    near = _has_local_time(Days(None, now.date()).widened)
    return And((near, Or((here, Compare("due_at", "<", now.astimezone(UTC))))))


def has_started(today: date) -> Filter:
    return Or((Not(IsSet("start")), has_day("start", Days(None, today))))


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _has_local_time(days: Days) -> Filter:
    """The key of a time begins with its day, and a day itself comes after all its times."""
    from_first = [Compare("due_key", ">=", days.first.isoformat())] if days.first else []
    to_last = [Compare("due_key", "<", (days.last + _DAY).isoformat())] if days.last else []
    return And((*from_first, *to_last))
