"""The work of ringing: reminders get their times, and ring when these have come, on any server and once."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from application.ports import Clock, DueWork, RingRepository, RingTime, RungUser, UntimedRing, Wakeups
from application.ports.topics import NOTIFICATIONS_TOPIC, REMINDERS_TOPIC, WEBHOOKS_TOPIC, changes_topic
from domain.tasks.reminders import is_past, moment_of
from domain.zones import zone, zones_version

RINGS_AT_ONCE = 500
"""Rings of one statement. While it runs, changes of their users' tasks wait."""
MAX_RINGING = 2
"""Rounds of one server at once: while one announces what rang, the next rings."""


class Ringing(DueWork[Sequence[RungUser]]):
    """An item of this work is what one statement has rung. It is done by then, so it needs no lease: what is left is to
    wake those who wait for it, who would find it by themselves a little later."""

    topic = REMINDERS_TOPIC

    def __init__(self, rings: RingRepository, wakeups: Wakeups, clock: Clock) -> None:
        self._rings = rings
        self._wakeups = wakeups
        self._clock = clock

    async def claim(self, limit: int) -> Sequence[Sequence[RungUser]]:  # noqa: ARG002
        await self._set_times()
        rung = await self._rings.ring(self._clock(), RINGS_AT_ONCE)
        return [rung] if rung else []

    async def next_due(self) -> datetime | None:
        return await self._rings.next_due()

    async def perform(self, item: Sequence[RungUser]) -> None:
        for each in item:
            await self._wakeups.announce(changes_topic(each.user_id))
        if any(each.is_sent for each in item):
            await self._wakeups.announce(WEBHOOKS_TOPIC)
        if any(each.is_notified for each in item):
            await self._wakeups.announce(NOTIFICATIONS_TOPIC)

    async def _set_times(self) -> None:
        if untimed := await self._rings.untimed(RINGS_AT_ONCE):
            await self._rings.set_times([*_times(untimed)], zones_version())


def _times(untimed: Sequence[UntimedRing]) -> Iterator[RingTime]:
    for ring in untimed:
        at = moment_of(ring.key.reminder, ring.key.due or None, zone(ring.timezone), ring.reminder_time)
        yield RingTime(ring, at, is_past=ring.set_at is not None and is_past(at, ring.set_at))
