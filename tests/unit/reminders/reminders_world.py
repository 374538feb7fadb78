"""Reminders over fakes, for two users, and a server that rings."""

from datetime import timedelta
from typing import Any

import pytest

from application.accounts.accounts import Accounts
from application.accounts.calendars import Calendars
from application.accounts.inputs import ProfileChanges
from application.background import Background
from application.due_work import Worker
from application.reminders.reminders import Reminders
from application.reminders.ringing import MAX_RINGING, Ringing
from application.tasks.inputs import TaskDraft
from domain.accounts.account import Caller
from domain.reminders.ring import Rung
from domain.tasks.task import Task
from tests.fakes import (
    FakeAccounts,
    FakeClock,
    FakeEntities,
    FakeEventLog,
    FakeReminderSettings,
    FakeRings,
    FakeStore,
    FakeWakeups,
    add_users,
)
from tests.tasks_on import on_fakes

ANN, BOB = Caller("ann"), Caller("bob")


class World:
    def __init__(self) -> None:
        self.clock, self.store, self.wakeups = FakeClock(), FakeStore(), FakeWakeups()
        self.tasks = on_fakes(self.store, self.clock, self.wakeups)
        self.rings, self.events = FakeRings(self.store), FakeEventLog(self.store)
        accounts = FakeAccounts(self.store)
        self.calendars = calendars = Calendars(accounts, self.clock)
        entities = FakeEntities(self.store, self.wakeups)
        self.reminders = Reminders(self.rings, self.events, entities, self.store, self.wakeups, self.clock, calendars)
        unused: Any = None
        used = (self.clock, str, calendars, self.rings, FakeReminderSettings(self.store), self.wakeups)
        self.accounts = Accounts(accounts, self.store, unused, unused, unused, unused, *used)
        self.worker = Worker(
            Ringing(self.rings, self.wakeups, self.clock), self.wakeups, self.clock, Background(), MAX_RINGING
        )

    async def add(self, *reminders: str, caller: Caller = ANN, **values: object) -> Task:
        task = await self.tasks.add(caller, TaskDraft("Call the vet", reminders=list(reminders), **values))  # type: ignore[arg-type]
        await self.ring()
        return task

    async def ring(self) -> list[str]:
        """Rings what is due, for Ann. Returns which reminders."""
        before = len(await self.rung())
        while started := await self.worker.start_due():
            for each in started:
                await each
        return [each.reminder for each in (await self.rung())[before:]]

    async def rung(self, caller: Caller = ANN) -> list[Rung]:
        return [each.after for each in await self.events.page(caller.user_id, 1000) if isinstance(each.after, Rung)]

    async def rung_after(self, **span: float) -> list[str]:
        """Minute by minute."""
        found: list[str] = []
        end = self.clock() + timedelta(**span)
        while self.clock() < end:
            self.clock.forward(minutes=1)
            found += await self.ring()
        return found

    async def move_to(self, zone: str, caller: Caller = ANN) -> None:
        await self.accounts.change(caller, ProfileChanges(timezone=zone))


@pytest.fixture
async def world() -> World:
    world = World()
    await add_users(world.store, "ann", "bob")
    return world
