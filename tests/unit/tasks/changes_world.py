"""Tasks and their log over fakes, for two users."""

from typing import Any

import pytest

from application.accounts.calendars import Calendars
from application.accounts.erasure import Erasure
from application.housekeeping import Housekeeping
from application.reminders.mornings import Mornings
from application.tasks.inputs import TaskDraft
from application.tasks.lists.lists import Lists
from application.tasks.lists.tags import Tags
from application.tasks.lists.views import Views
from application.tasks.log.change_log import ChangeLog
from application.tasks.log.trash import Trash
from application.tasks.log.undo import Undo
from domain.accounts.account import Actor, Caller
from domain.tasks.task import Status, Task
from tests.fakes import (
    FakeAccounts,
    FakeClock,
    FakeConversations,
    FakeEntities,
    FakeEventLog,
    FakeIdempotencyKeys,
    FakeNotifications,
    FakeReminderSettings,
    FakeRings,
    FakeStore,
    FakeTasks,
    FakeTrash,
    FakeTurns,
    FakeWakeups,
    FakeWebhooks,
    add_users,
)
from tests.tasks_on import on_fakes

ANN, BOB = Caller("ann"), Caller("bob")
TURN = Caller("ann", Actor("turn", "t1"))


class World:
    def __init__(self) -> None:
        self.clock, self.store, self.wakeups = FakeClock(), FakeStore(), FakeWakeups()
        self.keys = FakeIdempotencyKeys(self.store)
        repository, log = FakeTasks(self.store), FakeEventLog(self.store)
        entities = FakeEntities(self.store, self.wakeups)
        self.tasks = on_fakes(self.store, self.clock, self.wakeups)
        self.lists = Lists(repository, entities, self.store, self.clock)
        self.views = Views(entities, self.store, self.clock, Calendars(FakeAccounts(self.store), self.clock))
        self.task_tags = Tags(repository, entities, self.store, self.clock)
        self.undo = Undo(log, entities, self.store, self.clock)
        self.change_log = ChangeLog(log, repository, entities, self.wakeups)
        self.accounts, self.conversations = FakeAccounts(self.store), FakeConversations(self.store)
        self.turns = FakeTurns(self.store)
        self.housekeeping = Housekeeping(
            Trash(FakeTrash(self.store, self.wakeups), self.store, self.clock, days=30),
            log,
            self.keys,
            self.conversations,
            FakeWebhooks(self.store),
            FakeRings(self.store),
            FakeNotifications(self.store),
            self.mornings(),
            self.erasure(),
            repository,
            self.clock,
            trash_days=30,
            event_days=90,
        )

    def mornings(self) -> Mornings:
        """Nobody has asked for a mail."""
        unused: Any = None
        return Mornings(FakeReminderSettings(self.store), unused, unused, unused, unused, unused)

    def erasure(self) -> Erasure:
        """Nobody leaves here: what is left of those who did is erased."""
        unused: Any = None
        return Erasure(self.accounts, self.store, unused, unused, unused, unused, self.clock)

    async def clean(self) -> None:
        """All that is due, as one server does it."""
        for job in self.housekeeping.jobs:
            while await job.batch():
                pass

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
