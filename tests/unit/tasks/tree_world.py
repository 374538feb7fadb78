"""Tasks with dates, subtasks and lists, for a user in Berlin."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from application.tasks.commands import Batch, Command
from application.tasks.inputs import TaskChanges, TaskDraft
from domain.accounts.account import Caller
from domain.errors import Refusal
from domain.tasks.changes import Change
from domain.tasks.ordering.siblings import Place
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from tests.fakes import FakeEntities
from tests.unit.tasks.changes_world import ANN, World

BERLIN = ZoneInfo("Europe/Berlin")


class TreeWorld(World):
    def __init__(self) -> None:
        super().__init__()
        self.entities = FakeEntities(self.store, self.wakeups)

    def lives_in(self, timezone: str, caller: Caller = ANN, **profile: str) -> None:
        users = self.store.rows.users
        users[caller.user_id] = replace(users[caller.user_id], timezone=timezone, **profile)  # type: ignore[arg-type]

    def at(self, local: str, zone: ZoneInfo = BERLIN) -> None:
        self.clock.now = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))

    async def new(self, title: str = "Water plants", **values: Any) -> Task:
        return await self.tasks.add(ANN, TaskDraft(title, **values))

    async def change(self, task_id: int, **values: Any) -> Task:
        return await self.tasks.update(ANN, task_id, TaskChanges(**values))

    async def run(self, *commands: Command, atomic: bool = True) -> list[Task | Refusal]:
        return list(await self.tasks.run(ANN, Batch([*commands], atomic=atomic)))

    async def new_list(self, name: str = "Home") -> TaskList:
        new = TaskList.new("ann", self.clock(), {"name": name})
        [made] = await self.entities.record(ANN, self.clock(), [Change(None, new)])
        return made

    def task(self, task_id: int) -> Task:
        return self.store.rows.tasks["ann", task_id]

    def order(self, list_id: int | None = None, parent_id: int | None = None) -> list[int]:
        """The numbers of the siblings, as their positions order them."""
        own = [
            each for each in self.store.rows.tasks.values() if (each.list_id, each.parent_id) == (list_id, parent_id)
        ]
        return [place.id for place in sorted(Place(each.position, each.id) for each in own if not each.deleted_at)]

    def state(self) -> dict[int, Task]:
        """All tasks but for what each change gives anew."""
        return {each.id: replace(each, revision=0) for each in self.store.rows.tasks.values()}
