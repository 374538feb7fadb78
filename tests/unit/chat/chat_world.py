"""Chat turns over fakes: a world with servers and a scripted model."""

import itertools
from typing import Any

import pytest

from application.background import Background
from application.chat.chat import Chat
from application.chat.inputs import ChatMessage
from application.chat.replies import Reply
from application.ports import Part, TextDelta, Usage
from application.tasks.log.undo import Undo
from application.tools.toolbox import Toolbox
from domain.accounts.account import Caller
from domain.chat.approval import ApprovalPolicy
from domain.chat.messages import ToolCall
from domain.chat.turn import Turn
from tests.chat_on import ChatOptions, chat_on
from tests.fakes import (
    FakeClock,
    FakeConversations,
    FakeEntities,
    FakeEventLog,
    FakeStore,
    FakeTurns,
    ScriptedModel,
    add_users,
)
from tests.tasks_on import on_fakes, tools_on

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
        self.approval_policy = ApprovalPolicy.BULK
        self.conversations, self.background = FakeConversations(self.store), Background()

    async def say(self, text: str, *answers: Any, conversation: str | None = None) -> Reply:
        self.model.answers = list(answers) or [[TextDelta("ok")]]
        return await self.chat.say(ANN, ChatMessage(text, conversation))

    @property
    def chat(self) -> Chat:
        """One server's; asked again, another server's."""
        options = ChatOptions(
            self.context_tokens,
            self.limit,
            self.wait_seconds,
            self.daily_tokens,
            self.approval_policy,
            self.background,
            self.numbers,
        )
        return chat_on(self.store, self.clock, self.model, self.toolbox, options, self.turns)

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
