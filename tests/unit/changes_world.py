"""Tasks and their log over fakes, for two users."""

import pytest

from application.change_log import ChangeLog
from application.housekeeping import Housekeeping
from application.task_commands import TaskDraft
from application.tasks import Tasks
from application.undo import Undo
from domain.account import Actor, Caller
from domain.task import Status, Task
from tests.fakes import (
    FakeClock,
    FakeEntities,
    FakeEventLog,
    FakeIdempotencyKeys,
    FakeStore,
    FakeTasks,
    FakeWakeups,
    add_users,
)

ANN, BOB = Caller("ann"), Caller("bob")
TURN = Caller("ann", Actor("turn", "t1"))


class World:
    def __init__(self) -> None:
        self.clock, self.store, self.wakeups = FakeClock(), FakeStore(), FakeWakeups()
        self.keys = FakeIdempotencyKeys(self.store)
        repository, log = FakeTasks(self.store, self.wakeups), FakeEventLog(self.store)
        entities = FakeEntities(self.store, self.wakeups)
        self.tasks = Tasks(repository, entities, self.store, self.clock)
        self.undo = Undo(log, entities, self.store, self.clock)
        self.change_log = ChangeLog(log, repository, entities, self.wakeups)
        self.housekeeping = Housekeeping(
            repository, log, self.keys, self.store, self.clock, trash_days=30, event_days=90
        )

    async def add(self, *titles: str, caller: Caller = ANN) -> list[Task]:
        return [await self.tasks.add(caller, TaskDraft(title)) for title in titles]

    async def listed(self, status: Status = Status.ALL, caller: Caller = ANN) -> list[Task]:
        return list((await self.tasks.page(caller, status, 100)).tasks)

    def kinds(self) -> list[str]:
        return [event.kind.value for event in self.store.rows.events]


@pytest.fixture
async def world() -> World:
    world = World()
    await add_users(world.store, "ann", "bob")
    return world
