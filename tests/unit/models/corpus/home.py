"""The tasks of somebody's week, kept by the tools as they are, and a conversation about them."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from application.chat.turns.runner import MAX_ROUNDS
from application.ports import LanguageModel, Prompt, TextDelta, Usage
from application.tasks.date_words import DateContext
from application.tasks.log.undo import Undo
from application.tools.results import refusal_output, short_form
from application.tools.toolbox import Toolbox
from domain.accounts.account import Actor, Caller
from domain.chat.conversation import Answer, Message, ProviderData, ToolCall, ToolResult, Turn, TurnState, UserMessage
from domain.errors import Refusal
from tests.fakes import (
    FakeAccounts,
    FakeClock,
    FakeConversations,
    FakeEntities,
    FakeEventLog,
    FakeStore,
    FakeTurns,
    user,
)
from tests.tasks_on import instructions_on, on_fakes, tools_on

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
DONE_YESTERDAY, DONE_TODAY, DELETED = 13, 14, 16


class Home:
    """One user's tasks, and one conversation about them. `used` is what the model has used of tokens."""

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self.store = FakeStore()
        self.clock = FakeClock()
        tasks = on_fakes(self.store, self.clock)
        undo = Undo(FakeEventLog(self.store), FakeEntities(self.store), self.store, self.clock)
        self._toolbox = Toolbox(tools_on(tasks, undo, self.store, self.clock))
        self._instructions = instructions_on(self.store, self.clock)
        self.history: list[Message] = []
        self.used = 0

    async def open(self) -> None:
        async with self.store() as work:
            await FakeAccounts(self.store).add(user("ann"))
            await FakeConversations(self.store).open("ann", TALK, self.clock())
            await work.commit()

    async def furnish(self) -> "Home":
        await self.open()
        for fields in TASKS:
            await self.use("add_task", fields)
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
        tasks = {number: asdict(task) for (_, number), task in self.store.rows.tasks.items()}
        return {number: task | {"list": lists.get(task["list_id"])} for number, task in tasks.items()}

    def results(self) -> list[ToolResult]:
        return [each for each in self.history if isinstance(each, ToolResult)]

    async def say(self, said: str) -> str:
        caller = await self._begin(said)
        self.history.append(UserMessage(said))
        for number in range(MAX_ROUNDS):
            answer = await self._answer(f"{len(self.history)}-{number}")
            self.history.append(answer)
            if not answer.calls:
                return answer.text
            for call in answer.calls:
                self.history.append(ToolResult(call.id, call.name, await self._result(caller, call)))
        return "That took too many rounds."

    async def _begin(self, said: str) -> Caller:
        self.clock.forward(seconds=10)
        turn_id = f"turn-{len(self.store.rows.turns)}"
        turn = Turn(
            user_id="ann", conversation_id=TALK, id=turn_id, message=said, created_at=self.clock(), state=TurnState.DONE
        )
        async with self.store() as work:
            await FakeTurns(self.store).add(turn)
            await work.commit()
        return replace(ANN, actor=Actor("turn", turn_id))

    async def _answer(self, prefix: str) -> Answer:
        instructions = await self._instructions.of("ann")
        messages = self.history if self.model.is_program else [_shown(message) for message in self.history]
        dates = DateContext(self.clock().astimezone(ZoneInfo("UTC")))
        prompt = Prompt(instructions, messages, self._toolbox.definitions, dates=dates)
        parts = [part async for part in self.model.answer(prompt)]
        text = "".join(part.text for part in parts if isinstance(part, TextDelta))
        calls = [part for part in parts if isinstance(part, ToolCall)]
        data = next((part for part in parts if isinstance(part, ProviderData)), None)
        self.used += sum(part.prompt_tokens + part.completion_tokens for part in parts if isinstance(part, Usage))
        return Answer(text, tuple(replace(call, id=f"{prefix}-{at}") for at, call in enumerate(calls)), data)

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


def _shown(message: Message) -> Message:
    return replace(message, output=short_form(message.output)) if isinstance(message, ToolResult) else message
