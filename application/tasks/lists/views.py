"""Use-cases of saved views."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from application.accounts.calendars import Calendars
from application.ports import Clock, EntityRepository, Transaction
from application.tasks.date_words import DateContext, read_date
from application.tasks.lists.named_entities import NamedEntities
from application.tasks.lists.view_filters import (
    lists_in,
    numbers_by_name,
    problem_of,
    shown_filter,
    shown_name,
    stored_filter,
)
from domain.accounts.account import Caller
from domain.tasks.due import read_due
from domain.tasks.names import same_name_key
from domain.tasks.task_list import TaskList
from domain.tasks.view import View


class Views(NamedEntities[View]):
    def __init__(
        self, entities: EntityRepository, transaction: Transaction, clock: Clock, calendars: Calendars
    ) -> None:
        super().__init__(View, entities, transaction, clock)
        self._calendars = calendars

    async def _resolved(self, caller: Caller, values: dict[str, Any], before: View | None = None) -> dict[str, Any]:
        """Converts the filter. A filter that is sent back as it was shown may name the lists that are gone."""
        if "filter" not in values:
            return values
        live = await self._entities.all(caller.user_id, TaskList)
        numbers = await self._numbers_shown(before) | numbers_by_name(live)
        return values | {"filter": stored_filter(values["filter"], await self._words(caller), numbers)}

    async def _shown(self, caller: Caller, entities: Sequence[View]) -> Sequence[View]:
        numbers = {number for each in entities for number in lists_in(each.filter)}
        lists = await self._lists(caller.user_id, numbers)
        return [
            replace(each, shown_filter=shown_filter(each.filter, lists), problem=problem_of(each.filter, lists))
            for each in entities
        ]

    async def _numbers_shown(self, view: View | None) -> dict[str, int]:
        if view is None:
            return {}
        numbers = lists_in(view.filter)
        lists = await self._lists(view.user_id, numbers)
        return {same_name_key(shown_name(each, lists)): each for each in numbers}

    async def _lists(self, user_id: str, numbers: set[int]) -> dict[int, TaskList]:
        found = await self._entities.get_all(user_id, TaskList, numbers) if numbers else ()
        return {each.id: each for each in found}

    async def _words(self, caller: Caller) -> Callable[[str], date]:
        now, calendar = await self._calendars.now(caller.user_id)
        context = DateContext(now, calendar.week_start, calendar.locale)
        return lambda words: _day(words, context)


def _day(words: str, context: DateContext) -> date:
    """Raises `ValueError`, with what is wrong, if the words are no day."""
    found = read_date(words, context)
    if found is None or found.rule:
        raise ValueError(f"“{words}” is no day")
    return read_due(found.due).day
