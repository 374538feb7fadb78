"""The trash in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from application.ports import TrashRepository, Wakeups
from domain.accounts.account import Actor, Caller
from domain.tasks.changes import ChangeKind, Entity
from domain.tasks.entities import BY_TYPE
from domain.tasks.task import Task
from tests.fakes.changes import announce_changes, log_event
from tests.fakes.reminders import drop_rings
from tests.fakes.work import FakeStore, FakeWakeups


class FakeTrash(TrashRepository):
    def __init__(self, store: FakeStore, wakeups: Wakeups | None = None) -> None:
        self._store = store
        self._wakeups = wakeups or FakeWakeups()

    async def due(
        self, of: type[Entity], deleted_before: datetime, limit: int, except_users: Collection[str] = ()
    ) -> Mapping[str, Sequence[int]]:
        self._store.reached()
        due: dict[str, list[int]] = {}
        for each in self._table(of).values():
            if each.user_id in except_users:
                continue
            if each.deleted_at and each.deleted_at < deleted_before and sum(map(len, due.values())) < limit:
                due.setdefault(each.user_id, []).append(each.id)
        return due

    async def erase(
        self, of: type[Entity], user_id: str, ids: Sequence[int], deleted_before: datetime, limit: int
    ) -> int:
        due = {each.id for each in self._trashed(of, user_id, ids, deleted_before)}
        return self._forget(of, user_id, due, limit)

    async def purge(
        self, of: type[Entity], user_id: str, ids: Sequence[int], deleted_before: datetime, at: datetime
    ) -> int:
        self._store.writing()
        due = self._trashed(of, user_id, ids, deleted_before)
        for each in due:
            del self._table(of)[user_id, each.id]
            self._forget(of, user_id, {each.id}, len(self._store.rows.events))
            if of is Task:
                drop_rings(self._store, user_id, each.id)
            system = Caller(user_id, Actor("system"))
            log_event(self._store, system, at, BY_TYPE[of].name, each.id, ChangeKind.PURGED)
        await announce_changes(self._store, self._wakeups, user_id)
        return len(due)

    def _forget(self, of: type[Entity], user_id: str, ids: Collection[int], limit: int) -> int:
        events, name = self._store.rows.events, BY_TYPE[of].name
        own = [each for each in events if (each.user_id, each.entity) == (user_id, name) and each.entity_id in ids]
        kept = [each for each in own if each.before or each.after][:limit]
        for event in kept:
            events[events.index(event)] = replace(event, before=None, after=None)
        return len(kept)

    def _trashed(
        self, of: type[Entity], user_id: str, ids: Sequence[int], deleted_before: datetime
    ) -> Sequence[Entity]:
        self._store.reached()
        found = [self._table(of).get((user_id, each)) for each in ids]
        return [each for each in found if each and each.deleted_at and each.deleted_at < deleted_before]

    def _table(self, of: type[Entity]) -> dict[tuple[str, int], Entity]:
        table: dict[tuple[str, int], Entity] = getattr(self._store.rows, f"{BY_TYPE[of].name}s")
        return table
