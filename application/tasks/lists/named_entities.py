"""What the use-cases of lists and of views have in common."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol

from application.ports import Clock, EntityRepository, Transaction
from application.retry import retried
from application.tasks.commands import Expected, check_expected
from application.tasks.log.recording import ChangeSet
from domain.accounts.account import Caller
from domain.errors import Conflict, NotFound
from domain.tasks.changes import Change, merged
from domain.tasks.named import N, by_name
from domain.tasks.ordering.named_order import SIDES, moved


class Given(Protocol):
    def given(self) -> dict[str, Any]: ...


class NamedEntities(Generic[N]):
    """Commands raise `NotFound`, `Stale` if the entity has none of the `expected` revisions, and `Conflict` if its name
    is taken. What a subclass adds of its own is in the methods that do nothing here."""

    def __init__(self, of: type[N], entities: EntityRepository, transaction: Transaction, clock: Clock) -> None:
        self._of = of
        self._entities = entities
        self._transaction = transaction
        self._clock = clock

    async def all(self, caller: Caller) -> Sequence[N]:
        found = await self._entities.all(caller.user_id, self._of)
        return await self._shown(caller, sorted(found, key=lambda each: (each.position, each.id)))

    async def trashed(self, caller: Caller) -> Sequence[N]:
        """Returns those in the trash, the newest there first, and as many of them as may be outside."""
        return await self._shown(caller, await self._entities.trashed(caller.user_id, self._of, self._of.MOST))

    async def get(self, caller: Caller, number: int) -> N:
        entity = await self._stored(caller, number)
        [shown] = await self._shown(caller, [self._found(None if entity.deleted_at else entity, number)])
        return shown

    @retried
    async def add(self, caller: Caller, draft: Given) -> N:
        """Raises `Conflict` if the user has as many as there may be."""
        now = self._clock()
        async with self._transaction() as work:
            others = await self._locked(caller)
            self._check_room(others)
            new = self._of.new(caller.user_id, now, await self._resolved(caller, draft.given()))
            new.check_name(by_name(others.values()))
            [added] = await self._entities.record(caller, now, [Change(None, new)])
            present = await self._present(caller, added.id)
            await work.commit()
        return present

    @retried
    async def update(self, caller: Caller, number: int, changes: Given, expected: Expected = None) -> N:
        """Raises `Invalid` if a value breaks its rule, and `InvalidRequest` if nothing is given."""
        values, now = changes.given(), self._clock()
        where = {side: values.pop(side) for side in SIDES if side in values}
        async with self._transaction() as work:
            others = await self._locked(caller)
            entity = self._found(others.get(number), number)
            check_expected(entity, expected)
            edited = entity.edit(await self._resolved(caller, values, entity), now)
            after = edited[0].after if edited else entity
            after.check_name(by_name(others.values()))
            changed = merged([*edited, *moved(after, others.values(), where, now)])
            await ChangeSet(self._entities, caller, now).record(changed)
            present = await self._present(caller, number)
            await work.commit()
        return present

    @retried
    async def delete(self, caller: Caller, number: int, expected: Expected = None) -> N:
        now = self._clock()
        async with self._transaction() as work:
            entity = self._found((await self._locked(caller)).get(number), number)
            check_expected(entity, expected)
            change_set = ChangeSet(self._entities, caller, now)
            [deleted] = await change_set.record(entity.delete(now))
            await self._delete_contents(deleted, change_set)
            await work.commit()
        return deleted

    @retried
    async def restore(self, caller: Caller, number: int) -> N:
        """If the name is taken by now, it gets a number after it. One that is outside the trash stays as it is."""
        async with self._transaction() as work:
            others = await self._locked(caller)
            entity = await self._stored(caller, number)
            if restored := entity.restore(by_name(others.values())):
                self._check_room(others)
                change_set = ChangeSet(self._entities, caller, self._clock())
                await change_set.record(restored)
                await self._restore_contents(entity, change_set)
            present = await self._present(caller, number)
            await work.commit()
        return present

    async def _locked(self, caller: Caller) -> Mapping[int, N]:
        """Returns all outside the trash by their numbers, and lets other changes of the user wait."""
        await self._entities.get_to_change(caller.user_id, self._of, [])
        return {each.id: each for each in await self._entities.all(caller.user_id, self._of)}

    async def _stored(self, caller: Caller, number: int) -> N:
        found = await self._entities.get_all(caller.user_id, self._of, [number])
        return self._found(found[0] if found else None, number)

    async def _present(self, caller: Caller, number: int) -> N:
        [present] = await self._shown(caller, [await self._stored(caller, number)])
        return present

    def _found(self, entity: N | None, number: int) -> N:
        if entity is None:
            raise NotFound(f"There is no {self._of.KIND} {number}.")
        return entity

    def _check_room(self, others: Mapping[int, N]) -> None:
        kind, most = self._of.KIND, self._of.MOST
        if len(others) >= most:
            raise Conflict(f"You have {most} {kind}s, and there may be no more. Delete a {kind} first.")

    async def _resolved(self, caller: Caller, values: dict[str, Any], before: N | None = None) -> dict[str, Any]:  # noqa: ARG002
        """Returns the values as they are stored. `before` is the entity that they change. Raises `Invalid`."""
        return values

    async def _shown(self, caller: Caller, entities: Sequence[N]) -> Sequence[N]:  # noqa: ARG002
        """Returns the entities with the fields that are found out when they are shown."""
        return entities

    async def _delete_contents(self, deleted: N, change_set: ChangeSet) -> None:
        """Deletes what goes into the trash with the entity."""

    async def _restore_contents(self, trashed: N, change_set: ChangeSet) -> None:
        """Restores what went into the trash with the entity."""
