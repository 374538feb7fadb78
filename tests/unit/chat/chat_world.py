"""Chat turns over fakes: a world with servers and a scripted model."""

import itertools
from typing import Any

import pytest

from application.background import Background
from application.chat.chat import Chat, ChatMessage
from application.chat.model.context_window import ContextWindow
from application.chat.model.history import History
from application.chat.replies import Reply
from application.chat.turns.queue import TurnQueue
from application.chat.turns.runner import TurnRunner
from application.chat.usage import UsageQuota
from application.ports import Part, TextDelta, Usage
from application.tasks.log.undo import Undo
from application.tools.toolbox import Toolbox
from domain.accounts.account import Caller
from domain.chat.conversation import ToolCall, Turn
from tests.fakes import (
    FakeClock,
    FakeConversations,
    FakeEntities,
    FakeEventLog,
    FakeIdempotencyKeys,
    FakeRateLimiter,
    FakeStore,
    FakeTurns,
    FakeWakeups,
    ScriptedModel,
    add_users,
)
from tests.tasks_on import instructions_on, on_fakes, tools_on

ANN = Caller("ann")
ADD = ToolCall("", "add_task", '{"title": "Buy milk"}')


class World:
    def __init__(self) -> None:
        self.clock, self.store, self.model = FakeClock(), FakeStore(), ScriptedModel()
        self.tasks = on_fakes(self.store, self.clock)
        self.undo = Undo(FakeEventLog(self.store), FakeEntities(self.store), self.store, self.clock)
        self.toolbox, self.turns = (
            Toolbox(tools_on(self.tasks, self.undo, self.store, self.clock)),
            FakeTurns(self.store),
        )
        self.context_tokens, self.limit, self.numbers = 16_000, 1000, itertools.count(1)
        self.wait_seconds, self.daily_tokens = 0, 0
        self.conversations, self.background = FakeConversations(self.store), Background()

    async def say(self, text: str, *answers: Any, conversation: str | None = None) -> Reply:
        self.model.answers = list(answers) or [[TextDelta("ok")]]
        return await self.chat.say(ANN, ChatMessage(text, conversation))

    @property
    def chat(self) -> Chat:
        """One server's; asked again, another server's."""
        wakeups, lease_seconds = FakeWakeups(), 15
        window = ContextWindow(self.model, self.toolbox.definitions, self.context_tokens)
        history = History(self.conversations, self.turns, self.model, self.store, window)
        runner = TurnRunner(
            self.turns,
            history,
            window,
            self.toolbox,
            self.model,
            self.store,
            wakeups,
            self.clock,
            lease_seconds,
            self.background,
            instructions_on(self.store, self.clock),
        )
        queue = TurnQueue(
            self.conversations,
            self.turns,
            FakeIdempotencyKeys(self.store),
            self.store,
            wakeups,
            self.clock,
            lambda: f"id-{next(self.numbers)}",
            lease_seconds,
            self.wait_seconds,
        )
        limiter = FakeRateLimiter(self.limit, 60, self.clock)
        usage_quota = UsageQuota(self.turns, self.clock, self.daily_tokens)
        return Chat(queue, self.turns, runner, limiter, self.store, wakeups, self.clock, usage_quota, self.background)

    def turn(self, number: int = 1) -> Turn:
        return next(turn for turn in self.store.rows.turns.values() if turn.number == number)


@pytest.fixture
async def world() -> World:
    world = World()
    await add_users(world.store, "ann")
    return world


def says(text: str) -> list[Part]:
    return [TextDelta(text), Usage(1, 1)]


async def talk(world: World, turns: int, *answers: Any) -> None:
    for number in range(turns):
        await world.say(f"message {number}", *answers)
        await world.background.close()
