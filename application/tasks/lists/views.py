from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from application.accounts.calendars import Calendars
from application.ports import Clock, EntityRepository, Transaction
from application.tasks.filters.meaning import Account
from application.tasks.lists.named_entities import NamedEntities
from application.tasks.lists.view_filters import (
    lists_in,
    problem_of,
    purged_list,
    shown_filter,
    stored_filter,
    stored_sort,
)
from domain.accounts.account import Caller
from domain.tasks.task_list import TaskList
from domain.tasks.view import View


class Views(NamedEntities[View]):
    def __init__(
        self, entities: EntityRepository, transaction: Transaction, clock: Clock, calendars: Calendars
    ) -> None:
        super().__init__(View, entities, transaction, clock)
        self._calendars = calendars

    async def _resolved(self, caller: Caller, values: dict[str, Any], before: View | None = None) -> dict[str, Any]:
        """Checks sort and filter as those of a query are. A filter that is sent back as it was shown may name the lists
        that are gone."""
        resolved = dict(values)
        if values.get("sort") is not None:
            resolved["sort"] = stored_sort(values["sort"])
        if "filter" in values:
            resolved["filter"] = stored_filter(values["filter"], await self._account(caller, before))
        return resolved

    async def _shown(self, caller: Caller, entities: Sequence[View]) -> Sequence[View]:
        lists = await self._lists_in(caller, entities)
        return [
            replace(each, shown_filter=shown_filter(each.filter, lists), problem=problem_of(each.filter, lists))
            for each in entities
        ]

    async def _account(self, caller: Caller, before: View | None) -> Account:
        """Of two lists with the same name, the one that is not gone counts."""
        now, calendar = await self._calendars.now(caller.user_id)
        gone = await self._lists_in(caller, [before] if before else [])
        return Account(now, calendar, [*gone.values(), *await self._entities.all(caller.user_id, TaskList)])

    async def _lists_in(self, caller: Caller, views: Sequence[View]) -> dict[int, TaskList]:
        numbers = {number for each in views for number in lists_in(each.filter)}
        found = await self._entities.get_all(caller.user_id, TaskList, numbers) if numbers else ()
        purged = {each: purged_list(caller.user_id, each, self._clock()) for each in numbers}
        return purged | {each.id: each for each in found}
