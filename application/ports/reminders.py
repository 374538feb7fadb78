"""Ports of reminders: the storage of what is to ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.reminders.ring import RingKey


class UntimedRing(NamedTuple):
    """A ring whose time is to be computed, with what that depends on.

    `set_at` is when the user set it, or None if it is timed anew. A ring that changes meanwhile gets another `version`.
    """

    key: RingKey
    set_at: datetime | None
    version: int
    timezone: str
    reminder_time: str


@dataclass(frozen=True, slots=True)
class RingTime:
    """`is_past` says that the time was over when the reminder was set, so it does not ring."""

    ring: UntimedRing
    at: datetime
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class RungUser:
    """A user for whom reminders rang. `is_sent` says whether there are webhooks to tell."""

    user_id: str
    is_sent: bool


class RingRepository(Protocol):
    """The storage of rings. `EntityRepository.record` adds them with their tasks, without a time, and removes those of
    which a task has no reminder any more."""

    async def untimed(self, limit: int) -> Sequence[UntimedRing]:
        """Returns rings without a time, oldest first."""

    async def set_times(self, times: Sequence[RingTime], zones: str) -> None:
        """Stores the times. A ring that has changed meanwhile, or whose user has another zone by now, is left as it is.

        `zones` is the version of the Time Zone Database.
        """

    async def ring(self, now: datetime, limit: int) -> Sequence[RungUser]:
        """Records that up to `limit` due reminders have rung: in the log, and so that they do not ring again.

        It is one statement, so none rings twice, whichever server dies. The users share the limit, those with the
        oldest rings first. Tasks that are done, in the trash or in an archived list stay silent.
        """

    async def next_due(self) -> datetime | None:
        """Returns the first time at which a ring is due or has to be timed. It may be past."""

    async def retime(self, user_id: str, now: datetime) -> None:
        """Has the times of the user's rings computed anew. Call it in the unit of work that changes the zone."""

    async def retime_outdated(self, zones: str, now: datetime, limit: int) -> int:
        """Has up to `limit` times computed anew that are from older versions of the Time Zone Database. Returns how
        many."""

    async def snooze(self, key: RingKey, until: datetime) -> bool:
        """Makes a ring that has rung wait again. Returns False if there is none."""

    async def forget(self, before: datetime, limit: int) -> int:
        """Removes up to `limit` rings that have ended and were due before that time. Returns how many."""
