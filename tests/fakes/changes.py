"""Entities and the log of their changes, in memory."""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from application.ports import EntityRepository, EventLog, Span, Wakeups
from application.ports.topics import REMINDERS_TOPIC, WEBHOOKS_TOPIC, changes_topic
from domain.accounts.account import Actor, Caller
from domain.errors import NotAuthenticated, QuotaReached
from domain.reminders.ring import Rung
from domain.tasks.changes import Change, ChangeKind, E, Entity, Event
from domain.tasks.entities import BY_TYPE
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList, check_entry
from tests.fakes.reminders import drop_rings, set_rings
from tests.fakes.work import FakeStore, FakeWakeups

CONTAINERS = {TaskList: "list_id", Task: "parent_id"}


class FakeEntities(EntityRepository):
    def __init__(self, store: FakeStore, wakeups: Wakeups | None = None) -> None:
        self._store = store
        self._wakeups = wakeups or FakeWakeups()

    async def get_all(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        self._store.reached()
        table = self._table(of)
        found = [entity for each in {*ids} if (entity := table.get((user_id, each)))]
        return [counted(self._store, each) for each in found] if of is Task else found

    async def all(self, user_id: str, of: type[E]) -> Sequence[E]:
        self._store.reached()
        own = [each for (owner, _), each in self._table(of).items() if owner == user_id and not each.deleted_at]
        return sorted(own, key=lambda each: each.id)

    async def trashed(self, user_id: str, of: type[E], limit: int) -> Sequence[E]:
        self._store.reached()
        own = [each for (owner, _), each in self._table(of).items() if owner == user_id and each.deleted_at]
        return sorted(own, key=lambda each: (str(each.deleted_at), each.id), reverse=True)[:limit]

    async def contents(self, user_id: str, of: type[Entity], ids: Collection[int]) -> Sequence[int]:
        self._store.reached()
        field = CONTAINERS.get(of)
        own = [each for (owner, _), each in self._store.rows.tasks.items() if owner == user_id and not each.deleted_at]
        return [each.id for each in own if field and getattr(each, field) in ids]

    async def last_number(self, user_id: str, of: type[Entity]) -> int:
        if user_id not in self._store.rows.revisions:
            raise NotAuthenticated("This account no longer exists.")
        return self._store.rows.numbers.get((user_id, BY_TYPE[of].name), 0)

    async def following(self, user_id: str, of: type[E], limit: int, *, after: int) -> Sequence[E]:
        self._store.reached()
        ids = sorted(number for owner, number in self._table(of) if owner == user_id and number > after)
        found = {each.id: each for each in await self.get_all(user_id, of, ids[:limit])}
        return [found[each] for each in ids[:limit]]

    async def get_to_change(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        self._store.writing()
        return await self.get_all(user_id, of, ids)

    async def record(
        self,
        caller: Caller,
        at: datetime,
        *sets: Sequence[Change[E]],
        change_set: int | None = None,
        into: Collection[int] = (),
    ) -> Sequence[E]:
        self._store.reached()
        self._check_lists(caller.user_id, into)
        if caller.user_id not in self._store.rows.revisions:
            raise NotAuthenticated("This account no longer exists.")
        before = self._store.rows.copy()
        recorded: list[E] = []
        for changes in sets:
            first = change_set or self._store.rows.revisions[caller.user_id] + 1
            recorded += [self._record(caller, at, change, first) for change in changes]
        if not all(each.deleted_at for each in recorded):
            try:
                self._store.check_quotas(caller.user_id)
            except QuotaReached:
                self._store.rows = before
                raise
        await announce_changes(self._store, self._wakeups, caller.user_id)
        await self._wakeups.announce(REMINDERS_TOPIC)
        return recorded

    def _check_lists(self, user_id: str, into: Collection[int]) -> None:
        for list_id in into:
            found = self._store.rows.lists.get((user_id, list_id))
            live = [each for each in self._store.rows.tasks.values() if not each.deleted_at]
            size = sum((each.user_id, each.list_id) == (user_id, list_id) for each in live)
            check_entry(list_id, None if not found or found.deleted_at else size)

    def _record(self, caller: Caller, at: datetime, change: Change[E], change_set: int) -> E:
        rows, key = self._store.rows, (caller.user_id, BY_TYPE[type(change.after)].name)
        rows.numbers[key] = max(rows.numbers.get(key, 0) + (change.after.id == 0), change.after.id)
        revision = rows.revisions[caller.user_id] + 1
        entity = changed(change.after, id=change.after.id or rows.numbers[key], revision=revision)
        before = change.before and changed(change.before, revision=0)
        after = None if change.purges else entity
        event = log_event(self._store, caller, at, key[1], entity.id, change.kind, before, after)
        rows.events[-1] = replace(event, change_set=change_set)
        self._table(type(change.after))[caller.user_id, entity.id] = entity
        if isinstance(entity, Task):
            set_rings(self._store, entity, at)
        if change.purges:
            drop_rings(self._store, caller.user_id, entity.id if isinstance(entity, Task) else 0)
            del self._table(type(change.after))[caller.user_id, entity.id]
        recorded: E = entity
        return recorded

    def _table(self, of: type[E]) -> dict[tuple[str, int], E]:
        """`Rows` has one for each type of entity, under its plural name."""
        table: dict[tuple[str, int], E] = getattr(self._store.rows, f"{BY_TYPE[of].name}s")
        return table


def counted(store: FakeStore, task: Any) -> Any:
    """A task with the numbers of its direct children outside the trash."""
    own = [each for each in store.rows.tasks.values() if (each.user_id, each.parent_id) == (task.user_id, task.id)]
    live = [each for each in own if not each.deleted_at]
    return replace(task, subtasks_total=len(live), subtasks_completed=sum(each.completed for each in live))


def changed(entity: Any, **values: Any) -> Any:
    return replace(entity, **values)


def log_event(
    store: FakeStore,
    caller: Caller,
    at: datetime,
    entity: str,
    entity_id: int,
    kind: ChangeKind,
    before: Entity | None = None,
    after: Entity | None = None,
) -> Event:
    revision = store.rows.revisions[caller.user_id] = store.rows.revisions[caller.user_id] + 1
    event = Event(
        user_id=caller.user_id,
        revision=revision,
        entity=entity,
        entity_id=entity_id,
        change_set=revision,
        kind=kind,
        before=before,
        after=after,
        actor=caller.actor,
        at=at,
    )
    store.rows.events.append(event)
    return event


async def announce_changes(store: FakeStore, wakeups: Wakeups, user_id: str) -> None:
    await wakeups.announce(changes_topic(user_id))
    if any(owner == user_id for owner, _ in store.rows.webhooks):
        await wakeups.announce(WEBHOOKS_TOPIC)


class FakeEventLog(EventLog):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def span(self, user_id: str) -> Span:
        newest = self._store.rows.revisions.get(user_id, 0)
        return Span(min((event.revision for event in self._of(user_id)), default=newest + 1), newest)

    async def page(
        self, user_id: str, limit: int, *, after: int = 0, before: int | None = None, newest_first: bool = False
    ) -> Sequence[Event]:
        found = [each for each in self._of(user_id) if after < each.revision < (before or math.inf)]
        return (found[::-1] if newest_first else found)[:limit]

    async def of_entity(
        self, user_id: str, of: type[Entity], entity_id: int, limit: int, *, after: int = 0, before: int | None = None
    ) -> Sequence[Event]:
        found = await self.page(user_id, 2**31, after=after, before=before)
        name = BY_TYPE[of].name
        return [each for each in found if (each.entity, each.entity_id) == (name, entity_id)][:limit]

    async def of_set(self, user_id: str, change_set: int) -> Sequence[Event]:
        return [each for each in self._of(user_id) if each.change_set == change_set]

    async def of_turn(self, user_id: str, turn_id: str) -> Sequence[Event]:
        return [each for each in self._of(user_id) if each.actor == Actor("turn", turn_id)]

    async def last_turn_before(self, user_id: str, turn_id: str) -> str | None:
        turns = self._store.rows.turns
        here = turns[user_id, turn_id]
        own = [turn for turn in turns.values() if turn.user_id == user_id and turn.number < here.number]
        for turn in sorted(own, key=lambda turn: -turn.number):
            if turn.conversation_id == here.conversation_id and await self.of_turn(user_id, turn.id):
                return turn.id
        return None

    async def forget(self, before: datetime, limit: int) -> int:
        events = self._store.rows.events
        last = {each.user_id: each.revision for each in [each for each in events if each.at < before][:limit]}
        gone = [each for each in events if each.revision <= last.get(each.user_id, 0)]
        self._store.rows.events = [each for each in events if each not in gone]
        return len(gone)

    def _of(self, user_id: str) -> list[Event]:
        self._store.reached()
        return [self._described(each) for each in self._store.rows.events if each.user_id == user_id]

    def _described(self, event: Event) -> Event:
        rows, key = self._store.rows, (event.user_id, event.actor.id or "")
        if isinstance(event.after, Rung):
            task = rows.tasks.get((event.user_id, event.after.task_id))
            return replace(event, after=replace(event.after, title=task.title if task else None))
        if event.actor.kind == "turn" and (turn := rows.turns.get(key)):
            return replace(event, conversation_id=turn.conversation_id)
        if event.actor.kind == "token" and (token := rows.api_tokens.get(key)):
            return replace(event, actor_name=token.name)
        if event.actor.kind == "token" and (connection := rows.oauth_connections.get(key)):
            return replace(event, actor_name=connection.client_name)
        return event
