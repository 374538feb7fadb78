"""Webhooks over fakes, for two users."""

import pytest

from application.background import Background
from application.due_work import Worker
from application.tasks.inputs import TaskDraft
from application.webhooks.deliveries import MAX_SENDINGS, WebhookDeliveries
from application.webhooks.webhooks import WebhookDraft, Webhooks
from domain.accounts.account import Caller
from tests.fakes import (
    FakeClock,
    FakeEventLog,
    FakeReceiver,
    FakeStore,
    FakeWakeups,
    FakeWebhooks,
    add_users,
)
from tests.tasks_on import on_fakes

ANN, BOB = Caller("ann"), Caller("bob")
HOOK = "https://example.com/hook"


class World:
    """Ann, Bob, their tasks and webhooks, and a server that delivers."""

    def __init__(self) -> None:
        self.clock, self.store, self.wakeups, self.receiver = FakeClock(), FakeStore(), FakeWakeups(), FakeReceiver()
        self.tasks = on_fakes(self.store, self.clock, self.wakeups)
        self.ids = (f"id-{number}" for number in range(1, 1000))
        self.events = FakeEventLog(self.store)
        self.repository = FakeWebhooks(self.store)
        known = (self.repository, self.events, self.store, self.wakeups, self.clock, self.new_id)
        self.webhooks = Webhooks(*known, public=True)
        self.background = Background()
        self.worker = self.server()

    def server(self) -> Worker:
        deliveries = WebhookDeliveries(self.repository, self.events, lambda: self.receiver, self.clock, self.new_id)
        return Worker(deliveries, self.wakeups, self.clock, self.background, MAX_SENDINGS)

    def new_id(self) -> str:
        return next(self.ids)

    async def hook(self, caller: Caller = ANN) -> str:
        return (await self.webhooks.add(caller, WebhookDraft(HOOK))).id

    async def change(self, times: int = 1, caller: Caller = ANN) -> None:
        for _ in range(times):
            await self.tasks.add(caller, TaskDraft("Buy milk"))

    async def deliver(self) -> list[int]:
        """All that is due now is tried; the revisions that were sent."""
        before = len(self.receiver.sent)
        while sending := await self.worker.start_due():
            for each in sending:
                await each
        return [revision for _, revision in self.receiver.sent[before:]]

    async def fail(self, times: int) -> None:
        for _ in range(times):
            self.receiver.answers = [500]
            await self.deliver()
            self.clock.forward(days=1)


@pytest.fixture
async def world() -> World:
    world = World()
    await add_users(world.store, "ann", "bob")
    return world
