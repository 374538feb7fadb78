"""Rings in memory."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from application.ports import RingRepository, RingTime, RungUser, UntimedRing
from domain.accounts.account import Actor, Caller
from domain.reminders.notification import Channel, Notification
from domain.reminders.ring import LATE, REMINDER, RingKey, RingOfTask, RingState, Rung
from domain.reminders.settings import ReminderSettings
from domain.tasks.changes import ChangeKind
from domain.tasks.task import Task
from tests.fakes.work import FakeRing, FakeStore

WAITS = (RingState.NEW, RingState.WAITING)


def set_rings(store: FakeStore, task: Task, at: datetime) -> None:
    """What the recording of a task does to its rings."""
    wanted = {RingKey(task.user_id, task.id, *each) for each in task.rings}
    rings = store.rows.rings
    for key, ring in list(rings.items()):
        is_own = key[:2] == (task.user_id, task.id)
        if is_own and ring.state in WAITS and not ring.snoozes and key not in wanted:
            del rings[key]
    for key in wanted - rings.keys():
        rings[key] = FakeRing(RingState.NEW, at, at)


def drop_rings(store: FakeStore, user_id: str, task_id: int) -> None:
    store.rows.rings = {key: ring for key, ring in store.rows.rings.items() if key[:2] != (user_id, task_id)}


class FakeRings(RingRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def untimed(self, limit: int) -> Sequence[UntimedRing]:
        self._store.reached()
        new = sorted(self._in(RingState.NEW), key=lambda each: each[1].ring_at)[:limit]
        users = self._store.rows.users
        return [
            UntimedRing(key, ring.set_at, ring.version, users[key.user_id].timezone, users[key.user_id].reminder_time)
            for key, ring in new
        ]

    async def set_times(self, times: Sequence[RingTime], zones: str) -> None:
        self._store.reached()
        for each in times:
            ring, user = self._store.rows.rings.get(each.ring.key), self._store.rows.users.get(each.ring.key.user_id)
            is_same = ring and ring.state is RingState.NEW and ring.version == each.ring.version
            if ring and is_same and user and (user.timezone, user.reminder_time) == each.ring[3:]:
                state = RingState.PAST if each.is_past else RingState.WAITING
                self._keep(each.ring.key, replace(ring, ring_at=each.at, state=state, zones=zones))

    async def ring(self, now: datetime, limit: int) -> Sequence[RungUser]:
        self._store.reached()
        due = [(key, ring) for key, ring in self._in(RingState.WAITING) if ring.ring_at <= now]
        places: defaultdict[str, int] = defaultdict(int)
        ranked = []
        for key, ring in sorted(due, key=lambda each: each[1].ring_at):
            places[key.user_id] += 1
            ranked.append((places[key.user_id], ring.ring_at, key))
        users: dict[str, bool] = {}
        for _, _, key in sorted(ranked)[:limit]:
            self._ring(key, now)
            users[key.user_id] = any(owner == key.user_id for owner, _ in self._store.rows.webhooks)
        notified = {user_id for user_id, _ in self._store.rows.notifications}
        return [RungUser(user_id, is_sent, user_id in notified) for user_id, is_sent in users.items()]

    async def next_due(self) -> datetime | None:
        self._store.reached()
        return min((ring.ring_at for state in WAITS for _, ring in self._in(state)), default=None)

    async def retime(self, user_id: str, now: datetime) -> None:
        self._store.writing()
        for key, ring in [*self._in(RingState.NEW), *self._in(RingState.WAITING)]:
            if key.user_id == user_id and not ring.snoozes:
                self._retime(key, now)

    async def retime_outdated(self, zones: str, now: datetime, limit: int) -> int:
        self._store.reached()
        old = [key for key, ring in self._in(RingState.WAITING) if not ring.snoozes and (ring.zones or zones) < zones]
        for key in old[:limit]:
            self._retime(key, now)
        return len(old[:limit])

    async def of_task(self, user_id: str, task_id: int) -> Sequence[RingOfTask]:
        self._store.reached()
        own = [(key, ring) for key, ring in self._store.rows.rings.items() if key[:2] == (user_id, task_id)]
        return [
            RingOfTask(
                *key[2:], ring.state, None if ring.state is RingState.NEW else ring.ring_at, snoozes=ring.snoozes
            )
            for key, ring in sorted(own, key=lambda each: (each[1].ring_at, each[0].reminder))
        ]

    async def snooze(self, key: RingKey, until: datetime) -> bool:
        ring = self._store.writing().rings.get(key)
        if ring is None or not (ring.state is RingState.RUNG or (ring.state is RingState.WAITING and ring.snoozes)):
            return False
        again = {"ring_at": until, "snoozes": ring.snoozes + 1, "version": ring.version + 1}
        self._keep(key, replace(ring, state=RingState.WAITING, **again))  # type: ignore[arg-type]
        return True

    async def forget(self, before: datetime, limit: int) -> int:
        self._store.reached()
        rings = self._store.rows.rings
        gone = [key for key, ring in rings.items() if ring.state not in WAITS and ring.ring_at < before][:limit]
        for key in gone:
            del rings[key]
        return len(gone)

    def _in(self, state: RingState) -> Iterator[tuple[RingKey, FakeRing]]:
        return ((key, ring) for key, ring in list(self._store.rows.rings.items()) if ring.state is state)

    def _keep(self, key: RingKey, ring: FakeRing) -> None:
        self._store.rows.rings[key] = ring

    def _retime(self, key: RingKey, now: datetime) -> None:
        ring = self._store.rows.rings[key]
        again = {"version": ring.version + 1, "set_at": None, "ring_at": min(ring.ring_at, now)}
        self._keep(key, replace(ring, state=RingState.NEW, **again))  # type: ignore[arg-type]

    def _ring(self, key: RingKey, now: datetime) -> None:
        from tests.fakes.changes import log_event  # which imports this module

        ring, task = self._store.rows.rings[key], self._store.rows.tasks.get(key[:2])
        of_list = self._store.rows.lists.get((key.user_id, task.list_id or 0)) if task else None
        rings = task and key[2:] in task.rings and not (of_list and of_list.archived)
        self._keep(key, replace(ring, state=RingState.RUNG if rings else RingState.PAST))
        if not rings:
            return
        caller = Caller(key.user_id, Actor("system"))
        event = log_event(self._store, caller, now, REMINDER, key.task_id, ChangeKind.RANG)
        rung = Rung(
            user_id=key.user_id,
            id=event.revision,
            revision=event.revision,
            task_id=key.task_id,
            reminder=key.reminder,
            due=key.due or None,
            ring_at=ring.ring_at,
            late=now - ring.ring_at > LATE,
            snoozes=ring.snoozes,
        )
        self._store.rows.events[-1] = replace(event, after=rung)
        for channel, target in self._ways(key.user_id):
            new = Notification(
                user_id=key.user_id,
                id=f"{rung.id} {channel} {target}",
                ring_id=rung.id,
                channel=channel,
                target=target,
            )
            self._store.rows.notifications[key.user_id, new.id] = (new, now, None)

    def _ways(self, user_id: str) -> Iterator[tuple[Channel, str]]:
        rows = self._store.rows
        settings, _ = rows.reminder_settings.get(user_id, (ReminderSettings(), None))
        if settings.push:
            yield from ((Channel.PUSH, target) for owner, target in rows.push_subscriptions if owner == user_id)
        if settings.mail and rows.users[user_id].email_confirmed:
            yield Channel.MAIL, ""
