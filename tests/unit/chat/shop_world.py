"""A world with seven tasks, and a model that changes many of them at once."""

from typing import Any

import pytest
from msgspec import json

from application.chat.replies import Reply
from application.tasks.inputs import TaskDraft
from domain.chat.messages import ToolCall
from domain.chat.turn import TurnState
from domain.idempotency import Key
from domain.tasks.task import Status
from tests.unit.chat.chat_world import ANN, World, says

TITLES = ("Milk", "Eggs", "Bread", "Tea", "Rice", "Salt", "Soap")


def call(name: str, **arguments: Any) -> ToolCall:
    return ToolCall("", name, json.encode(arguments).decode())


def deletions(*numbers: int) -> list[ToolCall]:
    return [call("delete_task", task_id=number) for number in numbers]


def changes(action: str, *numbers: int, **fields: Any) -> ToolCall:
    return call("change_tasks", changes=[{"action": action, "task_id": number, **fields} for number in numbers])


async def trashed(world: World) -> list[int]:
    return sorted(task.id for task in (await world.tasks.page(ANN, Status.TRASHED, 100)).tasks)


async def asked(world: World, *calls: ToolCall, message: str = "delete some") -> Reply:
    reply = await world.say(message, list(calls), says("Done as you said."))
    assert reply.state is TurnState.AWAITING_APPROVAL
    return reply


async def decided(world: World, reply: Reply, is_yes: bool, key: Key | None = None) -> Reply:
    assert reply.approval
    return await world.chat.reply(ANN, await world.chat.decide(ANN, reply.approval.id, is_yes, key))


@pytest.fixture
async def shop(world: World) -> World:
    for title in TITLES:
        await world.tasks.add(ANN, TaskDraft(title))
    return world
