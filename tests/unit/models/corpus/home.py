"""The tasks of somebody's week, kept by the tools as they are, and a conversation about them."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from application.chat.inputs import ChatMessage
from application.ports import LanguageModel
from application.tasks.log.undo import Undo
from application.tools.results import refusal_output
from application.tools.toolbox import Toolbox
from domain.accounts.account import Caller
from domain.chat.messages import ToolCall, ToolResult
from domain.chat.turn import Turn, TurnState
from domain.errors import Refusal
from domain.tasks.task import Task
from tests.chat_on import ChatOptions, chat_on
from tests.fakes import FakeAccounts, FakeClock, FakeConversations, FakeEntities, FakeEventLog, FakeStore, user
from tests.tasks_on import on_fakes, tools_on

ANN = Caller("ann")
TALK = "home"
NOW = datetime(2026, 12, 2, 10, tzinfo=UTC)
"""A Wednesday."""
Fields = dict[str, Any]
TASKS: tuple[Fields, ...] = (
    {"title": "Buy milk", "list": "Shopping"},
    {"title": "Buy eggs", "list": "Shopping"},
    {"title": "Call mom", "due": "2026-12-02", "tags": ["family"]},
    {"title": "Dentist appointment", "due": "2026-12-04T15:00"},
    {"title": "Pay the rent", "due": "2026-12-01", "priority": "high", "list": "Home"},
    {"title": "Water the plants", "due": "2026-12-02", "recurrence": "FREQ=WEEKLY", "list": "Home"},
    {"title": "Finish the quarterly report", "list": "Work", "due": "2026-12-04", "priority": "high"},
    {"title": "Send invoice to Acme", "list": "Work", "tags": ["money"]},
    {"title": "Book flights to Lisbon", "tags": ["travel"], "due": "2026-12-10"},
    {"title": "Renew passport", "tags": ["travel"]},
    {"title": "Fix the bike"},
    {"title": "Read War and Peace"},
    {"title": "Clean the kitchen"},
    {"title": "Email Sarah about the party"},
    {"title": "Return library books", "due": "2026-12-01"},
    {"title": "Cancel gym membership"},
    {"title": "Call the bank", "due": "2026-12-03"},
)
FIELDS = [field.name for field in fields(Task)]
DONE_YESTERDAY, DONE_TODAY, DELETED = 13, 14, 16


class Home:
    """One user's tasks, and one conversation about them."""

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self.store = FakeStore()
        self.clock = FakeClock()
        tasks = on_fakes(self.store, self.clock)
        undo = Undo(FakeEventLog(self.store), FakeEntities(self.store), self.store, self.clock)
        self._toolbox = Toolbox(tools_on(tasks, undo, self.store, self.clock))
        self._chat = chat_on(self.store, self.clock, model, self._toolbox, ChatOptions(context_tokens=100_000))

    async def open(self) -> None:
        async with self.store() as work:
            await FakeAccounts(self.store).add(user("ann"))
            await FakeConversations(self.store).open("ann", TALK, self.clock())
            await work.commit()

    async def furnish(self) -> "Home":
        await self.open()
        for given in TASKS:
            await self.use("add_task", given)
        self.clock.now = NOW - timedelta(hours=18)
        await self.use("complete_task", {"task_id": DONE_YESTERDAY})
        await self.use("delete_task", {"task_id": DELETED})
        self.clock.now = NOW - timedelta(hours=2)
        await self.use("complete_task", {"task_id": DONE_TODAY})
        self.clock.now = NOW
        return self

    def another(self, model: LanguageModel) -> "Home":
        """Returns one with the same tasks and no conversation yet."""
        home = Home(model)
        home.store.rows = self.store.rows.copy()
        home.clock.now = NOW
        return home

    def tasks(self) -> dict[int, Fields]:
        """Returns all tasks by their numbers, as the corpus names their fields."""
        lists = {each.id: each.name for each in self.store.rows.lists.values()}
        tasks = {number: task for (_, number), task in self.store.rows.tasks.items()}
        return {
            number: {each: getattr(task, each) for each in FIELDS} | {"list": lists.get(task.list_id or 0)}
            for number, task in tasks.items()
        }

    @property
    def awaits_approval(self) -> bool:
        return any(turn.state is TurnState.AWAITING_APPROVAL for turn in self._turns())

    @property
    def used(self) -> int:
        return sum(turn.prompt_tokens + turn.completion_tokens for turn in self._turns())

    def results(self) -> list[ToolResult]:
        return [step for turn in self._turns() for step in turn.steps if isinstance(step, ToolResult)]

    async def say(self, said: str) -> str:
        self.clock.forward(seconds=10)
        return (await self._chat.say(ANN, ChatMessage(said, TALK))).response

    def _turns(self) -> list[Turn]:
        return list(self.store.rows.turns.values())

    async def use(self, name: str, arguments: Fields) -> None:
        output = await self._result(ANN, ToolCall("", name, msgspec.json.encode(arguments).decode()))
        assert output["success"], output

    async def _result(self, caller: Caller, call: ToolCall) -> Fields:
        try:
            outcome = await self._toolbox.call(caller, call.name, call.arguments)
        except Refusal as refusal:
            outcome = refusal_output(refusal)
        result: Fields = msgspec.to_builtins(outcome)
        return result
