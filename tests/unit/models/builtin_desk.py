"""The built-in assistant at work: over the tools as they are and a list in memory."""

from dataclasses import replace
from typing import Any

import msgspec

from adapters.language_models.builtin import BuiltinAssistant
from application.chat.turns.runner import MAX_ROUNDS
from application.ports import Finished, Prompt, TextDelta, Usage
from application.tasks.undo import Undo
from application.tools.results import refusal_output
from application.tools.table import TOOLS
from application.tools.toolbox import Toolbox
from domain.accounts.account import Actor, Caller
from domain.chat.conversation import Answer, Message, ToolCall, ToolResult, Turn, TurnState, UserMessage
from domain.errors import Refusal
from domain.tasks.task import Status, Task
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
from tests.tasks_on import on_fakes, tools_on

OVER = TurnState.DONE
ANN = Caller("ann")
TALK = "desk"
ARGUMENTS = {tool.name: tool.arguments for tool in TOOLS}
SHORT_WORDS = {
    "complete_task": "complete",
    "delete_task": "delete",
    "restore_task": "restore",
    "undo_last_changes": "undo",
}


class Desk:
    """One user's list and one conversation about it; `done` is every call of the last turn, in short words.

    What is said runs as a turn, what is done with `use` is the user's own change outside of the chat.
    """

    def __init__(self) -> None:
        self.store = FakeStore()
        self.clock = FakeClock()
        self.tasks = on_fakes(self.store, self.clock)
        undo = Undo(FakeEventLog(self.store), FakeEntities(self.store), self.store, self.clock)
        self.toolbox = Toolbox(tools_on(self.tasks, undo, self.store, self.clock))
        self.history: list[Message] = []
        self.done: list[str] = []

    async def has(self, *titles: str) -> "Desk":
        async with self.store() as work:
            await FakeAccounts(self.store).add(user("ann"))
            await FakeConversations(self.store).open("ann", TALK, self.clock())
            await work.commit()
        for title in titles:
            task = (await self.use("add_task", {"title": title.removeprefix("✓ ")}))["data"]
            if title.startswith("✓ "):
                await self.use("complete_task", {"task_id": task["id"]})
        return self

    async def use(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return await self._result(ANN, ToolCall("", name, msgspec.json.encode(arguments).decode()))

    async def say(self, *said: str) -> str:
        text = ""
        for each in said:
            text = await self._turn(each)
        return text

    async def listed(self, status: Status = Status.ALL) -> list[Task]:
        return list((await self.tasks.page(ANN, status, 100)).tasks)

    async def titles(self) -> list[str]:
        return [task.title for task in await self.listed()]

    async def _turn(self, said: str) -> str:
        turn: list[Message] = [UserMessage(said)]
        caller, self.done = await self._begin(said), []
        for number in range(MAX_ROUNDS):
            answer = await asked([*self.history, *turn], f"{len(self.history)}-{number}")
            turn.append(answer)
            if not answer.calls:
                self.history += turn
                return answer.text
            for call in answer.calls:
                self.done.append(in_short(call))
                turn.append(ToolResult(call.id, call.name, await self._result(caller, call)))
        raise AssertionError(f"{said!r} is not answered within {MAX_ROUNDS} rounds")

    async def _begin(self, said: str) -> Caller:
        self.clock.forward(minutes=1)
        turn_id = f"turn-{len(self.store.rows.turns)}"
        turn = Turn(
            user_id="ann", conversation_id=TALK, id=turn_id, message=said, created_at=self.clock(), state=TurnState.DONE
        )
        async with self.store() as work:
            await FakeTurns(self.store).add(turn)
            await work.commit()
        return replace(ANN, actor=Actor("turn", turn_id))

    async def _result(self, caller: Caller, call: ToolCall) -> dict[str, Any]:
        try:
            outcome = await self.toolbox.call(caller, call.name, call.arguments)
        except Refusal as refusal:
            outcome = refusal_output(refusal)
        result: dict[str, Any] = msgspec.to_builtins(outcome)
        return result


async def asked(messages: list[Message], prefix: str = "call") -> Answer:
    parts = [part async for part in BuiltinAssistant().answer(Prompt("", messages))]
    assert isinstance(parts[-2], Usage)
    assert isinstance(parts[-1], Finished)
    text = "".join(part.text for part in parts if isinstance(part, TextDelta))
    calls = [part for part in parts if isinstance(part, ToolCall)]
    return Answer(text, tuple(replace(call, id=f"{prefix}-{place}") for place, call in enumerate(calls)))


def in_short(call: ToolCall) -> str:
    """The call as the corpus writes it; that its arguments are what the tool takes is checked on the way."""
    msgspec.json.decode(call.arguments, type=ARGUMENTS[call.name])
    given = msgspec.json.decode(call.arguments)
    given |= dict.fromkeys(given.pop("clear", []))
    match call.name, given:
        case "add_task", {"title": title, "description": description}:
            return f"add {title} | {description}"
        case "add_task", {"title": title}:
            return f"add {title}"
        case "update_task", {"task_id": number, "completed": False}:
            return f"reopen {number}"
        case "update_task", {"task_id": number, "title": title}:
            return f"rename {number} {title}"
        case "update_task", {"task_id": number, "description": description}:
            return f"note {number} {description}"
        case "list_tasks", _:
            return f"list {given.get('status', 'all')}"
        case name, {"task_id": number}:
            return f"{SHORT_WORDS[name]} {number}"
    return SHORT_WORDS[call.name]


def changes(done: list[str]) -> list[str]:
    return [each for each in done if not each.startswith("list ")]
